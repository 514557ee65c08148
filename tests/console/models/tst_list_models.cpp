// The lists of the console on a fake server of a million invoices: they cost the pages seen, refresh in
// place, and say at any moment what they have to show. Every step is watched by QAbstractItemModelTester.
//
// Tests: paged_model.cpp invoice_list_model.cpp tenant_list_model.cpp list_state.cpp
#include "console/models/invoice_list_model.h"
#include "console/models/tenant_list_model.h"
#include "tests/console/models/fake_api.h"
#include "tests/support/printing.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QSignalSpy>

#include <numeric>

using namespace billing;
using namespace billing::console;
using namespace billing::test;

namespace {

constexpr auto strict = QAbstractItemModelTester::FailureReportingMode::QtTest;

/// A model under test and its server.
struct World
{
    FakeApi api;
    InvoiceListModel model;

    bool settles()
    {
        return QTest::qWaitFor([this] { return !model.isFetching(); }, 5000);
    }
    QString ids() const
    {
        QString all;
        for (int row = 0; row < model.rowCount(); ++row)
            all += QString::fromStdString(model.at(row)->id.text()).right(3) + QLatin1Char(' ');
        return all.trimmed();
    }
    /// The numbers of these invoices, in this order, are what the server has now.
    void serverHas(const std::vector<int>& numbers)
    {
        api.rows.clear();
        for (const int number : numbers)
            api.rows.push_back(summaryOf(number));
    }
};

/// With a watcher, which reads on by itself for as long as there are pages.
struct WatchedWorld : World
{
    QAbstractItemModelTester tester{&model, strict};

    bool readsOn()
    {
        return QTest::qWaitFor([this] { return !model.isFetching() && !model.hasMore(); }, 10'000);
    }
};

std::vector<int> numbers(int from, int end)
{
    std::vector<int> all(static_cast<std::size_t>(end - from));
    std::iota(all.begin(), all.end(), from);
    return all;
}

} // namespace

class TestListModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMillionRowsCostThePagesSeen();
    void saysWhatItHasToShow();
    void keepsRowsWhenTheServerGoes();
    void doesNotAskAgainByItself();
    void refusesACircle();
    void refreshesInPlace_data();
    void refreshesInPlace();
    void refreshReadsNoMoreThanItMust();
    void refreshOfAnotherListStartsAnew();
    void filtersAnew();
    void signingOutEmpties();
    void callsOfTheDeadDoNothing();
    void showsCells();
    void showsHostileNamesAsTheyAre();
    void tenantsArePagedToo();
};

void TestListModels::aMillionRowsCostThePagesSeen()
{
    World world;
    world.api.invoiceCount = 1'000'000;
    world.model.setApi(&world.api);
    QVERIFY(world.settles());
    QCOMPARE(world.model.rowCount(), 100);
    for (int page = 2; page <= 5; ++page) {
        QVERIFY(world.model.canFetchMore({}));
        world.model.fetchMore({});
        world.model.fetchMore({}); // a view asks more than once
        QVERIFY(world.settles());
        QCOMPARE(world.model.rowCount(), page * 100);
    }
    QCOMPARE(world.api.calls, 5);
    QCOMPARE(world.api.rowsServed, 500);
    QCOMPARE(world.model.at(499)->id, summaryOf(499).id);
    QCOMPARE(world.model.rowOf(summaryOf(250).id), 250);
    QCOMPARE(world.model.rowOf(summaryOf(500).id), -1);
    QVERIFY(!world.model.at(500));
    QVERIFY(!world.model.at(-1));
}

