// Places as VAT law sees them, and whose rates hold there.
#include "server/rating/place_of_supply.h"

#include "tests/support/printing.h"

#include <QTest>

using namespace billing;

class TestPlaceOfSupply : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void places_data();
    void places();
    void ratesOfTheCountryDoNotHoldApartFromIt();
    void onlyTheStandardCategoryIsTaxedElsewhere();
};

void TestPlaceOfSupply::places_data()
{
    QTest::addColumn<std::string>("country");
    QTest::addColumn<std::string>("region");
    QTest::addColumn<std::string>("postalCode");
    QTest::addColumn<std::string>("taxed");
    QTest::addColumn<bool>("union_");
    QTest::addColumn<bool>("apart");
    const auto row = [](const char* country, const char* region, const char* code, const char* taxed,
                        const char* kind) {
        QTest::newRow((std::string(country) + " " + region + " " + code).c_str())
            << std::string(country) << std::string(region) << std::string(code) << std::string(taxed)
            << (std::string(kind) == "union") << (std::string(kind) == "apart");
    };
    row("DE", "", "", "DE", "union");
    row("DE", "BE", "10119", "DE", "union");
    row("DE", "", "78266", "DE", "apart");
    row("DE", "", "27498", "DE", "apart");
    row("DE", "", "78267", "DE", "union");
    row("MC", "", "98000", "FR", "union");
    row("FR", "", "98000", "FR", "union");
    row("FR", "", "75001", "FR", "union");
    row("FR", "", "97400", "FR", "apart");
    row("FR", "", "F-97 110", "FR", "apart");
    row("FR", "Guadeloupe", "", "FR", "apart");
    row("GP", "", "", "GP", "");
    row("ES", "", "28001", "ES", "union");
    row("ES", "", "35001", "ES", "apart");
    row("ES", "", "38 001", "ES", "apart");
    row("ES", "", "51001", "ES", "apart");
    row("ES", "", "52001", "ES", "apart");
    row("ES", "", "3500", "ES", "union");
    row("ES", "ES-CN", "", "ES", "apart");
    row("ES", "CN", "", "ES", "apart");
    row("ES", "Canarias", "", "ES", "apart");
    row("ES", "ISLAS CANARIAS", "", "ES", "apart");
    row("ES", "Melilla", "", "ES", "apart");
    row("ES", "Madrid", "", "ES", "union");
    row("IT", "", "23041", "IT", "apart");
    row("IT", "", "00100", "IT", "union");
    row("FI", "", "22100", "FI", "apart");
    row("FI", "", "00100", "FI", "union");
    row("AX", "", "", "AX", "");
    row("GR", "", "630 86", "GR", "apart");
    row("PT", "PT-30", "9000-001", "PT", "union");
    row("GB", "", "BT1 1AA", "GB", "");
    row("IM", "", "", "GB", "");
    row("JE", "", "", "JE", "");
    row("CH", "", "3500", "CH", "");
    row("US", "CN", "35001", "US", "");
}

void TestPlaceOfSupply::places()
{
    QFETCH(const std::string, country);
    QFETCH(const std::string, region);
    QFETCH(const std::string, postalCode);
    QFETCH(const std::string, taxed);
    QFETCH(const bool, union_);
    QFETCH(const bool, apart);
    const TaxPlace place = taxPlaceOf(country, {"", "", "", region, postalCode});
    QCOMPARE(place.country, taxed);
    QCOMPARE(place.isInUnion, union_);
    QCOMPARE(place.isApart, apart);
}

namespace {

TaxRate rate(const char* country, const char* region, const char* percent,
             TaxCategory category = TaxCategory::Standard)
{
    return {country, region, category, "VAT", *Decimal::parse(percent), *LocalDate::parse("2021-01-01"),
            {},      "note"};
}

std::string rateFor(const Issuer& issuer, const char* country, Address address)
{
    Tenant buyer{TenantId("nova"), "Nova", country, *Currency::parse("EUR"), "Europe/Berlin", "en-DE"};
    buyer.address = std::move(address);
    const TaxRate* found =
        findRate(taxCaseOf(issuer, buyer, LocalDate::parse("2026-10-31").value()), TaxCategory::Standard);
    return found ? found->rate.toText() : "none";
}

Issuer berlin()
{
    Issuer issuer;
    issuer.party.country = "DE";
    issuer.taxRates = {rate("DE", "", "0.19"), rate("ES", "", "0.21"), rate("ES", "Canarias", "0.07"),
                       rate("FR", "", "0.20"), rate("US", "NY", "0.08")};
    return issuer;
}

} // namespace

void TestPlaceOfSupply::ratesOfTheCountryDoNotHoldApartFromIt()
{
    Issuer issuer = berlin();
    QCOMPARE(rateFor(issuer, "ES", {"", "", "", "", "28001"}), std::string("0.21"));
    QCOMPARE(rateFor(issuer, "ES", {"", "", "", "Canarias", "35001"}), std::string("0.07"));
    QCOMPARE(rateFor(issuer, "ES", {"", "", "", "", "35001"}), std::string("none"));
    QCOMPARE(rateFor(issuer, "MC", {}), std::string("0.2"));
    QCOMPARE(rateFor(issuer, "US", {"", "", "", "NY", ""}), std::string("0.08"));
    QCOMPARE(rateFor(issuer, "US", {"", "", "", "CA", ""}), std::string("none"));
    QCOMPARE(rateFor(issuer, "AT", {}), std::string("0.19")); // a consumer, at home
    QCOMPARE(rateFor(issuer, "CH", {}), std::string("none"));
    issuer.taxRates.push_back(rate("MC", "", "0.196"));
    QCOMPARE(rateFor(issuer, "MC", {}), std::string("0.196"));
}

void TestPlaceOfSupply::onlyTheStandardCategoryIsTaxedElsewhere()
{
    Issuer issuer = berlin();
    issuer.taxRates.push_back(rate("AT", "", "0", TaxCategory::ReverseCharge));
    Tenant buyer{TenantId("nova"), "Nova", "AT", *Currency::parse("EUR"), "Europe/Vienna", "de-AT"};
    const LocalDate day = LocalDate::parse("2026-10-31").value();
    QCOMPARE(taxCaseOf(issuer, buyer, day).country, std::string("DE"));
    buyer.taxCategory = TaxCategory::ReverseCharge;
    QCOMPARE(taxCaseOf(issuer, buyer, day).country, std::string("AT"));
    QCOMPARE(findRate(taxCaseOf(issuer, buyer, day), TaxCategory::ReverseCharge)->note, std::string("note"));
}

QTEST_APPLESS_MAIN(TestPlaceOfSupply)
#include "tst_place_of_supply.moc"
