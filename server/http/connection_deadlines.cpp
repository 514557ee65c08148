// What a connection waits for, and how long.
#include "server/http/connection.h"

#include "server/http/server_core.h"

namespace billing::http {

namespace {

using SteadyClock = asio::steady_timer::clock_type; // deadlines only

constexpr Duration lingerTime = std::chrono::seconds(2);
/// Above what answers leave waiting for the socket: only the TLS layer's own words get there.
constexpr std::size_t unsentInputMax = 512 * 1024;
/// A client that takes its answer byte by byte is as good as one that takes nothing.
constexpr std::uint64_t sentStepBytes = 64 * 1024;

} // namespace

bool Connection::wantsInput() const
{
    switch (m_phase) {
    case Phase::Lingering:
        return true;
    case Phase::Handshake:
    case Phase::Open:
        return !m_inputEnded && m_slots.size() < m_core->limits.pipelined &&
               m_tls.outgoing().size() - m_sent <= unsentInputMax;
    case Phase::Finishing:
    case Phase::Closed:
        return false;
    }
    return false;
}

void Connection::waitForSocket()
{
    if (wantsInput())
        waitReadable();
    setDeadline();
}

void Connection::waitReadable()
{
    if (std::exchange(m_readWaiting, true))
        return;
    m_socket.async_wait(asio::ip::tcp::socket::wait_read,
                        [self = shared_from_this()](boost::system::error_code error) {
                            self->m_readWaiting = false;
                            if (!error && self->wantsInput())
                                self->onReadable();
                        });
}

void Connection::waitWritable()
{
    if (std::exchange(m_writeWaiting, true))
        return;
    m_socket.async_wait(asio::ip::tcp::socket::wait_write,
                        [self = shared_from_this()](boost::system::error_code error) {
                            self->m_writeWaiting = false;
                            if (!error)
                                self->turn();
                        });
}

Connection::Waiting Connection::waiting() const
{
    if (m_phase == Phase::Lingering)
        return Waiting::ClientEnd;
    if (m_sent < m_tls.outgoing().size() || m_writeWaiting)
        return Waiting::SocketRoom;
    if (m_phase == Phase::Handshake)
        return Waiting::HandshakeEnd;
    if (m_inBody)
        return Waiting::BodyEnd;
    if (!m_input.empty() && m_slots.size() < m_core->limits.pipelined)
        return Waiting::HeaderEnd;
    return m_slots.empty() ? Waiting::NextRequest : Waiting::Answers;
}

Duration Connection::limitOf(Waiting waiting) const
{
    const Limits& limits = m_core->limits;
    switch (waiting) {
    case Waiting::HandshakeEnd:
    case Waiting::HeaderEnd:
        return limits.handshakeAndHeader;
    case Waiting::BodyEnd:
        return limits.body;
    case Waiting::NextRequest:
        return limits.idle;
    case Waiting::SocketRoom:
        return limits.stalledWrite;
    case Waiting::Answers:
    case Waiting::ClientEnd:
        break;
    }
    return lingerTime;
}

/// A deadline runs from the moment its wait began; bytes that trickle in do not extend it.
void Connection::setDeadline()
{
    if (m_phase == Phase::Closed)
        return;
    const Waiting now = waiting();
    const std::uint64_t key =
        now == Waiting::SocketRoom ? m_sentTotal / sentStepBytes : m_firstSequence + m_slots.size();
    if (now == m_waiting && key == m_waitingKey && m_deadline != SteadyTime::max())
        return;
    m_waiting = now;
    m_waitingKey = key;
    if (now == Waiting::Answers) { // the handler takes the time it takes
        m_deadline = SteadyTime::max();
        return;
    }
    m_deadline = SteadyClock::now() + limitOf(now);
    if (m_deadline < m_timerAt)
        armTimer(m_deadline);
}

/// The timer is only moved forward; a deadline that moved back is seen when it fires, so that a busy
/// connection touches no timer.
void Connection::armTimer(SteadyTime at)
{
    m_timerAt = at;
    m_timer.expires_at(at);
    m_timer.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
        if (!cancelled)
            self->onTimer();
    });
}

void Connection::onTimer()
{
    m_timerAt = SteadyTime::max();
    if (m_phase == Phase::Closed || m_deadline == SteadyTime::max())
        return;
    if (SteadyClock::now() < m_deadline)
        armTimer(m_deadline);
    else
        expire();
}

void Connection::expire()
{
    m_deadline = SteadyTime::max();
    switch (m_waiting) {
    case Waiting::HeaderEnd:
    case Waiting::BodyEnd:
        refuse({408, {ErrorCode::RequestTimeout, m_inBody ? "body" : "header", "not complete in time"}});
        turn();
        return;
    case Waiting::NextRequest:
        finish(Ending::AtOnce);
        turn();
        return;
    case Waiting::SocketRoom:
        reset();
        return;
    case Waiting::HandshakeEnd:
    case Waiting::Answers:
    case Waiting::ClientEnd:
        close();
        return;
    }
}

} // namespace billing::http
