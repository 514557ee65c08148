#include "server/http/connection.h"

#include "server/http/server_core.h"

#include <boost/asio/buffer.hpp>

namespace billing::http {

namespace {

using SteadyClock = std::chrono::steady_clock; // deadlines only; the door is the port's implementation here

constexpr std::size_t outgoingHighWater = 128 * 1024; ///< a streamed body waits for the socket above this
constexpr std::size_t keptBufferBytes = 64 * 1024;    ///< a larger buffer is given back when it is empty
constexpr std::size_t lingerBytesMax = 1024 * 1024;

void emptyBuffer(std::string& buffer)
{
    if (buffer.capacity() > keptBufferBytes)
        buffer = std::string();
    else
        buffer.clear();
}

} // namespace

Connection::Connection(std::shared_ptr<ServerCore> core, const Listener& listener,
                       asio::ip::tcp::socket socket, std::string remoteAddress)
    : m_core(std::move(core))
    , m_listener(listener)
    , m_socket(std::move(socket))
    , m_remoteAddress(std::move(remoteAddress))
    , m_tls(listener.tls, m_core->now())
    , m_parser(m_core->limits)
    , m_opened(SteadyClock::now())
    , m_timer(m_core->io)
{
}

Connection::~Connection()
{
    m_core->bodyBytesInFlight -= m_receivedBytes + m_handedOnBytes;
}

void Connection::start()
{
    waitForSocket();
}

void Connection::drain()
{
    const bool halfReceived = m_inBody || !m_input.empty();
    if (m_phase == Phase::Handshake)
        close();
    if (m_phase != Phase::Open || halfReceived)
        return; // dispatch() sees that the server is draining
    endInput();
    turn();
}

/// No further request will come: closes after the last answer, or now when none is due.
void Connection::endInput()
{
    m_inputEnded = true;
    if (m_slots.empty())
        finish(Ending::AtOnce);
    else
        m_slots.back().after = ConnectionAfter::Closed;
}

void Connection::close()
{
    if (m_phase == Phase::Closed)
        return;
    const auto self = shared_from_this();
    m_phase = Phase::Closed;
    m_core->handshakeEnded(this);
    boost::system::error_code ignored;
    m_socket.close(ignored);
    m_timer.cancel();
    m_slots.clear();
    m_stream.reset();
    m_core->forget(this);
}

/// Closes so that the kernel does not go on offering the rest of an answer nobody takes.
void Connection::reset()
{
    boost::system::error_code ignored;
    m_socket.set_option(asio::socket_base::linger(true, 0), ignored);
    close();
}

// Reading
// ---------------------------------------------------------------------------------------------------------

void Connection::onReadable()
{
    boost::system::error_code error;
    const std::size_t count = m_socket.read_some(asio::buffer(m_core->scratch), error);
    if (error == asio::error::would_block) {
        waitForSocket();
    } else if (error && error != asio::error::eof) {
        close();
    } else if (m_phase == Phase::Lingering) {
        m_lingered += count;
        if (error || m_lingered > lingerBytesMax)
            close();
        else
            waitForSocket();
    } else if (error) {
        // A client may end its side and still wait for answers.
        endInput();
        turn();
    } else {
        receive({m_core->scratch.data(), count});
    }
}

void Connection::receive(std::string_view ciphertext)
{
    const TlsSession::State state = m_tls.receive(ciphertext, m_input);
    if (m_phase == Phase::Handshake && m_tls.established()) {
        m_phase = Phase::Open;
        m_core->handshakeEnded(this);
        m_peer = m_tls.peer();
    }
    turn();
    if (m_phase == Phase::Closed || state == TlsSession::State::Handshaking ||
        state == TlsSession::State::Open)
        return;
    if (state == TlsSession::State::Failed)
        finish(Ending::Lingering); // with the alert that says why
    else
        endInput();
    turn();
}

void Connection::parseInput()
{
    std::size_t consumed = 0;
    while (m_phase == Phase::Open && !m_inputEnded && consumed < m_input.size() &&
           m_slots.size() < m_core->limits.pipelined) {
        const RequestParser::Step step = m_parser.advance(std::string_view(m_input).substr(consumed));
        consumed += step.consumed;
        m_inBody = step.progress == RequestParser::Progress::NeedBody;
        m_continueDue = m_inBody && (m_continueDue || m_parser.takeContinueDue());
        if (step.progress == RequestParser::Progress::Refused)
            refuse(m_parser.refusal());
        else if (auto refusal = refuseBody())
            refuse(*refusal);
        else if (step.progress != RequestParser::Progress::Complete)
            break;
        else if (m_peer && m_core->isOver(m_peer->validUntil))
            refuse({401, {ErrorCode::CertificateExpired, "certificate", "over since it was shown"}});
        else
            dispatch();
    }
    if (m_inputEnded || consumed == m_input.size())
        emptyBuffer(m_input);
    else
        m_input.erase(0, consumed);
}

/// Notes how much has come of a body; all bodies together must fit into the memory set aside for them.
std::optional<Refusal> Connection::refuseBody()
{
    const std::size_t received = m_parser.bodyBytes();
    if (received == m_receivedBytes)
        return std::nullopt;
    const std::size_t inFlight = m_core->bodyBytesInFlight += received - m_receivedBytes;
    m_receivedBytes = received;
    if (inFlight <= m_core->limits.bodyBytesInFlight)
        return std::nullopt;
    return Refusal{503, {ErrorCode::BacklogFull, "body", "too many requests at once"}};
}

void Connection::dispatch()
{
    Request request = m_parser.take();
    request.peer = m_peer;
    request.listener = m_listener.config.name;
    request.remoteAddress = m_remoteAddress;
    const bool last = !m_parser.keepAlive() || m_core->draining ||
                      SteadyClock::now() - m_opened > m_core->limits.connectionAge;
    m_inputEnded = m_inputEnded || last;
    const std::uint64_t sequence = m_firstSequence + m_slots.size();
    m_slots.push_back({std::nullopt, request.method == "HEAD",
                       last ? ConnectionAfter::Closed : ConnectionAfter::Kept, m_receivedBytes});
    m_handedOnBytes += std::exchange(m_receivedBytes, 0);
    m_core->handler(std::move(request), Responder(shared_from_this(), sequence));
}

void Connection::refuse(const Refusal& refusal)
{
    m_inputEnded = true;
    m_inBody = false;
    m_parser.discard();
    m_core->bodyBytesInFlight -= std::exchange(m_receivedBytes, 0);
    m_slots.push_back(
        {m_core->refusalWriter(refusal.error, refusal.status), false, ConnectionAfter::Closed, 0});
}

// Answering
// -------------------------------------------------------------------------------------------------------

void Connection::answer(std::uint64_t sequence, Response response)
{
    if (!m_core->onIoThread()) {
        m_core->deliver(shared_from_this(), sequence, std::move(response));
        return;
    }
    place(sequence, std::move(response));
    turn();
}

void Connection::abandon(std::uint64_t sequence)
{
    if (!m_core->onIoThread()) {
        m_core->deliver(shared_from_this(), sequence, std::nullopt);
        return;
    }
    place(sequence, std::nullopt);
    turn();
}

void Connection::place(std::uint64_t sequence, std::optional<Response> response)
{
    if (sequence < m_firstSequence || sequence - m_firstSequence >= m_slots.size())
        return; // the connection went away meanwhile
    if (!response)
        response = m_core->refusalWriter({ErrorCode::Internal, {}, "the request was not answered"}, 500);
    Slot& slot = m_slots[static_cast<std::size_t>(sequence - m_firstSequence)];
    slot.response = std::move(response);
    if (slot.bodyBytes == 0)
        return;
    m_core->bodyBytesInFlight -= slot.bodyBytes;
    m_handedOnBytes -= std::exchange(slot.bodyBytes, 0);
}

void Connection::turn()
{
    if (m_inTurn || m_phase == Phase::Closed)
        return;
    const auto self = shared_from_this();
    m_inTurn = true;
    do
        parseInput();
    while (writeAnswers() && !m_input.empty() && !m_inputEnded);
    m_inTurn = false;
    encrypt();
    flushSocket();
    waitForSocket();
}

/// True when slots became free.
bool Connection::writeAnswers()
{
    bool freed = false;
    while (m_phase == Phase::Open && !m_slots.empty() && m_slots.front().response) {
        if (m_plain.size() > outgoingHighWater)
            encrypt();
        if (m_tls.outgoing().size() - m_sent > outgoingHighWater)
            break;
        if (!m_stream)
            startAnswer(m_slots.front());
        if (m_stream && !continueStream())
            break;
        const ConnectionAfter after = m_slots.front().after;
        m_slots.pop_front();
        ++m_firstSequence;
        freed = true;
        if (after == ConnectionAfter::Closed)
            finish(Ending::Lingering);
    }
    if (m_continueDue && m_slots.empty() && m_phase == Phase::Open) {
        m_plain += "HTTP/1.1 100 Continue\r\n\r\n";
        m_continueDue = false;
    }
    return freed;
}

void Connection::startAnswer(Slot& slot)
{
    const AnswerFraming framing{slot.after, slot.headOnly, m_core->date()};
    auto rest = writeResponse(std::move(*slot.response), framing, m_plain);
    if (!rest)
        rest = writeResponse(m_core->refusalWriter(rest.error(), 500), framing, m_plain);
    BILLING_ASSERT(rest.has_value());
    m_stream = std::move(*rest);
    slot.response.emplace();
}

/// False while more is to come.
bool Connection::continueStream()
{
    while (m_tls.outgoing().size() - m_sent < outgoingHighWater) {
        const Result<bool> more = m_stream->append(m_plain);
        if (!more) {
            close();
            return false;
        }
        if (!*more) {
            m_stream.reset();
            return true;
        }
        encrypt();
    }
    return false;
}

void Connection::encrypt()
{
    if (m_phase == Phase::Closed || m_plain.empty())
        return;
    m_tls.send(m_plain);
    emptyBuffer(m_plain);
}

/// Nothing more will be answered.
void Connection::finish(Ending ending)
{
    if (m_phase != Phase::Handshake && m_phase != Phase::Open)
        return;
    m_ending = ending;
    encrypt();
    m_tls.sendEnd();
    m_phase = Phase::Finishing;
    m_inputEnded = true;
    m_slots.clear();
}

void Connection::flushSocket()
{
    if (m_phase == Phase::Closed)
        return;
    std::string& outgoing = m_tls.outgoing();
    while (m_sent < outgoing.size()) {
        boost::system::error_code error;
        const std::size_t count =
            m_socket.write_some(asio::buffer(outgoing.data() + m_sent, outgoing.size() - m_sent), error);
        if (error == asio::error::would_block) {
            waitWritable();
            return;
        }
        if (error) {
            close();
            return;
        }
        m_sent += count;
        m_sentTotal += count;
    }
    m_sent = 0;
    emptyBuffer(outgoing);
    if (m_phase == Phase::Finishing)
        linger();
    else if (m_stream || (!m_slots.empty() && m_slots.front().response))
        waitWritable(); // the other connections get their turn between two pieces
}

void Connection::linger()
{
    boost::system::error_code error;
    m_socket.shutdown(asio::ip::tcp::socket::shutdown_send, error);
    m_phase = Phase::Lingering;
    if (error || m_ending == Ending::AtOnce)
        close();
}

} // namespace billing::http
