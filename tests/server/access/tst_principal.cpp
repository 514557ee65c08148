// Goal: who may do what, spelt out. Method: the whole matrix of roles and scopes, and the scope list's
// grammar.
#include "server/access/base64url.h"
#include "server/access/principal.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::access;

class TestPrincipal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesScopeLists();
    void readsScopeLists();
    void allowsByRole();
    void decodesCanonicalBase64UrlOnly();
};

void TestPrincipal::refusesScopeLists()
{
    for (const char* text :
         {"", " ", "billing:all", "billing:read ", " billing:read", "billing:read  billing:write",
          "billing:read billing:read", "Billing:read", "billing:read,billing:write"})
        QVERIFY2(!parseScopes(text), text);
}

void TestPrincipal::readsScopeLists()
{
    const auto scopes = parseScopes("billing:backfill billing:read");
    QVERIFY(scopes);
    QCOMPARE(toText(*scopes), std::string("billing:read billing:backfill"));
    QVERIFY(!scopes->contains(Scope::BillingWrite));
}

void TestPrincipal::allowsByRole()
{
    const auto rights = [](std::optional<Role> role) {
        Principal principal;
        principal.role = role;
        std::string text;
        for (const auto& [scope, letter] :
             {std::pair{Scope::BillingRead, 'r'}, std::pair{Scope::BillingWrite, 'w'},
              std::pair{Scope::BillingBackfill, 'b'}}) {
            if (principal.allows(scope))
                text += letter;
        }
        return text;
    };
    QCOMPARE(rights(std::nullopt), std::string());
    QCOMPARE(rights(parseRole("admin")), std::string("rw"));
    QCOMPARE(rights(parseRole("finance")), std::string("rw"));
    QCOMPARE(rights(parseRole("accountant")), std::string("r"));
    QCOMPARE(rights(parseRole("auditor")), std::string("r"));
    QVERIFY(!parseRole("Admin") && !parseRole(""));
    QCOMPARE(toText(Role::Auditor), std::string_view("auditor"));
}

void TestPrincipal::decodesCanonicalBase64UrlOnly()
{
    for (const char* text : {"A", "AA=", "AB", "A+", "A/", "AAB", "AAAAA", "A A"})
        QVERIFY2(!fromBase64Url(text), text);
    const std::string all = "\x00\x10\x83\xFF\xFE";
    for (std::size_t length = 0; length <= 5; ++length) {
        const std::string bytes(all.data(), length);
        const std::span view(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
        QVERIFY(fromBase64Url(toBase64Url(view)) == bytes);
    }
    QVERIFY(fromBase64Url("_-8") == std::string("\xFF\xEF"));
}

QTEST_APPLESS_MAIN(TestPrincipal)
#include "tst_principal.moc"
