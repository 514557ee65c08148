// GET /needs-attention on the wire: what could not be done and waits for a person, oldest first.
//
//     {"items":[{"kind":"period","tenant_id":"acme","subject":{"subscription_id":"sub_1","period_start":
//     "2026-01-01"},"code":"no_tax_rate","reason":"...","attempts":2,"first_at":"...","last_at":"...",
//     "next_try_at":"..."}],"counts":{"document":0,"period":1},"next_cursor":"..."}
//
// Values only, any thread.
#pragma once

#include "shared/kernel/instant.h"
#include "shared/model/ids.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace billing::wire {

struct AttentionItem
{
    std::string kind;                    ///< "document", "period", "dead_letter", ...
    std::optional<TenantId> tenant = {}; ///< absent where it belongs to none
    /// Ids that say what it is about, in order: {"invoice_id", ...}, {"number", ...}.
    std::vector<std::pair<std::string, std::string>> subject = {};
    std::string code;   ///< of the refusal
    std::string reason; ///< in plain words
    std::int64_t attempts = 1;
    Instant firstAt = Instant::fromMicros(0);
    Instant lastAt = Instant::fromMicros(0);
    std::optional<Instant> nextTryAt = {}; ///< absent: it waits for a person alone
};

struct AttentionCount
{
    std::string_view kind;
    std::int64_t count;
};

std::string encodeAttention(std::span<const AttentionItem> items, std::span<const AttentionCount> counts,
                            std::string_view nextCursor);

} // namespace billing::wire
