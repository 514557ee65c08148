// A profile that could not be printed, taxed or sent to is refused by its field; what is right passes in one
// form.
#include "server/tenants/check_profile.h"

#include "tests/support/printing.h"

#include <QTest>

using namespace billing;

class TestCheckProfile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isRefused_data();
    void isRefused();
    void passes_data();
    void passes();
    void hasOneForm();
};

namespace {

using Change = std::function<void(Tenant&)>;

Tenant asked()
{
    Tenant tenant{TenantId("nova"), "Nova Kft", "HU", *Currency::parse("EUR"), "Europe/Budapest", "hu-HU"};
    tenant.address = {"Fo utca 1", "", "Budapest", "", "1011"};
    tenant.taxIds = {"HU12892312"};
    tenant.email = "accounts@nova.example";
    return tenant;
}

Change named(std::string name)
{
    return [=](Tenant& tenant) { tenant.legalName = name; };
}

Change with(std::string Tenant::*field, std::string text)
{
    return [=](Tenant& tenant) { tenant.*field = text; };
}

Change at(std::string Address::*field, std::string text)
{
    return [=](Tenant& tenant) { tenant.address.*field = text; };
}

Change identified(std::vector<std::string> ids)
{
    return [=](Tenant& tenant) { tenant.taxIds = ids; };
}

} // namespace

void TestCheckProfile::isRefused_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<std::string>("refusal");
    const auto row = [](const char* name, Change change, const char* refusal) {
        QTest::newRow(name) << change << std::string(refusal);
    };
    row("no name", named(""), "missing_field legal_name");
    row("name of spaces", named("   "), "missing_field legal_name");
    row("name of an ideographic space", named("\xE3\x80\x80"), "missing_field legal_name");
    row("name of a mark", named("\xE2\x80\x8F"), "invalid_value legal_name");
    row("name of a zero width space", named("\xE2\x80\x8B"), "invalid_character legal_name");
    row("name turned round",
        named("Nova \xE2\x80\xAE"
              "tfK"),
        "invalid_character legal_name");
    row("name in an isolate",
        named("\xE2\x81\xA6"
              "Nova\xE2\x81\xA9"),
        "invalid_character legal_name");
    row("name with a control character", named("No\x07va"), "invalid_character legal_name");
    row("name on two lines", named("Nova\nKft"), "invalid_character legal_name");
    row("name with a private character", named("Nova \xEE\x80\x80"), "invalid_character legal_name");
    row("country in words", with(&Tenant::country, "Hungary"), "invalid_country country");
    row("no such country", with(&Tenant::country, "XX"), "invalid_country country");
    row("Northern Ireland", with(&Tenant::country, "XI"), "invalid_country country");
    row("country in small letters", with(&Tenant::country, "hu"), "invalid_country country");
    row("zone", with(&Tenant::timeZone, "Europe/Atlantis"), "unknown_time_zone time_zone");
    row("locale", with(&Tenant::locale, "x"), "invalid_locale locale");
    row("street turned round",
        at(&Address::line1, "\xE2\x80\xAE"
                            "1 actu oF"),
        "invalid_character address.line1");
    row("floor on two lines",
        at(&Address::line2, "a\xE2\x80\xA8"
                            "b"),
        "invalid_character address.line2");
    row("city with a filler", at(&Address::city, "Buda\xC2\xADpest"), "invalid_character address.city");
    row("region with a tab", at(&Address::region, "a\tb"), "invalid_character address.region");
    row("postal code with a tag", at(&Address::postalCode, "1011\xF3\xA0\x81\x81"),
        "invalid_character address.postal_code");
    row("card in the city", at(&Address::city, "4111 1111 1111 1111"), "card_data_refused address.city");
    row("e-mail without a host", with(&Tenant::email, "accounts"), "invalid_value email");
    row("two e-mails", with(&Tenant::email, "a@b.example,c@d.example"), "invalid_value email");
    row("e-mail with a header", with(&Tenant::email, "a@b.example\nBcc: c@d.example"),
        "invalid_character email");
    for (const char* none : {"n/a", "-", "none", "0", "\xC2\xA0", "x"})
        row((std::string("tax id ") + none).c_str(), identified({none}), "invalid_tax_id tax_ids[0]");
    row("tax id that cannot be seen", identified({"\xE2\x80\x8B"}), "invalid_character tax_ids[0]");
    row("tax id too short", identified({"HU1289231"}), "invalid_tax_id tax_ids[0]");
    row("tax id with wrong check digits", identified({"HU12892312", "HU12892313"}),
        "invalid_tax_id tax_ids[1]");
    row("tax id twice", identified({"HU12892312", "HU-12892312"}), "invalid_tax_id tax_ids[1]");
    row("tax id of 250 characters", identified({std::string(250, '7')}), "too_long tax_ids[0]");
    row("eleven tax ids", identified(std::vector<std::string>(11, "12-3456789")), "too_many_items tax_ids");
}

void TestCheckProfile::isRefused()
{
    QFETCH(const Change, change);
    QFETCH(const std::string, refusal);
    Tenant tenant = asked();
    change(tenant);
    const auto checked = checkedProfile(tenant);
    QVERIFY(!checked);
    QCOMPARE(std::string(wireName(checked.error().code)) + " " + checked.error().subject, refusal);
}

void TestCheckProfile::passes_data()
{
    QTest::addColumn<Change>("change");
    const auto row = [](const char* name, Change change) { QTest::newRow(name) << change; };
    row("as it is", [](Tenant&) {});
    row("a Japanese name", named("株式会社テスト"));
    row("an Arabic name", named("شركة الاختبار"));
    row("a Hebrew name with a mark", named("חברת בדיקה (2020)\xE2\x80\x8F"));
    row("a name with an emoji", named("Rocket 🚀 Ltd"));
    row("no e-mail, no tax id, no address", [](Tenant& tenant) {
        tenant.email.clear();
        tenant.taxIds.clear();
        tenant.address = {};
    });
    row("a tax number of its own", identified({"12345678-2-41"}));
    row("ten tax ids", [](Tenant& tenant) {
        tenant.taxIds.clear();
        for (int id = 0; id < 10; ++id)
            tenant.taxIds.push_back("12-345678" + std::to_string(id));
    });
}

void TestCheckProfile::passes()
{
    QFETCH(const Change, change);
    Tenant tenant = asked();
    change(tenant);
    const auto checked = checkedProfile(tenant);
    QVERIFY2(checked, checked ? "" : toText(checked.error()).c_str());
    QVERIFY(*checked == tenant);
}

void TestCheckProfile::hasOneForm()
{
    Tenant tenant = asked();
    tenant.legalName = "\xE3\x80\x80Nova Kft ";
    tenant.country = "EL";
    tenant.address.city = " Athens";
    tenant.email = " accounts@nova.example ";
    tenant.taxIds = {"gr 094 259 216", " 12-3456789 "};
    const Tenant checked = checkedProfile(tenant).value();
    QCOMPARE(checked.legalName, std::string("Nova Kft"));
    QCOMPARE(checked.country, std::string("GR"));
    QCOMPARE(checked.address.city, std::string("Athens"));
    QCOMPARE(checked.email, std::string("accounts@nova.example"));
    QCOMPARE(checked.taxIds, (std::vector<std::string>{"EL094259216", "12-3456789"}));
    QVERIFY(checkedProfile(checked).value() == checked);
}

QTEST_APPLESS_MAIN(TestCheckProfile)
#include "tst_check_profile.moc"
