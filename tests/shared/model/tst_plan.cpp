// Looking up plans in a catalog: the newest version, a given one, none.
#include "shared/model/plan.h"

#include <QTest>

using namespace billing;

class TestPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsVersions();
};

void TestPlan::findsVersions()
{
    Catalog catalog;
    for (const int version : {2, 10, 1})
        catalog.plans.push_back({.code = PlanCode("lite"), .version = version, .name = "Lite"});
    QCOMPARE(newestPlan({}, PlanCode("lite")).error(), (Error{ErrorCode::UnknownPlan, "plan"}));
    QCOMPARE(newestPlan(catalog, PlanCode("Lite")).error().code, ErrorCode::UnknownPlan);
    QCOMPARE(planVersion(catalog, PlanCode("lite"), 3).error().code, ErrorCode::UnknownPlan);
    QCOMPARE(planVersion(catalog, PlanCode("zero"), 2).error().code, ErrorCode::UnknownPlan);
    QCOMPARE(newestPlan(catalog, PlanCode("lite"))->version, 10);
    QCOMPARE(planVersion(catalog, PlanCode("lite"), 1)->version, 1);
}

QTEST_APPLESS_MAIN(TestPlan)
#include "tst_plan.moc"
