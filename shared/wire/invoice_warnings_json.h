// The answer of POST /invoices: the invoice as invoice_json.h writes it, and beside its members "warnings",
// what finalising it would meet. They are no part of the frozen form. Values only, any thread.
#pragma once

#include "shared/model/invoice.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace billing::wire {

struct InvoiceWarning
{
    std::string code;         ///< that of the refusal it will be, or a name of its own: "no_price"
    std::string subject = {}; ///< what it is about: a field, a meter
    std::string detail = {};

    friend bool operator==(const InvoiceWarning&, const InvoiceWarning&) = default;
};

struct PreparedInvoice
{
    Invoice invoice;
    std::vector<InvoiceWarning> warnings = {};

    friend bool operator==(const PreparedInvoice&, const PreparedInvoice&) = default;
};

std::string encodePreparedInvoice(const PreparedInvoice& prepared);

/// Refuses what decodeInvoice refuses, and WrongType, MissingField (warnings).
Result<PreparedInvoice> decodePreparedInvoice(std::string_view text);

} // namespace billing::wire
