// Invoices and documents as stored: one per period, drafts replaced and removed, numbers without gaps even
// when a transaction is rolled back, a damaged row refused by name, documents kept once.
//
// Tests: invoices.cpp documents.cpp number_preview.cpp
#include "server/storage/catalog.h"
#include "server/storage/documents.h"
#include "server/storage/invoices.h"
#include "server/storage/number_preview.h"
#include "server/storage/set_aside.h"
#include "server/storage/subscriptions.h"
#include "server/storage/tenants.h"
#include "tests/server/storage/storage_fixture.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::storage;
using namespace billing::test;

namespace {

const TenantId nova("nova");
const SubscriptionId subscription("sub_1");
const Currency euro = Currency::parse("EUR").value();

LocalDate day(const char* text)
{
    return LocalDate::parse(text).value();
}

InvoiceRow row(const char* id, InvoiceStatus status = InvoiceStatus::Draft, int month = 1)
{
    const LocalDate first = LocalDate::create(2026, month, 1).value();
    const auto start = Instant::fromMicros(first.daysSinceEpoch() * 86'400'000'000);
    const bool final = status != InvoiceStatus::Draft;
    return {InvoiceId(id),
            nova,
            subscription,
            status,
            "main",
            "EB",
            final ? std::optional<std::int64_t>(month) : std::nullopt,
            final ? std::optional<std::string>("EB-" + std::to_string(month)) : std::nullopt,
            {first, first.plusMonths(1), {start, start.plus(std::chrono::hours(1))}},
            Money::fromMinor(100, euro),
            Money::fromMinor(19, euro),
            Money::fromMinor(119, euro),
            {},
            {},
            start,
            {},
            std::string(32, 'd'),
            "sealed"};
}

/// A store with one tenant and its subscription.
struct World
{
    StorageFixture store{StorageFixture::Writer::Inline};

    World()
    {
        const auto made = write(Scope::allTenants("test"), [](Work& work) {
            return insertPlanVersion(work, {PlanCode("lite"), 1, Activity::Active, "{}"})
                .and_then([&] {
                    return insertTenant(work, {{nova, "Nova", "DE", euro, "UTC", "en"}, "sealed"});
                })
                .and_then([&] {
                    return insertSubscription(work, {subscription,
                                                     nova,
                                                     PlanCode("lite"),
                                                     1,
                                                     euro,
                                                     "UTC",
                                                     day("2026-01-01"),
                                                     day("2026-01-01"),
                                                     {},
                                                     Instant::fromMicros(0)});
                });
        });
        BILLING_ASSERT(made.has_value());
    }
    Result<void> write(const Storage::Body& body) { return write(Scope::tenant(nova), body); }
    Result<void> write(const Scope& scope, const Storage::Body& body)
    {
        return store.storage().write(scope, Priority::Money, anyWork(), body);
    }
    template <class F>
    auto read(F&& body)
    {
        return readValue(store.storage(), Scope::tenant(nova), std::forward<F>(body));
    }
};

} // namespace

class TestInvoiceRows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onePeriodHasOneInvoiceThatIsNotVoid();
    void onlyDraftsAreReplacedAndRemoved();
    void whatIsReadIsWhatWasWritten();
    void damagedRowsAreRefusedByName_data();
    void damagedRowsAreRefusedByName();
    void listsGoOnBehindTheKey();
    void numbersHaveNoGaps();
    void aDocumentIsKeptOnce();
    void theNextNumberIsSeenWithoutTakingIt();
    void finalisedPeriodsAreFoundInOneQuestion();
};

void TestInvoiceRows::onePeriodHasOneInvoiceThatIsNotVoid()
{
    World world;
    QVERIFY(world.write([](Work& work) { return insertInvoice(work, row("inv_1")); }));
    const auto again = world.write([](Work& work) { return insertInvoice(work, row("inv_2")); });
    QCOMPARE(again.error().code, ErrorCode::PeriodAlreadyInvoiced);
    QVERIFY(world.write([](Work& work) { return removeDraft(work, nova, InvoiceId("inv_1")); }));
    QVERIFY(world.write([](Work& work) { return insertInvoice(work, row("inv_2", InvoiceStatus::Void)); }));
    QVERIFY(world.write([](Work& work) { return insertInvoice(work, row("inv_3")); }));
}

void TestInvoiceRows::onlyDraftsAreReplacedAndRemoved()
{
    World world;
    const auto replace = [&](InvoiceStatus status) {
        return world.write([&](Work& work) { return replaceDraft(work, row("inv_1", status)); });
    };
    QCOMPARE(replace(InvoiceStatus::Finalised).error().code, ErrorCode::InvoiceNotDraft);
    QVERIFY(world.write([](Work& work) { return insertInvoice(work, row("inv_1")); }));
    QVERIFY(replace(InvoiceStatus::Draft));
    QVERIFY(replace(InvoiceStatus::Finalised));
    QCOMPARE(replace(InvoiceStatus::Finalised).error().code, ErrorCode::InvoiceNotDraft);
    const auto removed = world.write([](Work& work) { return removeDraft(work, nova, InvoiceId("inv_1")); });
    QCOMPARE(removed.error().code, ErrorCode::InvoiceNotDraft);
}

