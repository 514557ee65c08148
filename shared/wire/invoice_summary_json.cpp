#include "shared/wire/invoice_summary_json.h"

#include "shared/wire/form.h"
#include "shared/wire/json_write.h"

namespace billing::wire {

std::string encodeInvoiceSummary(const InvoiceSummary& summary)
{
    OrderedJson json;
    json["invoice_id"] = summary.id.text();
    json["tenant_id"] = summary.tenant.text();
    json["subscription_id"] = summary.subscription.text();
    json["status"] = wireName(summary.status);
    if (summary.number)
        json["number"] = *summary.number;
    json["period_start"] = summary.periodStart.toText();
    json["period_end"] = summary.periodEnd.toText();
    json["currency"] = summary.total.currency().code();
    json["net"] = summary.net.toText();
    json["tax"] = summary.tax.toText();
    json["total"] = summary.total.toText();
    if (summary.issueDate)
        json["issue_date"] = summary.issueDate->toText();
    if (summary.dueDate)
        json["due_date"] = summary.dueDate->toText();
    if (!summary.legalName.empty())
        json["legal_name"] = summary.legalName;
    if (summary.tier)
        json["tier"] = wireName(*summary.tier);
    return dump(json);
}

namespace {

/// The value of a word of ours, or a refusal of the member and `otherwise`.
template <class Value>
Value known(ObjectReader& reader, std::string_view name, const Result<Value>& parsed, Value otherwise)
{
    if (parsed)
        return *parsed;
    reader.refuse(parsed.error().code, name);
    return otherwise;
}

Money readMoney(ObjectReader& reader, std::string_view name, Currency currency)
{
    return known(reader, name, Money::exact(readTotal(reader, name), currency), Money::zero(currency));
}

std::optional<std::string> readNumber(ObjectReader& reader)
{
    std::string number = reader.optionalString("number");
    return number.empty() ? std::nullopt : std::optional(std::move(number));
}

std::optional<Tier> readTier(ObjectReader& reader)
{
    const std::string text = reader.optionalString("tier");
    return text.empty() ? std::nullopt : std::optional(known(reader, "tier", parseTier(text), Tier::Zero));
}

} // namespace

Result<InvoiceSummary> decodeInvoiceSummary(const JsonValue& value, const std::string& path)
{
    ObjectReader reader(value, path);
    const Currency currency = readCurrency(reader);
    const auto status = parseInvoiceStatus(reader.requiredString("status"));
    InvoiceSummary summary{.id = InvoiceId(reader.requiredString("invoice_id")),
                           .tenant = readTenantId(reader),
                           .subscription = SubscriptionId(reader.requiredString("subscription_id")),
                           .status = known(reader, "status", status, InvoiceStatus::Draft),
                           .number = readNumber(reader),
                           .periodStart = reader.requiredDate("period_start"),
                           .periodEnd = reader.requiredDate("period_end"),
                           .net = readMoney(reader, "net", currency),
                           .tax = readMoney(reader, "tax", currency),
                           .total = readMoney(reader, "total", currency),
                           .issueDate = reader.optionalDate("issue_date"),
                           .dueDate = reader.optionalDate("due_date"),
                           .legalName = reader.optionalString("legal_name"),
                           .tier = readTier(reader)};
    if (summary.periodEnd <= summary.periodStart)
        reader.refuse(ErrorCode::InvalidValue, "period_end", "the period has no day");
    if (auto finished = reader.finish(); !finished && finished.error().code != ErrorCode::UnknownField)
        return finished.error();
    return summary;
}

} // namespace billing::wire
