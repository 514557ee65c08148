// The decision table of default_tax_category.h, row by row: what a buyer is by default, and what may be said
// of it.
#include "server/invoicing/default_tax_category.h"
#include "server/rating/place_of_supply.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;

class TestDefaultTaxCategory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void table_data();
    void table();
    void consumersByPolicy_data();
    void consumersByPolicy();
    void ratesOfTheDay();
};

namespace {

constexpr auto rates2026 = "2021-01-01";
const Instant now = Instant::parse("2026-11-01T00:00:00Z").value();

TaxRate rate(const char* country, const char* percent, const char* from = rates2026, const char* region = "")
{
    return {country, region, TaxCategory::Standard, "VAT", *Decimal::parse(percent), *LocalDate::parse(from)};
}

/// Where somebody is: a country, with a region or postal code behind a slash.
struct Where
{
    std::string country;
    Address address = {};

    explicit Where(const std::string& text)
        : country(text.substr(0, 2))
    {
        const std::string part = text.size() > 3 ? text.substr(3) : std::string();
        const bool isCode = !part.empty() && part[0] >= '0' && part[0] <= '9';
        (isCode ? address.postalCode : address.region) = part;
    }
};

Issuer issuerIn(const std::string& country)
{
    Issuer issuer;
    issuer.party.country = country;
    issuer.timeZone = "Europe/Berlin";
    issuer.taxRates = {rate("DE", "0.19")};
    if (country == "GB")
        issuer.taxRates = {rate("GB", "0.2")};
    if (country == "US")
        issuer.taxRates.clear();
    return issuer;
}

Tenant buyerIn(const std::string& place, const std::string& taxId)
{
    const Where where(place);
    Tenant tenant{TenantId("nova"), "Nova", where.country, *Currency::parse("EUR"), "Europe/Berlin", "en-DE"};
    tenant.address = where.address;
    if (!taxId.empty())
        tenant.taxIds.push_back(taxId);
    return tenant;
}

std::string said(const Result<TaxCategory>& category)
{
    return std::string(category ? wireName(*category) : wireName(category.error().code));
}

/// Of each category whether it may be said: its name, or "-"; "?" for S without a rate.
std::string sayable(const Issuer& issuer, Tenant buyer)
{
    std::string all;
    for (const TaxCategory category :
         {TaxCategory::Standard, TaxCategory::Zero, TaxCategory::Exempt, TaxCategory::ReverseCharge,
          TaxCategory::Export, TaxCategory::OutOfScope}) {
        buyer.taxCategory = category;
        const auto checked = checkTaxCategory(issuer, buyer, now);
        BILLING_ASSERT(checked || checked.error().subject == "tax_category");
        all += all.empty() ? "" : " ";
        all += checked                                        ? std::string(wireName(category))
               : checked.error().code == ErrorCode::NoTaxRate ? "?"
                                                              : "-";
    }
    return all;
}

} // namespace