void TestListModels::saysWhatItHasToShow()
{
    WatchedWorld world;
    const QSignalSpy changes(&world.model, &PagedModel::stateChanged);
    QCOMPARE(world.model.state(), ListState::Idle);
    world.model.setApi(&world.api);
    QCOMPARE(world.model.state(), ListState::Loading);
    QVERIFY(world.settles());
    QCOMPARE(world.model.state(), ListState::Empty);
    world.api.invoiceCount = 1;
    world.model.refresh();
    QVERIFY(world.settles());
    QCOMPARE(world.model.state(), ListState::Ready);
    QVERIFY(!world.model.canFetchMore({}));
    world.api.refusal = Error{ErrorCode::InsufficientScope};
    world.model.refresh();
    QVERIFY(world.settles());
    QCOMPARE(world.model.state(), ListState::Failed);
    QCOMPARE(world.model.error()->code, ErrorCode::InsufficientScope);
    QCOMPARE(world.model.rowCount(), 1);
    world.api.refusal = Error{ErrorCode::DeadlineExceeded};
    world.model.retry();
    QVERIFY(world.settles());
    QCOMPARE(world.model.state(), ListState::Offline);
    world.api.refusal.reset();
    world.model.retry();
    QVERIFY(world.settles());
    QCOMPARE(world.model.state(), ListState::Ready);
    QVERIFY(!world.model.error());
    QVERIFY(changes.count() >= 7);
}

void TestListModels::keepsRowsWhenTheServerGoes()
{
    World world;
    world.api.invoiceCount = 250;
    world.model.setApi(&world.api);
    QVERIFY(world.settles());
    world.api.refusal = Error{ErrorCode::Offline};
    world.model.fetchMore({});
    QVERIFY(world.settles());
    QCOMPARE(world.model.state(), ListState::Offline);
    QCOMPARE(world.model.rowCount(), 100);
    world.api.refusal.reset();
    world.model.retry(); // goes on where it was
    QVERIFY(world.settles());
    QCOMPARE(world.model.state(), ListState::Ready);
    QCOMPARE(world.model.rowCount(), 200);
}

void TestListModels::doesNotAskAgainByItself()
{
    World world;
    world.api.invoiceCount = 250;
    world.model.setApi(&world.api);
    QVERIFY(world.settles());
    world.api.refusal = Error{ErrorCode::StorageBusy};
    world.model.fetchMore({});
    QVERIFY(world.settles());
    const int calls = world.api.calls;
    for (int paint = 0; paint < 10; ++paint) {
        QVERIFY(!world.model.canFetchMore({}));
        world.model.fetchMore({});
    }
    QCOMPARE(world.api.calls, calls);
}

void TestListModels::refusesACircle()
{
    // Whatever it is asked for, the page that follows is "again".
    class Circle : public FakeApi
    {
    public:
        client::PendingCall invoices(const client::InvoiceQuery&, QObject* context,
                                     client::Done<client::InvoicePage> done) override
        {
            return FakeApi::invoices({}, context, [done](Result<client::InvoicePage> page) {
                page->nextCursor = "again";
                done(page);
            });
        }
    };
    Circle api;
    api.rows = {summaryOf(1)};
    InvoiceListModel model;
    model.setApi(&api);
    QTRY_COMPARE(model.state(), ListState::Ready);
    model.fetchMore({});
    QTRY_COMPARE(model.state(), ListState::Failed);
    QCOMPARE(model.error()->code, ErrorCode::UnusableAnswer);
    QVERIFY(!model.canFetchMore({}));
    QCOMPARE(model.rowCount(), 1);
}

