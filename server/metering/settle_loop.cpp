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
    if (m_ports.preparing != nullptr)
        m_ahead.emplace(m_ports.settler, *m_ports.preparing);
}

void SettleLoop::start()
{
    m_ports.bus.onAccepted([this](JournalPosition) {
        m_accepted = true;
        wake();
    });
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
    if (m_isResting)
        return; // its end looks
    // Cleared before looking: whoever commits from now on wakes us again.
    m_scheduled = false;
    if (m_stopped)
        return;
    const auto report = settleNext();
    if (!report) {
        m_ports.executor.postAfter(lostHintAfter, [this] { wake(); });
        return;
    }
    if (report->events == 0)
        return;
    const bool tookAll = report->events < m_maxEvents / 2;
    resize(*report, tookAll);
    m_deadLetters += report->deadLetters;
    m_settled(report->events);
    m_ports.bus.publishSettled(report->notices);
    if (tookAll)
        rest();
    else
        wake();
}

void SettleLoop::rest()
{
    m_isResting = true;
    m_scheduled = true;
    m_ports.executor.postAfter(m_pace.rest, [this] {
        m_isResting = false;
        run();
    });
}

Result<SettleReport> SettleLoop::settleNext()
{
    // A small one was prepared when little waited; by now there may be more, and one large one costs less.
    auto waiting = m_ahead ? m_ahead->take() : std::nullopt;
    if (!waiting || waiting->events < m_maxEvents / 2) {
        auto prepared = m_ports.settler.prepare(m_maxEvents, JournalPosition(0));
        if (!prepared)
            return prepared.error();
        waiting = std::move(*prepared);
    }
    if (waiting->rows.empty())
        return SettleReport{};
    if (m_ahead && waiting->events >= m_maxEvents / 2)
        m_ahead->start(m_maxEvents, waiting->rows.back().position);
    auto report = m_ports.settler.settle(*waiting);
    if (!report && m_ahead)
        (void)m_ahead->take(); // the refused rows come first
    return report && report->events == 0 ? m_ports.settler.settle(m_maxEvents) : report;
}

void SettleLoop::resize(const SettleReport& report, bool tookAll)
{
    const bool isQuiet = !m_accepted.exchange(false);
    const MonotonicTime target = isQuiet ? m_pace.quiet : tookAll ? m_pace.keepingUp : m_pace.behind;
    if (report.held > target)
        m_maxEvents = std::max(report.events * target.count() / report.held.count(), fewestEvents);
    else if (!tookAll && report.held < target * 2 / 3)
        m_maxEvents = std::min(m_maxEvents * 3 / 2, m_pace.mostEvents);
}

} // namespace billing
