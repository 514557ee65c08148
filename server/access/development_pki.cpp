#include "server/access/development_pki.h"

#include "server/secrets/private_file.h"
#include "shared/kernel/assert.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace billing::access {

namespace {

constexpr std::int64_t validSeconds = 397LL * 24 * 3600;
constexpr std::int64_t backdatedSeconds = 300; ///< for a client whose clock is a little behind

template <auto Free>
struct Freer
{
    template <class T>
    void operator()(T* object) const
    {
        Free(object);
    }
};

using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Memory = std::unique_ptr<BIO, Freer<BIO_free>>;

struct Identity
{
    Key key;
    Certificate certificate;
};

struct Profile
{
    const char* fileName;
    const char* commonName;
    const char* constraints;
    const char* keyUsage;
    const char* extendedKeyUsage; ///< null: none
    const char* alternativeNames; ///< null: none
};

constexpr Profile authority = {"ca",
                               "ENIS Billing development CA",
                               "critical,CA:TRUE,pathlen:0",
                               "critical,keyCertSign,cRLSign",
                               nullptr,
                               nullptr};
constexpr Profile leaves[] = {
    {"server", "localhost", "critical,CA:FALSE", "critical,digitalSignature", "serverAuth",
     "DNS:localhost,IP:127.0.0.1,IP:::1"},
    {"kernel", "ENIS kernel (development)", "critical,CA:FALSE", "critical,digitalSignature", "clientAuth",
     "URI:urn:enis:service:kernel"},
    {"console", "ENIS Billing console (development)", "critical,CA:FALSE", "critical,digitalSignature",
     "clientAuth", "URI:urn:enis:service:console"},
};

void addExtension(X509* certificate, X509* issuer, int kind, const char* value)
{
    if (value == nullptr)
        return;
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
    BILLING_ASSERT(extension != nullptr);
    const int added = X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    BILLING_ASSERT(added == 1);
}

/// Unique because the key is: the first half of its digest.
void setSerial(X509* certificate)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest = {};
    unsigned length = 0;
    const int digested = X509_pubkey_digest(certificate, EVP_sha256(), digest.data(), &length);
    BILLING_ASSERT(digested == 1 && length >= 16);
    digest[0] = static_cast<unsigned char>((digest[0] & 0x7FU) | 0x40U); // positive, always 16 bytes
    BIGNUM* number = BN_bin2bn(digest.data(), 16, nullptr);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
}

/// `issuer` is null for the authority, which signs itself.
Identity issue(const Profile& profile, const Identity* issuer, Instant now)
{
    Identity identity{Key(EVP_EC_gen("P-256")), Certificate(X509_new())};
    X509* certificate = identity.certificate.get();
    BILLING_ASSERT(identity.key && certificate != nullptr);
    X509_set_version(certificate, X509_VERSION_3);
    X509_set_pubkey(certificate, identity.key.get());
    setSerial(certificate);
    const std::int64_t seconds = now.micros() / 1'000'000;
    ASN1_TIME_set(X509_getm_notBefore(certificate), seconds - backdatedSeconds);
    ASN1_TIME_set(X509_getm_notAfter(certificate), seconds + validSeconds);

    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(profile.commonName), -1, -1, 0);
    X509* signer = issuer == nullptr ? certificate : issuer->certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(signer));
    addExtension(certificate, signer, NID_basic_constraints, profile.constraints);
    addExtension(certificate, signer, NID_key_usage, profile.keyUsage);
    addExtension(certificate, signer, NID_ext_key_usage, profile.extendedKeyUsage);
    addExtension(certificate, signer, NID_subject_alt_name, profile.alternativeNames);
    addExtension(certificate, signer, NID_subject_key_identifier, "hash");
    addExtension(certificate, signer, NID_authority_key_identifier, "keyid:always");
    EVP_PKEY* signingKey = issuer == nullptr ? identity.key.get() : issuer->key.get();
    const int signedLength = X509_sign(certificate, signingKey, EVP_sha256());
    BILLING_ASSERT(signedLength > 0);
    return identity;
}

template <class Write>
std::string pem(Write&& write)
{
    const Memory memory(BIO_new(BIO_s_mem()));
    const int written = write(memory.get());
    BILLING_ASSERT(written == 1);
    char* text = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &text);
    return std::string(text, static_cast<std::size_t>(length));
}

Result<void> store(const std::filesystem::path& directory, const char* name, const Identity& identity)
{
    const std::string key = pem([&](BIO* out) {
        return PEM_write_bio_PKCS8PrivateKey(out, identity.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    const std::string certificate =
        pem([&](BIO* out) { return PEM_write_bio_X509(out, identity.certificate.get()); });
    const std::filesystem::path path = directory / name;
    auto written =
        secrets::createFile(std::filesystem::path(path).concat(".key"), key, secrets::Audience::OwnerOnly);
    if (!written)
        return written;
    return secrets::createFile(std::filesystem::path(path).concat(".crt"), certificate,
                               secrets::Audience::Everyone);
}

} // namespace

Result<void> createDevelopmentPki(const std::filesystem::path& directory, const Clock& clock)
{
    std::error_code failure;
    std::filesystem::create_directories(directory, failure);
    if (failure)
        return Error{ErrorCode::FileUnwritable, directory.string(), failure.message()};
    const Instant now = clock.now();
    const Identity ca = issue(authority, nullptr, now);
    if (auto stored = store(directory, authority.fileName, ca); !stored)
        return stored;
    for (const Profile& profile : leaves) {
        if (auto stored = store(directory, profile.fileName, issue(profile, &ca, now)); !stored)
            return stored;
    }
    return {};
}

Result<std::array<std::uint8_t, 32>> certificateThumbprint(const std::filesystem::path& certificate)
{
    const Memory file(BIO_new_file(certificate.c_str(), "r"));
    const Certificate read(file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr) : nullptr);
    std::array<std::uint8_t, 32> thumbprint = {};
    unsigned length = 0;
    if (!read || X509_digest(read.get(), EVP_sha256(), thumbprint.data(), &length) != 1)
        return Error{ErrorCode::FileUnreadable, certificate.string(), "no PEM certificate"};
    return thumbprint;
}

} // namespace billing::access