void TestListModels::refreshesInPlace_data()
{
    QTest::addColumn<std::vector<int>>("before");
    QTest::addColumn<std::vector<int>>("after");

    QTest::newRow("same") << numbers(100, 110) << numbers(100, 110);
    QTest::newRow("one more in front") << numbers(100, 110) << numbers(99, 110);
    QTest::newRow("three more in front") << numbers(100, 110) << numbers(97, 110);
    QTest::newRow("one gone") << numbers(100, 110)
                              << std::vector{100, 101, 102, 103, 105, 106, 107, 108, 109};
    QTest::newRow("first and last gone") << numbers(100, 110) << numbers(101, 109);
    QTest::newRow("one between") << std::vector{100, 101, 103, 104} << numbers(100, 105);
    QTest::newRow("all others") << numbers(100, 110) << numbers(200, 205);
    QTest::newRow("all gone") << numbers(100, 110) << std::vector<int>();
    QTest::newRow("every second") << numbers(100, 140) << std::vector{100, 102, 104, 106, 108, 138};
    QTest::newRow("two pages, new ones") << numbers(100, 300) << numbers(90, 300);
    QTest::newRow("two pages, many gone") << numbers(100, 300) << numbers(250, 300);
    QTest::newRow("three pages become one") << numbers(100, 400) << numbers(150, 200);
    QTest::newRow("one page becomes three") << numbers(300, 400) << numbers(100, 400);
}

void TestListModels::refreshesInPlace()
{
    QFETCH(const std::vector<int>, before);
    QFETCH(const std::vector<int>, after);
    WatchedWorld world;
    world.serverHas(before);
    world.model.setApi(&world.api);
    QVERIFY(world.readsOn());
    QCOMPARE(world.model.rowCount(), static_cast<int>(before.size()));
    // Every row is watched by a persistent index, as a selection does.
    std::map<std::string, QPersistentModelIndex> watched;
    for (int row = 0; row < world.model.rowCount(); ++row)
        watched.emplace(world.model.at(row)->id.text(), world.model.index(row, 0));
    const QSignalSpy resets(&world.model, &QAbstractItemModel::modelReset);

    world.serverHas(after);
    world.model.refresh();
    QVERIFY(world.readsOn());
    QCOMPARE(world.model.rowCount(), static_cast<int>(after.size()));
    for (int row = 0; row < world.model.rowCount(); ++row)
        QCOMPARE(*world.model.at(row), summaryOf(after[static_cast<std::size_t>(row)]));
    for (const auto& [id, index] : watched) {
        const int row = world.model.rowOf(InvoiceId(id));
        QCOMPARE(index.isValid() ? index.row() : -1, row);
    }
    QCOMPARE(resets.count(), 0);
}

