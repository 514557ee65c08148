#include "console/app/sample_records.h"

#include <array>

namespace billing::console {

namespace {

struct Cast
{
    const char* id;
    const char* name;
    const char* country;
    const char* currency;
    const char* zone;
    const char* locale;
    Tier tier;
    const char* plan;
    const char* fee;
};

constexpr std::array<Cast, 6> usualCast{
    {{"harbor-robotics", "Harbor Robotics, Inc.", "US", "USD", "America/Los_Angeles", "en-US",
      Tier::Enterprise, "Enterprise", "2500"},
     {"fjordlicht", "Fjordlicht Energie GmbH", "DE", "EUR", "Europe/Berlin", "de-DE", Tier::Lite, "Lite",
      "185"},
     {"atelier-nord", "Atelier Nord SARL", "FR", "EUR", "Europe/Paris", "fr-FR", Tier::Shared, "Shared",
      "27"},
     {"kestrel-labs", "Kestrel Labs Ltd", "GB", "USD", "Europe/London", "en-GB", Tier::Zero, "Zero", "0"},
     {"sierra-norte", "Sierra Norte Logística S.A. de C.V.", "MX", "MXN", "America/Mexico_City", "es-MX",
      Tier::Lite, "Lite", "3600"},
     {"polar-station", "Polar Station Consortium", "US", "USD", "UTC", "en-US", Tier::AirGapped, "Air-gapped",
      "24000"}}};

Currency currencyOf(const char* code)
{
    return *Currency::parse(code);
}

LocalDate date(int month, int day)
{
    const std::string text = std::string("2026-") + (month < 10 ? "0" : "") + std::to_string(month) +
                             (day < 10 ? "-0" : "-") + std::to_string(day);
    return *LocalDate::parse(text);
}

InvoiceLine line(const Invoice& invoice, RatedLine rated)
{
    rated.amount = *Money::charge(rated.quantity, rated.unitPrice, rated.unitDivisor, invoice.currency);
    return {.number = static_cast<int>(invoice.lines.size()) + 1,
            .rated = std::move(rated),
            .serviceFrom = invoice.period.firstDay,
            .serviceEnd = invoice.period.endDay};
}

RatedLine fee(const std::string& plan, const std::string& price)
{
    return {.kind = LineKind::Fee,
            .chargeCode = "fee",
            .description = plan + ", monthly fee",
            .quantity = Decimal::fromInteger(1),
            .unitPrice = *Decimal::parse(price),
            .amount = Money::zero(currencyOf("USD"))};
}

RatedLine tokens(const char* description, std::int64_t quantity, const char* price)
{
    return {.kind = LineKind::Usage,
            .chargeCode = "llm_tokens",
            .description = description,
            .meter = MeterCode("llm_tokens"),
            .unit = "tokens",
            .quantity = Decimal::fromInteger(quantity),
            .unitPrice = *Decimal::parse(price),
            .unitDivisor = Decimal::fromInteger(1000),
            .amount = Money::zero(currencyOf("USD"))};
}

void sumUp(Invoice& invoice, const char* taxName, const char* rate)
{
    for (const InvoiceLine& one : invoice.lines)
        invoice.net = *invoice.net.plus(one.rated.amount);
    const Decimal taxRate = *Decimal::parse(rate);
    invoice.tax = *invoice.net.times(taxRate);
    invoice.total = *invoice.net.plus(invoice.tax);
    invoice.taxes = {{TaxCategory::Standard, taxName, taxRate, invoice.net, invoice.tax, {}}};
}

Tenant tenantOf(const Cast& cast, const std::string& name)
{
    return {.id = TenantId(cast.id),
            .legalName = name,
            .country = cast.country,
            .currency = currencyOf(cast.currency),
            .timeZone = cast.zone,
            .locale = cast.locale,
            .address = {.line1 = "Hafenstraße 12", .city = "Hamburg", .postalCode = "20457"},
            .taxIds = {"DE136695976"},
            .email = "accounts@customer.example",
            .createdAt = *Instant::parse("2026-01-14T09:30:00Z")};
}

struct Wish
{
    Cast cast;
    std::string name;
    int month;
    int serial;
    InvoiceStatus status;
    std::int64_t scale;
};

Invoice invoiceOf(const Wish& wish)
{
    const Currency currency = currencyOf(wish.cast.currency);
    const Money zero = Money::zero(currency);
    const std::string serial = std::to_string(1000000 + wish.serial).substr(1);
    Invoice invoice{
        .id = InvoiceId("inv_sample_" + serial),
        .tenant = TenantId(wish.cast.id),
        .subscription = SubscriptionId("sub_sample"),
        .status = wish.status,
        .period = {date(wish.month, 1),
                   date(wish.month + 1, 1),
                   {Instant::fromMicros(0), Instant::fromMicros(1)}},
        .timeZone = wish.cast.zone,
        .currency = currency,
        .plan = PlanCode("sample"),
        .planName = wish.cast.plan,
        .tier = wish.cast.tier,
        .seller = {.name = "ENIS Systems GmbH",
                   .address = {.line1 = "Torstraße 49", .city = "Berlin", .postalCode = "10119"},
                   .country = "DE",
                   .taxIds = {"DE136695976"},
                   .email = "billing@enis.example"},
        .buyer = {.name = wish.name,
                  .address = {.line1 = "Hafenstraße 12", .city = "Hamburg", .postalCode = "20457"},
                  .country = wish.cast.country},
        .locale = wish.cast.locale,
        .net = zero,
        .tax = zero,
        .total = zero};
    if (wish.status != InvoiceStatus::Draft) {
        invoice.number = "EB-2026-" + serial;
        invoice.issueDate = date(wish.month + 1, 2);
        invoice.dueDate = date(wish.month + 1, 16);
    }
    invoice.lines.push_back(line(invoice, fee(wish.cast.plan, wish.cast.fee)));
    invoice.lines.push_back(
        line(invoice, tokens("LLM tokens, claude, input", 82'697'848 * wish.scale, "0.025")));
    invoice.lines.push_back(
        line(invoice, tokens("LLM tokens, gpt4, output", 30'179'739 * wish.scale, "0.060")));
    sumUp(invoice, "VAT", "0.19");
    return invoice;
}

std::string longName(std::string_view word)
{
    std::string name;
    while (name.size() + word.size() < 300)
        name += word;
    name.resize(300, 'x');
    return name;
}

/// What a name may hold, at worst.
std::string extremeName(std::size_t at)
{
    static const std::array<std::string, 6> names{
        longName("International Consolidated Industries and Partners "),
        longName("Donaudampfschifffahrtselektrizitäten"),
        "<img src=\"https://tracker.example/pixel.png\"><b>Bold & Sons</b>",
        "=HYPERLINK(\"https://evil.example\") Ltd",
        "Ω Ω Ω АО «Северный Полюс»",
        longName("W")};
    return names.at(at);
}

} // namespace

wire::InvoiceSummary summaryOf(const Invoice& invoice)
{
    return {.id = invoice.id,
            .tenant = invoice.tenant,
            .subscription = invoice.subscription,
            .status = invoice.status,
            .number = invoice.number,
            .periodStart = invoice.period.firstDay,
            .periodEnd = invoice.period.endDay,
            .net = invoice.net,
            .tax = invoice.tax,
            .total = invoice.total,
            .issueDate = invoice.issueDate,
            .dueDate = invoice.dueDate,
            .legalName = invoice.buyer.name,
            .tier = invoice.tier};
}

SampleRecords sampleRecords(SampleSize size)
{
    SampleRecords records;
    const bool extreme = size == SampleSize::Extreme;
    int serial = 60;
    for (const int month : {10, 9, 8, 7})
        for (std::size_t at = 0; at < usualCast.size(); ++at) {
            const Cast& cast = usualCast[at];
            const std::string name = extreme ? extremeName(at) : std::string(cast.name);
            InvoiceStatus status = month == 10 ? InvoiceStatus::Draft : InvoiceStatus::Finalised;
            if (month == 9 && at == 2)
                status = InvoiceStatus::Void;
            // Totals of twelve digits before the decimal point.
            const std::int64_t scale = extreme ? 61'000'000 + static_cast<std::int64_t>(at) * 9'000'000 : 1;
            records.invoices.push_back(invoiceOf({cast, name, month, serial--, status, scale}));
            if (month == 10)
                records.tenants.push_back({tenantOf(cast, name), cast.tier});
        }
    for (const Invoice& invoice : records.invoices)
        records.summaries.push_back(summaryOf(invoice));
    return records;
}

} // namespace billing::console
