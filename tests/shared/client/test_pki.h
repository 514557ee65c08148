// Certificates for a test of the console's client, made in memory in milliseconds: good ones and the kinds
// that must be refused. Asserts success.
#pragma once

#include <QByteArray>
#include <QSslConfiguration>

#include <memory>

namespace billing::test {

struct CertificateWish
{
    QByteArray name =
        "127.0.0.1";     ///< an IP address in the subject's alternative names, unless it has letters
    int validFrom = -60; ///< seconds from now
    int validUntil = 3600;
};

struct Identity
{
    QByteArray certificate; ///< PEM
    QByteArray key;         ///< PEM
};

class Authority
{
public:
    Authority();
    ~Authority();
    Authority(Authority&&) noexcept;

    QByteArray certificate() const; ///< PEM
    Identity issue(const CertificateWish& wish = {}) const;

private:
    struct Pair;

    std::unique_ptr<Pair> m_pair;
};

/// The key again, encrypted.
QByteArray encryptedKey(const QByteArray& key, const QByteArray& passphrase);

/// For the server's side: that identity, clients from that authority alone.
QSslConfiguration serverTls(const Identity& identity, const QByteArray& clientAuthority);

} // namespace billing::test
