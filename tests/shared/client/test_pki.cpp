#include "tests/shared/client/test_pki.h"

#include "shared/kernel/assert.h"

#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

#include <algorithm>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace billing::test {

namespace {

struct Free
{
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
    void operator()(BIO* bio) const { BIO_free(bio); }
};

using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

template <class Write>
QByteArray pem(Write write)
{
    const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
    BILLING_ASSERT(write(bio.get()) == 1);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &bytes);
    return {bytes, static_cast<qsizetype>(size)};
}

QByteArray pemOf(X509* certificate)
{
    return pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

void addExtension(X509* certificate, X509* issuer, int kind, const QByteArray& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Free> extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value.constData()));
    BILLING_ASSERT(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Certificate blank(const QByteArray& name, EVP_PKEY* key, const CertificateWish& wish)
{
    static long serial = 1;
    Certificate made(X509_new());
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), wish.validFrom);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), wish.validUntil);
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.constData()), -1, -1, 0);
    return made;
}

} // namespace

struct Authority::Pair
{
    Key key;
    Certificate certificate;
};

Authority::Authority()
    : m_pair(std::make_unique<Pair>())
{
    m_pair->key.reset(EVP_EC_gen("P-256"));
    m_pair->certificate = blank("test authority", m_pair->key.get(), {});
    X509* const certificate = m_pair->certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    addExtension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
    BILLING_ASSERT(X509_sign(certificate, m_pair->key.get(), EVP_sha256()) > 0);
}

Authority::~Authority() = default;
Authority::Authority(Authority&&) noexcept = default;

QByteArray Authority::certificate() const
{
    return pemOf(m_pair->certificate.get());
}

Identity Authority::issue(const CertificateWish& wish) const
{
    const Key key(EVP_EC_gen("P-256"));
    const Certificate made = blank(wish.name, key.get(), wish);
    X509* const issuer = m_pair->certificate.get();
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer));
    addExtension(made.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
    const bool isAddress =
        std::none_of(wish.name.begin(), wish.name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    addExtension(made.get(), issuer, NID_subject_alt_name, (isAddress ? "IP:" : "DNS:") + wish.name);
    BILLING_ASSERT(X509_sign(made.get(), m_pair->key.get(), EVP_sha256()) > 0);
    return {pemOf(made.get()), pem([&](BIO* bio) {
                return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            })};
}

QByteArray encryptedKey(const QByteArray& key, const QByteArray& passphrase)
{
    const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(key.constData(), static_cast<int>(key.size())));
    const Key read(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    return pem([&](BIO* out) {
        return PEM_write_bio_PKCS8PrivateKey(out, read.get(), EVP_aes_256_cbc(), passphrase.constData(),
                                             static_cast<int>(passphrase.size()), nullptr, nullptr);
    });
}

QSslConfiguration serverTls(const Identity& identity, const QByteArray& clientAuthority)
{
    QSslConfiguration tls;
    tls.setLocalCertificate(QSslCertificate(identity.certificate));
    tls.setPrivateKey(QSslKey(identity.key, QSsl::Ec));
    tls.setCaCertificates(QSslCertificate::fromData(clientAuthority));
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    tls.setHandshakeMustInterruptOnError(true); // an alert instead of a hang-up, as OpenSSL servers do
    return tls;
}

} // namespace billing::test
