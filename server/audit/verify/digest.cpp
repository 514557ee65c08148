#include "server/audit/verify/digest.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstdio>
#include <cstdlib>

namespace verify {

namespace {

const unsigned char* octets(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// Eight octets, most significant first.
void appendOctets(std::string& encoding, std::uint64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        encoding.push_back(static_cast<char>((number >> shift) & 0xff));
}

} // namespace

void appendField(std::string& encoding, std::string_view field)
{
    appendOctets(encoding, field.size());
    encoding.append(field);
}

void appendNumber(std::string& encoding, std::int64_t number)
{
    appendOctets(encoding, 8);
    appendOctets(encoding, static_cast<std::uint64_t>(number));
}

std::string sha256(std::string_view bytes)
{
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    static EVP_MD_CTX* const context = EVP_MD_CTX_new();
    std::string digest(32, '\0');
    if (EVP_DigestInit_ex(context, algorithm, nullptr) != 1 ||
        EVP_DigestUpdate(context, bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(digest.data()), nullptr) != 1) {
        std::fputs("billing-audit-verify: OpenSSL cannot compute SHA-256\n", stderr);
        std::abort();
    }
    return digest;
}

bool PublicKey::load(const std::string& file)
{
    std::FILE* stream = std::fopen(file.c_str(), "re");
    if (stream == nullptr)
        return false;
    m_key.reset(PEM_read_PUBKEY(stream, nullptr, nullptr, nullptr), &EVP_PKEY_free);
    std::fclose(stream);
    return m_key != nullptr && EVP_PKEY_get_id(m_key.get()) == EVP_PKEY_ED25519;
}

bool PublicKey::verifies(std::string_view message, std::string_view signature) const
{
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, m_key.get()) == 1 &&
           EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(message),
                            message.size()) == 1;
}

} // namespace verify
