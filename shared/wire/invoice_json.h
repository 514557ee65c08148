// The frozen form of an invoice: what the server keeps as the snapshot, hands to billing-render and answers
// on GET /invoices/{id}. Every field of the model is there, keys in one order and amounts, quantities and
// prices as decimal strings, so that equal invoices give equal bytes; amounts are in major units of the
// currency named once at the top. Decoding is strict and gives back exactly what was encoded. Values only,
// any thread.
#pragma once

#include "shared/model/invoice.h"

#include <string>
#include <string_view>

namespace billing::wire {

/// Written as "schema"; a change of meaning gets a new number, and old snapshots stay readable.
inline constexpr int invoiceSchema = 1;

/// Asserts valid UTF-8 in every text: texts are checked when they enter the system.
std::string encodeInvoice(const Invoice& invoice);

/// Refuses what JsonDocument and ObjectReader refuse, with the path of the field ("lines[3].amount"):
/// MalformedJson, MissingField, WrongType, InvalidValue, InvalidDecimal, InvalidDate, InvalidTimestamp,
/// UnknownCurrency, UnknownField.
Result<Invoice> decodeInvoice(std::string_view json);

} // namespace billing::wire
