// The price list in the store: published once and read back as it was; again it is harmless, changed it is
// refused.
#include "server/catalog/catalog_records.h"

#include "tests/server/storage/storage_fixture.h"
#include "tests/support/printing.h"

using namespace billing;

class TestCatalogRecords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsPublishedAtFirst();
    void comesBackAsShipped();
    void publishingAgainIsHarmless();
    void aPublishedVersionNeverChanges_data();
    void aPublishedVersionNeverChanges();
    void aNewVersionStandsBesideTheOld();
    void refusesAListThatBreaksARule();
};

namespace {

struct Shelf
{
    Result<void> publish(const Catalog& catalog)
    {
        return store.storage().write(Scope::system("test"), Priority::Maintenance, test::anyWork(),
                                     [&](Work& work) { return publishCatalog(work, catalog); });
    }
    Catalog load()
    {
        return readValue(store.storage(), Scope::system("test"), [](Work& work) { return loadCatalog(work); })
            .value();
    }

    test::StorageFixture store{test::StorageFixture::Writer::Inline};
};

Catalog sorted(Catalog catalog)
{
    const auto byCode = [](const auto& a, const auto& b) {
        return std::pair(a.code.text(), a.version) < std::pair(b.code.text(), b.version);
    };
    std::sort(catalog.meters.begin(), catalog.meters.end(), byCode);
    std::sort(catalog.plans.begin(), catalog.plans.end(), byCode);
    return catalog;
}

} // namespace

void TestCatalogRecords::nothingIsPublishedAtFirst()
{
    Shelf shelf;
    QVERIFY(shelf.load() == Catalog());
}

void TestCatalogRecords::comesBackAsShipped()
{
    Shelf shelf;
    QVERIFY(shelf.publish(shippedCatalog()));
    QVERIFY(!shippedCatalog().plans.empty());
    QVERIFY(shelf.load() == sorted(shippedCatalog()));
}

void TestCatalogRecords::publishingAgainIsHarmless()
{
    Shelf shelf;
    QVERIFY(shelf.publish(shippedCatalog()));
    QVERIFY(shelf.publish(shippedCatalog()));
    QVERIFY(shelf.load() == sorted(shippedCatalog()));
}

void TestCatalogRecords::aPublishedVersionNeverChanges_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("subject");
    QTest::newRow("a price") << "price"
                             << "lite v1";
    QTest::newRow("a plan's name") << "name"
                                   << "lite v1";
    QTest::newRow("whether it is sold") << "activity"
                                        << "lite v1";
    QTest::newRow("a meter's unit") << "unit"
                                    << "api_request v1";
}

void TestCatalogRecords::aPublishedVersionNeverChanges()
{
    QFETCH(QString, what);
    QFETCH(QString, subject);
    Shelf shelf;
    QVERIFY(shelf.publish(shippedCatalog()));
    Catalog changed = shippedCatalog();
    for (PlanVersion& plan : changed.plans) {
        if (plan.code.text() != "lite")
            continue;
        if (what == QLatin1String("price"))
            plan.charges.front().price.begin()->second = Decimal::fromInteger(1);
        if (what == QLatin1String("name"))
            plan.name = "Light";
        if (what == QLatin1String("activity"))
            plan.activity = Activity::Inactive;
    }
    for (Meter& meter : changed.meters)
        if (what == QLatin1String("unit") && meter.code.text() == "api_request")
            meter.unit = "calls";
    const auto refused = shelf.publish(changed);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::InvalidCatalog);
    QCOMPARE(refused.error().subject, subject.toStdString());
    QVERIFY(shelf.load() == sorted(shippedCatalog()));
}

void TestCatalogRecords::aNewVersionStandsBesideTheOld()
{
    Shelf shelf;
    QVERIFY(shelf.publish(shippedCatalog()));
    Catalog grown = shippedCatalog();
    PlanVersion next = newestPlan(grown, PlanCode("lite")).value();
    next.version = 2;
    next.name = "Light";
    grown.plans.push_back(next);
    QVERIFY(shelf.publish(grown));
    const Catalog loaded = shelf.load();
    QCOMPARE(newestPlan(loaded, PlanCode("lite")).value().version, 2);
    QCOMPARE(planVersion(loaded, PlanCode("lite"), 1).value().name, std::string("Lite"));
}

void TestCatalogRecords::refusesAListThatBreaksARule()
{
    Shelf shelf;
    Catalog broken = shippedCatalog();
    broken.plans.push_back(broken.plans.front()); // the same version twice
    const auto refused = shelf.publish(broken);
    QCOMPARE(refused.error().code, ErrorCode::InvalidCatalog);
    QVERIFY(shelf.load() == Catalog());
}

QTEST_GUILESS_MAIN(TestCatalogRecords)
#include "tst_catalog_records.moc"
