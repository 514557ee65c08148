// What the console asks lists for, and what comes back: a page and the cursor of the next one. Pages are
// ordered by the server (tenants by id, invoices newest first) and never overlap. Values only, any thread.
#pragma once

#include "shared/wire/list_json.h"

#include <optional>
#include <string>
#include <vector>

namespace billing::client {

inline constexpr int pageSize = 100;

struct TenantQuery
{
    std::string text = {};   ///< part of the legal name or start of the id, any case; empty: all
    std::string cursor = {}; ///< nextCursor of the page before; empty: the first page
    int limit = pageSize;    ///< 1..200

    friend bool operator==(const TenantQuery&, const TenantQuery&) = default;
};

struct InvoiceQuery
{
    std::optional<TenantId> tenant = {};
    std::optional<InvoiceStatus> status = {};
    std::string text = {}; ///< start of the number or part of the customer's legal name, any case; empty: all
    std::optional<LocalDate> issuedFrom = {};
    std::optional<LocalDate> issuedTo = {}; ///< inclusive; drafts have no date and are left out by either
    std::string cursor = {};
    int limit = pageSize; ///< 1..200

    friend bool operator==(const InvoiceQuery&, const InvoiceQuery&) = default;
};

using TenantPage = wire::Page<wire::ShownTenant>;
using InvoicePage = wire::Page<wire::InvoiceSummary>;

} // namespace billing::client
