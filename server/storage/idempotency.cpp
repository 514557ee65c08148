#include "server/storage/idempotency.h"

#include "server/storage/sql/session.h"

namespace billing::storage {

using sql::Blob;
using sql::Row;

Result<std::optional<KeptAnswer>> findKeptAnswer(Work& work, const AnswerKey& key)
{
    return queryOne(
        work.session(),
        "SELECT request_sha256, status, sealed_body, kept_at FROM idempotency_key "
        "WHERE owner = ? AND idempotency_key = ?",
        {std::string_view(key.owner), std::string_view(key.key)}, [](const Row& row) {
            return KeptAnswer{row.text(0), row.integer(1), row.text(2), Instant::fromMicros(row.integer(3))};
        });
}

Result<void> keepAnswer(Work& work, const AnswerKey& key, const KeptAnswer& answer)
{
    const auto inserted = work.session().execute(
        "INSERT INTO idempotency_key (owner, idempotency_key, request_sha256, status, sealed_body, kept_at) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (owner, idempotency_key) DO NOTHING",
        {std::string_view(key.owner), std::string_view(key.key), Blob{answer.requestDigest}, answer.status,
         Blob{answer.sealedBody}, answer.keptAt.micros()});
    if (!inserted)
        return inserted.error();
    if (*inserted == 0)
        return Error{ErrorCode::IdempotencyKeyInFlight, "Idempotency-Key"};
    return {};
}

Result<std::int64_t> forgetAnswersBefore(Work& work, Instant before, std::int64_t atMost)
{
    return work.session().execute("DELETE FROM idempotency_key WHERE (owner, idempotency_key) IN "
                                  "(SELECT owner, idempotency_key FROM idempotency_key WHERE kept_at < ? "
                                  "ORDER BY kept_at LIMIT ?)",
                                  {before.micros(), atMost});
}

} // namespace billing::storage
