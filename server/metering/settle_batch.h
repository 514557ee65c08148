// The events of some journal rows, prepared for settling: decoded, hashed, sorted into the order storage
// likes, and with the rollups each would fold into already named. apply() does the transaction's part and may
// run again.
#pragma once

#include "server/metering/unlisted_watch.h"
#include "server/storage/journal.h"
#include "server/storage/usage.h"
#include "shared/model/meter_index.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace billing {

/// What a transaction of settling did.
struct Settled
{
    std::vector<storage::SettledRow> rows = {};
    std::vector<storage::UnlistedKey> noted = {}; ///< unlisted values that the store holds now
};

class SettleBatch
{
public:
    /// What counts an event, and which values its prices name (nothing: none is noted).
    struct Catalogued
    {
        const MeterIndex& meters;
        const UnlistedWatch* unlisted = nullptr;
    };

    /// Refuses CorruptJournalRow.
    static Result<SettleBatch> prepare(std::span<const storage::JournalRow> rows,
                                       const Catalogued& catalogued);

    /// Claims, stores, folds, and answers what became of each row's events; conflicts are noticed now.
    /// Refuses AmountOverflow and as storage.
    Result<Settled> apply(Work& work, Instant now) const;

    std::int64_t eventCount() const noexcept { return static_cast<std::int64_t>(m_events.size()); }

private:
    struct Event
    {
        UsageEvent event;
        std::size_t row;   ///< index into m_rows
        std::size_t place; ///< index among the row's events
        storage::Identity identity;
        std::vector<std::size_t> rollups; ///< indices into m_rollups
        std::size_t textBegin;            ///< in m_texts; it ends where the next event's begins
    };
    struct RollupSlot
    {
        storage::RollupKey key;
        Aggregation aggregation;
    };
    /// An unlisted value that is not noted yet, and a rollup it would fold into.
    struct News
    {
        storage::UnlistedKey key;
        std::size_t rollup;
    };

    Result<std::vector<storage::Outcome>> claim(Work& work) const;
    Result<void> storeAccepted(Work& work, std::span<const storage::Outcome> outcomes,
                               std::span<const SettleNumber> settleNumbers) const;
    Result<void> storeConflicts(Work& work, std::span<const storage::Outcome> outcomes, Instant now) const;
    Result<void> fold(Work& work, std::span<const storage::Outcome> outcomes,
                      std::span<const SettleNumber> settleNumbers) const;
    void addEvents(std::size_t row, std::vector<UsageEvent> events);
    void writeTexts();
    std::string_view textOf(std::size_t event) const;
    Result<std::vector<storage::UnlistedKey>>
    noteUnlisted(Work& work, std::span<const storage::Outcome> outcomes, Instant now) const;
    void nameRollups(const Catalogued& catalogued);
    void lookForNews(const Meter& meter, const UsageEvent& event, const UnlistedWatch& unlisted);
    void sortRollups();
    void sort();

    std::vector<std::pair<JournalPosition, std::size_t>> m_rows; ///< position and number of events
    std::vector<Event> m_events;                                 ///< as they came
    std::string m_texts;                                         ///< the events as their blocks hold them
    std::vector<std::size_t>
        m_byIdentity; ///< indices into m_events, sorted by (tenant, identity), first come first
    std::vector<std::size_t> m_byTime;   ///< sorted by (tenant, time)
    std::vector<TenantId> m_tenants;     ///< sorted
    std::vector<std::size_t> m_tenantOf; ///< per event, index into m_tenants
    std::vector<RollupSlot> m_rollups;   ///< sorted by key
    std::vector<News> m_news;            ///< of m_rollups; a key as often as it has rollups
};

} // namespace billing
