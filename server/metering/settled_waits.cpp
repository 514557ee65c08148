#include "server/metering/settled_waits.h"

#include <algorithm>

namespace billing {

namespace {

constexpr std::size_t remembered = 4'096;

} // namespace

SettledWaits::SettledWaits(Bus& bus, Executor& executor)
    : m_executor(executor)
{
    bus.onSettled([this](std::span<const SettledNotice> notices) { settled(notices); });
}

void SettledWaits::wait(JournalPosition position, Duration limit, Done done)
{
    std::uint64_t ticket = 0;
    {
        std::unique_lock lock(m_mutex);
        const auto recent = m_recent.find(position);
        if (recent != m_recent.end()) {
            std::string outcomes = recent->second;
            lock.unlock();
            done(std::move(outcomes));
            return;
        }
        ticket = ++m_tickets;
        m_waiting[position].push_back({ticket, std::move(done)});
    }
    m_executor.postAfter(limit, [this, position, ticket] { giveUp(position, ticket); });
}

void SettledWaits::settled(std::span<const SettledNotice> notices)
{
    std::vector<std::pair<Done, std::string>> answers;
    std::vector<Watching> told;
    {
        const std::lock_guard lock(m_mutex);
        ++m_progress;
        const auto highest =
            std::max_element(notices.begin(), notices.end(),
                             [](const auto& a, const auto& b) { return a.position < b.position; });
        const auto rest =
            std::stable_partition(m_watching.begin(), m_watching.end(), [&](const Watching& watching) {
                return highest == notices.end() || watching.upTo > highest->position;
            });
        told.assign(std::make_move_iterator(rest), std::make_move_iterator(m_watching.end()));
        m_watching.erase(rest, m_watching.end());
        for (const SettledNotice& notice : notices) {
            if (m_recent.emplace(notice.position, notice.outcomes).second)
                m_order.push_back(notice.position);
            const auto found = m_waiting.find(notice.position);
            if (found == m_waiting.end())
                continue;
            for (Waiting& waiting : found->second)
                answers.emplace_back(std::move(waiting.done), notice.outcomes);
            m_waiting.erase(found);
        }
        for (; m_order.size() > remembered; m_order.pop_front())
            m_recent.erase(m_order.front());
    }
    for (auto& [done, outcomes] : answers)
        done(std::move(outcomes));
    for (const Watching& watching : told)
        watching.done();
}

std::uint64_t SettledWaits::progress() const
{
    const std::lock_guard lock(m_mutex);
    return m_progress;
}

void SettledWaits::afterProgress(Progress wanted, std::function<void()> done)
{
    std::uint64_t ticket = 0;
    {
        const std::lock_guard lock(m_mutex);
        if (m_progress == wanted.since) {
            ticket = ++m_tickets;
            m_watching.push_back({ticket, wanted.upTo, std::move(done)});
        }
    }
    if (ticket == 0)
        return done();
    m_executor.postAfter(wanted.limit, [this, ticket] { lookAgain(ticket); });
}

void SettledWaits::lookAgain(std::uint64_t ticket)
{
    std::function<void()> done;
    {
        const std::lock_guard lock(m_mutex);
        const auto mine = std::find_if(m_watching.begin(), m_watching.end(),
                                       [&](const Watching& watching) { return watching.ticket == ticket; });
        if (mine == m_watching.end())
            return;
        done = std::move(mine->done);
        m_watching.erase(mine);
    }
    done();
}

void SettledWaits::giveUp(JournalPosition position, std::uint64_t ticket)
{
    Done done;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_waiting.find(position);
        if (found == m_waiting.end())
            return;
        std::vector<Waiting>& all = found->second;
        const auto mine = std::find_if(all.begin(), all.end(),
                                       [&](const Waiting& waiting) { return waiting.ticket == ticket; });
        if (mine == all.end())
            return;
        done = std::move(mine->done);
        all.erase(mine);
        if (all.empty())
            m_waiting.erase(found);
    }
    done(std::nullopt);
}

} // namespace billing
