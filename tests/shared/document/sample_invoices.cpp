#include "tests/shared/document/sample_invoices.h"

#include "tests/support/seeded_random.h"

namespace billing::test {

namespace {

Currency currencyOf(std::string_view code)
{
    return *Currency::parse(code);
}

RatedLine rated(std::string_view description, std::string_view unit, std::string_view quantity,
                std::string_view price)
{
    return {.kind = LineKind::Usage,
            .chargeCode = "usage",
            .description = std::string(description),
            .meter = MeterCode("usage"),
            .unit = std::string(unit),
            .quantity = decimal(quantity),
            .unitPrice = decimal(price),
            .amount = Money::zero(currencyOf("USD"))};
}

RatedLine tokens(std::string_view description, std::string_view quantity, std::string_view price)
{
    RatedLine line = rated(description, "tokens", quantity, price);
    line.unitDivisor = decimal("1000");
    return line;
}

RatedLine stepped(RatedLine line, std::string_view from, std::optional<std::string_view> upTo)
{
    line.stepFrom = decimal(from);
    if (upTo)
        line.stepUpTo = decimal(*upTo);
    return line;
}

void addLine(Invoice& invoice, RatedLine line)
{
    line.amount = *Money::charge(line.quantity, line.unitPrice, line.unitDivisor, invoice.currency);
    invoice.lines.push_back({.number = static_cast<int>(invoice.lines.size()) + 1,
                             .rated = std::move(line),
                             .serviceFrom = invoice.period.firstDay,
                             .serviceEnd = invoice.period.endDay});
    if (invoice.lines.back().rated.kind == LineKind::Usage)
        invoice.lines.back().usage = {invoice.period.range, SettleNumber(3), SettleNumber(417)};
}

RatedLine fee(std::string_view price)
{
    RatedLine line = rated("Lite, monthly fee", "", "1", price);
    line.kind = LineKind::Fee;
    line.meter.reset();
    return line;
}

void addUsualLines(Invoice& invoice)
{
    addLine(invoice, fee("199"));
    addLine(invoice, stepped(rated("Agent executions", "executions", "100000", "0"), "0", "100000"));
    addLine(invoice,
            stepped(rated("Agent executions", "executions", "23417", "0.0005"), "100000", std::nullopt));
    addLine(invoice, tokens("LLM tokens, gpt4, input", "22361870", "0.03"));
    addLine(invoice, tokens("LLM tokens, gpt4, output", "4088665", "0.06"));
    addLine(invoice, rated("Storage, hot", "GB-months", "118.402739726027", "0.15"));
    sumUp(invoice);
}

Party seller()
{
    return {.name = "ENIS Systems GmbH",
            .address = {.line1 = "Torstraße 140", .city = "Berlin", .postalCode = "10119"},
            .country = "DE",
            .taxIds = {"DE136695976"},
            .email = "billing@enis.example",
            .registration = "HRB 12345 B, Amtsgericht Charlottenburg"};
}

Invoice emptyInvoice(std::string_view currency, std::string_view locale)
{
    const Currency money = currencyOf(currency);
    return {.id = InvoiceId("inv_01hfz3k2m7q8r9s0t1v2w3x4y5"),
            .tenant = TenantId("azure-conversations"),
            .subscription = SubscriptionId("sub_01hfz3k2m7q8r9s0t1v2w3x4y5"),
            .status = InvoiceStatus::Finalised,
            .number = "EB-2023-000017",
            .issueDate = date("2023-12-01"),
            .dueDate = date("2023-12-15"),
            .period = {date("2023-11-01"),
                       date("2023-12-01"),
                       {*Instant::parse("2023-11-01T00:00:00Z"), *Instant::parse("2023-12-01T00:00:00Z")}},
            .timeZone = "UTC",
            .currency = money,
            .plan = PlanCode("lite"),
            .planVersion = 1,
            .planName = "Lite",
            .tier = Tier::Lite,
            .seller = seller(),
            .bank = {.accountHolder = "ENIS Systems GmbH",
                     .bankName = "Beispielbank Berlin",
                     .iban = "DE89370400440532013000",
                     .bic = "COBADEFFXXX"},
            .locale = std::string(locale),
            .net = Money::zero(money),
            .tax = Money::zero(money),
            .total = Money::zero(money),
            .notes = {"Questions about this invoice? Write to billing@enis.example."},
            .usageDigest = std::string(64, '7')};
}

void setTax(Invoice& invoice, TaxCategory category, std::string_view rate, std::string_view note = {})
{
    const Money zero = Money::zero(invoice.currency);
    invoice.taxes = {{category, "VAT", decimal(rate), zero, zero, std::string(note)}};
    for (InvoiceLine& line : invoice.lines)
        line.taxCategory = category;
}

} // namespace

Decimal decimal(std::string_view text)
{
    return *Decimal::parse(text);
}

LocalDate date(std::string_view text)
{
    return *LocalDate::parse(text);
}

void sumUp(Invoice& invoice)
{
    const Money zero = Money::zero(invoice.currency);
    invoice.net = zero;
    for (const InvoiceLine& line : invoice.lines)
        invoice.net = *invoice.net.plus(line.rated.amount);
    invoice.tax = zero;
    for (TaxLine& tax : invoice.taxes) {
        tax.base = invoice.net;
        tax.tax = *tax.base.times(tax.rate);
        invoice.tax = *invoice.tax.plus(tax.tax);
    }
    invoice.total = *invoice.net.plus(invoice.tax);
}

Invoice liteInvoice()
{
    Invoice invoice = emptyInvoice("USD", "en-US");
    invoice.buyer = {.name = "Azure Conversations, Inc.",
                     .address = {"548 Market Street", "Suite 900", "San Francisco", "CA", "94104"},
                     .country = "US",
                     .taxIds = {"US94-3081234"},
                     .email = "accounts.payable@azure.example"};
    setTax(invoice, TaxCategory::Standard, "0.08625");
    invoice.taxes[0].name = "Sales tax, San Francisco";
    addUsualLines(invoice);
    return invoice;
}

Invoice invoiceWithLines(int count)
{
    Invoice invoice = liteInvoice();
    invoice.lines.clear();
    addLine(invoice, fee("199"));
    while (static_cast<int>(invoice.lines.size()) < count) {
        const std::string number = std::to_string(invoice.lines.size());
        addLine(invoice, tokens("LLM tokens, model " + number + ", input", number + "4321", "0.002"));
    }
    sumUp(invoice);
    return invoice;
}

Invoice invoiceIn(std::string_view currency, std::string_view locale)
{
    Invoice invoice = emptyInvoice(currency, locale);
    invoice.buyer = {.name = "Kanda Robotics K.K.",
                     .address = {.line1 = "1-2-3 Kanda-Sudacho",
                                 .city = "Chiyoda-ku",
                                 .region = "Tokyo",
                                 .postalCode = "101-0041"},
                     .country = "JP"};
    setTax(invoice, TaxCategory::Standard, "0.1");
    addLine(invoice, fee("29000"));
    addLine(invoice, tokens("LLM tokens, claude, input", "1234567", "3.75"));
    addLine(invoice, rated("API requests", "requests", "1000000", "0.0135"));
    sumUp(invoice);
    return invoice;
}

Invoice germanInvoice()
{
    Invoice invoice = emptyInvoice("EUR", "de-DE");
    invoice.buyer = {.name = "Müller & Söhne Maschinenbau GmbH & Co. KG",
                     .address = {.line1 = "Königstraße 12", .city = "Stuttgart", .postalCode = "70173"},
                     .country = "DE",
                     .taxIds = {"DE811569869"}};
    setTax(invoice, TaxCategory::Standard, "0.19");
    addUsualLines(invoice);
    return invoice;
}

Invoice reverseChargeInvoice()
{
    Invoice invoice = emptyInvoice("EUR", "fr-FR");
    invoice.tier = Tier::Enterprise;
    invoice.planName = "Enterprise";
    invoice.buyer = {.name = "Société Générale d’Élevage",
                     .address = {.line1 = "18 rue de l’Œuvre", .city = "Lyon", .postalCode = "69002"},
                     .country = "FR",
                     .taxIds = {"FR40303265045"}};
    setTax(invoice, TaxCategory::ReverseCharge, "0",
           "Reverse charge: the recipient owes the tax (Art. 196 VAT Directive)");
    addUsualLines(invoice);
    return invoice;
}

Invoice draftInvoice()
{
    Invoice invoice = liteInvoice();
    invoice.status = InvoiceStatus::Draft;
    invoice.number.reset();
    invoice.issueDate.reset();
    invoice.dueDate.reset();
    invoice.tier = Tier::Shared;
    invoice.planName = "Shared";
    return invoice;
}

Invoice voidInvoice()
{
    Invoice invoice = germanInvoice();
    invoice.status = InvoiceStatus::Void;
    invoice.tier = Tier::AirGapped;
    invoice.planName = "Air-gapped";
    return invoice;
}

Invoice longTextsInvoice()
{
    Invoice invoice = germanInvoice();
    const std::string longName =
        "Gesellschaft zur Förderung der angewandten Fernmeldetechnik, der künstlichen Intelligenz "
        "und der Datenverarbeitung in den Ländern Mecklenburg-Vorpommern, Schleswig-Holstein und "
        "der Freien und Hansestadt Hamburg mit beschränkter Haftung";
    const std::string word =
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
    invoice.buyer = {
        .name = longName,
        .address = {word + word,
                    "Gebäude 17, Aufgang C, 4. Obergeschoss, Zimmer 4.217, Poststelle Rechnungseingang",
                    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "Mecklenburg-Vorpommern",
                    "19053"},
        .country = "DE",
        .taxIds = {"DE811569869", "DE-EORI-1234567890123"},
        .email = "rechnungseingang.zentrale.buchhaltung@foerderung-der-fernmeldetechnik.example"};
    invoice.planName = word;
    invoice.lines[2].rated.description = longName + ", " + word + word;
    invoice.lines[3].rated.unit = "Verarbeitungseinheiten";
    invoice.lines[4].rated.quantity = decimal("999999999999999.123456789012");
    invoice.lines[4].rated.unitPrice = decimal("0.000000000123");
    invoice.taxes[0].name = longName;
    invoice.bank.bankName = longName;
    invoice.notes.push_back(longName + ' ' + longName + ' ' + word);
    sumUp(invoice);
    return invoice;
}

std::vector<NamedInvoice> namedInvoices()
{
    return {{"lines_1", invoiceWithLines(1)},
            {"lite", liteInvoice()},
            {"lines_20", invoiceWithLines(20)},
            {"lines_47", invoiceWithLines(47)},
            {"lines_300", invoiceWithLines(300)},
            {"german", germanInvoice()},
            {"reverse_charge", reverseChargeInvoice()},
            {"yen", invoiceIn("JPY", "ja-JP")},
            {"dinar", invoiceIn("BHD", "en-US")},
            {"draft", draftInvoice()},
            {"void", voidInvoice()},
            {"long_texts", longTextsInvoice()}};
}

Invoice generatedInvoice(std::uint64_t seed)
{
    static constexpr std::string_view currencies[] = {"USD", "EUR", "MXN", "JPY", "BHD", "CLF"};
    static constexpr std::string_view locales[] = {"en-US", "en-GB", "de-DE", "es-MX", "fr-FR", "ja-JP"};
    SeededRandom random(seed);
    const auto text = [&](std::uint64_t longest) {
        std::string words;
        for (std::uint64_t left = 1 + random.below(longest); left > 0; --left)
            words += random.below(9) == 0 ? std::string(" ")
                                          : std::string(1, static_cast<char>('a' + random.below(26)));
        return words;
    };
    Invoice invoice = emptyInvoice(currencies[random.below(6)], locales[random.below(6)]);
    invoice.tier = static_cast<Tier>(random.below(5));
    invoice.planName = text(40);
    invoice.seller.name = text(250);
    invoice.buyer = {.name = text(250),
                     .address = {text(120), text(120), text(60), text(40), text(12)},
                     .country = random.below(2) == 0 ? "US" : "DE",
                     .taxIds = std::vector<std::string>(random.below(4), "DE811569869")};
    setTax(invoice, TaxCategory::Standard, "0.19");
    for (std::uint64_t left = random.below(120); left > 0; --left) {
        RatedLine line =
            tokens(text(random.below(5) == 0 ? 900 : 60), std::to_string(random.below(1'000'000'000'000)),
                   "0." + std::to_string(1 + random.below(999'999)));
        line.unit = text(30);
        addLine(invoice, random.below(3) == 0 ? stepped(line, "1000", "2000") : line);
    }
    for (std::uint64_t left = random.below(6); left > 0; --left)
        invoice.notes.push_back(text(random.below(4) == 0 ? 4000 : 300));
    sumUp(invoice);
    return invoice;
}

} // namespace billing::test
