// From a request to the one who asks: the bearer token of its only Authorization field, bound to its
// connection's certificate. Any thread.
#pragma once

#include "server/access/token_verifier.h"
#include "server/http/request.h"

namespace billing::access {

class Authenticator
{
public:
    /// The verifier must outlive it.
    explicit Authenticator(TokenVerifier& verifier)
        : m_verifier(verifier)
    {
    }

    /// Refuses, in this order: InvalidToken for a token in the query (it would end up in logs); MissingToken
    /// without an Authorization field; InvalidToken for two, or another scheme than Bearer; what the verifier
    /// refuses.
    Result<Principal> authenticate(const http::Request& request) const;

private:
    TokenVerifier& m_verifier;
};

} // namespace billing::access
