// One connection's TLS, without its socket: ciphertext in, plaintext out, and back. The socket's owner moves
// the bytes, so that many answers leave in one write. A peer that goes on about keys once it is established
// has failed. One thread.
#pragma once

#include "server/http/request.h"
#include "server/http/tls_context.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace billing::http {

class TlsSession
{
public:
    enum class State
    {
        Handshaking,
        Open,
        Ended,  ///< the peer said it will send no more
        Failed, ///< an alert may still be in outgoing()
    };

    /// Certificates must be valid at `now`; without it the machine's clock decides.
    explicit TlsSession(const TlsContext& context, std::optional<Instant> now = std::nullopt);
    ~TlsSession();
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    /// Takes all of `ciphertext` and appends what it says to `plaintext`; what the handshake answers goes to
    /// outgoing().
    State receive(std::string_view ciphertext, std::string& plaintext);
    /// Appends `plaintext`, encrypted, to outgoing(); drops it after a failure. Never while Handshaking.
    void send(std::string_view plaintext);
    /// Tells the peer that nothing more will come.
    void sendEnd();

    /// Bytes for the socket; the owner clears what it has written.
    std::string& outgoing();
    const std::string& outgoing() const;
    /// Stays true after the peer has ended its side, which it may do in the same packet as its first request.
    bool established() const noexcept { return m_established; }
    /// Once Open: the certificate the peer proved to own, if it showed one.
    std::optional<PeerCertificate> peer() const;

private:
    struct Wire;

    State continueHandshake();
    State failed(int result);

    std::unique_ptr<Wire> m_wire;
    State m_state = State::Handshaking;
    bool m_established = false;
};

} // namespace billing::http
