#include "shared/wire/invoice_warnings_json.h"

#include "shared/wire/invoice_json.h"
#include "shared/wire/json_reader.h"
#include "shared/wire/json_write.h"

namespace billing::wire {

namespace {

Result<InvoiceWarning> warningFrom(const JsonValue& value, const std::string& path)
{
    ObjectReader reader(value, path);
    InvoiceWarning warning{reader.requiredString("code"), reader.optionalString("subject"),
                           reader.optionalString("detail")};
    const auto finished = reader.finish();
    return finished ? Result<InvoiceWarning>(std::move(warning)) : finished.error();
}

Result<std::vector<InvoiceWarning>> warningsFrom(std::string_view text)
{
    const auto document = JsonDocument::parse(text);
    if (!document)
        return document.error();
    ObjectReader reader(document->root());
    const JsonValue* array = reader.requiredArray("warnings");
    if (!array)
        return reader.finish().error();
    std::vector<InvoiceWarning> warnings;
    for (const JsonValue& item : array->items()) {
        auto warning = warningFrom(item, "warnings[" + std::to_string(warnings.size()) + "]");
        if (!warning)
            return warning.error();
        warnings.push_back(std::move(*warning));
    }
    return warnings;
}

} // namespace

std::string encodePreparedInvoice(const PreparedInvoice& prepared)
{
    OrderedJson list = OrderedJson::array();
    for (const InvoiceWarning& warning : prepared.warnings)
        list.push_back({{"code", warning.code}, {"subject", warning.subject}, {"detail", warning.detail}});
    std::string text = encodeInvoice(prepared.invoice);
    text.pop_back(); // its last brace
    return text + R"(,"warnings":)" + dump(list) + "}";
}

Result<PreparedInvoice> decodePreparedInvoice(std::string_view text)
{
    auto warnings = warningsFrom(text);
    if (!warnings)
        return warnings.error();
    auto json = OrderedJson::parse(text); // it is JSON: that was just read
    json.erase("warnings");
    auto invoice = decodeInvoice(dump(json));
    return invoice ? Result<PreparedInvoice>(PreparedInvoice{std::move(*invoice), std::move(*warnings)})
                   : invoice.error();
}

} // namespace billing::wire
