#include "server/http/tls_session.h"

#include "server/http/client_certificate.h"
#include "shared/kernel/assert.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace billing::http {

namespace {

constexpr std::size_t recordBytes = 16 * 1024;
/// Key updates and the like: each costs us as much as a request, and no connection lives long enough to need
/// more.
constexpr unsigned lateMessagesMax = 16;

/// The two ends that OpenSSL reads from and writes to.
struct Ends
{
    std::string_view incoming;
    std::string outgoing;
    bool established = false;
    unsigned lateMessages = 0; ///< of the peer, about the handshake when it was long over
};

Ends& endsOf(BIO* bio)
{
    return *static_cast<Ends*>(BIO_get_data(bio));
}

/// One packet can hold thousands of them, so that OpenSSL must be stopped in the middle of it.
void countLateMessages(int written, int, int kind, const void*, std::size_t, SSL*, void* context)
{
    Ends& ends = *static_cast<Ends*>(context);
    if (written == 0 && kind == SSL3_RT_HANDSHAKE && ends.established &&
        ++ends.lateMessages > lateMessagesMax)
        ends.incoming = {};
}

int readIncoming(BIO* bio, char* target, int wanted)
{
    BIO_clear_retry_flags(bio);
    std::string_view& incoming = endsOf(bio).incoming;
    const std::size_t count = std::min(incoming.size(), static_cast<std::size_t>(wanted));
    if (count == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    std::memcpy(target, incoming.data(), count);
    incoming.remove_prefix(count);
    return static_cast<int>(count);
}

int writeOutgoing(BIO* bio, const char* bytes, int count)
{
    BIO_clear_retry_flags(bio);
    endsOf(bio).outgoing.append(bytes, static_cast<std::size_t>(count));
    return count;
}

long controlEnds(BIO*, int command, long, void*)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* endsMethod()
{
    static BIO_METHOD* const method = [] {
        BIO_METHOD* made = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "billing wire");
        BILLING_ASSERT(made != nullptr);
        BIO_meth_set_read(made, readIncoming);
        BIO_meth_set_write(made, writeOutgoing);
        BIO_meth_set_ctrl(made, controlEnds);
        return made;
    }();
    return method;
}

} // namespace

struct TlsSession::Wire
{
    ~Wire() { SSL_free(ssl); }
    Ends ends;
    SSL* ssl = nullptr;
};

TlsSession::TlsSession(const TlsContext& context, std::optional<Instant> now)
    : m_wire(std::make_unique<Wire>())
{
    m_wire->ssl = SSL_new(context.native());
    BIO* bio = BIO_new(endsMethod());
    BILLING_ASSERT(m_wire->ssl != nullptr && bio != nullptr);
    BIO_set_data(bio, &m_wire->ends);
    BIO_set_init(bio, 1);
    SSL_set_bio(m_wire->ssl, bio, bio);
    SSL_set_accept_state(m_wire->ssl);
    SSL_set_msg_callback(m_wire->ssl, countLateMessages);
    SSL_set_msg_callback_arg(m_wire->ssl, &m_wire->ends);
    if (now)
        X509_VERIFY_PARAM_set_time(SSL_get0_param(m_wire->ssl), now->micros() / 1'000'000);
}

TlsSession::~TlsSession() = default;

TlsSession::State TlsSession::failed(int result)
{
    switch (SSL_get_error(m_wire->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return m_state;
    case SSL_ERROR_ZERO_RETURN:
        return m_state = State::Ended;
    default:
        ERR_clear_error();
        return m_state = State::Failed;
    }
}

TlsSession::State TlsSession::continueHandshake()
{
    ERR_clear_error();
    const int result = SSL_do_handshake(m_wire->ssl);
    if (result != 1)
        return failed(result);
    m_established = m_wire->ends.established = true;
    return m_state = State::Open;
}

TlsSession::State TlsSession::receive(std::string_view ciphertext, std::string& plaintext)
{
    if (m_state == State::Failed || m_state == State::Ended)
        return m_state;
    m_wire->ends.incoming = ciphertext;
    if (m_state == State::Handshaking && continueHandshake() != State::Open)
        return m_state;
    ERR_clear_error();
    while (true) {
        std::array<char, recordBytes> record;
        std::size_t count = 0;
        const int result = SSL_read_ex(m_wire->ssl, record.data(), record.size(), &count);
        if (m_wire->ends.lateMessages > lateMessagesMax)
            return m_state = State::Failed;
        if (result != 1)
            return failed(result);
        plaintext.append(record.data(), count);
    }
}

void TlsSession::send(std::string_view plaintext)
{
    BILLING_ASSERT(m_state != State::Handshaking);
    if (plaintext.empty() || m_state == State::Failed)
        return;
    ERR_clear_error();
    std::size_t written = 0;
    if (SSL_write_ex(m_wire->ssl, plaintext.data(), plaintext.size(), &written) != 1 ||
        written != plaintext.size()) {
        ERR_clear_error();
        m_state = State::Failed;
    }
}

void TlsSession::sendEnd()
{
    if (m_state == State::Open || m_state == State::Ended) {
        ERR_clear_error();
        SSL_shutdown(m_wire->ssl);
        ERR_clear_error();
    }
}

std::string& TlsSession::outgoing()
{
    return m_wire->ends.outgoing;
}

const std::string& TlsSession::outgoing() const
{
    return m_wire->ends.outgoing;
}

std::optional<PeerCertificate> TlsSession::peer() const
{
    X509* certificate = SSL_get0_peer_certificate(m_wire->ssl);
    if (certificate == nullptr || SSL_get_verify_result(m_wire->ssl) != X509_V_OK)
        return std::nullopt;
    PeerCertificate peer;
    unsigned length = 0;
    const int digested = X509_digest(certificate, EVP_sha256(), peer.sha256.data(), &length);
    BILLING_ASSERT(digested == 1 && length == peer.sha256.size());
    const std::optional<std::string> identity = identityOf(certificate);
    BILLING_ASSERT(identity.has_value()); // or the handshake had failed
    peer.subject = *identity;
    peer.validUntil = validUntil(m_wire->ssl);
    return peer;
}

} // namespace billing::http
