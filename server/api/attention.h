// What waits for a person, gathered from its sources into one list, oldest first. A source is one kind of
// item: a function that finds some, and one that counts them. To add a kind, write both in a file of their
// own and name them in attention_sources.cpp.
#pragma once

#include "server/storage/storage.h"
#include "shared/model/plan.h"
#include "shared/wire/attention_json.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace billing::api {

/// An item and where it stands among those of its kind: by first_at, tenant ("" for none) and key.
struct AttentionFound
{
    wire::AttentionItem item;
    std::string key;
};

/// What some items are settled by.
struct AttentionToday
{
    const Catalog& catalog;
    Instant now;
};

/// Which items of one kind are asked for: those behind a place.
struct AttentionAsked
{
    const AttentionToday& today;
    std::optional<TenantId> tenant; ///< only this one's
    Instant at;                     ///< behind (at, tenantText, key)
    std::string tenantText;
    std::string key;
    std::int64_t limit;
};

struct AttentionSource
{
    std::string_view kind;
    bool namesTenants; ///< otherwise only who may see everything sees them
    /// In order of (first_at, tenant, key), at most limit.
    Result<std::vector<AttentionFound>> (*find)(Work&, const AttentionAsked&);
    /// No further than mostCounted where that means looking at rows one by one.
    Result<std::int64_t> (*count)(Work&, const AttentionToday&, const std::optional<TenantId>&);
};

inline constexpr std::int64_t mostCounted = 1'000;

/// The sources of what is strange about usage (attention_usage.cpp).
AttentionSource conflictSource();
AttentionSource unlistedValueSource();

/// All there are, in the order of their kinds as bytes.
std::span<const AttentionSource> attentionSources();

/// The reason of a refusal in plain words, for a person who can do something about it: a sentence or two,
/// and what it is about where that is not the business of the operator alone.
std::string plainReason(const Error& error);

} // namespace billing::api
