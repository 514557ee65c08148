// Tokens that must be refused, each with the nearest token that must pass. Signed by OpenSSL, not by the
// library under test.
#pragma once

#include "tests/server/access/signed_token.h"

#include <string>
#include <vector>

namespace billing::access::test {

/// What is tried: the token, how far the verifier's clock has moved, and over whose connection.
struct TokenAttempt
{
    std::string token;
    std::int64_t seconds = 0;
    std::uint8_t certificate = 7; ///< every byte of its digest; the kernel's are sevens; 0: none was shown
};

struct TokenRow
{
    std::string name;
    TokenAttempt refused;
    std::string code;
    TokenAttempt twin;
};

/// One key pair for all rows; read by every verifier from the same file.
World& catalogueWorld();

const std::vector<TokenRow>& tokenCatalogue();

} // namespace billing::access::test