void TestDefaultTaxCategory::table_data()
{
    QTest::addColumn<std::string>("seller");
    QTest::addColumn<std::string>("rates"); // countries with a rate beside the seller's own
    QTest::addColumn<std::string>("sellerId");
    QTest::addColumn<std::string>("buyer");
    QTest::addColumn<std::string>("taxId");
    QTest::addColumn<std::string>("category");
    QTest::addColumn<std::string>("sayable");
    struct Seller
    {
        const char* country;
        const char* rates = "";
        const char* id = "";
    };
    const auto row = [](const char* name, Seller seller, const char* buyer, const char* taxId,
                        const char* category, const char* sayable) {
        QTest::newRow(name) << std::string(seller.country) << std::string(seller.rates)
                            << std::string(seller.id) << std::string(buyer) << std::string(taxId)
                            << std::string(category) << std::string(sayable);
    };
    const char* const french = "FR40303265045";
    const char* const german = "DE136695976";
    row("home, consumer", {"DE"}, "DE", "", "S", "S Z E - - -");
    row("home, business", {"DE"}, "DE", german, "S", "S Z E - - -");
    row("home, with an id of another state", {"DE"}, "DE", french, "S", "S Z E - - -");
    row("EU business", {"DE"}, "FR", french, "AE", "S Z E AE - -");
    row("EU business, Greece", {"DE"}, "GR", "EL094259216", "AE", "S Z E AE - -");
    row("EU business, id of a third state", {"DE"}, "FR", "ATU13585627", "AE", "S Z E AE - -");
    row("EU business, rates there for consumers", {"DE", "FR"}, "FR", french, "AE", "S Z E AE - -");
    row("EU business, seller registered there", {"DE", "FR", "FR83404833048"}, "FR", french, "S",
        "S Z E AE - -");
    row("EU business, seller registered there, no rate", {"DE", "", "FR83404833048"}, "FR", french, "AE",
        "S Z E AE - -");
    row("EU consumer", {"DE"}, "FR", "", "S", "S Z E - - -");
    row("EU consumer, rates there", {"DE", "FR"}, "FR", "", "S", "S Z E - - -");
    for (const char* none : {"n/a", "-", "\xC2\xA0", "none", "FR41303265045", "FR123", "12-3456789"})
        row((std::string("EU buyer whose id is none: ") + none).c_str(), {"DE"}, "FR", none, "S",
            "S Z E - - -");
    row("EU buyer with an id of the seller's state", {"DE"}, "FR", german, "S", "S Z E - - -");
    row("EU buyer with a British id", {"DE"}, "FR", "GB980780684", "S", "S Z E - - -");
    row("Monaco, business", {"DE"}, "MC", french, "AE", "S Z E AE - -");
    row("Monaco, consumer", {"DE"}, "MC", "", "S", "S Z E - - -");
    row("Great Britain", {"DE"}, "GB", "", "O", "? Z E - G O");
    row("Great Britain, business", {"DE"}, "GB", "GB980780684", "O", "? Z E - G O");
    row("Northern Ireland, business", {"DE"}, "GB", "XI434031494", "O", "? Z E - G O");
    row("Isle of Man, business", {"DE"}, "IM", "GB980780684", "O", "? Z E - G O");
    row("Great Britain, registered there", {"DE", "GB"}, "GB", "", "S", "S Z E - G O");
    row("Isle of Man, registered in Britain", {"DE", "GB"}, "IM", "", "S", "S Z E - G O");
    row("Switzerland", {"DE"}, "CH", "CHE107787577IVA", "O", "? Z E - G O");
    row("Norway", {"DE"}, "NO", "NO995525828MVA", "O", "? Z E - G O");
    row("the United States", {"DE"}, "US", "12-3456789", "O", "? Z E - G O");
    row("the United States, registered in France", {"DE"}, "US", french, "O", "? Z E AE G O");
    row("Mexico", {"DE"}, "MX", "EKU9003173C9", "O", "? Z E - G O");
    row("Canary Islands, consumer", {"DE"}, "ES/Canarias", "", "O", "? Z E - G O");
    row("Canary Islands, business", {"DE", "ES"}, "ES/35001", "ESB58378431", "O", "? Z E - G O");
    row("mainland Spain", {"DE", "ES"}, "ES/28001", "ESB58378431", "AE", "S Z E AE - -");
    row("mainland Spain, consumer", {"DE", "ES"}, "ES/28001", "", "S", "S Z E - - -");
    row("overseas France", {"DE", "FR"}, "FR/97400", "", "O", "? Z E - G O");
    row("Madeira is in the Union", {"DE"}, "PT/PT-30", "", "S", "S Z E - - -");
    row("seller in Britain, at home", {"GB"}, "GB", "", "S", "S Z E - - O");
    row("seller in Britain, business in Ireland", {"GB"}, "IE", "IE6433435F", "O", "? Z E AE G O");
    row("seller in Britain, consumer in Ireland", {"GB"}, "IE", "", "tax_category_required", "? Z E - G O");
    row("seller in Britain, consumer in Ireland, rates there", {"GB", "IE"}, "IE", "", "S", "S Z E - G O");
    row("seller in Britain, business in Ireland, rates there", {"GB", "IE"}, "IE", "IE6433435F", "AE",
        "S Z E AE G O");
    row("seller in Britain, registered in Ireland", {"GB", "IE", "IE6388047V"}, "IE", "IE6433435F", "S",
        "S Z E AE G O");
    row("seller in the US without rates, at home", {"US"}, "US", "", "O", "? Z E - - O");
    row("seller in the US, business in France", {"US"}, "FR", french, "O", "? Z E AE G O");
    row("seller in the US, Mexico", {"US"}, "MX", "EKU9003173C9", "O", "? Z E - G O");
}

void TestDefaultTaxCategory::table()
{
    QFETCH(const std::string, seller);
    QFETCH(const std::string, rates);
    QFETCH(const std::string, sellerId);
    QFETCH(const std::string, buyer);
    QFETCH(const std::string, taxId);
    QFETCH(const std::string, category);
    QFETCH(const std::string, sayable);
    Issuer issuer = issuerIn(seller);
    if (!rates.empty())
        issuer.taxRates.push_back(rate(rates.c_str(), "0.21"));
    if (!sellerId.empty())
        issuer.party.taxIds.push_back(sellerId);
    const Tenant tenant = buyerIn(buyer, taxId);
    QCOMPARE(said(defaultTaxCategory(issuer, tenant, now)), category);
    QCOMPARE(::sayable(issuer, tenant), sayable);
}

