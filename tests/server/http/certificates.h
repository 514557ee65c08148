// Certificates as an attacker, a careless CA or an old machine would make them, by OpenSSL's API; and a
// server that takes all of them, so that a refusal by the door is the door's and not the client's.
#pragma once

#include "server/http/tls_context.h"
#include "shared/kernel/instant.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

struct evp_pkey_st;
struct ssl_ctx_st;
struct ssl_session_st;
struct x509_st;

namespace billing::http::test {

struct CertificateWish
{
    std::string commonName = "client";
    std::string key = "P-256"; ///< a curve, or "RSA-<bits>"
    std::string digest = "SHA256";
    std::string constraints = "critical,CA:FALSE";
    std::string keyUsage = "critical,digitalSignature";
    std::string extendedKeyUsage = "clientAuth"; ///< this and the next: empty for none
    std::string alternativeNames = "URI:urn:enis:service:kernel";
    std::string rawUri = {};                  ///< instead of them: one URI of exactly these bytes
    std::string nameConstraints = {};         ///< as OpenSSL's configuration writes them
    Duration begins = -std::chrono::hours(1); ///< both from the moment the doors open
    Duration ends = std::chrono::hours(24);
};

struct Issued
{
    std::shared_ptr<evp_pkey_st> key;
    std::shared_ptr<x509_st> certificate;
    std::vector<Issued> chain = {}; ///< the intermediates a client sends with it, its issuer first
};

CertificateWish authorityWish(const std::string& commonName = "test CA");
Issued issue(const CertificateWish& wish, const Issued& issuer);
Issued selfSigned(const CertificateWish& wish);

/// Writes what a listener reads: its certificate and key, and the CA of its clients.
TlsFiles writeFiles(const std::filesystem::path& directory, const Issued& server, const Issued& clientCa);

/// A client that sends this certificate, trusts any server and has no scruples (security level 0).
ssl_ctx_st* carelessClient(const Issued* identity);

/// Accepts any certificate, version, cipher, renegotiation and early data OpenSSL still knows; security level
/// 0. Serves one connection after another on its own thread.
class WeakServer
{
public:
    explicit WeakServer(const Issued& identity);
    ~WeakServer();
    WeakServer(const WeakServer&) = delete;
    WeakServer& operator=(const WeakServer&) = delete;

    std::uint16_t port() const { return m_port; }
    int handshakes() const { return m_handshakes; }
    int withCertificate() const { return m_withCertificate; }
    int earlyBytes() const { return m_earlyBytes; }

private:
    void serve(int socket);

    ssl_ctx_st* m_context;
    int m_listening = -1;
    std::uint16_t m_port = 0;
    std::atomic<int> m_handshakes = 0;
    std::atomic<int> m_withCertificate = 0;
    std::atomic<int> m_earlyBytes = 0;
    std::thread m_thread;
};

} // namespace billing::http::test
