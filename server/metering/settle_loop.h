// Keeps settling while anything waits: woken by the bus, by its own start (what a former process left) and by
// a slow timer in case a hint was lost. It sizes its transactions by how long they hold the store: short ones
// while it keeps up, so that accepting usage stays quick, long ones, which cost less an event, while it does
// not. Runs on an executor of one thread.
#pragma once

#include "server/bus/bus.h"
#include "server/metering/settle_ahead.h"
#include "server/metering/settler.h"

#include <atomic>

namespace billing {

/// How long one transaction should hold the store.
struct SettlePace
{
    MonotonicTime keepingUp;
    MonotonicTime behind;
    MonotonicTime quiet; ///< nothing was accepted since the last one
    MonotonicTime rest;  ///< from the end of one that took all to the next
    std::int64_t mostEvents;

    /// One writer serves everybody: what it gives to settling, accepting waits for. Longer transactions would
    /// settle more and answer later.
    static constexpr SettlePace oneWriter()
    {
        using std::chrono::milliseconds;
        return {milliseconds(4), milliseconds(6), milliseconds(100), milliseconds(10), 20'000};
    }
    /// Nobody waits for it but whoever wants to see the usage; large ones make fewer round trips.
    static constexpr SettlePace manyWriters()
    {
        using std::chrono::milliseconds;
        return {milliseconds(100), milliseconds(500), milliseconds(500), milliseconds(10), 100'000};
    }
};

class SettleLoop
{
public:
    struct Ports
    {
        Settler& settler;
        Bus& bus;
        Executor& executor;
        Executor* preparing =
            nullptr; ///< another thread, idle at its end; without, nothing is prepared ahead
    };
    /// Told after each settling, e.g. to lower the backlog.
    using Settled = std::function<void(std::int64_t events)>;

    SettleLoop(Ports ports, Settled settled, SettlePace pace = SettlePace::oneWriter());

    /// Listens and settles what waits. Once.
    void start();
    /// No further settling starts; the one that runs ends. Any thread.
    void stop();

    std::int64_t deadLetters() const noexcept { return m_deadLetters; }

private:
    void wake();
    void run();
    void rest();
    Result<SettleReport> settleNext();
    void resize(const SettleReport& report, bool tookAll);

    Ports m_ports;
    Settled m_settled;
    SettlePace m_pace;
    std::optional<SettleAhead> m_ahead;
    std::atomic<bool> m_scheduled = false;
    std::atomic<bool> m_accepted = false; ///< since the last settling
    std::atomic<bool> m_stopped = false;
    bool m_isResting = false; ///< on the executor's thread
    std::atomic<std::int64_t> m_deadLetters = 0;
    std::int64_t m_maxEvents = 1'000;
};

} // namespace billing
