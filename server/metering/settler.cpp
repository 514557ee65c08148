#include "server/metering/settler.h"

#include "server/metering/settle_batch.h"

namespace billing {

namespace {

/// Whether the fault lies in the row itself, so that trying again cannot help.
bool isRowsFault(const Error& error)
{
    return error.code == ErrorCode::CorruptJournalRow || error.code == ErrorCode::AmountOverflow;
}

} // namespace

Settler::Settler(Ports ports, std::shared_ptr<const MeterIndex> meters)
    : m_ports(ports)
    , m_meters(std::move(meters))
{
}

Result<SettleReport> Settler::settle(std::int64_t maxEvents)
{
    const auto rows = readValue(m_ports.storage, Scope::system("settle"),
                                [&](Work& work) { return storage::waitingRows(work, maxEvents); });
    if (!rows)
        return rows.error();
    if (rows->empty())
        return SettleReport{};
    auto report = settleRows(*rows);
    if (!report && isRowsFault(report.error()))
        report = settleOneByOne(*rows);
    return report;
}

Result<SettleReport> Settler::settleRows(std::span<const storage::JournalRow> rows)
{
    const auto batch = SettleBatch::prepare(rows, *m_meters);
    if (!batch)
        return batch.error();
    const Instant now = m_ports.clock.now();
    MonotonicTime began;
    const auto settled = writeValue(
        m_ports.storage, Scope::allTenants("settle"), Priority::Settle, WorkId(m_ports.ids.next("wrk")),
        [&](Work& work) -> Result<std::vector<storage::SettledRow>> {
            began = m_ports.clock.monotonic();
            auto outcomes = batch->apply(work);
            if (!outcomes)
                return outcomes.error();
            const auto marked = storage::markSettled(work, *outcomes, now);
            return marked ? outcomes : Result<std::vector<storage::SettledRow>>(marked.error());
        });
    if (!settled)
        return settled.error();

    SettleReport report;
    report.events = batch->eventCount();
    report.held = m_ports.clock.monotonic() - began;
    for (const storage::SettledRow& row : *settled)
        report.notices.push_back({row.position, row.outcomes});
    return report;
}

Result<SettleReport> Settler::settleOneByOne(std::span<const storage::JournalRow> rows)
{
    SettleReport whole;
    for (const storage::JournalRow& row : rows) {
        auto report = settleRows({&row, 1});
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
