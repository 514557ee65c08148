#include "shared/wire/invoice_json.h"

#include "shared/wire/json_reader.h"

#include <array>
#include <limits>
#include <nlohmann/json.hpp>

namespace billing::wire {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 2> lineKindNames{"fee", "usage"};
constexpr std::array<std::string_view, 2> unbilledReasonNames{"over_limit", "no_price"};
constexpr std::array<std::string_view, 2> taxRoundingNames{"per_document", "per_line"};

template <class Enum, std::size_t size>
std::string_view nameOf(const std::array<std::string_view, size>& names, Enum value)
{
    return names.at(static_cast<std::size_t>(value));
}

template <class Enum, std::size_t size>
Enum readName(ObjectReader& reader, std::string_view field, const std::array<std::string_view, size>& names)
{
    const std::string text = reader.requiredString(field);
    for (std::size_t index = 0; index < size; ++index)
        if (names[index] == text)
            return static_cast<Enum>(index);
    reader.refuse(ErrorCode::InvalidValue, field);
    return Enum{};
}

Json textOrNull(const std::optional<std::string>& text)
{
    return text ? Json(*text) : Json(nullptr);
}

Json dateOrNull(const std::optional<LocalDate>& date)
{
    return date ? Json(date->toText()) : Json(nullptr);
}

Json toJson(const Party& party)
{
    const Address& address = party.address;
    return Json{{"name", party.name},
                {"address", Json{{"line1", address.line1},
                                 {"line2", address.line2},
                                 {"city", address.city},
                                 {"region", address.region},
                                 {"postal_code", address.postalCode}}},
                {"country", party.country},
                {"tax_ids", party.taxIds},
                {"email", party.email},
                {"registration", party.registration}};
}

Json toJson(const BankDetails& bank)
{
    return Json{{"account_holder", bank.accountHolder},
                {"bank_name", bank.bankName},
                {"iban", bank.iban},
                {"bic", bank.bic},
                {"other_account", bank.otherAccount}};
}

Json toJson(const BillingPeriod& period)
{
    return Json{{"first_day", period.firstDay.toText()},
                {"end_day", period.endDay.toText()},
                {"start", period.range.start.toText()},
                {"end", period.range.end.toText()}};
}

Json toJson(const UsageRange& usage)
{
    return Json{{"start", usage.range.start.toText()},
                {"end", usage.range.end.toText()},
                {"after", usage.after.number()},
                {"up_to", usage.upTo.number()}};
}

Json toJson(const InvoiceLine& line)
{
    const RatedLine& rated = line.rated;
    return Json{{"number", line.number},
                {"kind", nameOf(lineKindNames, rated.kind)},
                {"charge", rated.chargeCode},
                {"description", rated.description},
                {"meter", rated.meter ? Json(rated.meter->text()) : Json(nullptr)},
                {"dimension_key", rated.dimensionKey},
                {"unit", rated.unit},
                {"quantity", rated.quantity.toText()},
                {"unit_price", rated.unitPrice.toText()},
                {"unit_divisor", rated.unitDivisor.toText()},
                {"step_from", rated.stepFrom.toText()},
                {"step_up_to", rated.stepUpTo ? Json(rated.stepUpTo->toText()) : Json(nullptr)},
                {"amount", rated.amount.toText()},
                {"service_from", line.serviceFrom.toText()},
                {"service_end", line.serviceEnd.toText()},
                {"tax_category", wireName(line.taxCategory)},
                {"usage", line.usage ? toJson(*line.usage) : Json(nullptr)}};
}

Json toJson(const UnbilledUsage& unbilled)
{
    return Json{{"meter", unbilled.meter.text()},
                {"dimension_key", unbilled.dimensionKey},
                {"quantity", unbilled.quantity.toText()},
                {"reason", nameOf(unbilledReasonNames, unbilled.reason)}};
}

Json toJson(const TaxLine& tax)
{
    return Json{{"category", wireName(tax.category)}, {"name", tax.name},        {"rate", tax.rate.toText()},
                {"base", tax.base.toText()},          {"tax", tax.tax.toText()}, {"note", tax.note}};
}

template <class T>
Json toJsonArray(const std::vector<T>& values)
{
    Json array = Json::array();
    for (const T& value : values)
        array.push_back(toJson(value));
    return array;
}

int readInt(ObjectReader& reader, std::string_view field)
{
    const std::int64_t value = reader.requiredInteger(field);
    if (value < 0 || value > std::numeric_limits<int>::max()) {
        reader.refuse(ErrorCode::InvalidValue, field);
        return 0;
    }
    return static_cast<int>(value);
}

Decimal readDecimal(ObjectReader& reader, std::string_view field, const std::string& text)
{
    const Result<Decimal> decimal = Decimal::parseTotal(text);
    if (!decimal)
        reader.refuse(decimal.error().code, field);
    return decimal.value_or(Decimal());
}

/// A string only: a snapshot holds no JSON number that was once an amount.
Decimal readDecimal(ObjectReader& reader, std::string_view field)
{
    return readDecimal(reader, field, reader.requiredString(field));
}

Money readMoney(ObjectReader& reader, std::string_view field, Currency currency)
{
    const Result<Money> money = Money::exact(readDecimal(reader, field), currency);
    if (!money)
        reader.refuse(money.error().code, field);
    return money.value_or(Money::zero(currency));
}

TaxCategory readTaxCategory(ObjectReader& reader, std::string_view field)
{
    const Result<TaxCategory> category = parseTaxCategory(reader.requiredString(field));
    if (!category)
        reader.refuse(category.error().code, field);
    return category.value_or(TaxCategory::Standard);
}

/// A nullptr is an object that the outer reader has already refused.
const JsonValue& orNothing(const JsonValue* value)
{
    static const JsonValue nothing{};
    return value ? *value : nothing;
}

/// Null and an absent member are nothing; an empty text is a text.
std::optional<std::string> optionalText(ObjectReader& reader, std::string_view field)
{
    const bool present = reader.has(field);
    std::string text = reader.optionalString(field);
    return present ? std::optional(std::move(text)) : std::nullopt;
}

Address addressFrom(ObjectReader&& reader, Result<void>& done)
{
    Address address{.line1 = reader.requiredString("line1"),
                    .line2 = reader.requiredString("line2"),
                    .city = reader.requiredString("city"),
                    .region = reader.requiredString("region"),
                    .postalCode = reader.requiredString("postal_code")};
    done = reader.finish();
    return address;
}

Result<Party> partyFrom(const JsonValue& object, const std::string& path)
{
    ObjectReader reader(object, path);
    Party party{.name = reader.requiredString("name")};
    const JsonValue& address = orNothing(reader.requiredObject("address"));
    party.country = reader.requiredString("country");
    reader.requiredArray("tax_ids");
    party.taxIds = reader.optionalStrings("tax_ids");
    party.email = reader.requiredString("email");
    party.registration = reader.requiredString("registration");
    Result<void> done = reader.finish();
    if (done)
        party.address = addressFrom(ObjectReader(address, reader.pathOf("address")), done);
    return done ? Result<Party>(std::move(party)) : done.error();
}

Result<BankDetails> bankFrom(const JsonValue& object, const std::string& path)
{
    ObjectReader reader(object, path);
    BankDetails bank{.accountHolder = reader.requiredString("account_holder"),
                     .bankName = reader.requiredString("bank_name"),
                     .iban = reader.requiredString("iban"),
                     .bic = reader.requiredString("bic"),
                     .otherAccount = reader.requiredString("other_account")};
    const Result<void> done = reader.finish();
    return done ? Result<BankDetails>(std::move(bank)) : done.error();
}

Result<BillingPeriod> periodFrom(const JsonValue& object, const std::string& path)
{
    ObjectReader reader(object, path);
    BillingPeriod period{.firstDay = reader.requiredDate("first_day"),
                         .endDay = reader.requiredDate("end_day"),
                         .range = {reader.requiredInstant("start"), reader.requiredInstant("end")}};
    const Result<void> done = reader.finish();
    return done ? Result<BillingPeriod>(period) : done.error();
}

Result<UsageRange> usageFrom(const JsonValue& object, const std::string& path)
{
    ObjectReader reader(object, path);
    UsageRange usage{.range = {reader.requiredInstant("start"), reader.requiredInstant("end")},
                     .after = SettleNumber(reader.requiredInteger("after")),
                     .upTo = SettleNumber(reader.requiredInteger("up_to"))};
    const Result<void> done = reader.finish();
    return done ? Result<UsageRange>(usage) : done.error();
}

RatedLine ratedFrom(ObjectReader& reader, Currency currency)
{
    RatedLine rated{.kind = readName<LineKind>(reader, "kind", lineKindNames),
                    .chargeCode = reader.requiredString("charge"),
                    .description = reader.requiredString("description"),
                    .dimensionKey = reader.requiredString("dimension_key"),
                    .unit = reader.requiredString("unit"),
                    .quantity = readDecimal(reader, "quantity"),
                    .unitPrice = readDecimal(reader, "unit_price"),
                    .unitDivisor = readDecimal(reader, "unit_divisor"),
                    .stepFrom = readDecimal(reader, "step_from"),
                    .amount = readMoney(reader, "amount", currency)};
    if (const auto meter = optionalText(reader, "meter"))
        rated.meter = MeterCode(*meter);
    if (const auto upTo = optionalText(reader, "step_up_to"))
        rated.stepUpTo = readDecimal(reader, "step_up_to", *upTo);
    return rated;
}

Result<InvoiceLine> lineFrom(const JsonValue& object, const std::string& path, Currency currency)
{
    ObjectReader reader(object, path);
    InvoiceLine line{.number = readInt(reader, "number"),
                     .rated = ratedFrom(reader, currency),
                     .serviceFrom = reader.requiredDate("service_from"),
                     .serviceEnd = reader.requiredDate("service_end"),
                     .taxCategory = readTaxCategory(reader, "tax_category")};
    const JsonValue* usage = reader.optionalObject("usage");
    if (const Result<void> done = reader.finish(); !done)
        return done.error();
    if (usage) {
        Result<UsageRange> range = usageFrom(*usage, reader.pathOf("usage"));
        if (!range)
            return range.error();
        line.usage = *range;
    }
    return line;
}

Result<UnbilledUsage> unbilledFrom(const JsonValue& object, const std::string& path, Currency)
{
    ObjectReader reader(object, path);
    UnbilledUsage unbilled{.meter = MeterCode(reader.requiredString("meter")),
                           .dimensionKey = reader.requiredString("dimension_key"),
                           .quantity = readDecimal(reader, "quantity"),
                           .reason = readName<UnbilledReason>(reader, "reason", unbilledReasonNames)};
    const Result<void> done = reader.finish();
    return done ? Result<UnbilledUsage>(std::move(unbilled)) : done.error();
}

Result<TaxLine> taxFrom(const JsonValue& object, const std::string& path, Currency currency)
{
    ObjectReader reader(object, path);
    TaxLine tax{.category = readTaxCategory(reader, "category"),
                .name = reader.requiredString("name"),
                .rate = readDecimal(reader, "rate"),
                .base = readMoney(reader, "base", currency),
                .tax = readMoney(reader, "tax", currency),
                .note = reader.requiredString("note")};
    const Result<void> done = reader.finish();
    return done ? Result<TaxLine>(std::move(tax)) : done.error();
}

template <class T>
using ItemDecoder = Result<T> (*)(const JsonValue&, const std::string& path, Currency);

template <class T>
Result<void> readItems(std::vector<T>& items, const JsonValue& array, std::string_view name,
                       ItemDecoder<T> decode, Currency currency)
{
    items.reserve(array.items().size());
    for (const JsonValue& object : array.items()) {
        const std::string path = std::string(name) + '[' + std::to_string(items.size()) + ']';
        if (object.kind() != JsonKind::Object)
            return Error{ErrorCode::WrongType, path, "expected an object"};
        Result<T> item = decode(object, path, currency);
        if (!item)
            return item.error();
        items.push_back(std::move(*item));
    }
    return {};
}

/// The members of the top object that hold others, to be read once the top object itself is accepted.
struct Parts
{
    const JsonValue* period;
    const JsonValue* seller;
    const JsonValue* buyer;
    const JsonValue* bank;
    const JsonValue* lines;
    const JsonValue* unbilled;
    const JsonValue* taxes;
};

Parts partsOf(ObjectReader& reader)
{
    return {.period = reader.requiredObject("period"),
            .seller = reader.requiredObject("seller"),
            .buyer = reader.requiredObject("buyer"),
            .bank = reader.requiredObject("bank"),
            .lines = reader.requiredArray("lines"),
            .unbilled = reader.requiredArray("unbilled"),
            .taxes = reader.requiredArray("taxes")};
}

template <class T>
Result<void> assign(T& target, Result<T> decoded)
{
    if (!decoded)
        return decoded.error();
    target = std::move(*decoded);
    return {};
}

Result<void> readParts(Invoice& invoice, const Parts& parts)
{
    const Currency currency = invoice.currency;
    Result<void> done = assign(invoice.period, periodFrom(*parts.period, "period"));
    if (done)
        done = assign(invoice.seller, partyFrom(*parts.seller, "seller"));
    if (done)
        done = assign(invoice.buyer, partyFrom(*parts.buyer, "buyer"));
    if (done)
        done = assign(invoice.bank, bankFrom(*parts.bank, "bank"));
    if (done)
        done = readItems<InvoiceLine>(invoice.lines, *parts.lines, "lines", lineFrom, currency);
    if (done)
        done =
            readItems<UnbilledUsage>(invoice.unbilled, *parts.unbilled, "unbilled", unbilledFrom, currency);
    if (done)
        done = readItems<TaxLine>(invoice.taxes, *parts.taxes, "taxes", taxFrom, currency);
    return done;
}

template <class T>
T orRefuse(ObjectReader& reader, std::string_view field, Result<T> parsed, T otherwise)
{
    if (!parsed)
        reader.refuse(parsed.error().code, field);
    return parsed.value_or(otherwise);
}

Invoice headFrom(ObjectReader& reader, Currency currency)
{
    const LocalDate anyDay = LocalDate::fromDaysSinceEpoch(0);
    Invoice invoice{.id = InvoiceId(reader.requiredString("invoice_id")),
                    .tenant = TenantId(reader.requiredString("tenant_id")),
                    .subscription = SubscriptionId(reader.requiredString("subscription_id")),
                    .status = orRefuse(reader, "status", parseInvoiceStatus(reader.requiredString("status")),
                                       InvoiceStatus::Draft),
                    .number = optionalText(reader, "number"),
                    .issueDate = reader.optionalDate("issue_date"),
                    .dueDate = reader.optionalDate("due_date"),
                    .period = {anyDay, anyDay, {Instant::fromMicros(0), Instant::fromMicros(0)}},
                    .timeZone = reader.requiredString("time_zone"),
                    .currency = currency,
                    .plan = PlanCode(reader.requiredString("plan")),
                    .planVersion = readInt(reader, "plan_version"),
                    .planName = reader.requiredString("plan_name"),
                    .tier = orRefuse(reader, "tier", parseTier(reader.requiredString("tier")), Tier::Zero),
                    .locale = reader.requiredString("locale"),
                    .netDays = readInt(reader, "net_days"),
                    .taxRounding = readName<TaxRounding>(reader, "tax_rounding", taxRoundingNames),
                    .net = readMoney(reader, "net", currency),
                    .tax = readMoney(reader, "tax", currency),
                    .total = readMoney(reader, "total", currency),
                    .templateVersion = readInt(reader, "template_version"),
                    .usageDigest = reader.requiredString("usage_digest")};
    reader.requiredArray("notes");
    invoice.notes = reader.optionalStrings("notes");
    return invoice;
}

Json headToJson(const Invoice& invoice)
{
    return Json{{"schema", invoiceSchema},
                {"invoice_id", invoice.id.text()},
                {"tenant_id", invoice.tenant.text()},
                {"subscription_id", invoice.subscription.text()},
                {"status", wireName(invoice.status)},
                {"number", textOrNull(invoice.number)},
                {"issue_date", dateOrNull(invoice.issueDate)},
                {"due_date", dateOrNull(invoice.dueDate)},
                {"period", toJson(invoice.period)},
                {"time_zone", invoice.timeZone},
                {"currency", invoice.currency.code()},
                {"net", invoice.net.toText()},
                {"tax", invoice.tax.toText()},
                {"total", invoice.total.toText()},
                {"plan", invoice.plan.text()},
                {"plan_version", invoice.planVersion},
                {"plan_name", invoice.planName},
                {"tier", wireName(invoice.tier)},
                {"locale", invoice.locale},
                {"net_days", invoice.netDays},
                {"tax_rounding", nameOf(taxRoundingNames, invoice.taxRounding)},
                {"template_version", invoice.templateVersion},
                {"usage_digest", invoice.usageDigest}};
}

} // namespace

