// A page of a list: {"<name>":[...],"next_cursor":"..."}; without a cursor the list ends here. Values only,
// any thread.
#pragma once

#include "shared/wire/invoice_summary_json.h"
#include "shared/wire/tenant_json.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace billing::wire {

/// items are JSON texts already.
std::string encodeList(std::string_view name, std::span<const std::string> items,
                       std::string_view nextCursor);

template <class Item>
struct Page
{
    std::vector<Item> items = {};
    std::string nextCursor = {}; ///< empty: the list ends here
};

/// Refuse what JsonDocument::parse refuses, then the first of the list's or an item's own refusals with its
/// path ("invoices[3].total"). Members we do not know are let be: a newer server may have more to say.
Result<Page<InvoiceSummary>> decodeInvoiceList(std::string_view text);
Result<Page<ShownTenant>> decodeTenantList(std::string_view text);

} // namespace billing::wire
