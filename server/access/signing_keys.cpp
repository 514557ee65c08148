#include "server/access/signing_keys.h"

#include "server/access/base64url.h"
#include "server/secrets/private_file.h"
#include "shared/kernel/assert.h"

#include <cjose/jwk.h>
#include <cjose/util.h>
#include <openssl/sha.h>

#include <algorithm>

namespace billing::access {

namespace {

using Pair = std::shared_ptr<cjose_jwk_t>;

constexpr std::string_view prefix = "jwt-";
constexpr std::string_view suffix = ".jwk";

Pair owned(cjose_jwk_t* jwk)
{
    return Pair(jwk, [](cjose_jwk_t* released) { cjose_jwk_release(released); });
}

std::string jwkText(const cjose_jwk_t* jwk)
{
    cjose_err error = {};
    char* text = cjose_jwk_to_json(jwk, true, &error);
    BILLING_ASSERT(text != nullptr);
    std::string copy(text);
    cjose_get_dealloc()(text);
    return copy;
}

/// RFC 7638: the digest of the public members in alphabetical order.
std::string thumbprint(const cjose_jwk_t* jwk)
{
    cjose_err error = {};
    char* text = cjose_jwk_to_json(jwk, false, &error);
    BILLING_ASSERT(text != nullptr);
    const std::string_view json(text);
    const auto member = [&](std::string_view name) {
        const std::string key = std::string("\"").append(name).append("\":\"");
        const std::size_t start = json.find(key) + key.size();
        return json.substr(start, json.find('"', start) - start);
    };
    std::string canonical = R"({"crv":"P-256","kty":"EC","x":")";
    canonical.append(member("x")).append(R"(","y":")").append(member("y")).append("\"}");
    cjose_get_dealloc()(text);
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest = {};
    SHA256(reinterpret_cast<const unsigned char*>(canonical.data()), canonical.size(), digest.data());
    return toBase64Url(digest);
}

Result<SigningKey> loadKey(const std::filesystem::path& path, std::string keyId)
{
    const Result<std::string> text = secrets::readPrivateFile(path);
    if (!text)
        return text.error();
    const Error invalid{ErrorCode::InvalidKey, path.string(), "not a P-256 key pair with this file's kid"};
    cjose_err error = {};
    const Pair jwk = owned(cjose_jwk_import(text->data(), text->size(), &error));
    if (!jwk || cjose_jwk_get_kty(jwk.get(), &error) != CJOSE_JWK_KTY_EC ||
        cjose_jwk_EC_get_curve(jwk.get(), &error) != CJOSE_JWK_EC_P_256 ||
        text->find("\"d\"") == std::string::npos)
        return invalid;
    const char* named = cjose_jwk_get_kid(jwk.get(), &error);
    if (named == nullptr || keyId != named)
        return invalid;
    return SigningKey(std::move(keyId), jwk);
}

} // namespace

Result<SigningKeys> SigningKeys::load(const std::filesystem::path& directory)
{
    std::error_code failure;
    std::vector<SigningKey> keys;
    for (const auto& entry : std::filesystem::directory_iterator(directory, failure)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(prefix) || !name.ends_with(suffix) ||
            name.size() <= prefix.size() + suffix.size())
            continue;
        auto key =
            loadKey(entry.path(), name.substr(prefix.size(), name.size() - prefix.size() - suffix.size()));
        if (!key)
            return key.error();
        keys.push_back(std::move(*key));
    }
    if (failure)
        return Error{ErrorCode::FileUnreadable, directory.string(), failure.message()};
    if (keys.empty())
        return Error{ErrorCode::InvalidConfiguration, directory.string(), "no signing key"};
    std::sort(keys.begin(), keys.end(),
              [](const SigningKey& left, const SigningKey& right) { return left.keyId() < right.keyId(); });
    return SigningKeys(std::move(keys));
}

const SigningKey* SigningKeys::find(std::string_view keyId) const
{
    for (const SigningKey& key : m_keys) {
        if (key.keyId() == keyId)
            return &key;
    }
    return nullptr;
}

const SigningKey& SigningKeys::youngest() const
{
    return m_keys.back();
}

Result<std::string> createSigningKey(const std::filesystem::path& directory, const Clock& clock)
{
    std::error_code failure;
    if (std::filesystem::create_directories(directory, failure))
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, failure);
    if (failure)
        return Error{ErrorCode::FileUnwritable, directory.string(), failure.message()};
    cjose_err error = {};
    const Pair jwk = owned(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error));
    BILLING_ASSERT(jwk != nullptr);
    std::string keyId = std::to_string(clock.now().micros() / 1'000'000);
    keyId.append("-").append(thumbprint(jwk.get()).substr(0, 16));
    const bool named = cjose_jwk_set_kid(jwk.get(), keyId.data(), keyId.size(), &error);
    BILLING_ASSERT(named);
    const std::string file = std::string(prefix).append(keyId).append(suffix);
    if (auto written =
            secrets::createFile(directory / file, jwkText(jwk.get()), secrets::Audience::OwnerOnly);
        !written)
        return written.error();
    return keyId;
}

} // namespace billing::access
