// GET /conflicts: both sides and what differs, newest first, page by page, to those who may see the tenant.
#include "tests/server/api/api_fixture.h"

#include <QJsonArray>

using namespace billing;
using test::batchJson;
using test::eventJson;

namespace {

constexpr const char* now = "2026-09-15T11:00:00Z";

QJsonArray conflictsIn(const Result<http::Response>& answer)
{
    return test::bodyOf(answer).value(QStringLiteral("conflicts")).toArray();
}

/// "e1: 1 stays, 2 refused; ..." of a page.
std::string told(const Result<http::Response>& answer)
{
    std::string text;
    const auto valueOf = [](const QJsonValue& side) {
        return side.isNull() ? std::string("nothing")
                             : side.toObject().value(QStringLiteral("value")).toString().toStdString();
    };
    for (const QJsonValue& one : conflictsIn(answer)) {
        const QJsonObject conflict = one.toObject();
        text += conflict.value(QStringLiteral("event_id")).toString().toStdString() + ": " +
                valueOf(conflict.value(QStringLiteral("accepted"))) + " stays, " +
                valueOf(conflict.value(QStringLiteral("refused"))) + " refused; ";
    }
    return text;
}

} // namespace

class TestConflicts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void showsBothSides();
    void ofOneRequest();
    void isNewestFirstPageByPage();
    void aBoundTokenSeesItsOwn();
    void aCursorBelongsToItsFilter();
    void aRepeatedConflictIsOneRow();
    void rowsFromBeforeShowTheFirst();
    void anInvoiceBillsTheFirst();
};

void TestConflicts::refuses_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("answer");
    QTest::newRow("parameter") << "colour"
                               << "red"
                               << "400 unknown_parameter colour";
    QTest::newRow("tenant") << "tenant_id"
                            << "../etc"
                            << "422 invalid_tenant_id tenant_id";
    QTest::newRow("limit none") << "limit"
                                << "0"
                                << "422 invalid_value limit";
    QTest::newRow("limit high") << "limit"
                                << "201"
                                << "422 invalid_value limit";
    QTest::newRow("cursor") << "cursor"
                            << "00"
                            << "400 invalid_cursor cursor";
    QTest::newRow("fine") << "limit"
                          << "200"
                          << "200";
    QTest::newRow("unknown tenant") << "tenant_id"
                                    << "nobody"
                                    << "200";
}

void TestConflicts::refuses()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(QString, answer);
    const test::ApiFixture rooms;
    const auto response =
        api::getConflicts(rooms.services, rooms.get({}, {{name.toStdString(), value.toStdString()}}));
    QCOMPARE(test::outcome(response), answer.toStdString());
}

void TestConflicts::showsBothSides()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.postUsage(rooms.post(eventJson("e1", "acme", "1", now)));
    rooms.settleAll();
    // The refused one lies in another month, so the first one is looked for where its identity says.
    rooms.postUsage(rooms.post(batchJson(
        {eventJson("e0", "acme", "5", now), eventJson("e1", "acme", "2.50", "2026-08-20T11:00:00Z")})));
    rooms.settleAll();
    const auto all = conflictsIn(api::getConflicts(rooms.services, rooms.get()));
    QCOMPARE(all.size(), 1);
    const QByteArray text = QJsonDocument(all.at(0).toObject()).toJson(QJsonDocument::Compact);
    QCOMPARE(
        text.toStdString(),
        std::string(R"({"accepted":{"dimensions":{},"metric_type":"api_request","position":1,)"
                    R"("timestamp":"2026-09-15T11:00:00Z","value":"1"},"differs":["timestamp","value"],)"
                    R"("event_id":"e1","noticed_at":"2026-09-15T12:00:00Z","position":2,)"
                    R"("refused":{"dimensions":{},"metric_type":"api_request","position":2,)"
                    R"("timestamp":"2026-08-20T11:00:00Z","value":"2.5"},"source":"","tenant_id":"acme"})"));
}

void TestConflicts::ofOneRequest()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.postUsage(
        rooms.post(batchJson({eventJson("e1", "acme", "1", now), eventJson("e1", "acme", "1.0", now),
                              eventJson("e1", "acme", "2", now), eventJson("e1", "acme", "3", now)})));
    rooms.settleAll();
    QCOMPARE(told(api::getConflicts(rooms.services, rooms.get())),
             std::string("e1: 1 stays, 3 refused; e1: 1 stays, 2 refused; "));
}

void TestConflicts::isNewestFirstPageByPage()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.addTenant("beta");
    for (const char* value : {"1", "2"})
        for (const char* tenant : {"acme", "beta"})
            for (const char* id : {"a", "b", "c"})
                rooms.postUsage(rooms.post(eventJson(std::string(tenant) + id, tenant, value, now)));
    rooms.settleAll();
    std::string ids;
    std::string cursor;
    do {
        test::Query query{{"limit", "4"}};
        if (!cursor.empty())
            query.emplace_back("cursor", cursor);
        const auto answer = api::getConflicts(rooms.services, rooms.get({}, query));
        for (const QJsonValue& one : conflictsIn(answer))
            ids += one.toObject().value(QStringLiteral("event_id")).toString().toStdString() + " ";
        cursor = test::bodyOf(answer).value(QStringLiteral("next_cursor")).toString().toStdString();
        ids += "| ";
    } while (!cursor.empty());
    QCOMPARE(ids, std::string("betac betab betaa acmec | acmeb acmea | "));
    const auto ofOne = api::getConflicts(rooms.services, rooms.get({}, {{"tenant_id", "acme"}}));
    QCOMPARE(conflictsIn(ofOne).size(), 3);
}

