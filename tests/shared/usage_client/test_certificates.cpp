#include "tests/shared/usage_client/test_certificates.h"

#include "shared/kernel/assert.h"

#include <cstdio>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string>

namespace billing::test {

namespace {

struct Free
{
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
    void operator()(std::FILE* file) const { std::fclose(file); }
};

struct Identity
{
    std::unique_ptr<EVP_PKEY, Free> key;
    std::unique_ptr<X509, Free> certificate;
};

void addExtension(X509* certificate, X509* issuer, int kind, const char* value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Free> extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    BILLING_ASSERT(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

/// Signed by issuer, or by itself.
Identity makeIdentity(const std::string& name, long serial, const Identity* issuer)
{
    Identity made{std::unique_ptr<EVP_PKEY, Free>(EVP_EC_gen("P-256")),
                  std::unique_ptr<X509, Free>(X509_new())};
    X509* const certificate = made.certificate.get();
    X509* const signer = issuer ? issuer->certificate.get() : certificate;
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, made.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(signer));
    addExtension(certificate, signer, NID_basic_constraints,
                 issuer ? "critical,CA:FALSE" : "critical,CA:TRUE");
    if (issuer)
        addExtension(certificate, signer, NID_subject_alt_name, "IP:127.0.0.1");
    BILLING_ASSERT(X509_sign(certificate, issuer ? issuer->key.get() : made.key.get(), EVP_sha256()) > 0);
    return made;
}

void write(const Identity& identity, const std::filesystem::path& directory, const std::string& name)
{
    const auto open = [&](const std::string& file) {
        return std::unique_ptr<std::FILE, Free>(std::fopen((directory / file).c_str(), "wbe"));
    };
    const auto certificate = open(name + ".crt");
    BILLING_ASSERT(certificate && PEM_write_X509(certificate.get(), identity.certificate.get()) == 1);
    const auto key = open(name + ".key");
    BILLING_ASSERT(key && PEM_write_PrivateKey(key.get(), identity.key.get(), nullptr, nullptr, 0, nullptr,
                                               nullptr) == 1);
}

} // namespace

void makeCertificates(const std::filesystem::path& directory)
{
    const Identity authority = makeIdentity("test authority", 1, nullptr);
    write(authority, directory, "ca");
    write(makeIdentity("other authority", 1, nullptr), directory, "other");
    write(makeIdentity("server", 2, &authority), directory, "server");
    write(makeIdentity("client", 3, &authority), directory, "client");
}

} // namespace billing::test
