#include "server/metering/settler.h"

#include <algorithm>

namespace billing {

namespace {

/// Whether the fault lies in the row itself, so that trying again cannot help.
bool isRowsFault(const Error& error)
{
    return error.code == ErrorCode::CorruptJournalRow || error.code == ErrorCode::AmountOverflow;
}

std::vector<storage::JournalRow> rowsAt(std::span<const storage::JournalRow> rows,
                                        std::span<const JournalPosition> positions)
{
    std::vector<storage::JournalRow> some;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(some), [&](const storage::JournalRow& row) {
        return std::find(positions.begin(), positions.end(), row.position) != positions.end();
    });
    return some;
}

} // namespace

Settler::Settler(Ports ports, std::shared_ptr<const MeterIndex> meters,
                 std::shared_ptr<UnlistedWatch> unlisted)
    : m_ports(ports)
    , m_meters(std::move(meters))
    , m_unlisted(std::move(unlisted))
{
}

Result<SettleReport> Settler::settle(std::int64_t maxEvents)
{
    // Rows that other settlers are at are passed by: behind them there may be more.
    for (JournalPosition after(0);;) {
        const auto waiting = prepare(maxEvents, after);
        if (!waiting)
            return waiting.error();
        if (waiting->rows.empty())
            return SettleReport{};
        auto report = settle(*waiting);
        if (!report || report->events > 0)
            return report;
        after = waiting->rows.back().position;
    }
}

Result<WaitingUsage> Settler::prepare(std::int64_t maxEvents, JournalPosition after) const
{
    auto rows = readValue(m_ports.storage, Scope::system("settle"),
                          [&](Work& work) { return storage::waitingRows(work, maxEvents, after); });
    if (!rows)
        return rows.error();
    auto batch = SettleBatch::prepare(*rows, catalogued());
    std::int64_t events = 0;
    for (const storage::JournalRow& row : *rows)
        events += row.eventCount;
    return WaitingUsage{std::move(*rows), std::move(batch), events};
}

Result<SettleReport> Settler::settle(const WaitingUsage& waiting)
{
    auto report = settleRows(waiting.rows, waiting.batch);
    return report || !isRowsFault(report.error()) ? report : settleOneByOne(waiting.rows);
}

Result<Settled> Settler::settleTaken(Work& work, std::span<const storage::JournalRow> rows,
                                     const SettleBatch& all, Instant now) const
{
    const auto taken = storage::takeWaiting(work, rows.front().position, rows.back().position);
    if (!taken)
        return taken.error();
    if (taken->empty())
        return Settled{};
    std::optional<SettleBatch> some; // where others have taken the rest
    if (taken->size() != rows.size()) {
        auto prepared = SettleBatch::prepare(rowsAt(rows, *taken), catalogued());
        if (!prepared)
            return prepared.error();
        some = std::move(*prepared);
    }
    auto settled = (some ? *some : all).apply(work, now);
    if (!settled)
        return settled.error();
    const auto marked = storage::markSettled(work, settled->rows, now);
    return marked ? std::move(settled) : Result<Settled>(marked.error());
}

Result<SettleReport> Settler::settleRows(std::span<const storage::JournalRow> rows,
                                         const Result<SettleBatch>& batch)
{
    if (!batch)
        return batch.error();
    const Instant now = m_ports.clock.now();
    MonotonicTime began;
    const auto settled = writeValue(m_ports.storage, Scope::allTenants("settle"), Priority::Settle,
                                    WorkId(m_ports.ids.next("wrk")), [&](Work& work) {
                                        began = m_ports.clock.monotonic();
                                        return settleTaken(work, rows, *batch, now);
                                    });
    if (!settled)
        return settled.error();
    if (m_unlisted && !settled->noted.empty()) // only now is it committed
        m_unlisted->noted(settled->noted);

    SettleReport report;
    report.held = m_ports.clock.monotonic() - began;
    for (const storage::SettledRow& row : settled->rows) {
        report.events += static_cast<std::int64_t>(row.outcomes.size());
        report.notices.push_back({row.position, row.outcomes});
    }
    return report;
}

Result<SettleReport> Settler::settleOneByOne(std::span<const storage::JournalRow> rows)
{
    SettleReport whole;
    for (const storage::JournalRow& row : rows) {
        auto report = settleRows({&row, 1}, SettleBatch::prepare({&row, 1}, catalogued()));
        if (report) {
            whole.events += report->events;
            whole.held = std::max(whole.held, report->held);
            std::move(report->notices.begin(), report->notices.end(), std::back_inserter(whole.notices));
            continue;
        }
        if (!isRowsFault(report.error()))
            return report.error();
        const auto buried = bury(row, report.error());
        if (!buried)
            return buried.error();
        whole.events += row.eventCount;
        ++whole.deadLetters;
    }
    return whole;
}

Result<void> Settler::bury(const storage::JournalRow& row, const Error& reason)
{
    const Instant now = m_ports.clock.now();
    return m_ports.storage.write(
        Scope::system("settle"), Priority::Settle, WorkId(m_ports.ids.next("wrk")),
        [&](Work& work) { return storage::markDead(work, row.position, toText(reason), now); });
}

} // namespace billing
