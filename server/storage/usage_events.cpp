#include "server/storage/sql/session.h"
#include "server/storage/usage.h"
#include "server/storage/usage_block.h"
#include "server/storage/usage_months.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace billing::storage {

using sql::Row;
using sql::Value;

namespace {

struct Block
{
    std::string_view tenant;
    SettleNumber settledBy;
    std::int64_t firstOrdinal;
    Instant firstAt;
    Instant lastAt;
    std::int64_t count;
    std::string events;
};

/// Cuts events, sorted by tenant and time, where the tenant or the day ends or a block is full.
std::vector<Block> blocksOf(std::span<const StoredEvent> events)
{
    std::vector<Block> blocks;
    std::int64_t ordinal = 0;
    for (const StoredEvent& stored : events) {
        const UsageEvent& event = *stored.event;
        Block* last = blocks.empty() ? nullptr : &blocks.back();
        const bool sameTenant = last != nullptr && last->tenant == event.tenant.text();
        BILLING_ASSERT(!sameTenant || last->lastAt <= event.at);
        ordinal = sameTenant ? ordinal + 1 : 0;
        if (sameTenant && last->settledBy == stored.settledBy && dayOf(last->firstAt) == dayOf(event.at) &&
            last->count < static_cast<std::int64_t>(blockLimit)) {
            last->events.append(1, ',').append(stored.text);
            last->lastAt = event.at;
            ++last->count;
            continue;
        }
        if (last != nullptr)
            last->events.append(1, ']');
        blocks.push_back({event.tenant.text(), stored.settledBy, ordinal, event.at, event.at, 1,
                          std::string(1, '[').append(stored.text)});
    }
    if (!blocks.empty())
        blocks.back().events.append(1, ']');
    return blocks;
}

/// Puts events of blocks that overlap in order of time. Holds those blocks only.
class Merge
{
public:
    Merge(const InstantRange& range, const EachEvent& each)
        : m_range(range)
        , m_each(each)
    {
    }

    /// Blocks come in order of their first event.
    Result<void> add(std::vector<UsageEvent> events, SettleNumber settledBy)
    {
        if (const auto done = emitBefore(events.front().at); !done)
            return done;
        m_open.push_back({std::move(events), settledBy, m_added++, 0});
        std::push_heap(m_open.begin(), m_open.end(), Later());
        return {};
    }

    Result<void> finish()
    {
        return emitBefore(Instant::fromMicros(std::numeric_limits<std::int64_t>::max()));
    }

private:
    struct Open
    {
        std::vector<UsageEvent> events;
        SettleNumber settledBy;
        std::int64_t added; ///< tells blocks of one settling apart
        std::size_t next;

        auto place() const { return std::tuple(events[next].at, settledBy, added); }
    };
    struct Later
    {
        bool operator()(const Open& a, const Open& b) const { return b.place() < a.place(); }
    };

    Result<void> emitBefore(Instant end)
    {
        while (!m_open.empty() && m_open.front().events[m_open.front().next].at < end) {
            std::pop_heap(m_open.begin(), m_open.end(), Later());
            Open& open = m_open.back();
            const UsageEvent& event = open.events[open.next];
            if (event.at >= m_range.start && event.at < m_range.end)
                if (const auto taken = m_each(event, open.settledBy); !taken)
                    return taken;
            if (++open.next < open.events.size())
                std::push_heap(m_open.begin(), m_open.end(), Later());
            else
                m_open.pop_back();
        }
        return {};
    }

    const InstantRange& m_range;
    const EachEvent& m_each;
    std::vector<Open> m_open;
    std::int64_t m_added = 0;
};

} // namespace

Result<void> insertEvents(Work& work, std::span<const StoredEvent> events)
{
    if (const auto made = makeMonthsOf(work, events); !made)
        return made;
    const std::vector<Block> blocks = blocksOf(events);
    std::vector<Value> values;
    values.reserve(blocks.size() * 7);
    for (const Block& block : blocks) {
        values.emplace_back(block.tenant);
        values.emplace_back(block.firstAt.micros());
        values.emplace_back(block.settledBy.number());
        values.emplace_back(block.firstOrdinal);
        values.emplace_back(block.lastAt.micros());
        values.emplace_back(block.count);
        values.emplace_back(std::string_view(block.events));
    }
    const auto done =
        work.session().executeMany("INSERT INTO usage_block (tenant_id, first_at, settle_no, first_ordinal, "
                                   "last_at, event_count, events) VALUES (?, ?, ?, ?, ?, ?, ?)",
                                   7, values);
    return done ? Result<void>() : done.error();
}

Result<void> eventsIn(Work& work, const TenantId& tenant, const InstantRange& range, const EachEvent& each)
{
    Merge merge(range, each);
    return work.session()
        .query(
            "SELECT events, event_count, first_at, last_at, settle_no FROM usage_block WHERE tenant_id = ? "
            "AND first_at >= ? AND first_at < ? AND last_at >= ? ORDER BY first_at, settle_no, "
            "first_ordinal",
            {std::string_view(tenant.text()), dayOf(range.start).micros(), range.end.micros(),
             range.start.micros()},
            [&](const Row& row) -> Result<void> {
                const std::string text = row.text(0);
                auto events = decodeBlock(tenant, {text, row.integer(1), Instant::fromMicros(row.integer(2)),
                                                   Instant::fromMicros(row.integer(3))});
                return events ? merge.add(std::move(*events), SettleNumber(row.integer(4))) : events.error();
            })
        .and_then([&] { return merge.finish(); });
}

} // namespace billing::storage
