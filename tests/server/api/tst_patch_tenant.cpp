// PATCH /tenants/{id}: a merge patch by who has seen the state it changes; what it makes is judged like a new
// tenant. Tests: tenants.cpp
#include "tests/server/api/api_fixture.h"

#include "server/api/error_status.h"
#include "server/storage/audit_entries.h"

#include <QJsonArray>

using namespace billing;

class TestPatchTenant : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_rooms.reset(); }
    void tagsNameTheStateThatIsShown();
    void needsToHaveSeenTheState_data();
    void needsToHaveSeenTheState();
    void merges_data();
    void merges();
    void refuses_data();
    void refuses();
    void refusesWhoMayNot();
    void theCategoryIsJudgedAnew();
    void currencyStaysUnderASubscriptionWhoseTierIsShown();
    void aRepeatUnderItsKeyGetsTheFirstAnswer();
    void ofTwoWithOneTagOneWins();

private:
    std::unique_ptr<test::ApiFixture> m_rooms; ///< of the tables, whose rows leave acme as it was
};

namespace {

api::Call patch(const test::ApiFixture& rooms, const std::string& body, const std::string& tag,
                const std::string& id = "acme")
{
    api::Call call = rooms.post(body, {id});
    call.request.method = "PATCH";
    if (!tag.empty())
        call.request.headers.add("If-Match", tag);
    return call;
}

std::string tagNow(const test::ApiFixture& rooms, const std::string& id = "acme")
{
    return test::headerOf(*api::getTenant(rooms.services, rooms.get({id})), "ETag").value_or("none");
}

const std::string asItWas =
    R"({"legal_name":"Acme GmbH","country":"DE","currency":"EUR","time_zone":"Europe/Berlin","locale":"de-DE",)"
    R"("address":{"line1":"Weg 1","line2":"","city":"Berlin","region":"","postal_code":"10115"},)"
    R"("tax_ids":["DE136695976"],"tax_category":"S","email":"a@acme.example"})";

/// A German business in EUR.
void makeAcme(test::ApiFixture& rooms)
{
    const auto made = api::postTenant(
        rooms.services,
        rooms.post(
            R"({"tenant_id":"acme","legal_name":"Acme GmbH","country":"DE","currency":"EUR","time_zone":"Europe/Berlin",)"
            R"("locale":"de-DE","address":{"line1":"Weg 1","city":"Berlin","postal_code":"10115"},)"
            R"("tax_ids":["DE136695976"],"email":"a@acme.example"})"));
    QCOMPARE(test::outcome(made), std::string("201"));
}

std::string patched(test::ApiFixture& rooms, const std::string& body)
{
    return test::outcome(api::patchTenant(rooms.services, patch(rooms, body, tagNow(rooms))));
}

std::string shown(const test::ApiFixture& rooms)
{
    return test::bodyText(*api::getTenant(rooms.services, rooms.get({"acme"})));
}

std::size_t audited(const test::ApiFixture& rooms)
{
    return readValue(rooms.invoicing.storage, Scope::tenant(TenantId("acme")),
                     [](Work& work) { return storage::auditEntries(work, "acme", 0, 99); })
        ->size();
}

} // namespace

void TestPatchTenant::initTestCase()
{
    m_rooms = std::make_unique<test::ApiFixture>();
    makeAcme(*m_rooms);
}

void TestPatchTenant::tagsNameTheStateThatIsShown()
{
    test::ApiFixture rooms;
    makeAcme(rooms);
    const std::string first = tagNow(rooms);
    QCOMPARE(first.size(), std::size_t{66}); // quoted
    QVERIFY(first.starts_with('"') && first.ends_with('"'));
    QCOMPARE(tagNow(rooms), first);
    rooms.subscribe("acme", "lite", "2026-09-01"); // its tier is no part of the profile
    QCOMPARE(tagNow(rooms), first);
    const auto answer = api::patchTenant(rooms.services, patch(rooms, R"({"legal_name":"Acme SE"})", first));
    QCOMPARE(test::outcome(answer), std::string("200"));
    QVERIFY(tagNow(rooms) != first);
    QCOMPARE(test::headerOf(api::taggedTenant(*answer), "ETag").value_or(""), tagNow(rooms));
    QCOMPARE(patched(rooms, R"({"legal_name":"Acme GmbH"})"), std::string("200"));
    QCOMPARE(tagNow(rooms), first);
    // An answer that shows no tenant has no tag.
    QVERIFY(!test::headerOf(api::taggedTenant(api::json(200, R"({"tenants":[]})")), "ETag"));
}