void TestInvoiceRows::whatIsReadIsWhatWasWritten()
{
    World world;
    InvoiceRow written = row("inv_1", InvoiceStatus::Finalised);
    written.issueDate = day("2026-02-01");
    written.dueDate = day("2026-02-15");
    QVERIFY(world.write([&](Work& work) { return insertInvoice(work, written); }));
    const auto read = world.read([](Work& work) { return findInvoice(work, nova, InvoiceId("inv_1")); });
    QVERIFY(read && read->has_value());
    QCOMPARE((*read)->number, written.number);
    QCOMPARE((*read)->period, written.period);
    QCOMPARE((*read)->total, written.total);
    QCOMPARE((*read)->issueDate, written.issueDate);
    QCOMPARE((*read)->sealedSnapshot, written.sealedSnapshot);
    const auto owner = world.read([](Work& work) { return tenantOfInvoice(work, InvoiceId("inv_1")); });
    QCOMPARE(owner->value(), nova);
    QVERIFY(!world.read([](Work& work) { return findInvoice(work, TenantId("other"), InvoiceId("inv_1")); })
                 ->has_value());
}

void TestInvoiceRows::damagedRowsAreRefusedByName_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<QString>("subject");
    QTest::newRow("currency") << "currency = 'usd'"
                              << "invoice.currency";
    QTest::newRow("first day") << "first_day = '2026-02-30'"
                               << "invoice.first_day";
    QTest::newRow("due date") << "due_date = 'soon'"
                              << "invoice.due_date";
}

void TestInvoiceRows::damagedRowsAreRefusedByName()
{
    QFETCH(QString, change);
    QFETCH(QString, subject);
    World world;
    QVERIFY(world.write([&](Work& work) { return insertInvoice(work, row("inv_1")); }));
    world.store.tamper("UPDATE invoice SET " + change.toStdString());
    const auto read = world.read([](Work& work) { return findInvoice(work, nova, InvoiceId("inv_1")); });
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::StorageCorrupt);
    QCOMPARE(QString::fromStdString(read.error().subject), subject);
}

void TestInvoiceRows::listsGoOnBehindTheKey()
{
    World world;
    for (int month = 1; month <= 3; ++month) {
        const std::string id = "inv_" + std::to_string(month);
        const InvoiceStatus status = month == 2 ? InvoiceStatus::Finalised : InvoiceStatus::Draft;
        QVERIFY(world.write([&](Work& work) { return insertInvoice(work, row(id.c_str(), status, month)); }));
    }
    const auto ids = [&](const InvoiceFilter& filter) {
        std::string all;
        const auto rows = world.read([&](Work& work) { return listInvoices(work, filter); });
        for (const InvoiceRow& found : *rows)
            all += found.id.text() + " ";
        return all;
    };
    QCOMPARE(ids({}), std::string("inv_1 inv_2 inv_3 "));
    QCOMPARE(ids({.limit = 2}), std::string("inv_1 inv_2 "));
    QCOMPARE(ids({.after = std::pair<std::string, std::string>("nova", "inv_1")}),
             std::string("inv_2 inv_3 "));
    QCOMPARE(ids({.status = InvoiceStatus::Finalised}), std::string("inv_2 "));
    QCOMPARE(ids({.tenant = TenantId("other")}), std::string());
}

void TestInvoiceRows::numbersHaveNoGaps()
{
    World world;
    std::vector<std::int64_t> taken;
    const auto take = [&](bool keep) {
        return world.write([&](Work& work) -> Result<void> {
            const auto position = takeNumber(work, "main", "EB");
            if (!position)
                return position.error();
            if (!keep)
                return Error{ErrorCode::Cancelled};
            taken.push_back(position->number);
            return recordIssueDate(work, "main", "EB", day("2026-02-01"));
        });
    };
    QVERIFY(take(true));
    QCOMPARE(take(false).error().code, ErrorCode::Cancelled);
    QVERIFY(take(true));
    QCOMPARE(taken, (std::vector<std::int64_t>{1, 2}));
    QVERIFY(world.write([&](Work& work) -> Result<void> {
        const auto position = takeNumber(work, "main", "EB");
        BILLING_ASSERT(position && position->lastIssueDate == day("2026-02-01"));
        return {};
    }));
}

