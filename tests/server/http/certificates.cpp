#include "tests/server/http/certificates.h"

#include "tests/server/http/door.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace billing::http::test {

namespace {

std::shared_ptr<EVP_PKEY> newKey(const std::string& kind)
{
    EVP_PKEY* key =
        kind.starts_with("RSA-") ? EVP_RSA_gen(std::stoul(kind.substr(4))) : EVP_EC_gen(kind.c_str());
    BILLING_ASSERT(key != nullptr);
    return {key, EVP_PKEY_free};
}

void add(X509* certificate, X509* issuer, int kind, const std::string& value)
{
    if (value.empty())
        return;
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    BILLING_ASSERT(extension != nullptr);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

void addRawUri(X509* certificate, const std::string& uri)
{
    GENERAL_NAMES* names = GENERAL_NAMES_new();
    GENERAL_NAME* name = GENERAL_NAME_new();
    ASN1_IA5STRING* text = ASN1_IA5STRING_new();
    ASN1_STRING_set(text, uri.data(), static_cast<int>(uri.size()));
    GENERAL_NAME_set0_value(name, GEN_URI, text);
    sk_GENERAL_NAME_push(names, name);
    X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT);
    GENERAL_NAMES_free(names);
}

Issued make(const CertificateWish& wish, const Issued* issuer)
{
    Issued made{newKey(wish.key), {X509_new(), X509_free}};
    X509* certificate = made.certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    X509_set_pubkey(certificate, made.key.get());
    static std::atomic<long> serial = 1;
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
    const Instant opens = billing::test::ManualClock(doorOpens).now();
    ASN1_TIME_set(X509_getm_notBefore(certificate), opens.plus(wish.begins).micros() / 1'000'000);
    ASN1_TIME_set(X509_getm_notAfter(certificate), opens.plus(wish.ends).micros() / 1'000'000);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wish.commonName.c_str()), -1, -1, 0);
    X509* signer = issuer == nullptr ? certificate : issuer->certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(signer));
    add(certificate, signer, NID_subject_key_identifier, "hash");
    add(certificate, signer, NID_authority_key_identifier, issuer == nullptr ? "" : "keyid:always");
    add(certificate, signer, NID_basic_constraints, wish.constraints);
    add(certificate, signer, NID_key_usage, wish.keyUsage);
    add(certificate, signer, NID_ext_key_usage, wish.extendedKeyUsage);
    add(certificate, signer, NID_name_constraints, wish.nameConstraints);
    if (wish.rawUri.empty())
        add(certificate, signer, NID_subject_alt_name, wish.alternativeNames);
    else
        addRawUri(certificate, wish.rawUri);
    EVP_PKEY* signingKey = issuer == nullptr ? made.key.get() : issuer->key.get();
    const int length = X509_sign(certificate, signingKey, EVP_get_digestbyname(wish.digest.c_str()));
    BILLING_ASSERT(length > 0);
    return made;
}

int acceptAll(int, X509_STORE_CTX*)
{
    return 1;
}

void use(SSL_CTX* context, const Issued& identity)
{
    const bool used = SSL_CTX_use_certificate(context, identity.certificate.get()) == 1 &&
                      SSL_CTX_use_PrivateKey(context, identity.key.get()) == 1;
    BILLING_ASSERT(used);
    for (const Issued& intermediate : identity.chain)
        SSL_CTX_add1_chain_cert(context, intermediate.certificate.get());
}

void loosen(SSL_CTX* context)
{
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, 0);
    SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL:@SECLEVEL=0");
    SSL_CTX_set1_groups_list(context, "P-256:P-384:X25519:P-192");
}

} // namespace

CertificateWish authorityWish(const std::string& commonName)
{
    CertificateWish wish;
    wish.commonName = commonName;
    wish.constraints = "critical,CA:TRUE";
    wish.keyUsage = "critical,keyCertSign,cRLSign";
    wish.extendedKeyUsage = {};
    wish.alternativeNames = {};
    wish.ends = std::chrono::hours(24 * 30);
    return wish;
}

Issued issue(const CertificateWish& wish, const Issued& issuer)
{
    return make(wish, &issuer);
}

Issued selfSigned(const CertificateWish& wish)
{
    return make(wish, nullptr);
}

TlsFiles writeFiles(const std::filesystem::path& directory, const Issued& server, const Issued& clientCa)
{
    const TlsFiles files{directory / "listener.crt", directory / "listener.key", directory / "clients.crt"};
    const auto write = [](const std::filesystem::path& path, auto&& body) {
        std::FILE* file = std::fopen(path.c_str(), "w");
        BILLING_ASSERT(file != nullptr && body(file) == 1);
        std::fclose(file);
        std::filesystem::permissions(path, std::filesystem::perms(0600));
    };
    write(files.certificate, [&](std::FILE* file) { return PEM_write_X509(file, server.certificate.get()); });
    write(files.clientCa, [&](std::FILE* file) { return PEM_write_X509(file, clientCa.certificate.get()); });
    write(files.key, [&](std::FILE* file) {
        return PEM_write_PrivateKey(file, server.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return files;
}

ssl_ctx_st* carelessClient(const Issued* identity)
{
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    loosen(context);
    if (identity != nullptr)
        use(context, *identity);
    return context;
}

WeakServer::WeakServer(const Issued& identity)
    : m_context(SSL_CTX_new(TLS_server_method()))
    , m_listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    std::signal(SIGPIPE, SIG_IGN);
    loosen(m_context);
    use(m_context, identity);
    SSL_CTX_set_verify(m_context, SSL_VERIFY_PEER, acceptAll);
    SSL_CTX_set_options(m_context, SSL_OP_ALLOW_CLIENT_RENEGOTIATION | SSL_OP_NO_ANTI_REPLAY);
    SSL_CTX_set_max_early_data(m_context, 16384);
    SSL_CTX_set_recv_max_early_data(m_context, 16384);
    static constexpr unsigned char sessions[] = "enis-billing"; // as the door names its own
    SSL_CTX_set_session_id_context(m_context, sessions, sizeof sessions - 1);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    const bool bound = ::bind(m_listening, reinterpret_cast<const sockaddr*>(&address), length) == 0 &&
                       ::listen(m_listening, 16) == 0 &&
                       ::getsockname(m_listening, reinterpret_cast<sockaddr*>(&address), &length) == 0;
    BILLING_ASSERT(bound);
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] {
        for (int socket = 0; (socket = ::accept(m_listening, nullptr, nullptr)) >= 0; ::close(socket))
            serve(socket);
    });
}

WeakServer::~WeakServer()
{
    ::shutdown(m_listening, SHUT_RDWR);
    m_thread.join();
    ::close(m_listening);
    SSL_CTX_free(m_context);
}

void WeakServer::serve(int socket)
{
    const timeval patience = {20, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    SSL* ssl = SSL_new(m_context);
    SSL_set_fd(ssl, socket);
    std::array<char, 4096> bytes = {};
    std::size_t count = 0;
    while (SSL_read_early_data(ssl, bytes.data(), bytes.size(), &count) == SSL_READ_EARLY_DATA_SUCCESS)
        m_earlyBytes += static_cast<int>(count);
    if (SSL_accept(ssl) == 1) {
        ++m_handshakes;
        m_withCertificate += SSL_get0_peer_certificate(ssl) != nullptr ? 1 : 0;
        SSL_write(ssl, "weak", 4);
        while (SSL_read(ssl, bytes.data(), bytes.size()) > 0) {
        }
    }
    SSL_free(ssl);
}

} // namespace billing::http::test
