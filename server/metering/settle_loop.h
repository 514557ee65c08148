// Keeps settling while anything waits: woken by the bus, by its own start (what a former process left) and by
// a slow timer in case a hint was lost. It sizes its transactions so that one holds the writer for about 25
// ms and never much more than 50, so that accepting usage stays quick. Runs on an executor of one thread.
#pragma once

#include "server/bus/bus.h"
#include "server/metering/settler.h"

#include <atomic>

namespace billing {

class SettleLoop
{
public:
    struct Ports
    {
        Settler& settler;
        Bus& bus;
        Executor& executor;
        const Clock& clock;
    };
    /// Told after each settling, e.g. to lower the backlog.
    using Settled = std::function<void(std::int64_t events)>;

    SettleLoop(Ports ports, Settled settled);

    /// Listens and settles what waits. Once.
    void start();
    /// No further settling starts; the one that runs ends. Any thread.
    void stop();

    std::int64_t deadLetters() const noexcept { return m_deadLetters; }

private:
    void wake();
    void run();
    void resize(MonotonicTime took);

    Ports m_ports;
    Settled m_settled;
    std::atomic<bool> m_scheduled = false;
    std::atomic<bool> m_stopped = false;
    std::atomic<std::int64_t> m_deadLetters = 0;
    std::int64_t m_maxEvents = 1'000;
};

} // namespace billing
