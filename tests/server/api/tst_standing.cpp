// GET /tenants/{id}/standing: how far a tenant is into what its plan includes, in the period that holds now.
// Tests: standing.cpp limits_now.cpp
#include "tests/server/api/api_fixture.h"

#include "shared/wire/standing_json.h"

using namespace billing;

class TestStanding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses();
    void withoutSubscriptionThereAreNoLimits();
    void states_data();
    void states();
    void aNewPeriodStartsAtZero();
};

namespace {

/// "included used state" of the api_request limit.
std::string apiLimit(const test::ApiFixture& rooms)
{
    const auto told = api::getStanding(rooms.services, rooms.get({"acme"}));
    const auto standing = wire::decodeStanding(test::bodyText(*told)).value();
    for (const wire::LimitStanding& limit : standing.limits)
        if (limit.metricType == "api_request")
            return limit.included.toText() + " " + limit.used.toText() + " " +
                   std::string(wire::wireName(limit.state));
    return "none";
}

} // namespace

void TestStanding::refuses()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    const auto outcome = [&](const std::string& tenant, const test::Query& query = {}) {
        return test::outcome(api::getStanding(rooms.services, rooms.get({tenant}, query)));
    };
    QCOMPARE(outcome("nobody"), std::string("404 not_found tenant_id"));
    QCOMPARE(outcome("acme", {{"at", "now"}}), std::string("400 unknown_parameter at"));
    rooms.principal.tenant = TenantId("other");
    QCOMPARE(outcome("acme"), std::string("404 not_found tenant_id"));
}

void TestStanding::withoutSubscriptionThereAreNoLimits()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    QCOMPARE(apiLimit(rooms), std::string("none"));
    rooms.subscribe("acme", "zero", "2026-10-01"); // not begun
    QCOMPARE(apiLimit(rooms), std::string("none"));
}

void TestStanding::states_data()
{
    QTest::addColumn<QString>("used");
    QTest::addColumn<QString>("limit");
    QTest::newRow("nothing") << ""
                             << "100000 0 ok";
    QTest::newRow("some") << "50000"
                          << "100000 50000 ok";
    QTest::newRow("near") << "99999"
                          << "100000 99999 near";
    QTest::newRow("over") << "100000.5"
                          << "100000 100000.5 exceeded";
}

void TestStanding::states()
{
    QFETCH(QString, used);
    QFETCH(QString, limit);
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.subscribe("acme", "zero", "2026-09-01");
    if (!used.isEmpty())
        rooms.sendAndSettle("acme", used.toStdString(), "2026-09-14T10:00:00Z");
    QCOMPARE(apiLimit(rooms), limit.toStdString());
}

void TestStanding::aNewPeriodStartsAtZero()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.subscribe("acme", "zero", "2026-09-01");
    rooms.sendAndSettle("acme", "100001", "2026-09-14T10:00:00Z");
    QCOMPARE(apiLimit(rooms), std::string("100000 100001 exceeded"));
    rooms.clock.setNow(*Instant::parse("2026-09-30T21:59:59Z"));
    QCOMPARE(apiLimit(rooms), std::string("100000 100001 exceeded"));
    rooms.clock.setNow(*Instant::parse("2026-09-30T22:00:00Z")); // midnight in Berlin
    QCOMPARE(apiLimit(rooms), std::string("100000 0 ok"));
}

QTEST_GUILESS_MAIN(TestStanding)
#include "tst_standing.moc"