void TestPatchTenant::needsToHaveSeenTheState_data()
{
    QTest::addColumn<std::string>("tag"); // $ is the present one
    QTest::addColumn<std::string>("answer");
    const auto row = [](const char* tag, const char* answer) {
        QTest::newRow(*tag ? tag : "nothing") << std::string(tag) << std::string(answer);
    };
    const char* failed = "412 precondition_failed If-Match";
    row("", "428 precondition_required If-Match");
    row("$", "200");
    row("\"x\", $", "200");
    row("$,\"x\"", "200");
    row("*", "200");
    row("\"x\"", failed);
    row("W/$", failed);
    row("\"\"", failed);
    row("x", failed);
    row(",", failed);
    row("\"", failed);
}

void TestPatchTenant::needsToHaveSeenTheState()
{
    QFETCH(std::string, tag);
    QFETCH(const std::string, answer);
    test::ApiFixture& rooms = *m_rooms;
    if (const auto at = tag.find('$'); at != std::string::npos)
        tag.replace(at, 1, tagNow(rooms));
    const std::string before = shown(rooms);
    const std::size_t entries = audited(rooms);
    const auto done = api::patchTenant(rooms.services, patch(rooms, R"({"email":"b@acme.example"})", tag));
    QCOMPARE(test::outcome(done), answer);
    QCOMPARE(shown(rooms) == before, answer != "200");
    QCOMPARE(audited(rooms) - entries, std::size_t(answer == "200" ? 1 : 0));
    QCOMPARE(patched(rooms, R"({"email":"a@acme.example"})"), std::string("200"));
}

void TestPatchTenant::merges_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    const auto row = [](const char* body, const char* from, const char* to) {
        QTest::newRow(body) << QByteArray(body) << QByteArray(from) << QByteArray(to);
    };
    row("{}", "Acme", "Acme");
    row(R"({"legal_name":"株式会社テスト"})", "Acme GmbH", "株式会社テスト");
    row(R"({"address":{"city":"Hamburg"}})", R"("city":"Berlin")", R"("city":"Hamburg")");
    row(R"({"address":{"line1":null}})", R"("line1":"Weg 1")", R"("line1":"")");
    row(R"({"address":null})",
        R"("line1":"Weg 1","line2":"","city":"Berlin","region":"","postal_code":"10115")",
        R"("line1":"","line2":"","city":"","region":"","postal_code":"")");
    row(R"({"email":null})", R"("email":"a@acme.example")", R"("email":"")");
    row(R"({"tax_ids":null})", R"("tax_ids":["DE136695976"])", R"("tax_ids":[])");
    row(R"({"tax_ids":["DE 811 569 869"]})", R"(["DE136695976"])", R"(["DE811569869"])");
    row(R"({"locale":"en-DE"})", "de-DE", "en-DE");
    row(R"({"currency":"USD","time_zone":"Europe/Paris"})", R"("currency":"EUR","time_zone":"Europe/Berlin")",
        R"("currency":"USD","time_zone":"Europe/Paris")");
    row(R"({"tax_category":"E"})", R"("tax_category":"S")", R"("tax_category":"E")");
    row(R"({"tenant_id":"acme","email":"b@acme.example"})", "a@acme", "b@acme");
}

void TestPatchTenant::merges()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, from);
    QFETCH(const QByteArray, to);
    test::ApiFixture& rooms = *m_rooms;
    const std::string before = shown(rooms);
    const QByteArray expected = QByteArray::fromStdString(shown(rooms)).replace(from, to);
    api::Call call = patch(rooms, body.toStdString(), tagNow(rooms));
    const auto answer = api::patchTenant(rooms.services, call);
    QCOMPARE(test::outcome(answer), std::string("200"));
    QCOMPARE(QByteArray::fromStdString(test::bodyText(*answer)), expected);
    QCOMPARE(QByteArray::fromStdString(shown(rooms)), expected);
    QCOMPARE(patched(rooms, asItWas), std::string("200"));
    QCOMPARE(shown(rooms), before);
}

