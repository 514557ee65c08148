#include "shared/wire/list_json.h"

#include "shared/wire/json_text.h"

namespace billing::wire {

std::string encodeList(std::string_view name, std::span<const std::string> items, std::string_view nextCursor)
{
    std::string json = "{";
    appendJsonString(json, name);
    json += ":[";
    for (const std::string& item : items) {
        if (&item != items.data())
            json += ',';
        json += item;
    }
    json += ']';
    if (!nextCursor.empty()) {
        json += R"(,"next_cursor":)";
        appendJsonString(json, nextCursor);
    }
    return json + '}';
}

namespace {

template <class Item, class Decode>
Result<Page<Item>> decodePage(std::string_view text, const std::string& name, Decode decode)
{
    const auto document = JsonDocument::parse(text);
    if (!document)
        return document.error();
    ObjectReader reader(document->root());
    Page<Item> page;
    const JsonValue* const items = reader.requiredArray(name);
    page.nextCursor = reader.optionalString("next_cursor");
    if (auto finished = reader.finish(); !finished && finished.error().code != ErrorCode::UnknownField)
        return finished.error();
    page.items.reserve(items->items().size());
    for (const JsonValue& value : items->items()) {
        auto item = decode(value, name + '[' + std::to_string(page.items.size()) + ']');
        if (!item)
            return item.error();
        page.items.push_back(std::move(*item));
    }
    return page;
}

} // namespace

Result<Page<InvoiceSummary>> decodeInvoiceList(std::string_view text)
{
    return decodePage<InvoiceSummary>(text, "invoices", decodeInvoiceSummary);
}

Result<Page<ShownTenant>> decodeTenantList(std::string_view text)
{
    return decodePage<ShownTenant>(text, "tenants", [](const JsonValue& value, const std::string& path) {
        return decodeShownTenant(value, path);
    });
}

} // namespace billing::wire