void TestDefaultTaxCategory::consumersByPolicy_data()
{
    QTest::addColumn<int>("policy");
    QTest::addColumn<bool>("hasRate");
    QTest::addColumn<std::string>("category");
    QTest::addColumn<std::string>("rate"); // of category S, or nothing
    const auto row = [](const char* name, EuConsumerTax policy, bool hasRate, const char* category,
                        const char* rate) {
        QTest::newRow(name) << static_cast<int>(policy) << hasRate << std::string(category)
                            << std::string(rate);
    };
    row("automatic, no rate there", EuConsumerTax::Automatic, false, "S", "0.19");
    row("automatic, a rate there", EuConsumerTax::Automatic, true, "S", "0.2");
    row("home rate, no rate there", EuConsumerTax::HomeRate, false, "S", "0.19");
    row("home rate, a rate there", EuConsumerTax::HomeRate, true, "S", "0.19");
    row("one-stop shop, no rate there", EuConsumerTax::OneStopShop, false, "tax_category_required", "");
    row("one-stop shop, a rate there", EuConsumerTax::OneStopShop, true, "S", "0.2");
    row("ask, no rate there", EuConsumerTax::Ask, false, "tax_category_required", "0.19");
    row("ask, a rate there", EuConsumerTax::Ask, true, "tax_category_required", "0.2");
}

void TestDefaultTaxCategory::consumersByPolicy()
{
    QFETCH(const int, policy);
    QFETCH(const bool, hasRate);
    QFETCH(const std::string, category);
    QFETCH(const std::string, rate);
    Issuer issuer = issuerIn("DE");
    issuer.euConsumers = static_cast<EuConsumerTax>(policy);
    if (hasRate)
        issuer.taxRates.push_back(::rate("FR", "0.20"));
    const Tenant consumer = buyerIn("FR", "");
    QCOMPARE(said(defaultTaxCategory(issuer, consumer, now)), category);
    // What an invoice finds at its tax date is the same decision.
    const TaxRate* found = findRate(standardCase(issuer, consumer, LocalDate::parse("2026-10-31").value()),
                                    TaxCategory::Standard);
    QCOMPARE(found ? found->rate.toText() : std::string(), rate);
    const auto standard =
        checkTaxCategory(issuer, consumer, now); // a tenant is S unless it is told otherwise
    QCOMPARE(standard.has_value(), !rate.empty());
    // Nobody at home and no business is asked anything.
    QCOMPARE(said(defaultTaxCategory(issuer, buyerIn("DE", ""), now)), std::string("S"));
    QCOMPARE(said(defaultTaxCategory(issuer, buyerIn("FR", "FR40303265045"), now)), std::string("AE"));
}

void TestDefaultTaxCategory::ratesOfTheDay()
{
    Issuer issuer = issuerIn("DE");
    const Tenant home = buyerIn("DE", "");
    const auto on = [&](const char* instant) {
        return said(defaultTaxCategory(issuer, home, Instant::parse(instant).value()));
    };
    // The issuer's day, in Berlin.
    QCOMPARE(on("2020-12-31T22:59:59Z"), std::string("tax_category_required"));
    QCOMPARE(on("2020-12-31T23:00:00Z"), std::string("S"));
    // S may be said before its rate begins, and not once none will hold any more.
    QVERIFY(checkTaxCategory(issuer, home, Instant::parse("2020-01-01T00:00:00Z").value()));
    issuer.taxRates[0].validUntil = LocalDate::parse("2026-01-01").value();
    QCOMPARE(checkTaxCategory(issuer, home, now).error().code, ErrorCode::NoTaxRate);
    // The one-stop shop begins on a day: before it, the home rate.
    issuer = issuerIn("DE");
    issuer.taxRates.push_back(rate("FR", "0.20", "2026-11-01"));
    const auto rateOn = [&](const char* day) {
        return findRate(standardCase(issuer, buyerIn("FR", ""), LocalDate::parse(day).value()),
                        TaxCategory::Standard)
            ->rate.toText();
    };
    QCOMPARE(rateOn("2026-10-31"), std::string("0.19"));
    QCOMPARE(rateOn("2026-11-01"), std::string("0.2"));
}

QTEST_APPLESS_MAIN(TestDefaultTaxCategory)
#include "tst_default_tax_category.moc"