void TestListModels::refreshReadsNoMoreThanItMust()
{
    World world;
    world.api.invoiceCount = 1'000'000;
    world.model.setApi(&world.api);
    QVERIFY(world.settles());
    for (int page = 2; page <= 30; ++page) {
        world.model.fetchMore({});
        QVERIFY(world.settles());
    }
    const QSignalSpy changed(&world.model, &QAbstractItemModel::dataChanged);
    const int calls = world.api.calls;
    world.model.refresh();
    QVERIFY(QTest::qWaitFor([&] { return !world.model.isFetching(); }, 10'000));
    QCOMPARE(world.api.calls - calls, refreshedRowsMax / 100);
    QCOMPARE(world.model.rowCount(), 3000);
    QCOMPARE(changed.count(), 0); // nothing differs
    QVERIFY(world.model.canFetchMore({}));
    world.model.fetchMore({});
    QVERIFY(world.settles());
    QCOMPARE(world.model.at(3000)->id, summaryOf(3000).id);
}

void TestListModels::refreshOfAnotherListStartsAnew()
{
    WatchedWorld world;
    world.serverHas({1, 2, 3, 4});
    world.model.setApi(&world.api);
    QVERIFY(world.settles());
    world.serverHas({4, 3, 2, 1}); // no server of ours does this
    world.model.refresh();
    QVERIFY(QTest::qWaitFor(
        [&] { return world.model.state() == ListState::Ready && !world.model.isFetching(); }, 5000));
    QCOMPARE(world.ids(), QStringLiteral("004 003 002 001"));
}

void TestListModels::filtersAnew()
{
    World world;
    world.api.invoiceCount = 250;
    world.model.setApi(&world.api);
    QVERIFY(world.settles());
    world.api.holds = true;
    world.model.setFilter({.status = InvoiceStatus::Draft, .cursor = "100", .limit = 1});
    QCOMPARE(world.model.state(), ListState::Loading);
    QCOMPARE(world.model.rowCount(), 0);
    QCOMPARE(world.api.lastQuery, (client::InvoiceQuery{.status = InvoiceStatus::Draft}));
    // The filter changes again before the answer: only the last one counts.
    world.model.setFilter({.text = "EB-2"});
    world.model.setFilter({.text = "EB-2"});
    QCOMPARE(world.api.held(), 1);
    QVERIFY(world.api.release());
    QCOMPARE(world.model.rowCount(), 100);
    QCOMPARE(world.api.lastQuery.text, std::string("EB-2"));
}

void TestListModels::signingOutEmpties()
{
    WatchedWorld world;
    world.api.invoiceCount = 250;
    world.model.setApi(&world.api);
    QVERIFY(world.settles());
    world.model.fetchMore({});
    world.model.setApi(nullptr);
    QCOMPARE(world.model.rowCount(), 0);
    QCOMPARE(world.model.state(), ListState::Idle);
    QVERIFY(!world.model.isFetching());
    world.model.refresh();
    world.model.retry();
    world.model.fetchMore({});
    QCoreApplication::processEvents();
    QCOMPARE(world.model.rowCount(), 0);
}

void TestListModels::callsOfTheDeadDoNothing()
{
    FakeApi api;
    api.invoiceCount = 10;
    api.holds = true;
    {
        InvoiceListModel model;
        model.setApi(&api);
        QCOMPARE(api.held(), 1);
    }
    QVERIFY(!api.release());
}

void TestListModels::showsCells()
{
    WatchedWorld world;
    wire::InvoiceSummary row = summaryOf(6);
    row.total = Money::fromMinor(123'456'789'012, row.total.currency());
    wire::InvoiceSummary draft = summaryOf(7);
    draft.status = InvoiceStatus::Draft;
    draft.number.reset();
    draft.issueDate.reset();
    draft.dueDate.reset();
    draft.legalName.clear();
    draft.tier.reset();
    world.api.rows = {row, draft};
    world.model.setLocale(QLocale(QStringLiteral("en-US")));
    world.model.setApi(&world.api);
    QVERIFY(world.settles());
    const auto text = [&](int at, int column) {
        return world.model.index(at, column).data().toString().replace(QChar::Nbsp, QLatin1Char(' '));
    };
    using Model = InvoiceListModel;
    QCOMPARE(text(0, Model::NumberColumn), QStringLiteral("EB-6"));
    QCOMPARE(text(0, Model::CustomerColumn), QStringLiteral("Nova Robotics 6"));
    QCOMPARE(text(0, Model::TierColumn), QStringLiteral("Shared"));
    QCOMPARE(text(0, Model::PeriodColumn), QStringLiteral("Jul 1 \u2013 Jul 31, 2026"));
    QCOMPARE(text(0, Model::IssuedColumn), QStringLiteral("Aug 1, 2026"));
    QCOMPARE(text(0, Model::DueColumn), QStringLiteral("Aug 15, 2026"));
    QVERIFY2(text(0, Model::TotalColumn).contains(QStringLiteral("1,234,567,890.12")),
             qPrintable(text(0, Model::TotalColumn)));
    QCOMPARE(text(0, Model::StatusColumn), QStringLiteral("Finalised"));
    QCOMPARE(text(1, Model::NumberColumn), QStringLiteral("Draft"));
    QCOMPARE(text(1, Model::CustomerColumn), QStringLiteral("tenant-0000007"));
    QCOMPARE(text(1, Model::TierColumn) + text(1, Model::IssuedColumn) + text(1, Model::DueColumn),
             QString());

    const QModelIndex total = world.model.index(0, Model::TotalColumn);
    QCOMPARE(total.data(Qt::TextAlignmentRole).toInt(), int(Qt::AlignRight | Qt::AlignVCenter));
    QCOMPARE(total.data(Model::MinorUnitsRole).toLongLong(), 123'456'789'012);
    QCOMPARE(total.data(Model::CurrencyRole).toString(), QStringLiteral("EUR"));
    QVERIFY(!world.model.index(0, Model::NumberColumn).data(Model::MinorUnitsRole).isValid());
    QCOMPARE(world.model.index(0, Model::DueColumn).data(Model::DateRole).toDate(), QDate(2026, 8, 15));
    QVERIFY(!world.model.index(1, Model::DueColumn).data(Model::DateRole).isValid());
    QCOMPARE(total.data(Model::TierRole).toInt(), int(Tier::Shared));
    QVERIFY(!world.model.index(1, 0).data(Model::TierRole).isValid());
    QCOMPARE(total.data(Model::StatusRole).toInt(), int(InvoiceStatus::Finalised));
    QCOMPARE(total.data(Model::InvoiceIdRole).toString(), QStringLiteral("inv_00000006"));
    for (int column = 0; column < Model::ColumnCount; ++column)
        QVERIFY(!world.model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().isEmpty());

    const QSignalSpy changed(&world.model, &QAbstractItemModel::dataChanged);
    world.model.setLocale(QLocale(QStringLiteral("de-DE")));
    QCOMPARE(changed.count(), 1);
    QVERIFY(text(0, Model::TotalColumn).contains(QStringLiteral("1.234.567.890,12")));
    QCOMPARE(text(0, Model::DueColumn), QStringLiteral("15.08.2026"));
}

void TestListModels::showsHostileNamesAsTheyAre()
{
    World world;
    wire::InvoiceSummary row = summaryOf(1);
    row.legalName = "<img src='https://thief.example/x'>" + std::string(300, 'W');
    world.api.rows = {row};
    world.model.setApi(&world.api);
    QVERIFY(world.settles());
    const QModelIndex customer = world.model.index(0, InvoiceListModel::CustomerColumn);
    QCOMPARE(customer.data().toString().toStdString(), row.legalName);
    QVERIFY(!customer.data(Qt::ToolTipRole).isValid()); // Qt would take it for rich text
}

void TestListModels::tenantsArePagedToo()
{
    FakeApi api;
    api.tenantCount = 150;
    TenantListModel model;
    model.setLocale(QLocale(QStringLiteral("en-US")));
    model.setApi(&api);
    QTRY_COMPARE(model.rowCount(), 100);
    model.fetchMore({});
    QTRY_COMPARE(model.rowCount(), 150);
    QVERIFY(!model.canFetchMore({}));
    QCOMPARE(model.rowOf(tenantOf(120).tenant.id), 120);
    QCOMPARE(model.index(3, TenantListModel::NameColumn).data().toString(),
             QStringLiteral("Nova Robotics 3"));
    QCOMPARE(model.index(3, TenantListModel::SinceColumn).data(TenantListModel::DateRole).toDate(),
             QDate(1970, 1, 1));
    QCOMPARE(model.index(3, 0).data(TenantListModel::TenantIdRole).toString(),
             QStringLiteral("tenant-0000003"));
    QCOMPARE(model.index(3, 0).data(TenantListModel::TierRole), QVariant(static_cast<int>(Tier::Enterprise)));
    QVERIFY(!model.index(5, 0).data(TenantListModel::TierRole).isValid());
    model.setText(QStringLiteral("  M\u00fcller "));
    QCOMPARE(api.lastTenantText, std::string("M\u00fcller"));
    QTRY_COMPARE(model.rowCount(), 100);
    const QAbstractItemModelTester tester(&model, strict); // reads on by itself
    QTRY_COMPARE(model.rowCount(), 150);
    api.tenantCount = 0;
    model.refresh();
    QTRY_COMPARE(model.state(), ListState::Empty);
}

QTEST_GUILESS_MAIN(TestListModels)
#include "tst_list_models.moc"
