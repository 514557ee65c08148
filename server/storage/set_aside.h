// What could not be done and waits for a person: a document that cannot be rendered, a period that cannot be
// closed. One row each, with the reason, how often it was tried and when it is tried next; until then the
// jobs pass it over by index, so that it holds up nobody. The row goes in the transaction that succeeds.
// Source: DESIGN decisions 17 and 26.
#pragma once

#include "server/storage/storage.h"
#include "shared/kernel/instant.h"
#include "shared/kernel/local_date.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace billing::storage {

enum class AsideKind
{
    Document,
    Period
};

inline constexpr std::array asideKinds{AsideKind::Document, AsideKind::Period};
std::string_view wireName(AsideKind kind); ///< "document", "period"

struct AsideKey
{
    TenantId tenant;
    AsideKind kind;
    std::string subject; ///< an invoice's id, or "sub_1/2026-01-01"

    friend bool operator==(const AsideKey&, const AsideKey&) = default;
};

AsideKey documentKey(const TenantId& tenant, const InvoiceId& invoice);
AsideKey periodKey(const TenantId& tenant, const SubscriptionId& subscription, LocalDate firstDay);

struct PeriodSubject
{
    SubscriptionId subscription;
    LocalDate firstDay;
};

/// What periodKey put together. Refuses StorageCorrupt.
Result<PeriodSubject> periodOf(const AsideKey& key);

struct AsideRow
{
    AsideKey key;
    Error reason; ///< its detail cut to 500 bytes; a code that this version does not know reads as Internal
    std::int64_t attempts = 1;
    Instant firstAt = Instant::fromMicros(0);
    Instant lastAt = Instant::fromMicros(0);
    Instant nextTryAt = Instant::fromMicros(0);
};

/// A try that failed.
struct FailedTry
{
    AsideKey key;
    Error reason;
    Instant at;
    /// How long until the next try: step 0 after the first failure, the last one from then on; one at least.
    std::span<const Duration> backOff;
};

/// Sets it aside, or counts one more try; answers how often it was tried now. An unknown tenant is
/// ConstraintViolated.
Result<std::int64_t> setAside(Work& work, const FailedTry& failed);
/// Forgets it: it is done. Answers whether it was set aside.
Result<bool> forgetAside(Work& work, const AsideKey& key);
Result<std::optional<AsideRow>> findAside(Work& work, const AsideKey& key);

/// What is to be tried again by now, longest due first, then by tenant and subject.
Result<std::vector<AsideRow>> dueAside(Work& work, AsideKind kind, Instant now, std::int64_t limit);
/// First days of a subscription's periods that are set aside, due or not, in order.
Result<std::vector<LocalDate>> periodsAside(Work& work, const TenantId& tenant,
                                            const SubscriptionId& subscription);

/// Makes all of a tenant due at once: something about it was changed. Answers how many.
Result<std::int64_t> retryNow(Work& work, const TenantId& tenant);
/// The same of everybody: the program, its files or the catalogue are others now.
Result<std::int64_t> retryAllNow(Work& work);

/// Where a listing stands: behind this one.
struct AsidePlace
{
    Instant firstAt;
    std::string tenant;
    std::string subject;
};

struct AsideFilter
{
    AsideKind kind;
    std::optional<TenantId> tenant = {};
    std::optional<AsidePlace> behind = {};
    std::int64_t limit = 50;
};

/// Oldest first, then by tenant and subject.
Result<std::vector<AsideRow>> listAside(Work& work, const AsideFilter& filter);
Result<std::int64_t> countAside(Work& work, AsideKind kind, const std::optional<TenantId>& tenant = {});

} // namespace billing::storage
