// Lets a request wait for its usage to be settled. Whoever waits is told once: with the outcomes, or with
// nothing when the time is over. Recent outcomes are remembered for a while, since settling may overtake the
// question. Or lets it wait for settling to get somewhere, after which the journal tells how far it is.
#pragma once

#include "server/bus/bus.h"
#include "shared/kernel/ports.h"

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace billing {

class SettledWaits
{
public:
    /// The outcomes, one character per event, or nothing after the time limit.
    using Done = std::function<void(std::optional<std::string>)>;

    SettledWaits(Bus& bus, Executor& executor);

    /// Calls done once, from this call, the settling thread or the executor. Any thread.
    void wait(JournalPosition position, Duration limit, Done done);

    /// Counts the settlings told so far.
    std::uint64_t progress() const;

    struct Progress
    {
        std::uint64_t since; ///< progress() before the journal was looked at
        JournalPosition upTo;
        Duration limit;
    };
    /// Calls done once: at the next settling at or beyond the position, at once when there was any settling
    /// since, or when the time is over. A hint: rows before the position may still wait. Any thread.
    void afterProgress(Progress wanted, std::function<void()> done);

private:
    struct Watching
    {
        std::uint64_t ticket;
        JournalPosition upTo;
        std::function<void()> done;
    };
    struct Waiting
    {
        std::uint64_t ticket;
        Done done;
    };

    void settled(std::span<const SettledNotice> notices);
    void giveUp(JournalPosition position, std::uint64_t ticket);
    void lookAgain(std::uint64_t ticket);

    Executor& m_executor;
    mutable std::mutex m_mutex;
    std::unordered_map<JournalPosition, std::vector<Waiting>> m_waiting;
    std::unordered_map<JournalPosition, std::string> m_recent;
    std::deque<JournalPosition> m_order; ///< of m_recent, oldest first
    std::vector<Watching> m_watching;
    std::uint64_t m_progress = 0;
    std::uint64_t m_tickets = 0;
};

} // namespace billing
