#include "server/secrets/audit_key.h"

#include "server/secrets/private_file.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <fstream>
#include <iterator>

namespace billing::secrets {

namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

const unsigned char* bytes(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

Bio memoryOf(std::string_view text)
{
    return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
}

std::string contentOf(BIO* bio)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

Result<std::shared_ptr<EVP_PKEY>> checked(EVP_PKEY* key, const std::filesystem::path& file)
{
    std::shared_ptr<EVP_PKEY> owned(key, &EVP_PKEY_free);
    if (key == nullptr || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519)
        return Error{ErrorCode::InvalidKey, file.string(), "not an Ed25519 key in PEM"};
    return owned;
}

/// Never asks a terminal for a passphrase, as OpenSSL would by itself: an encrypted key is not ours.
int noPassphrase(char*, int, int, void*)
{
    return -1;
}

} // namespace

AuditPublicKey::AuditPublicKey(std::shared_ptr<evp_pkey_st> key)
    : m_key(std::move(key))
{
}

Result<AuditPublicKey> AuditPublicKey::load(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return Error{ErrorCode::FileUnreadable, file.string()};
    const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    const Bio bio = memoryOf(text);
    auto key = checked(PEM_read_bio_PUBKEY(bio.get(), nullptr, &noPassphrase, nullptr), file);
    if (!key)
        return key.error();
    return AuditPublicKey(std::move(*key));
}

bool AuditPublicKey::verifies(std::string_view message, std::string_view signature) const
{
    const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, m_key.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(message),
                            message.size()) == 1;
}

AuditKey::AuditKey(std::shared_ptr<evp_pkey_st> key)
    : m_key(std::move(key))
{
}

Result<AuditKey> AuditKey::create(const std::filesystem::path& privateFile,
                                  const std::filesystem::path& publicFile)
{
    std::shared_ptr<EVP_PKEY> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free);
    BILLING_ASSERT(key != nullptr);
    const Bio secret(BIO_new(BIO_s_secmem()), &BIO_free);
    const Bio open(BIO_new(BIO_s_mem()), &BIO_free);
    const bool isWritten =
        PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
        PEM_write_bio_PUBKEY(open.get(), key.get()) == 1;
    BILLING_ASSERT(isWritten);
    std::string secretText = contentOf(secret.get());
    const auto privateDone = createFile(privateFile, secretText, Audience::OwnerOnly);
    OPENSSL_cleanse(secretText.data(), secretText.size());
    if (!privateDone)
        return privateDone.error();
    if (const auto publicDone = replaceFile(publicFile, contentOf(open.get()), Audience::Everyone);
        !publicDone)
        return publicDone.error();
    return AuditKey(std::move(key));
}

Result<AuditKey> AuditKey::load(const std::filesystem::path& privateFile)
{
    auto text = readPrivateFile(privateFile);
    if (!text)
        return text.error();
    auto key = [&] {
        const Bio bio = memoryOf(*text);
        return checked(PEM_read_bio_PrivateKey(bio.get(), nullptr, &noPassphrase, nullptr), privateFile);
    }();
    OPENSSL_cleanse(text->data(), text->size());
    if (!key)
        return key.error();
    return AuditKey(std::move(*key));
}

std::string AuditKey::sign(std::string_view message) const
{
    const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::string signature(64, '\0');
    std::size_t size = signature.size();
    const bool done = EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, m_key.get()) == 1 &&
                      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                                     bytes(message), message.size()) == 1;
    BILLING_ASSERT(done && size == signature.size());
    return signature;
}

AuditPublicKey AuditKey::publicKey() const
{
    return AuditPublicKey(m_key);
}

} // namespace billing::secrets
