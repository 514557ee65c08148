#include "server/secrets/sealing.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>

namespace billing::secrets {

namespace {

constexpr char format = 1;
constexpr std::size_t versionSize = 4;
constexpr std::size_t nonceSize = 12;
constexpr std::size_t tagSize = 16;
constexpr std::size_t headSize = 1 + versionSize + nonceSize;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes(const void* data)
{
    return static_cast<const unsigned char*>(data);
}

std::string bigEndian(std::uint32_t number)
{
    std::string text(versionSize, '\0');
    for (std::size_t index = versionSize; index-- > 0; number >>= 8)
        text[index] = static_cast<char>(number & 0xff);
    return text;
}

std::uint32_t fromBigEndian(std::string_view text)
{
    std::uint32_t number = 0;
    for (const char byte : text)
        number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

/// Every part with its length before it, so that no two places read the same.
std::string authenticated(std::uint32_t version, const SealContext& context)
{
    std::string text;
    const std::string versionText = bigEndian(version);
    for (const std::string_view part :
         {std::string_view("enis-billing seal"), std::string_view(&format, 1), std::string_view(versionText),
          context.tenant, context.table, context.column, context.row}) {
        text += bigEndian(static_cast<std::uint32_t>(part.size()));
        text += part;
    }
    return text;
}

} // namespace

Sealer::Sealer(const KeyRing& keys, SecureRandom& random)
    : m_keys(keys)
    , m_random(random)
{
}

std::string Sealer::seal(std::string_view plain, const SealContext& context) const
{
    const std::uint32_t version = m_keys.newest();
    const std::string additional = authenticated(version, context);
    std::array<std::byte, nonceSize> nonce{};
    m_random.fill(nonce);

    std::string sealed;
    sealed.reserve(headSize + plain.size() + tagSize);
    sealed += format;
    sealed += bigEndian(version);
    sealed.append(reinterpret_cast<const char*>(nonce.data()), nonce.size());
    sealed.resize(headSize + plain.size() + tagSize);
    auto* out = reinterpret_cast<unsigned char*>(sealed.data()) + headSize;

    const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    const KeyBytes& key = **m_keys.key(version);
    int size = 0;
    const bool done =
        cipher != nullptr &&
        EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(key.data()),
                           bytes(nonce.data())) == 1 &&
        EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytes(additional.data()),
                          static_cast<int>(additional.size())) == 1 &&
        EVP_EncryptUpdate(cipher.get(), out, &size, bytes(plain.data()), static_cast<int>(plain.size())) ==
            1 &&
        EVP_EncryptFinal_ex(cipher.get(), out + plain.size(), &size) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tagSize, out + plain.size()) == 1;
    BILLING_ASSERT(done);
    return sealed;
}

Result<std::string> Sealer::open(std::string_view sealed, const SealContext& context) const
{
    if (sealed.size() < headSize + tagSize || sealed.front() != format)
        return Error{ErrorCode::SealBroken, std::string(context.column), "not a sealed value"};
    const std::uint32_t version = fromBigEndian(sealed.substr(1, versionSize));
    const auto key = m_keys.key(version);
    if (!key)
        return key.error();
    const std::string additional = authenticated(version, context);
    const std::string_view nonce = sealed.substr(1 + versionSize, nonceSize);
    const std::string_view hidden = sealed.substr(headSize, sealed.size() - headSize - tagSize);
    std::string tag(sealed.substr(sealed.size() - tagSize));

    std::string plain(hidden.size(), '\0');
    auto* out = reinterpret_cast<unsigned char*>(plain.data());
    const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    int size = 0;
    const bool isReady = cipher != nullptr &&
                         EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes((*key)->data()),
                                            bytes(nonce.data())) == 1 &&
                         EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes(additional.data()),
                                           static_cast<int>(additional.size())) == 1 &&
                         EVP_DecryptUpdate(cipher.get(), out, &size, bytes(hidden.data()),
                                           static_cast<int>(hidden.size())) == 1 &&
                         EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tagSize, tag.data()) == 1;
    BILLING_ASSERT(isReady);
    if (EVP_DecryptFinal_ex(cipher.get(), out + plain.size(), &size) != 1) {
        OPENSSL_cleanse(plain.data(), plain.size());
        return Error{ErrorCode::SealBroken, std::string(context.column), "changed, or of another place"};
    }
    return plain;
}

} // namespace billing::secrets