void TestConflicts::aBoundTokenSeesItsOwn()
{
    test::ApiFixture rooms;
    for (const char* tenant : {"acme", "beta"}) {
        rooms.addTenant(tenant);
        for (const char* value : {"1", "2"})
            rooms.postUsage(rooms.post(eventJson(tenant, tenant, value, now)));
    }
    rooms.settleAll();
    rooms.principal.tenant = TenantId("beta");
    QCOMPARE(told(api::getConflicts(rooms.services, rooms.get())), std::string("beta: 1 stays, 2 refused; "));
    QCOMPARE(told(api::getConflicts(rooms.services, rooms.get({}, {{"tenant_id", "beta"}}))),
             std::string("beta: 1 stays, 2 refused; "));
    QCOMPARE(test::outcome(api::getConflicts(rooms.services, rooms.get({}, {{"tenant_id", "acme"}}))),
             std::string("404 not_found tenant_id"));
}

void TestConflicts::aCursorBelongsToItsFilter()
{
    test::ApiFixture rooms;
    for (const char* tenant : {"acme", "beta"}) {
        rooms.addTenant(tenant);
        for (const char* value : {"1", "2", "3"})
            rooms.postUsage(rooms.post(eventJson(tenant, tenant, value, now)));
    }
    rooms.settleAll();
    const auto cursorOf = [&](test::Query query) {
        query.emplace_back("limit", "1");
        return test::bodyOf(api::getConflicts(rooms.services, rooms.get({}, std::move(query))))
            .value(QStringLiteral("next_cursor"))
            .toString()
            .toStdString();
    };
    const auto ask = [&](test::Query query) {
        return test::outcome(api::getConflicts(rooms.services, rooms.get({}, std::move(query))));
    };
    const std::string ofAll = cursorOf({});
    const std::string ofAcme = cursorOf({{"tenant_id", "acme"}});
    QCOMPARE(ask({{"cursor", ofAll}}), std::string("200"));
    QCOMPARE(ask({{"cursor", ofAcme}, {"tenant_id", "acme"}}), std::string("200"));
    QCOMPARE(ask({{"cursor", ofAcme}, {"tenant_id", "beta"}}), std::string("400 invalid_cursor cursor"));
    QCOMPARE(ask({{"cursor", ofAcme}}), std::string("400 invalid_cursor cursor"));
    QCOMPARE(ask({{"cursor", ofAll}, {"tenant_id", "acme"}}), std::string("400 invalid_cursor cursor"));
    QCOMPARE(ask({{"cursor", rooms.cursors.write("invoices", {"1", "acme", "0"})}}),
             std::string("400 invalid_cursor cursor"));
    rooms.principal.tenant = TenantId("acme"); // a bound token's list is its tenant's
    QCOMPARE(ask({{"cursor", ofAcme}}), std::string("200"));
    QCOMPARE(ask({{"cursor", ofAll}}), std::string("400 invalid_cursor cursor"));
}

void TestConflicts::aRepeatedConflictIsOneRow()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.postUsage(rooms.post(eventJson("e1", "acme", "1", now)));
    for (int i = 0; i < 30; ++i) {
        rooms.postUsage(rooms.post(eventJson("e1", "acme", i % 2 == 0 ? "2" : "2.0", now)));
        if (i % 7 == 0)
            rooms.settleAll();
    }
    rooms.settleAll();
    QCOMPARE(told(api::getConflicts(rooms.services, rooms.get())), std::string("e1: 1 stays, 2 refused; "));
}

void TestConflicts::rowsFromBeforeShowTheFirst()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.postUsage(rooms.post(eventJson("e1", "acme", "1", now)));
    rooms.settleAll();
    for (const char* id : {"e1", "gone"})
        rooms.store.tamper(
            std::string("INSERT INTO usage_conflict (tenant_id, position, ordinal, source, event_id, "
                        "payload_sha256) VALUES ('acme', 7, ") +
            (*id == 'e' ? "0" : "1") + ", '', '" + id + "', zeroblob(32))");
    const auto answer = api::getConflicts(rooms.services, rooms.get());
    QCOMPARE(told(answer),
             std::string("gone: nothing stays, nothing refused; e1: 1 stays, nothing refused; "));
    QVERIFY(test::bodyText(*answer).find(R"("accepted_missing":"not_found")") != std::string::npos);
}

void TestConflicts::anInvoiceBillsTheFirst()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    for (const char* value : {"1", "2"})
        rooms.postUsage(rooms.post(eventJson("e1", "acme", value, now)));
    rooms.settleAll();
    const auto usage = api::getUsage(rooms.services, rooms.get({"acme"}, {{"metric_type", "api_request"},
                                                                          {"from", "2026-09-15T00:00:00Z"},
                                                                          {"to", "2026-09-16T00:00:00Z"},
                                                                          {"granularity", "day"}}));
    QVERIFY(test::bodyText(*usage).find("\"1\"") != std::string::npos);
    QVERIFY(test::bodyText(*usage).find("\"2\"") == std::string::npos);
    QVERIFY(test::bodyText(*usage).find("\"3\"") == std::string::npos);
}

QTEST_GUILESS_MAIN(TestConflicts)
#include "tst_conflicts.moc"
