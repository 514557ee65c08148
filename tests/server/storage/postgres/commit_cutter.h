// A TCP proxy before PostgreSQL that cuts one connection at its COMMIT: before the server saw it, or after it
// committed and before the client could know. Everything else passes, the connections after it too. Without
// TLS, so that it can read along. Its thread ends with it.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace billing::test {

class CommitCutter
{
public:
    enum class Cut
    {
        Nothing,
        Request, ///< COMMIT never arrives
        Answer,  ///< COMMIT is done, and its answer never arrives
        Silence  ///< the same, and the connection stays open: nobody says a word on it any more
    };

    explicit CommitCutter(std::uint16_t serverPort);
    ~CommitCutter();
    CommitCutter(const CommitCutter&) = delete;
    CommitCutter& operator=(const CommitCutter&) = delete;

    std::uint16_t port() const noexcept { return m_port; }
    /// What happens to the next COMMIT.
    void cutNext(Cut cut) { m_next = cut; }
    int cuts() const { return m_cuts; }

private:
    struct Link;

    void run();
    void forward(Link& link);

    std::uint16_t m_serverPort;
    std::uint16_t m_port = 0;
    int m_listener;
    int m_end[2] = {};
    std::atomic<Cut> m_next{Cut::Nothing};
    std::atomic<int> m_cuts{0};
    std::thread m_thread;
};

} // namespace billing::test