std::string encodeInvoice(const Invoice& invoice)
{
    Json json = headToJson(invoice);
    json["notes"] = invoice.notes;
    json["seller"] = toJson(invoice.seller);
    json["buyer"] = toJson(invoice.buyer);
    json["bank"] = toJson(invoice.bank);
    json["lines"] = toJsonArray(invoice.lines);
    json["unbilled"] = toJsonArray(invoice.unbilled);
    json["taxes"] = toJsonArray(invoice.taxes);
    try {
        return json.dump();
    } catch (const Json::exception&) {
        assertionFailed("texts of an invoice are valid UTF-8", __FILE__, __LINE__);
    }
}

Result<Invoice> decodeInvoice(std::string_view json)
{
    const Result<JsonDocument> document = JsonDocument::parse(json);
    if (!document)
        return document.error();
    ObjectReader reader(document->root());
    if (reader.requiredInteger("schema") != invoiceSchema)
        reader.refuse(ErrorCode::InvalidValue, "schema", "not a schema this version reads");
    const Result<Currency> currency = Currency::parse(reader.requiredString("currency"));
    if (!currency) {
        reader.refuse(currency.error().code, "currency");
        return reader.finish().error();
    }
    Invoice invoice = headFrom(reader, *currency);
    const Parts parts = partsOf(reader);
    if (const Result<void> done = reader.finish(); !done)
        return done.error();
    if (const Result<void> done = readParts(invoice, parts); !done)
        return done.error();
    return invoice;
}

} // namespace billing::wire
