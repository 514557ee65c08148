// One client's connection, from handshake to lingering close. Everything but answer() and abandon() runs on
// the io thread. Its life is a sequence of turns: read what came, parse requests and hand them on, write the
// answers that are due in order, one socket write for all of them, then wait with a deadline for whatever
// comes next.
#pragma once

#include "server/http/request_parser.h"
#include "server/http/responder.h"
#include "server/http/response_writer.h"
#include "server/http/tls_session.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>

namespace billing::http {

struct Listener;
struct ServerCore;

class Connection final : public ResponseSink, public std::enable_shared_from_this<Connection>
{
public:
    Connection(std::shared_ptr<ServerCore> core, const Listener& listener,
               boost::asio::ip::tcp::socket socket, std::string remoteAddress);
    ~Connection() override; ///< any thread: the last Responder may hold it

    const Listener& listener() const noexcept { return m_listener; }
    void start();
    /// Answers what is in flight, a request half received included, then closes.
    void drain();
    /// Now, whatever is in flight.
    void close();

    void answer(std::uint64_t sequence, Response response) override;
    void abandon(std::uint64_t sequence) override;

    /// Puts an answer in its slot, none for an abandoned request; turn() sends it.
    void place(std::uint64_t sequence, std::optional<Response> response);
    void turn();

private:
    using SteadyTime = std::chrono::steady_clock::time_point;

    enum class Phase
    {
        Handshake,
        Open,
        Finishing, ///< the last answer is written; its bytes are on their way
        Lingering, ///< all is sent; what the client still sends is dropped, so that it can read its refusal
        Closed,
    };
    /// What the connection waits for, hence which deadline runs.
    enum class Waiting
    {
        HandshakeEnd,
        HeaderEnd,
        BodyEnd,
        NextRequest,
        Answers,
        SocketRoom,
        ClientEnd,
    };
    enum class Ending
    {
        AtOnce,
        Lingering, ///< an answer was the last word: the client must get to read it
    };
    /// One request being answered.
    struct Slot
    {
        std::optional<Response> response;
        bool headOnly = false;
        ConnectionAfter after = ConnectionAfter::Kept;
        std::size_t bodyBytes = 0; ///< what the handler holds until it answers
    };

    void onReadable();
    void receive(std::string_view ciphertext);
    void parseInput();
    std::optional<Refusal> refuseBody();
    void dispatch();
    void refuse(const Refusal& refusal);

    bool writeAnswers();
    void startAnswer(Slot& slot);
    bool continueStream();
    void encrypt();
    void flushSocket();
    void finish(Ending ending);
    void endInput();
    void linger();
    void reset();

    void waitForSocket();
    void waitReadable();
    void waitWritable();
    bool wantsInput() const;
    Waiting waiting() const;
    Duration limitOf(Waiting waiting) const;
    void setDeadline();
    void armTimer(SteadyTime at);
    void onTimer();
    void expire();

    std::shared_ptr<ServerCore> m_core;
    const Listener& m_listener;
    boost::asio::ip::tcp::socket m_socket;
    std::string m_remoteAddress;
    TlsSession m_tls;
    std::optional<PeerCertificate> m_peer;
    RequestParser m_parser;

    Phase m_phase = Phase::Handshake;
    Ending m_ending = Ending::AtOnce;
    bool m_inTurn = false;
    bool m_inputEnded = false; ///< no further request will be read
    bool m_inBody = false;
    bool m_continueDue = false;
    bool m_readWaiting = false;
    bool m_writeWaiting = false;

    std::string m_input; ///< decrypted, not yet parsed
    std::deque<Slot> m_slots;
    std::uint64_t m_firstSequence = 0;
    std::unique_ptr<BodyStream> m_stream; ///< the rest of the first slot's answer
    std::string m_plain;                  ///< answers not yet encrypted
    std::size_t m_sent = 0;               ///< of the session's outgoing bytes
    std::uint64_t m_sentTotal = 0;
    std::size_t m_lingered = 0;
    std::size_t m_receivedBytes = 0; ///< of the body that is coming
    std::size_t m_handedOnBytes = 0; ///< of bodies whose requests have no answer yet

    SteadyTime m_opened;
    SteadyTime m_deadline = SteadyTime::max();
    SteadyTime m_timerAt = SteadyTime::max(); ///< max: not armed
    Waiting m_waiting = Waiting::ClientEnd;
    std::uint64_t m_waitingKey = 0;
    boost::asio::steady_timer m_timer;
};

} // namespace billing::http
