// Settles journal rows: in one transaction it claims the events' identities, stores the new ones, folds them
// into the rollups and marks the rows settled with what became of each event. So an event counts once,
// however often it is sent and wherever the process dies. Reading, hashing and sorting happen before the
// transaction, to keep it short. One thread at a time; several settlers may share a store.
#pragma once

#include "server/bus/bus.h"
#include "server/metering/settle_batch.h"
#include "server/storage/journal.h"
#include "shared/kernel/id_factory.h"
#include "shared/kernel/ports.h"
#include "shared/model/meter_index.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace billing {

/// Journal rows that wait, read and made ready for one transaction.
struct WaitingUsage
{
    std::vector<storage::JournalRow> rows = {}; ///< oldest first
    Result<SettleBatch> batch;                  ///< a refusal is a fault of one of the rows
    std::int64_t events = 0;                    ///< in the rows, as they were accepted
};

struct SettleReport
{
    std::vector<SettledNotice> notices = {}; ///< of the rows settled now
    std::int64_t events = 0;                 ///< in them, dead letters included
    std::int64_t deadLetters = 0;            ///< rows that cannot be read or would overflow a total
    MonotonicTime held = {};                 ///< how long the transaction held the store, waiting left out
};

class Settler
{
public:
    struct Ports
    {
        Storage& storage;
        const Clock& clock;
        IdFactory& ids;
    };

    /// unlisted: which values of dimensions to note (server/storage/unlisted_values.h); without it none is.
    Settler(Ports ports, std::shared_ptr<const MeterIndex> meters,
            std::shared_ptr<UnlistedWatch> unlisted = nullptr);

    /// Settles waiting rows, oldest first, up to about maxEvents events; a report without events means
    /// nothing waits. A row that can never be settled becomes a dead letter and does not stand in the way.
    /// Refuses as storage.
    Result<SettleReport> settle(std::int64_t maxEvents);

    /// The same in two steps. The first, which is a third of the work and needs no turn at the store, may be
    /// done on another thread while this one is in the second. Without rows nothing waits behind the
    /// position; a report without events means that others have settled these rows. Refuses as storage.
    Result<WaitingUsage> prepare(std::int64_t maxEvents, JournalPosition after) const;
    Result<SettleReport> settle(const WaitingUsage& waiting);

private:
    /// The transaction's part: takes the rows and settles those it got; all is the batch of every row.
    Result<Settled> settleTaken(Work& work, std::span<const storage::JournalRow> rows, const SettleBatch& all,
                                Instant now) const;
    Result<SettleReport> settleRows(std::span<const storage::JournalRow> rows,
                                    const Result<SettleBatch>& batch);
    Result<SettleReport> settleOneByOne(std::span<const storage::JournalRow> rows);
    SettleBatch::Catalogued catalogued() const { return {*m_meters, m_unlisted.get()}; }
    Result<void> bury(const storage::JournalRow& row, const Error& reason);

    Ports m_ports;
    std::shared_ptr<const MeterIndex> m_meters;
    std::shared_ptr<UnlistedWatch> m_unlisted;
};

} // namespace billing