void TestInvoiceRows::aDocumentIsKeptOnce()
{
    World world;
    QVERIFY(world.write([](Work& work) { return insertInvoice(work, row("inv_1")); }));
    QVERIFY(world.write(
        [](Work& work) { return insertInvoice(work, row("inv_2", InvoiceStatus::Finalised, 2)); }));
    QVERIFY(world.write([](Work& work) -> Result<void> {
        const auto position = takeNumber(work, "main", "EB");
        BILLING_ASSERT(position && recordIssueDate(work, "main", "EB", day("2026-02-01")));
        return {};
    }));
    const NumberSeries series{"main", "EB", 1};
    const auto found = world.read([](Work& work) { return numberSeries(work); });
    QCOMPARE(found->size(), std::size_t{1});
    QCOMPARE(found->front().issuer + " " + found->front().series, std::string("main EB"));
    QCOMPARE(found->front().lastNumber, 1);
    const auto waiting = [&](NumberRange range = {0, 10}) {
        std::string text;
        const auto rows = world.read([&](Work& work) { return undrawnInvoices(work, series, range, 10); });
        for (const UndrawnInvoice& one : rows.value())
            text += one.key.invoice.text() + " " + std::to_string(one.number) + " ";
        return text;
    };
    QCOMPARE(waiting(), std::string("inv_2 2 ")); // a draft has none to draw
    QCOMPARE(waiting({1, 2}), std::string("inv_2 2 "));
    QCOMPARE(waiting({2, 10}), std::string());
    QCOMPARE(waiting({0, 1}), std::string());
    const Duration later[] = {std::chrono::hours(1)};
    const AsideKey key = documentKey(nova, InvoiceId("inv_2"));
    QVERIFY(world.write([&](Work& work) -> Result<void> {
        BILLING_ASSERT(setAside(work, {key, {ErrorCode::MissingGlyph}, Instant::fromMicros(5), later}));
        return {};
    }));
    QCOMPARE(waiting(), std::string());
    QVERIFY(world.write([&](Work& work) -> Result<void> {
        BILLING_ASSERT(forgetAside(work, key));
        return {};
    }));

    const DocumentRow document{nova, InvoiceId("inv_2"),    std::string(32, 'h'), 7, "ab/x",
                               1,    Instant::fromMicros(5)};
    QVERIFY(world.write([&](Work& work) { return insertDocument(work, document); }));
    const auto again = world.write([&](Work& work) { return insertDocument(work, document); });
    QCOMPARE(again.error().code, ErrorCode::AlreadyExists);
    QCOMPARE(waiting(), std::string());
    const auto kept = world.read([](Work& work) { return findDocument(work, nova, InvoiceId("inv_2")); });
    QCOMPARE((*kept)->path, document.path);
    QCOMPARE((*kept)->sha256, document.sha256);
}

void TestInvoiceRows::theNextNumberIsSeenWithoutTakingIt()
{
    World world;
    const auto next = [&] {
        const auto seen = world.read([](Work& work) { return nextNumber(work, "main", "EB"); }).value();
        return std::to_string(seen.number) + (seen.lastIssueDate ? " " + seen.lastIssueDate->toText() : "");
    };
    QCOMPARE(next(), std::string("1"));
    QCOMPARE(next(), std::string("1"));
    const auto take = [&](bool isDated) {
        return world.write([&](Work& work) -> Result<void> {
            const auto position = takeNumber(work, "main", "EB");
            if (!position || !isDated)
                return position ? Result<void>() : position.error();
            return recordIssueDate(work, "main", "EB", day("2026-02-01"));
        });
    };
    QVERIFY(take(false));
    QCOMPARE(next(), std::string("2"));
    QVERIFY(take(true));
    QCOMPARE(next(), std::string("3 2026-02-01"));
    const auto issued = [&](const char* number) {
        return world.read([&](Work& work) { return isNumberIssued(work, "main", number); }).value();
    };
    QVERIFY(!issued("EB-1"));
    world.store.tamper("INSERT INTO issued_number VALUES ('main', 'EB-1', 'EB', 1)");
    QVERIFY(issued("EB-1"));
    QVERIFY(!issued("EB-10"));
    world.store.tamper("UPDATE invoice_series SET last_issue_date = 'soon'");
    const auto damaged = world.read([](Work& work) { return nextNumber(work, "main", "EB"); });
    QCOMPARE(damaged.error().code, ErrorCode::StorageCorrupt);
}

void TestInvoiceRows::finalisedPeriodsAreFoundInOneQuestion()
{
    World world;
    QVERIFY(world.write([](Work& work) { return insertInvoice(work, row("inv_1")); }));
    QVERIFY(world.write(
        [](Work& work) { return insertInvoice(work, row("inv_2", InvoiceStatus::Finalised, 2)); }));
    QVERIFY(
        world.write([](Work& work) { return insertInvoice(work, row("inv_3", InvoiceStatus::Void, 3)); }));
    QVERIFY(world.write(
        [](Work& work) { return insertInvoice(work, row("inv_4", InvoiceStatus::Finalised, 4)); }));
    const Instant february = row("any", InvoiceStatus::Draft, 2).period.range.start;
    const Instant april = row("any", InvoiceStatus::Draft, 4).period.range.start;
    const auto found = [&](const InstantRange& range) {
        return world.read([&](Work& work) { return finalisedPeriods(work, nova, subscription, range); })
            .value();
    };
    QVERIFY((found({Instant::fromMicros(0), april.plus(Duration(1))}) == std::vector{february, april}));
    QVERIFY((found({february, april}) == std::vector{february}));
    QVERIFY(found({february.plus(Duration(1)), april}).empty());
}

QTEST_APPLESS_MAIN(TestInvoiceRows)
#include "tst_invoice_rows.moc"
