// What one listener's handshakes agree on: TLS 1.2 or 1.3 with ephemeral keys and AEAD only, no tickets,
// resumption, compression or renegotiation (a resumed session would outlive a withdrawn certificate), and who
// must show a certificate. A client's certificate is refused when its chain does not verify (purpose, depth,
// key and digest strength included), when it is a CA's, or when it does not name one service
// (client_certificate.h). Immutable once made; any thread.
#pragma once

#include "shared/kernel/result.h"

#include <filesystem>
#include <memory>

struct ssl_ctx_st;

namespace billing::http {

enum class ClientCertificate
{
    Required, ///< none, or one that does not verify, ends the handshake
    Optional, ///< none is allowed; one that does not verify ends the handshake
    None,     ///< not asked for
};

struct TlsFiles
{
    std::filesystem::path certificate; ///< PEM, leaf first, intermediates after it
    std::filesystem::path key;         ///< PEM, refused when others may read it
    std::filesystem::path clientCa;    ///< PEM; unused with ClientCertificate::None
};

class TlsContext
{
public:
    /// Refuses FileUnreadable, InvalidConfiguration; the subject names the file.
    static Result<TlsContext> create(const TlsFiles& files, ClientCertificate clientCertificate);

    ssl_ctx_st* native() const noexcept { return m_context.get(); }

private:
    struct Free
    {
        void operator()(ssl_ctx_st* context) const;
    };
    using Handle = std::unique_ptr<ssl_ctx_st, Free>;

    explicit TlsContext(Handle context)
        : m_context(std::move(context))
    {
    }

    Handle m_context;
};

} // namespace billing::http
