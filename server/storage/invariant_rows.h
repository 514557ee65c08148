// Streams for check-invariants that no business rule needs: identities, repeated events, stored lines and
// taxes, and the audit entries that finalised invoices. One row at a time.
#pragma once

#include "server/storage/invariants.h"
#include "server/storage/usage.h"

#include <functional>
#include <vector>

namespace billing::storage {

/// Tenants that have settled usage, in order.
Result<std::vector<TenantId>> tenantsWithUsage(Work& work);

using EachIdentity = std::function<Result<void>(const IdentityHash&, const PayloadHash&)>;
Result<void> identitiesOf(Work& work, const TenantId& tenant, const EachIdentity& each);

/// I3: events of one tenant stored more than once. Sorts the tenant's events: for when something is wrong
/// already.
Result<void> repeatedEvents(Work& work, const TenantId& tenant, const EachBreach& each);

Result<std::int64_t> countRollups(Work& work, const TenantId& tenant);

/// A line as its columns hold it; decimals stay the texts they are.
struct StoredLine
{
    std::int64_t number;
    std::string chargeCode;
    std::string meter; ///< empty for fees
    std::string dimensionKey;
    std::string quantity;
    std::string unitPrice;
    std::string unitDivisor;
    std::string taxCategory;
    std::string currency;
    std::int64_t amount;

    friend bool operator==(const StoredLine&, const StoredLine&) = default;
};

struct StoredTax
{
    std::string category;
    std::string name;
    std::string rate;
    std::int64_t base;
    std::int64_t tax;

    friend bool operator==(const StoredTax&, const StoredTax&) = default;
};

/// In the order they are printed.
Result<std::vector<StoredLine>> storedLines(Work& work, const TenantId& tenant, const InvoiceId& id);
Result<std::vector<StoredTax>> storedTaxes(Work& work, const TenantId& tenant, const InvoiceId& id);

/// A finalised invoice beside what the audit log says of its finalising.
struct FinaliseRecord
{
    InvoiceId invoice;
    std::string snapshotSha256; ///< 32 bytes, the invoice's column
    std::int64_t entries;       ///< audit entries that finalise it
    std::string body;           ///< of one of them; empty without
};

using EachFinaliseRecord = std::function<Result<void>(const FinaliseRecord&)>;
Result<void> finaliseRecords(Work& work, const TenantId& tenant, const EachFinaliseRecord& each);

} // namespace billing::storage
