#include "server/metering/settle_loop.h"

#include <algorithm>

namespace billing {

namespace {

constexpr MonotonicTime shortEnough = std::chrono::milliseconds(8);
constexpr MonotonicTime tooLong = std::chrono::milliseconds(15);
constexpr std::int64_t fewestEvents = 200;
constexpr std::int64_t mostEvents = 20'000;
constexpr Duration lostHintAfter = std::chrono::seconds(1);

} // namespace

SettleLoop::SettleLoop(Ports ports, Settled settled)
    : m_ports(ports)
    , m_settled(std::move(settled))
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
    const MonotonicTime began = m_ports.clock.monotonic();
    const auto report = m_ports.settler.settle(m_maxEvents);
    if (!report) {
        m_ports.executor.postAfter(lostHintAfter, [this] { wake(); });
        return;
    }
    if (report->events == 0)
        return;
    resize(m_ports.clock.monotonic() - began);
    m_deadLetters += report->deadLetters;
    m_settled(report->events);
    m_ports.bus.publishSettled(report->notices);
    wake();
}

void SettleLoop::resize(MonotonicTime took)
{
    if (took < shortEnough)
        m_maxEvents = std::min(m_maxEvents * 3 / 2, mostEvents);
    else if (took > tooLong)
        m_maxEvents = std::max(m_maxEvents * 2 / 3, fewestEvents);
}

} // namespace billing
