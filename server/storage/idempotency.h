// The answers kept for requests that named an idempotency key. An answer is kept in the transaction that had
// the effect, so there is never one without the other, and a key that is taken refuses the second effect.
#pragma once

#include "server/storage/storage.h"
#include "shared/kernel/instant.h"

#include <cstdint>
#include <optional>
#include <string>

namespace billing::storage {

/// Both compared as bytes.
struct AnswerKey
{
    std::string owner; ///< "tenant:acme" or "subject:service:kernel"
    std::string key;   ///< 1 to 255 bytes, as the client chose it

    friend auto operator<=>(const AnswerKey&, const AnswerKey&) = default;
};

struct KeptAnswer
{
    std::string requestDigest; ///< 32 bytes: what was asked
    std::int64_t status;       ///< 200 to 299
    std::string sealedBody;
    Instant keptAt;
};

Result<std::optional<KeptAnswer>> findKeptAnswer(Work& work, const AnswerKey& key);

/// Refuses IdempotencyKeyInFlight when the key has an answer: another copy of the request was first.
Result<void> keepAnswer(Work& work, const AnswerKey& key, const KeptAnswer& answer);

/// Forgets the oldest answers kept before the instant, at most that many; answers how many.
Result<std::int64_t> forgetAnswersBefore(Work& work, Instant before, std::int64_t atMost);

} // namespace billing::storage
