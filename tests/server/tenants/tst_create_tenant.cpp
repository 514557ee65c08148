// What a tenant is refused for, in order; what is stored is what was asked for, with its audit entry.
#include "server/storage/audit_entries.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

namespace {

Tenant asked()
{
    Tenant tenant{TenantId("nova"), "Nova Kft", "HU", *Currency::parse("EUR"), "Europe/Budapest", "hu-HU"};
    tenant.address = {"Fo utca 1", "", "Budapest", "", "1011"};
    tenant.taxIds = {"HU12892312"};
    tenant.email = "accounts@nova.example";
    return tenant;
}

using Change = std::function<void(Tenant&)>;

} // namespace

class TestCreateTenant : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isRefused_data();
    void isRefused();
    void locales_data();
    void locales();
    void isRefusedTwice();
    void isStoredAndAudited();
};

void TestCreateTenant::isRefused_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<std::string>("refusal");
    const auto row = [](const char* name, Change change, const char* refusal) {
        QTest::newRow(name) << change << std::string(refusal);
    };
    const std::string card = "4111 1111 1111 1111";
    row(
        "no name goes first",
        [](Tenant& t) {
            t.legalName.clear();
            t.country = "x";
        },
        "missing_field legal_name");
    row(
        "country before zone",
        [](Tenant& t) {
            t.country = "hu";
            t.timeZone = "x";
        },
        "invalid_country country");
    row(
        "country of three letters", [](Tenant& t) { t.country = "HUN"; }, "invalid_country country");
    row(
        "zone before locale",
        [](Tenant& t) {
            t.timeZone = "Europe/Atlantis";
            t.locale = "";
        },
        "unknown_time_zone time_zone");
    row(
        "locale before card",
        [=](Tenant& t) {
            t.locale = "x";
            t.legalName = card;
        },
        "invalid_locale locale");
    row(
        "card in the name", [=](Tenant& t) { t.legalName = card; }, "card_data_refused legal_name");
    row(
        "card in the address", [=](Tenant& t) { t.address.line2 = card; }, "card_data_refused address.line2");
    row(
        "card in the e-mail", [](Tenant& t) { t.email = "4111111111111111@x"; }, "card_data_refused email");
}

void TestCreateTenant::isRefused()
{
    QFETCH(const Change, change);
    QFETCH(const std::string, refusal);
    BillingWorld world;
    Tenant tenant = asked();
    change(tenant);
    QCOMPARE(BillingWorld::said(createTenant(world.tenantPorts(), tenant, "user:anna")), refusal);
}

void TestCreateTenant::locales_data()
{
    QTest::addColumn<std::string>("locale");
    QTest::addColumn<std::string>("answer");
    const auto row = [](const char* locale, const char* answer) {
        QTest::newRow(locale) << std::string(locale) << std::string(answer);
    };
    for (const char* wrong : {"", "e", "english", "en_US", "en-", "en-us", "en-USA", "12", "en-US-"})
        row(wrong, "invalid_locale locale");
    for (const char* right : {"en", "en-US", "zh-Hans-CN", "fil-PH"})
        row(right, "ok");
}

void TestCreateTenant::locales()
{
    QFETCH(const std::string, locale);
    QFETCH(const std::string, answer);
    BillingWorld world;
    Tenant tenant = asked();
    tenant.locale = locale;
    QCOMPARE(BillingWorld::said(createTenant(world.tenantPorts(), tenant, "user:anna")), answer);
}

void TestCreateTenant::isRefusedTwice()
{
    BillingWorld world;
    QVERIFY(createTenant(world.tenantPorts(), asked(), "user:anna"));
    QCOMPARE(createTenant(world.tenantPorts(), asked(), "user:anna").error().code, ErrorCode::AlreadyExists);
}

void TestCreateTenant::isStoredAndAudited()
{
    BillingWorld world;
    const Tenant made = createTenant(world.tenantPorts(), asked(), "user:anna").value();
    Tenant expected = asked();
    expected.createdAt = world.clock.now();
    QVERIFY(made == expected);
    const auto entries = readValue(world.storage(), Scope::tenant(made.id),
                                   [](Work& work) { return storage::auditEntries(work, "nova", 0, 9); });
    QCOMPARE(entries->size(), std::size_t{1});
    QCOMPARE((*entries)[0].actor + " " + (*entries)[0].action + " " + (*entries)[0].object,
             std::string("user:anna create tenant:nova"));
}

QTEST_GUILESS_MAIN(TestCreateTenant)
#include "tst_create_tenant.moc"
