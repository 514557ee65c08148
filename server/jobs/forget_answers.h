// Answers kept for idempotency keys live 30 days; then this step of the clockwork forgets them, a slice at a
// time, so that it never holds the writer for long.
#pragma once

#include "server/storage/storage.h"
#include "shared/kernel/id_factory.h"

namespace billing {

inline constexpr Duration answersKept = std::chrono::hours(24 * 30);

struct ForgettingPorts
{
    Storage& storage;
    const Clock& clock;
    IdFactory& ids;
};

/// Forgets at most 1,000 answers; answers whether there may be more. Refuses as storage.
Result<bool> forgetOldAnswers(ForgettingPorts ports);

} // namespace billing
