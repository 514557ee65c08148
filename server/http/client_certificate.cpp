#include "server/http/client_certificate.h"

#include "shared/kernel/assert.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace billing::http {

namespace {

constexpr std::size_t identityBytesMax = 256;
constexpr std::int64_t secondsOfADay = 24 * 3600;

struct FreeNames
{
    void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

/// Whoever reads it in a log must be able to trust its bytes.
bool isPlain(std::string_view text)
{
    return !text.empty() && text.size() <= identityBytesMax &&
           std::all_of(text.begin(), text.end(), [](char character) {
               return character > 0x20 && character < 0x7F && character != '*';
           });
}

Instant endOf(const X509* certificate)
{
    ASN1_TIME* epoch = ASN1_TIME_set(nullptr, 0);
    int days = 0;
    int seconds = 0;
    const int known = ASN1_TIME_diff(&days, &seconds, epoch, X509_get0_notAfter(certificate));
    ASN1_TIME_free(epoch);
    BILLING_ASSERT(known == 1); // it was compared with the clock a moment ago
    return Instant::fromMicros((days * secondsOfADay + seconds) * 1'000'000);
}

} // namespace

std::optional<std::string> identityOf(const x509_st* certificate)
{
    // -1 stands for "none" and -2 for "twice", which give no names either.
    const std::unique_ptr<GENERAL_NAMES, FreeNames> names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::optional<std::string> identity;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_URI)
            continue;
        const ASN1_IA5STRING* text = name->d.uniformResourceIdentifier;
        const std::string_view uri(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                                   static_cast<std::size_t>(ASN1_STRING_length(text)));
        if (identity || !isPlain(uri))
            return std::nullopt;
        identity = uri;
    }
    return identity;
}

Instant validUntil(const ssl_st* session)
{
    const STACK_OF(X509)* chain = SSL_get0_verified_chain(session);
    BILLING_ASSERT(chain != nullptr && sk_X509_num(chain) > 0);
    Instant earliest = endOf(sk_X509_value(chain, 0));
    for (int i = 1; i < sk_X509_num(chain); ++i)
        earliest = std::min(earliest, endOf(sk_X509_value(chain, i)));
    return earliest;
}

} // namespace billing::http
