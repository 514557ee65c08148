#include "server/storage/usage_conflicts.h"

#include "server/storage/sql/stored.h"
#include "server/storage/usage_block.h"
#include "server/storage/usage_months.h"
#include "shared/wire/conflict_json.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>

namespace billing::storage {

using sql::Blob;
using sql::Row;
using sql::Value;

namespace {

template <std::size_t Size>
Blob blobOf(const std::array<std::uint8_t, Size>& bytes)
{
    return Blob{{reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
}

std::string_view view(const std::string& text)
{
    return text;
}

/// What the store knows of a conflict that is about to be kept.
struct Known
{
    bool isKept = false;
    std::int64_t payloads = 0; ///< kept of its identity, counted no further than keptPayloads
    std::optional<std::int64_t> eventMonth = {};
};

Result<std::vector<Known>> knownOf(Work& work, std::span<const Conflict> conflicts)
{
    std::vector<Known> known(conflicts.size());
    std::vector<Value> values;
    std::vector<Value> identities;
    for (const Conflict& conflict : conflicts) {
        const std::string_view tenant = conflict.event->tenant.text();
        const std::string_view eventId = conflict.event->eventId;
        const std::string_view source = conflict.event->source;
        for (const Value& value :
             {Value(tenant), Value(eventId), Value(source), Value(blobOf(conflict.identity->payload)),
              Value(tenant), Value(eventId), Value(source), Value(std::int64_t{keptPayloads})})
            values.push_back(value);
        identities.emplace_back(tenant);
        identities.emplace_back(blobOf(conflict.identity->identity));
    }
    const auto asked = work.session().queryMany(
        "SELECT (SELECT count(*) FROM (SELECT 1 FROM usage_conflict WHERE tenant_id = ? AND event_id = ? AND "
        "source = ? AND payload_sha256 = ? LIMIT 1) AS equal), "
        "(SELECT count(*) FROM (SELECT 1 FROM usage_conflict WHERE tenant_id = ? AND event_id = ? AND "
        "source = ? LIMIT ?) AS part)",
        8, values, [&](std::size_t index, const Row& row) -> Result<void> {
            known[index].isKept = row.integer(0) > 0;
            known[index].payloads = row.integer(1);
            return {};
        });
    if (!asked)
        return asked.error();
    const auto months = work.session().queryMany(
        "SELECT event_month FROM event_identity WHERE tenant_id = ? AND identity_hash = ?", 2, identities,
        [&](std::size_t index, const Row& row) -> Result<void> {
            known[index].eventMonth = row.integer(0);
            return {};
        });
    return months ? Result<std::vector<Known>>(std::move(known)) : months.error();
}

/// The first of each payload.
std::vector<Conflict> differentOnes(std::span<const Conflict> conflicts)
{
    std::set<std::tuple<std::string_view, IdentityHash, PayloadHash>> seen;
    std::vector<Conflict> different;
    for (const Conflict& conflict : conflicts)
        if (seen.emplace(conflict.identity->tenant, conflict.identity->identity, conflict.identity->payload)
                .second)
            different.push_back(conflict);
    return different;
}

} // namespace

Result<void> insertConflicts(Work& work, std::span<const Conflict> conflicts, Instant noticedAt)
{
    const std::vector<Conflict> different = differentOnes(conflicts);
    const auto known = knownOf(work, different);
    if (!known)
        return known.error();
    std::map<std::pair<std::string_view, IdentityHash>, std::int64_t> added;
    std::vector<std::string> payloads;
    payloads.reserve(different.size());
    std::vector<Value> values;
    for (std::size_t i = 0; i < different.size(); ++i) {
        const Conflict& conflict = different[i];
        std::int64_t& more = added[{conflict.identity->tenant, conflict.identity->identity}];
        if ((*known)[i].isKept || (*known)[i].payloads + more >= static_cast<std::int64_t>(keptPayloads))
            continue;
        ++more;
        payloads.push_back(wire::encodeEventPayload(payloadOf(*conflict.event)));
        values.emplace_back(view(conflict.event->tenant.text()));
        values.emplace_back(conflict.position.number());
        values.emplace_back(conflict.ordinal);
        values.emplace_back(view(conflict.event->source));
        values.emplace_back(view(conflict.event->eventId));
        values.emplace_back(blobOf(conflict.identity->payload));
        values.emplace_back(view(payloads.back()));
        values.emplace_back(noticedAt.micros());
        values.push_back(sql::nullable((*known)[i].eventMonth));
    }
    const auto done = work.session().executeMany(
        "INSERT INTO usage_conflict (tenant_id, position, ordinal, source, event_id, payload_sha256, "
        "payload, noticed_at, event_month) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        9, values);
    return done ? Result<void>() : done.error();
}

namespace {

Result<KeptConflict> conflictOf(const Row& row)
{
    std::optional<EventPayload> refused;
    if (const auto text = row.optionalText(5)) {
        auto payload = sql::stored(wire::decodeEventPayload(*text), "usage_conflict.payload");
        if (!payload)
            return payload.error();
        refused = std::move(*payload);
    }
    const auto noticed = row.optionalInteger(6);
    return KeptConflict{{JournalPosition(row.integer(1)), TenantId(row.text(0)), row.integer(2)},
                        row.text(3),
                        row.text(4),
                        std::move(refused),
                        noticed ? std::optional(Instant::fromMicros(*noticed)) : std::nullopt,
                        row.optionalInteger(7)};
}

#define BILLING_CONFLICTS(condition, order)                                                                  \
    "SELECT tenant_id, position, ordinal, source, event_id, payload, noticed_at, event_month "               \
    "FROM usage_conflict WHERE " condition " ORDER BY position " order ", tenant_id " order                  \
    ", ordinal " order " LIMIT ?"

struct Statements
{
    const char* ofAll;
    const char* ofTenant;
};

Result<std::vector<KeptConflict>> page(Work& work, const ConflictFilter& filter, const ConflictPlace& behind,
                                       const Statements& statements)
{
    const std::int64_t position = behind.position.number();
    if (filter.tenant)
        return sql::queryAll(work.session(), statements.ofTenant,
                             {view(filter.tenant->text()), position, behind.ordinal, filter.limit},
                             conflictOf);
    return sql::queryAll(work.session(), statements.ofAll,
                         {position, view(behind.tenant.text()), behind.ordinal, filter.limit}, conflictOf);
}

} // namespace

Result<std::vector<KeptConflict>> newestConflicts(Work& work, const ConflictFilter& filter)
{
    constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
    const ConflictPlace beginning{JournalPosition(last), TenantId(""), last};
    return page(work, filter, filter.behind.value_or(beginning),
                {BILLING_CONFLICTS("(position, tenant_id, ordinal) < (?, ?, ?)", "DESC"),
                 BILLING_CONFLICTS("tenant_id = ? AND (position, ordinal) < (?, ?)", "DESC")});
}

#define BILLING_CONFLICTS_NOTICED(condition)                                                                 \
    "SELECT tenant_id, position, ordinal, source, event_id, payload, noticed_at, event_month "               \
    "FROM usage_conflict WHERE " condition "(noticed_at, tenant_id, position, ordinal) > (?, ?, ?, ?) "      \
    "ORDER BY noticed_at, tenant_id, position, ordinal LIMIT ?"

Result<std::vector<KeptConflict>> conflictsNoticed(Work& work, const std::optional<TenantId>& tenant,
                                                   const NoticedPlace& behind, std::int64_t limit)
{
    const std::int64_t at = behind.at.micros();
    const std::int64_t position = behind.position.number();
    if (tenant)
        return sql::queryAll(work.session(), BILLING_CONFLICTS_NOTICED("tenant_id = ? AND "),
                             {view(tenant->text()), at, view(behind.tenant), position, behind.ordinal, limit},
                             conflictOf);
    return sql::queryAll(work.session(), BILLING_CONFLICTS_NOTICED(""),
                         {at, view(behind.tenant), position, behind.ordinal, limit}, conflictOf);
}

Result<std::int64_t> conflictCount(Work& work, const CountedConflicts& which)
{
    const std::int64_t after = which.noticedAfter.micros();
    const auto number = [](const Row& row) { return row.integer(0); };
    const auto found =
        which.tenant
            ? queryOne(work.session(),
                       "SELECT count(*) FROM (SELECT 1 FROM usage_conflict WHERE noticed_at > ? AND "
                       "tenant_id = ? LIMIT ?) AS part",
                       {after, view(which.tenant->text()), which.atMost}, number)
            : queryOne(work.session(),
                       "SELECT count(*) FROM (SELECT 1 FROM usage_conflict WHERE noticed_at > ? LIMIT ?) AS "
                       "part",
                       {after, which.atMost}, number);
    return found ? Result<std::int64_t>(**found) : found.error();
}

Result<std::int64_t> conflictsOf(Work& work, const TenantId& tenant)
{
    const auto found = queryOne(work.session(), "SELECT count(*) FROM usage_conflict WHERE tenant_id = ?",
                                {view(tenant.text())}, [](const Row& row) { return row.integer(0); });
    return found ? Result<std::int64_t>(**found) : found.error();
}

Result<std::optional<std::int64_t>> monthOfIdentity(Work& work, const TenantId& tenant,
                                                    const IdentityHash& identity)
{
    return queryOne(work.session(),
                    "SELECT event_month FROM event_identity WHERE tenant_id = ? AND identity_hash = ?",
                    {view(tenant.text()), blobOf(identity)}, [](const Row& row) { return row.integer(0); });
}

namespace {

/// The most blocks of one step; a step that reaches it has not looked everywhere.
constexpr std::int64_t blocksOfAStep = 200;

Instant monthStart(std::int64_t month)
{
    using namespace std::chrono;
    const auto year = static_cast<int>(1970 + (month >= 0 ? month / 12 : -((11 - month) / 12)));
    const auto ofYear = static_cast<unsigned>(((month % 12) + 12) % 12 + 1);
    const sys_days day =
        year_month_day(std::chrono::year(year), std::chrono::month(ofYear), std::chrono::day(1));
    return Instant::fromMicros(duration_cast<microseconds>(day.time_since_epoch()).count());
}

/// Looks for one identity, block by block; the engine passes over those whose text lacks the event id.
class BlockSearch
{
public:
    BlockSearch(Work& work, const KeptConflict& conflict, std::int64_t& blocks)
        : m_work(work)
        , m_conflict(conflict)
        , m_eventId(eventIdInBlock(conflict.eventId))
        , m_blocks(blocks)
    {
    }

    /// Blocks whose first event lies in [from, to] and whose last one not before lastFrom.
    Result<void> look(const char* sqlite, const char* postgres, std::int64_t from, std::int64_t to,
                      std::int64_t lastFrom)
    {
        if (m_answer.found)
            return {};
        if (m_blocks <= 0) {
            m_answer.isComplete = false;
            return {};
        }
        const std::int64_t most = std::min(m_blocks, blocksOfAStep);
        std::int64_t read = 0;
        sql::Session& session = m_work.session();
        const auto done = session.query(
            session.dialect() == sql::Dialect::Sqlite ? sqlite : postgres,
            {view(m_eventId), view(m_conflict.place.tenant.text()), from, to, lastFrom, most},
            [&](const Row& row) -> Result<void> {
                --m_blocks;
                ++read;
                if (m_answer.found || row.isNull(0))
                    return {};
                const std::string text = row.text(0);
                auto event =
                    findInBlock(m_conflict.place.tenant, text, m_conflict.source, m_conflict.eventId);
                if (!event)
                    return event.error();
                if (event->has_value())
                    m_answer.found = FirstPayload{payloadOf((*event)->event), (*event)->position};
                return {};
            });
        m_answer.isComplete = m_answer.isComplete && read < most;
        return done;
    }

    const FirstPayloadSearch& answer() const { return m_answer; }

private:
    Work& m_work;
    const KeptConflict& m_conflict;
    std::string m_eventId;
    std::int64_t& m_blocks;
    FirstPayloadSearch m_answer;
};

#define BILLING_BLOCKS_HOLDING(find, order)                                                                  \
    "SELECT CASE WHEN " find "(events, ?) > 0 THEN events END FROM usage_block WHERE tenant_id = ? AND "     \
    "first_at >= ? AND first_at <= ? AND last_at >= ? ORDER BY first_at " order " LIMIT ?"

Result<void> lookBackward(BlockSearch& search, std::int64_t from, std::int64_t to, std::int64_t lastFrom)
{
    return search.look(BILLING_BLOCKS_HOLDING("instr", "DESC"), BILLING_BLOCKS_HOLDING("strpos", "DESC"),
                       from, to, lastFrom);
}

Result<void> lookForward(BlockSearch& search, std::int64_t from, std::int64_t to)
{
    return search.look(BILLING_BLOCKS_HOLDING("instr", "ASC"), BILLING_BLOCKS_HOLDING("strpos", "ASC"), from,
                       to, from);
}

} // namespace

Result<FirstPayloadSearch> findFirstPayload(Work& work, const KeptConflict& conflict, std::int64_t& blocks)
{
    BlockSearch search(work, conflict, blocks);
    Result<void> looked;
    if (conflict.refused) {
        const std::int64_t at = conflict.refused->at.micros();
        looked = lookBackward(search, dayOf(conflict.refused->at).micros(), at, at);
    }
    if (conflict.eventMonth && looked) {
        const std::int64_t begin = monthStart(*conflict.eventMonth).micros();
        const std::int64_t last = monthStart(*conflict.eventMonth + 1).micros() - 1;
        const std::int64_t middle =
            conflict.refused ? std::clamp(conflict.refused->at.micros(), begin - 1, last) : begin - 1;
        looked = lookBackward(search, begin, middle, begin).and_then([&] {
            return lookForward(search, middle + 1, last);
        });
    }
    return looked ? Result<FirstPayloadSearch>(search.answer()) : looked.error();
}

} // namespace billing::storage
