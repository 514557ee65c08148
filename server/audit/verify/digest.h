// The primitives the verifier stands on, from OpenSSL and nothing else: SHA-256, Ed25519, and the
// length-prefixed encoding that hashes and signatures are made over. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace verify {

/// Appends the field's length (8 bytes, big endian), then the field.
void appendField(std::string& encoding, std::string_view field);
/// Appends a number as a field of 8 bytes, big endian, two's complement.
void appendNumber(std::string& encoding, std::int64_t number);

std::string sha256(std::string_view bytes);

class PublicKey
{
public:
    /// False when the file holds no Ed25519 public key in PEM.
    bool load(const std::string& file);
    bool verifies(std::string_view message, std::string_view signature) const;

private:
    std::shared_ptr<evp_pkey_st> m_key;
};

} // namespace verify
