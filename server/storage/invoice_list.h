// Invoices as lists show them, newest first: the clear columns with the customer's name and plan as they are
// today, and nothing sealed, so that a page costs its rows and not their snapshots.
#pragma once

#include "server/storage/storage.h"
#include "shared/model/invoice.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace billing::storage {

struct ListedInvoice
{
    InvoiceId id;
    TenantId tenant;
    SubscriptionId subscription;
    InvoiceStatus status;
    std::optional<std::string> number;
    LocalDate firstDay;
    LocalDate endDay;
    Money net;
    Money tax;
    Money total;
    std::optional<LocalDate> issueDate;
    std::optional<LocalDate> dueDate;
    std::string legalName;
    PlanCode plan; ///< of the subscription
    int planVersion;
};

struct ListedInvoiceFilter
{
    std::optional<TenantId> tenant = {};
    std::optional<InvoiceStatus> status = {};
    /// Start of the number or part of the customer's legal name; the case of ASCII letters does not count.
    std::string text = {};
    std::optional<LocalDate> issuedFrom = {};
    std::optional<LocalDate> issuedTo = {}; ///< inclusive; without an issue date none is within either
    /// Keyset: those behind this one in the order of the list, which is by id, then tenant, both descending.
    std::optional<std::pair<InvoiceId, TenantId>> behind = {};
    std::int64_t limit = 50;
};

/// Refuses StorageCorrupt.
Result<std::vector<ListedInvoice>> newestInvoices(Work& work, const ListedInvoiceFilter& filter);

/// For "lower(...) LIKE ? ESCAPE '\'": what stands for itself escaped, ASCII letters small, as both engines'
/// lower() makes them of texts that compare as bytes.
std::string likePart(std::string_view text);

} // namespace billing::storage
