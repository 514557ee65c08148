// Tokens before any signature is looked at, claims, and base64url, which has one text for one byte string.
#include "tests/fuzz/fuzz_input.h"

#include "server/access/base64url.h"
#include "server/access/token_text.h"

using namespace billing;

void fuzz(std::string_view text)
{
    if (const auto bytes = access::fromBase64Url(text)) {
        const auto* const first = reinterpret_cast<const std::uint8_t*>(bytes->data());
        BILLING_ASSERT(access::toBase64Url({first, bytes->size()}) == text);
    }
    static_cast<void>(access::readToken(text));
    static_cast<void>(access::readClaims(text));
    // The parts of a token from plain texts, so that what is inside is reached without luck.
    const std::size_t half = text.size() / 2;
    const auto part = [](std::string_view plain) {
        return access::toBase64Url({reinterpret_cast<const std::uint8_t*>(plain.data()), plain.size()});
    };
    const std::string signature(64, 's');
    const auto token =
        access::readToken(part(text.substr(0, half)) + '.' + part(text.substr(half)) + '.' + part(signature));
    if (token)
        BILLING_ASSERT(token->payload == text.substr(half));
}
