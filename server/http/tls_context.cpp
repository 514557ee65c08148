#include "server/http/tls_context.h"

#include "server/http/client_certificate.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstring>

namespace billing::http {

namespace {

constexpr int chainDepthMax = 4;

Error refused(ErrorCode code, const std::filesystem::path& file, std::string_view why)
{
    ERR_clear_error();
    return {code, file.string(), std::string(why)};
}

/// A CA's certificate must not pass as a client's, whatever its extended key usage says, nor one that does
/// not name a service.
int verifyOne(int accepted, X509_STORE_CTX* store)
{
    if (accepted != 1 || X509_STORE_CTX_get_error_depth(store) != 0)
        return accepted;
    X509* client = X509_STORE_CTX_get_current_cert(store);
    // X509_check_ca forgives basicConstraints that a key usage takes back.
    if (X509_check_ca(client) != 0 || (X509_get_extension_flags(client) & EXFLAG_CA) != 0)
        X509_STORE_CTX_set_error(store, X509_V_ERR_INVALID_NON_CA);
    else if (!identityOf(client))
        X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
    else
        return 1;
    return 0;
}

/// A client that offers protocols must offer ours.
int selectProtocol(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                   unsigned int offeredLength, void*)
{
    static constexpr unsigned char http11[] = "\x08http/1.1";
    unsigned char* selected = nullptr;
    if (SSL_select_next_proto(&selected, length, http11, sizeof http11 - 1, offered, offeredLength) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = selected;
    return SSL_TLSEXT_ERR_OK;
}

void applyPolicy(SSL_CTX* context)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_security_level(context, 2);
    SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    static constexpr unsigned char sessionContext[] = "enis-billing";
    SSL_CTX_set_session_id_context(context, sessionContext, sizeof sessionContext - 1);
    // An idle connection keeps no record buffers: 4096 of them stay small.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context, selectProtocol, nullptr);
}

Result<void> loadIdentity(SSL_CTX* context, const TlsFiles& files)
{
    namespace fs = std::filesystem;
    std::error_code failure;
    const fs::perms keyMode = fs::status(files.key, failure).permissions();
    if (failure || !fs::is_regular_file(files.key, failure))
        return refused(ErrorCode::FileUnreadable, files.key, "no such file");
    if ((keyMode & fs::perms::others_all) != fs::perms::none)
        return refused(ErrorCode::InvalidConfiguration, files.key, "others may read this key");
    if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
        return refused(ErrorCode::FileUnreadable, files.certificate, "no PEM certificate");
    if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
        return refused(ErrorCode::InvalidConfiguration, files.key, "not the certificate's PEM key");
    return {};
}

Result<void> demandClients(SSL_CTX* context, const TlsFiles& files, ClientCertificate clientCertificate)
{
    if (clientCertificate == ClientCertificate::None)
        return {};
    if (SSL_CTX_load_verify_file(context, files.clientCa.c_str()) != 1)
        return refused(ErrorCode::FileUnreadable, files.clientCa, "no PEM certificate");
    SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(files.clientCa.c_str()));
    SSL_CTX_set_purpose(context, X509_PURPOSE_SSL_CLIENT);
    SSL_CTX_set_verify_depth(context, chainDepthMax);
    const int mustShow =
        clientCertificate == ClientCertificate::Required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | mustShow, verifyOne);
    return {};
}

} // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const
{
    SSL_CTX_free(context);
}

Result<TlsContext> TlsContext::create(const TlsFiles& files, ClientCertificate clientCertificate)
{
    Handle context(SSL_CTX_new(TLS_server_method()));
    BILLING_ASSERT(context != nullptr);
    applyPolicy(context.get());
    if (auto loaded = loadIdentity(context.get(), files); !loaded)
        return loaded.error();
    if (auto demanded = demandClients(context.get(), files, clientCertificate); !demanded)
        return demanded.error();
    return TlsContext(std::move(context));
}

} // namespace billing::http
