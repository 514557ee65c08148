#include "shared/client/connection.h"

#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

#include <memory>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace billing::client {

namespace {

struct Free
{
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
};

std::unique_ptr<BIO, Free> reading(const QByteArray& bytes)
{
    return std::unique_ptr<BIO, Free>(BIO_new_mem_buf(bytes.constData(), static_cast<int>(bytes.size())));
}

/// Never asks on a terminal, as OpenSSL would by itself.
int passphraseOf(char* buffer, int size, int, void* passphrase)
{
    const QByteArray& bytes = *static_cast<const QByteArray*>(passphrase);
    if (bytes.isEmpty() || bytes.size() > size)
        return -1;
    std::copy(bytes.begin(), bytes.end(), buffer);
    return static_cast<int>(bytes.size());
}

Result<void> checkServer(const QUrl& server)
{
    const Error refused{ErrorCode::InvalidValue, "server", "expected https://host:port"};
    const bool plain = server.userInfo().isEmpty() && !server.hasQuery() && !server.hasFragment() &&
                       (server.path().isEmpty() || server.path() == QLatin1String("/"));
    return server.isValid() && server.scheme() == QLatin1String("https") && !server.host().isEmpty() && plain
               ? Result<void>()
               : refused;
}

Result<QSslKey> keyOf(const Connection& connection)
{
    const auto certificatePem = reading(connection.certificate);
    const std::unique_ptr<X509, Free> certificate(
        PEM_read_bio_X509(certificatePem.get(), nullptr, passphraseOf, nullptr));
    if (!certificate)
        return Error{ErrorCode::InvalidKey, "certificate", "not PEM"};
    const auto keyPem = reading(connection.key);
    QByteArray passphrase = connection.passphrase;
    const std::unique_ptr<EVP_PKEY, Free> key(
        PEM_read_bio_PrivateKey(keyPem.get(), nullptr, passphraseOf, &passphrase));
    if (!key)
        return Error{ErrorCode::InvalidKey, "key",
                     connection.key.contains("ENCRYPTED") ? "encrypted" : "not PEM"};
    if (X509_check_private_key(certificate.get(), key.get()) != 1)
        return Error{ErrorCode::InvalidKey, "pair"};
    const QSsl::KeyAlgorithm algorithm =
        EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA ? QSsl::Rsa : QSsl::Ec;
    const QSslKey read(connection.key, algorithm, QSsl::Pem, QSsl::PrivateKey, connection.passphrase);
    return read.isNull() ? Result<QSslKey>(Error{ErrorCode::InvalidKey, "key", "neither RSA nor EC"})
                         : Result<QSslKey>(read);
}

bool fitsHeader(const QByteArray& token)
{
    return !token.isEmpty() && token.size() <= 8192 &&
           std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 127; });
}

} // namespace

Result<QSslConfiguration> tlsOf(const Connection& connection)
{
    if (const auto checked = checkServer(connection.server); !checked)
        return checked.error();
    const QList<QSslCertificate> authorities = QSslCertificate::fromData(connection.authorities, QSsl::Pem);
    if (authorities.isEmpty())
        return Error{ErrorCode::InvalidKey, "authorities", "not PEM"};
    const QList<QSslCertificate> chain = QSslCertificate::fromData(connection.certificate, QSsl::Pem);
    if (chain.isEmpty())
        return Error{ErrorCode::InvalidKey, "certificate", "not PEM"};
    const auto key = keyOf(connection);
    if (!key)
        return key.error();
    if (!fitsHeader(connection.token))
        return Error{ErrorCode::InvalidToken, "token"};
    QSslConfiguration tls;
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    tls.setCaCertificates(authorities);
    tls.setLocalCertificateChain(chain);
    tls.setPrivateKey(*key);
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    return tls;
}

} // namespace billing::client
