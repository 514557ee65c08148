// Which tax category a buyer has who did not say.
#include "server/invoicing/default_tax_category.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

class TestDefaultTaxCategory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void categories_data();
    void categories();
};

void TestDefaultTaxCategory::categories_data()
{
    QTest::addColumn<std::string>("seller");
    QTest::addColumn<std::string>("buyer");
    QTest::addColumn<std::string>("taxId");
    QTest::addColumn<std::string>("now");
    QTest::addColumn<std::string>("category");
    const auto row = [](const char* name, const char* seller, const char* buyer, const char* taxId,
                        const char* category, const char* now = "2023-11-01T00:00:00Z") {
        QTest::newRow(name) << std::string(seller) << std::string(buyer) << std::string(taxId)
                            << std::string(now) << std::string(category);
    };
    row("home", "DE", "DE", "", "S");
    row("home with id", "DE", "DE", "DE136695976", "S");
    row("home before registration", "DE", "DE", "DE136695976", "O", "2020-12-31T22:59:59Z");
    row("home at registration, Berlin time", "DE", "DE", "", "S", "2020-12-31T23:00:00Z");
    row("EU business", "DE", "FR", "FR40303265045", "AE");
    row("Greece is GR", "DE", "GR", "EL094259216", "AE");
    row("EU consumer, not registered there", "DE", "FR", "", "O");
    row("outside the EU", "DE", "MX", "EKU9003173C9", "O");
    row("Great Britain has left", "DE", "GB", "GB999999973", "O");
    row("seller outside the EU", "US", "FR", "FR40303265045", "O");
    row("seller abroad, registered in Germany", "US", "DE", "", "S");
}

void TestDefaultTaxCategory::categories()
{
    QFETCH(const std::string, seller);
    QFETCH(const std::string, buyer);
    QFETCH(const std::string, taxId);
    QFETCH(const std::string, now);
    QFETCH(const std::string, category);
    BillingWorld world;
    world.issuer.party.country = seller;
    Tenant tenant{TenantId("nova"), "Nova", buyer, *Currency::parse("EUR"), "Europe/Berlin", "en-DE"};
    if (!taxId.empty())
        tenant.taxIds.push_back(taxId);
    const auto found = defaultTaxCategory(world.issuer, tenant, Instant::parse(now).value());
    QCOMPARE(std::string(wireName(found)), category);
}

QTEST_GUILESS_MAIN(TestDefaultTaxCategory)
#include "tst_default_tax_category.moc"
