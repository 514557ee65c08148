// Which listener offers which route.
#include "server/api/route_groups.h"

#include "tests/support/printing.h"

using namespace billing;
using api::RouteGroup;
using api::RouteGroups;

class TestRouteGroups : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names();
    void routes_data();
    void routes();
    void sets();
};

void TestRouteGroups::names()
{
    QCOMPARE(api::parseRouteGroup("all").error().code, ErrorCode::InvalidValue);
    QVERIFY(!api::parseRouteGroup(""));
    QVERIFY(!api::parseRouteGroup("Ops"));
    QVERIFY(*api::parseRouteGroup("service") == RouteGroup::Service);
    QVERIFY(*api::parseRouteGroup("user") == RouteGroup::User);
    QVERIFY(*api::parseRouteGroup("public") == RouteGroup::Public);
    QVERIFY(*api::parseRouteGroup("ops") == RouteGroup::Ops);
}

void TestRouteGroups::routes_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("groups");
    const auto row = [](const char* path, const char* groups) {
        QTest::newRow(path) << QString::fromUtf8(path) << QString::fromUtf8(groups);
    };
    row("/api/v1/usage", "su");
    row("/api/v1/usage/batch", "su");
    row("/api/v1/usage/current", "su");
    row("/api/v1/usages", "u");
    row("/api/v1/tenants", "u");
    row("/api/v1/tenants/acme", "u");
    row("/api/v1/tenants/acme/standing", "su");
    row("/api/v1/invoices/inv_1/pdf", "u");
    row("/api/v1/webhooks/stripe", "p");
    row("/api/v1/webhooksandmore", "u");
    row("/health/live", "o");
    row("/health/ready", "o");
    row("/metrics", "o");
    row("/", "o");
    row("/api/v12/usage", "o");
}

void TestRouteGroups::routes()
{
    QFETCH(QString, path);
    QFETCH(QString, groups);
    const RouteGroups found = api::groupsOf(path.toStdString());
    QCOMPARE(found.has(RouteGroup::Service), groups.contains(QLatin1Char('s')));
    QCOMPARE(found.has(RouteGroup::User), groups.contains(QLatin1Char('u')));
    QCOMPARE(found.has(RouteGroup::Public), groups.contains(QLatin1Char('p')));
    QCOMPARE(found.has(RouteGroup::Ops), groups.contains(QLatin1Char('o')));
}

void TestRouteGroups::sets()
{
    RouteGroups groups = RouteGroups::all();
    groups.remove(RouteGroup::Ops);
    QVERIFY(!groups.meets(api::groupsOf("/metrics")));
    QVERIFY(groups.meets(api::groupsOf("/api/v1/usage")));
    QVERIFY(RouteGroups().empty() && !groups.empty());
    QVERIFY(!RouteGroups().meets(RouteGroups::all()));
}

QTEST_APPLESS_MAIN(TestRouteGroups)
#include "tst_route_groups.moc"
