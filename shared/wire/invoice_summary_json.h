// One row of GET /invoices: what a list shows, without the lines. Values only, any thread.
#pragma once

#include "shared/model/invoice.h"
#include "shared/wire/json_reader.h"

#include <optional>
#include <string>

namespace billing::wire {

struct InvoiceSummary
{
    InvoiceId id;
    TenantId tenant;
    SubscriptionId subscription;
    InvoiceStatus status;
    std::optional<std::string> number;
    LocalDate periodStart;
    LocalDate periodEnd; ///< exclusive
    Money net;
    Money tax;
    Money total;
    std::optional<LocalDate> issueDate;
    std::optional<LocalDate> dueDate;
    std::string legalName = {};    ///< the customer's, as it is today; empty when the server does not tell
    std::optional<Tier> tier = {}; ///< of the subscription's plan, as it is today

    friend bool operator==(const InvoiceSummary&, const InvoiceSummary&) = default;
};

/// An absent number, date, legal name or tier is not written.
std::string encodeInvoiceSummary(const InvoiceSummary& summary);

/// A row of a list; path names it in refusals ("invoices[3]"). Refuses MissingField, WrongType,
/// InvalidTenantId, InvalidValue (a status or tier we do not know, an amount off its currency's grid),
/// InvalidDate, UnknownCurrency, InvalidDecimal, AmountOverflow. Members we do not know are let be.
Result<InvoiceSummary> decodeInvoiceSummary(const JsonValue& value, const std::string& path);

} // namespace billing::wire
