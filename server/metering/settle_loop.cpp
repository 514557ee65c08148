#include "server/metering/settle_loop.h"

#include <algorithm>

namespace billing {

namespace {

constexpr std::int64_t fewestEvents = 200;
constexpr Duration lostHintAfter = std::chrono::seconds(1);

} // namespace

SettleLoop::SettleLoop(Ports ports, Settled settled, SettlePace pace)
    : m_ports(ports)
    , m_settled(std::move(settled))
    , m_pace(pace)
{
}

void SettleLoop::start()
{
    m_ports.bus.onAccepted([this](JournalPosition) { wake(); });
    wake();
}

void SettleLoop::stop()
{
    m_stopped = true;
}

void SettleLoop::wake()
{
    if (!m_stopped && !m_scheduled.exchange(true))
        m_ports.executor.post([this] { run(); });
}

void SettleLoop::run()
{
    // Cleared before looking: whoever commits from now on wakes us again.
    m_scheduled = false;
    if (m_stopped)
        return;
    const auto report = m_ports.settler.settle(m_maxEvents);
    if (!report) {
        m_ports.executor.postAfter(lostHintAfter, [this] { wake(); });
        return;
    }
    if (report->events == 0)
        return;
    resize(*report);
    m_deadLetters += report->deadLetters;
    m_settled(report->events);
    m_ports.bus.publishSettled(report->notices);
    wake();
}

void SettleLoop::resize(const SettleReport& report)
{
    const bool tookAll = report.events < m_maxEvents / 2;
    const MonotonicTime target = tookAll ? m_pace.keepingUp : m_pace.behind;
    if (report.held > target)
        m_maxEvents = std::max(m_maxEvents * 2 / 3, fewestEvents);
    else if (!tookAll && report.held < target * 2 / 3)
        m_maxEvents = std::min(m_maxEvents * 3 / 2, m_pace.mostEvents);
}

} // namespace billing
