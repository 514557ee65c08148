// GET /conflicts?tenant_id=&limit=&cursor=: events that were refused because another payload had their
// identity, newest first, each with both sides and what differs. A token bound to a tenant sees its own. The
// cursor belongs to the list it came from, its tenant_id included (InvalidCursor).
#include "server/api/endpoints.h"
#include "server/api/error_status.h"
#include "server/secrets/sha256.h"
#include "server/storage/usage.h"
#include "server/storage/usage_conflicts.h"
#include "shared/wire/conflict_json.h"
#include "shared/wire/list_json.h"

#include <charconv>
#include <cstring>

namespace billing::api {

namespace {

/// Blocks of events that one answer reads in search of the payloads that stay, so that its cost is bounded.
/// They are spent from the newest conflict on; whoever asks for one gets them all for it.
constexpr std::int64_t mostBlocks = 1'000;

std::string listOf(const storage::ConflictFilter& filter)
{
    return filter.tenant ? "conflicts of " + filter.tenant->text() : "conflicts";
}

std::int64_t numberOf(const std::string& text)
{
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Result<storage::ConflictFilter> filterOf(const Services& services, const Call& call)
{
    if (const auto allowed = call.onlyParameters({"tenant_id", "limit", "cursor"}); !allowed)
        return allowed.error();
    storage::ConflictFilter filter;
    filter.tenant = call.principal.tenant;
    if (const auto text = call.parameter("tenant_id")) {
        const auto tenant = parseTenantId(*text);
        if (!tenant)
            return tenant.error();
        if (const auto visible = call.maySee(*tenant); !visible)
            return visible.error();
        filter.tenant = *tenant;
    }
    const auto limit = limitOf(call);
    if (!limit)
        return limit.error();
    filter.limit = *limit;
    if (const auto cursor = call.parameter("cursor")) {
        const auto key = services.cursors.read(listOf(filter), *cursor);
        if (!key)
            return key.error();
        if (key->size() != 3)
            return Error{ErrorCode::InvalidCursor, "cursor"};
        filter.behind = storage::ConflictPlace{JournalPosition(numberOf(key->at(0))), TenantId(key->at(1)),
                                               numberOf(key->at(2))};
    }
    return filter;
}

/// The month the first payload lies in, of a conflict that was noticed before it was kept.
Result<std::optional<std::int64_t>> monthOf(Work& work, const storage::KeptConflict& conflict)
{
    const UsageEvent event{
        conflict.place.tenant, conflict.source, conflict.eventId, {}, {}, Instant::fromMicros(0), {}};
    const auto hash = secrets::sha256(canonicalIdentity(event));
    storage::IdentityHash identity{};
    std::memcpy(identity.data(), hash.data(), identity.size());
    return storage::monthOfIdentity(work, conflict.place.tenant, identity);
}

Result<std::string> shown(Work& work, storage::KeptConflict conflict, std::int64_t& blocks)
{
    if (!conflict.eventMonth) {
        const auto month = monthOf(work, conflict);
        if (!month)
            return month.error();
        conflict.eventMonth = *month;
    }
    const auto search = storage::findFirstPayload(work, conflict, blocks);
    if (!search)
        return search.error();
    const JournalPosition position = conflict.place.position;
    wire::Conflict told{
        conflict.place.tenant, conflict.source, conflict.eventId, position, conflict.noticedAt, {}, {}, {}};
    if (search->found)
        told.accepted = wire::ConflictSide{search->found->payload, search->found->position};
    told.missing = search->isComplete ? wire::AcceptedMissing::NotFound : wire::AcceptedMissing::NotReached;
    if (conflict.refused)
        told.refused = wire::ConflictSide{*conflict.refused, position};
    return wire::encodeConflict(told);
}

struct Page
{
    std::vector<std::string> items = {};
    std::optional<storage::ConflictPlace> last = {};
};

Result<Page> readPage(Work& work, const storage::ConflictFilter& filter)
{
    auto conflicts = storage::newestConflicts(work, filter);
    if (!conflicts)
        return conflicts.error();
    Page page;
    std::int64_t blocks = mostBlocks;
    for (storage::KeptConflict& conflict : *conflicts) {
        page.last = conflict.place;
        auto item = shown(work, std::move(conflict), blocks);
        if (!item)
            return item.error();
        page.items.push_back(std::move(*item));
    }
    return page;
}

} // namespace

Result<http::Response> getConflicts(const Services& services, const Call& call)
{
    const auto filter = filterOf(services, call);
    if (!filter)
        return filter.error();
    const Scope scope = filter->tenant ? Scope::tenant(*filter->tenant) : Scope::allTenants("list_conflicts");
    const auto page =
        readValue(services.invoicing.storage, scope, [&](Work& work) { return readPage(work, *filter); });
    if (!page)
        return page.error();
    std::string next;
    if (page->items.size() == static_cast<std::size_t>(filter->limit))
        next = services.cursors.write(listOf(*filter),
                                      {std::to_string(page->last->position.number()),
                                       page->last->tenant.text(), std::to_string(page->last->ordinal)});
    return json(200, wire::encodeList("conflicts", page->items, next));
}

} // namespace billing::api