void TestPatchTenant::refuses_data()
{
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("answer");
    const auto row = [](const char* body, const char* answer) {
        QTest::newRow(body) << std::string(body) << std::string(answer);
    };
    row("{", "400 malformed_json");
    row("[]", "400 wrong_type body");
    row("null", "400 wrong_type body");
    row(R"({"email":"a@b.example","email":"c@d.example"})", "400 duplicate_key email");
    row(R"({"colour":"red"})", "400 unknown_field colour");
    row(R"({"colour":null})", "400 unknown_field colour");
    row(R"({"created_at":"2026-01-01T00:00:00Z"})", "400 unknown_field created_at");
    row(R"({"tier":"lite"})", "400 unknown_field tier");
    row(R"({"address":{"town":null}})", "400 unknown_field address.town");
    row(R"({"legal_name":{"a":1}})", "400 wrong_type legal_name");
    row(R"({"legal_name":null})", "400 missing_field legal_name");
    row(R"({"country":null})", "400 missing_field country");
    row(R"({"tenant_id":null})", "400 missing_field tenant_id");
    row(R"({"tenant_id":"other"})", "422 invalid_value tenant_id");
    row(R"({"legal_name":7})", "400 wrong_type legal_name");
    row(R"({"address":"Weg 1"})", "400 wrong_type address");
    row(R"({"tax_ids":["DE136695976",7]})", "400 wrong_type tax_ids");
    row("{\"legal_name\":\"Acme \xE2\x80\xAE\"}", "422 invalid_character legal_name");
    row(R"({"legal_name":"  "})", "400 missing_field legal_name");
    row(R"({"country":"XX"})", "422 invalid_country country");
    row(R"({"tax_ids":["n/a"]})", "422 invalid_tax_id tax_ids[0]");
    row(R"({"tax_ids":["DE136695977"]})", "422 invalid_tax_id tax_ids[0]");
    row(R"({"email":"nobody"})", "422 invalid_value email");
    row(R"({"address":{"line1":"4111 1111 1111 1111"}})", "422 card_data_refused address.line1");
    row(R"({"tax_category":"AE"})", "422 tax_category_not_allowed tax_category");
    row(R"({"tax_category":"X"})", "422 invalid_value tax_category");
    row(R"({"time_zone":"Europe/Atlantis"})", "422 unknown_time_zone time_zone");
}

void TestPatchTenant::refuses()
{
    QFETCH(const std::string, body);
    QFETCH(const std::string, answer);
    test::ApiFixture& rooms = *m_rooms;
    const std::string before = shown(rooms);
    const std::size_t entries = audited(rooms);
    const std::string told = patched(rooms, body);
    QVERIFY2(told.starts_with(answer), told.c_str());
    QCOMPARE(shown(rooms), before);
    QCOMPARE(audited(rooms), entries);
}

void TestPatchTenant::refusesWhoMayNot()
{
    test::ApiFixture rooms;
    makeAcme(rooms);
    const std::string tag = tagNow(rooms);
    const auto outcome = [&](const api::Call& call) {
        return test::outcome(api::patchTenant(rooms.services, call));
    };
    QCOMPARE(outcome(patch(rooms, "{}", tag, "nobody")), std::string("404 not_found tenant_id"));
    QCOMPARE(outcome(patch(rooms, "{}", tag, "NO ID")), std::string("404 not_found tenant_id"));
    api::Call call = rooms.get({"acme"});
    QCOMPARE(outcome(call), std::string("415 unsupported_media_type Content-Type"));
    call.request.headers.add("Content-Type", "application/merge-patch+json; charset=UTF-8");
    call.request.headers.add("If-Match", tag);
    call.request.body = "{}";
    QCOMPARE(outcome(call), std::string("200"));
    call.request.query = {{"x", ""}};
    QCOMPARE(outcome(call), std::string("400 unknown_parameter x"));
    rooms.principal.tenant = TenantId("acme");
    QCOMPARE(outcome(patch(rooms, "{}", tag)), std::string("403 insufficient_scope tenant"));
}

