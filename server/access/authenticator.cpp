#include "server/access/authenticator.h"

namespace billing::access {

namespace {

constexpr std::string_view scheme = "Bearer ";

Error invalid(std::string_view subject, std::string_view why)
{
    return {ErrorCode::InvalidToken, std::string(subject), std::string(why)};
}

} // namespace

Result<Principal> Authenticator::authenticate(const http::Request& request) const
{
    for (const auto& [name, value] : request.query) {
        for (const std::string_view forbidden : {"access_token", "token", "authorization", "bearer"}) {
            if (http::equalsIgnoringCase(name, forbidden))
                return invalid(forbidden, "a token does not belong in an address");
        }
    }
    const auto field = request.header("authorization");
    if (!field)
        return Error{ErrorCode::MissingToken, "authorization", "send a bearer token"};
    if (request.headers.count("authorization") != 1)
        return invalid("authorization", "more than one");
    if (!http::equalsIgnoringCase(field->substr(0, scheme.size()), scheme))
        return invalid("authorization", "only Bearer is accepted");
    return m_verifier.verify(field->substr(scheme.size()), request.peer);
}

} // namespace billing::access
