#include "server/secrets/key_ring.h"

#include "server/secrets/private_file.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>

namespace billing::secrets {

namespace {

/// A key file's text, wiped when it goes.
struct SecretText
{
    std::string text;
    ~SecretText() { OPENSSL_cleanse(text.data(), text.size()); }
};

constexpr std::string_view hexDigits = "0123456789abcdef";

/// Exactly the key's digits, lower case.
bool parseHex(std::string_view text, KeyBytes& key)
{
    if (text.size() != 2 * key.size())
        return false;
    for (std::size_t index = 0; index < key.size(); ++index) {
        const auto high = hexDigits.find(text[2 * index]);
        const auto low = hexDigits.find(text[2 * index + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos)
            return false;
        key[index] = static_cast<std::byte>(high << 4 | low);
    }
    return true;
}

bool isAllZero(const KeyBytes& key)
{
    return std::all_of(key.begin(), key.end(), [](std::byte byte) { return byte == std::byte{0}; });
}

} // namespace

KeyRing::~KeyRing()
{
    if (!m_keys.empty())
        OPENSSL_cleanse(m_keys.data(), m_keys.size() * sizeof(KeyBytes));
}

Result<KeyRing> KeyRing::create(const std::filesystem::path& file, SecureRandom& random)
{
    KeyRing ring;
    ring.m_keys.resize(1);
    random.fill(ring.m_keys.front());
    BILLING_ASSERT(!isAllZero(ring.m_keys.front()));
    const SecretText text{ring.toText()};
    if (const auto written = createFile(file, text.text, Audience::OwnerOnly); !written)
        return written.error();
    return ring;
}

Result<KeyRing> KeyRing::load(const std::filesystem::path& file)
{
    auto content = readPrivateFile(file);
    if (!content)
        return content.error();
    const SecretText text{std::move(*content)};
    return parse(text.text, file);
}

Result<void> KeyRing::rotate(const std::filesystem::path& file, SecureRandom& random)
{
    KeyRing grown;
    grown.m_keys.reserve(m_keys.size() + 1); // else growing would leave keys behind in freed memory
    grown.m_keys = m_keys;
    random.fill(grown.m_keys.emplace_back());
    const SecretText text{grown.toText()};
    if (const auto written = replaceFile(file, text.text, Audience::OwnerOnly); !written)
        return written;
    m_keys.swap(grown.m_keys);
    return {};
}

Result<const KeyBytes*> KeyRing::key(std::uint32_t version) const
{
    if (version < 1 || version > newest())
        return Error{ErrorCode::UnknownKeyVersion, std::to_string(version)};
    return &m_keys[version - 1];
}

Result<KeyRing> KeyRing::parse(std::string_view text, const std::filesystem::path& file)
{
    KeyRing ring;
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    ring.m_keys.reserve(lines);
    for (std::size_t line = 1; line <= lines; ++line) {
        const auto refused = [&](const char* why) {
            return Error{ErrorCode::InvalidKey, file.string() + ":" + std::to_string(line), why};
        };
        std::string_view rest = text.substr(0, text.find('\n'));
        text.remove_prefix(rest.size() + 1);
        const std::string version = std::to_string(line) + " ";
        if (!rest.starts_with(version))
            return refused("key versions count 1, 2, 3, ...");
        rest.remove_prefix(version.size());
        if (!parseHex(rest, ring.m_keys.emplace_back()))
            return refused("a key is 64 lower-case hex digits");
        if (isAllZero(ring.m_keys.back()))
            return refused("an all-zero key");
    }
    if (ring.m_keys.empty() || !text.empty())
        return Error{ErrorCode::InvalidKey, file.string(), "no key, or an unfinished line"};
    return ring;
}

std::string KeyRing::toText() const
{
    std::string text;
    text.reserve(m_keys.size() * (2 * sizeof(KeyBytes) + 16));
    for (std::size_t index = 0; index < m_keys.size(); ++index) {
        text += std::to_string(index + 1) + " ";
        for (const std::byte byte : m_keys[index]) {
            text += hexDigits[std::to_integer<std::size_t>(byte) >> 4];
            text += hexDigits[std::to_integer<std::size_t>(byte) & 15];
        }
        text += '\n';
    }
    return text;
}

} // namespace billing::secrets