void TestPatchTenant::theCategoryIsJudgedAnew()
{
    test::ApiFixture rooms;
    makeAcme(rooms);
    // Moved to France: S for a consumer there at our home rate, AE once it says who it is.
    QCOMPARE(patched(rooms, R"({"country":"FR","tax_ids":null})"), std::string("200"));
    QVERIFY(shown(rooms).find(R"("tax_category":"S")") != std::string::npos);
    QCOMPARE(patched(rooms, R"({"tax_category":"AE"})"),
             std::string("422 tax_category_not_allowed tax_category"));
    QCOMPARE(patched(rooms, R"({"tax_ids":["FR 40303265045"],"tax_category":null})"), std::string("200"));
    QVERIFY(shown(rooms).find(R"("tax_category":"AE")") != std::string::npos);
    QCOMPARE(patched(rooms, R"({"tax_ids":["FR41303265045"]})"),
             std::string("422 invalid_tax_id tax_ids[0]"));
    // A category that was ours to choose follows what it depends on; one that was said stays, if it may.
    QCOMPARE(patched(rooms, R"({"tax_ids":[]})"), std::string("200"));
    QVERIFY(shown(rooms).find(R"("tax_category":"S")") != std::string::npos);
    QCOMPARE(patched(rooms, R"({"tax_ids":["FR40303265045"]})"), std::string("200"));
    QVERIFY(shown(rooms).find(R"("tax_category":"AE")") != std::string::npos);
    QCOMPARE(patched(rooms, R"({"country":"DE"})"), std::string("200"));
    QVERIFY(shown(rooms).find(R"("tax_category":"S")") != std::string::npos);
    QCOMPARE(patched(rooms, R"({"tax_category":"E"})"), std::string("200"));
    QCOMPARE(patched(rooms, R"({"country":"FR"})"), std::string("200"));
    QVERIFY(shown(rooms).find(R"("tax_category":"E")") != std::string::npos);
    QCOMPARE(patched(rooms, R"({"legal_name":"Acme SA","tax_category":"AE"})"), std::string("200"));
    QCOMPARE(patched(rooms, R"({"tax_ids":["FR40303265045"],"tax_category":"S"})"), std::string("200"));
    QCOMPARE(patched(rooms, R"({"legal_name":"Acme"})"), std::string("200"));
    QVERIFY(shown(rooms).find(R"("tax_category":"S")") != std::string::npos); // said, though AE is ours
    QCOMPARE(patched(rooms, R"({"country":"DE"})"), std::string("200"));
    QCOMPARE(patched(rooms, R"({"tax_ids":[],"tax_category":"O"})"),
             std::string("422 tax_category_not_allowed tax_category"));
    QCOMPARE(patched(rooms, R"({"country":"US","tax_ids":[],"tax_category":"S"})"),
             std::string("422 no_tax_rate tax_category"));
    QCOMPARE(patched(rooms, R"({"country":"US","tax_ids":[],"tax_category":null})"), std::string("200"));
    QVERIFY(shown(rooms).find(R"("tax_category":"O")") != std::string::npos);
    rooms.issuer.euConsumers = EuConsumerTax::Ask;
    QCOMPARE(patched(rooms, R"({"country":"FR","tax_category":null})"),
             std::string("422 tax_category_required tax_category"));
}

void TestPatchTenant::currencyStaysUnderASubscriptionWhoseTierIsShown()
{
    test::ApiFixture rooms;
    makeAcme(rooms);
    rooms.subscribe("acme", "lite", "2026-09-01");
    QCOMPARE(patched(rooms, R"({"currency":"USD"})"), std::string("422 invalid_value currency"));
    QCOMPARE(patched(rooms, R"({"time_zone":"Europe/Paris"})"), std::string("422 invalid_value time_zone"));
    const auto answer =
        api::patchTenant(rooms.services, patch(rooms, R"({"email":"b@acme.example"})", tagNow(rooms)));
    QCOMPARE(test::bodyOf(answer).value(QLatin1String("tier")).toString(), QStringLiteral("lite"));
}

void TestPatchTenant::aRepeatUnderItsKeyGetsTheFirstAnswer()
{
    test::ApiFixture rooms;
    makeAcme(rooms);
    api::Call call = patch(rooms, R"({"email":"b@acme.example"})", tagNow(rooms));
    call.request.headers.add("Idempotency-Key", "k1");
    const auto once = [&] {
        return *rooms.services.idempotency.once(
            call, [&](const api::Call& inner) { return api::patchTenant(rooms.services, inner); });
    };
    const http::Response first = once();
    QCOMPARE(first.status, 200);
    QCOMPARE(patched(rooms, R"({"email":"c@acme.example"})"), std::string("200"));
    const http::Response again = once(); // its tag is no longer the present one
    QCOMPARE(again.status, 200);
    QCOMPARE(test::bodyText(again), test::bodyText(first));
    QCOMPARE(test::headerOf(api::taggedTenant(again), "ETag"),
             test::headerOf(api::taggedTenant(first), "ETag"));
    QVERIFY(shown(rooms).find("c@acme.example") != std::string::npos);
    QCOMPARE(audited(rooms), std::size_t{3});
}

void TestPatchTenant::ofTwoWithOneTagOneWins()
{
    test::ApiFixture rooms;
    makeAcme(rooms);
    const std::string tag = tagNow(rooms);
    const auto one = api::patchTenant(rooms.services, patch(rooms, R"({"email":"b@acme.example"})", tag));
    const auto other = api::patchTenant(rooms.services, patch(rooms, R"({"email":"c@acme.example"})", tag));
    QCOMPARE(test::outcome(one), std::string("200"));
    QCOMPARE(test::outcome(other), std::string("412 precondition_failed If-Match"));
    QVERIFY(shown(rooms).find("b@acme.example") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestPatchTenant)
#include "tst_patch_tenant.moc"
