// One invoice for preview: loaded once, never another than asked for, refusals kept apart from the way to the
// server.
#include "console/models/invoice_document.h"
#include "shared/wire/invoice_json.h"
#include "tests/console/models/fake_api.h"
#include "tests/support/printing.h"

#include <QSignalSpy>

using namespace billing;
using namespace billing::console;
using namespace billing::test;

namespace {

Invoice invoiceOf(const char* id)
{
    const Currency euro = Currency::parse("EUR").value();
    const LocalDate first = LocalDate::create(2026, 1, 1).value();
    return {.id = InvoiceId(id),
            .tenant = TenantId("nova"),
            .subscription = SubscriptionId("sub_1"),
            .period = {first, first.plusMonths(1), {Instant::fromMicros(0), Instant::fromMicros(1)}},
            .timeZone = "UTC",
            .currency = euro,
            .plan = PlanCode("lite"),
            .planName = "Lite",
            .net = Money::zero(euro),
            .tax = Money::zero(euro),
            .total = Money::zero(euro)};
}

} // namespace

class TestInvoiceDocument : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void opens();
    void refuses_data();
    void refuses();
    void onlyTheLastOneOpenedCounts();
    void closesWithTheSession();
};

void TestInvoiceDocument::opens()
{
    FakeApi api;
    api.snapshot = invoiceOf("inv_1");
    InvoiceDocument document;
    document.open(InvoiceId("inv_1"));
    QCOMPARE(document.state(), ListState::Idle); // signed out
    document.setApi(&api);
    document.open(InvoiceId("inv_1"));
    QCOMPARE(document.state(), ListState::Loading);
    QVERIFY(!document.invoice());
    QTRY_COMPARE(document.state(), ListState::Ready);
    QCOMPARE(*document.invoice(), *api.snapshot);
    document.open(InvoiceId("inv_1")); // is shown already
    QCOMPARE(api.calls, 1);
    document.reload();
    QTRY_COMPARE(document.state(), ListState::Ready);
    QCOMPARE(api.calls, 2);
}

void TestInvoiceDocument::refuses_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<ListState>("state");

    QTest::newRow("gone") << ErrorCode::NotFound << ListState::Failed;
    QTest::newRow("not allowed") << ErrorCode::InsufficientScope << ListState::Failed;
    QTest::newRow("damaged") << ErrorCode::UnusableAnswer << ListState::Failed;
    QTest::newRow("no network") << ErrorCode::Offline << ListState::Offline;
    QTest::newRow("silent") << ErrorCode::DeadlineExceeded << ListState::Offline;
}

void TestInvoiceDocument::refuses()
{
    QFETCH(const ErrorCode, code);
    QFETCH(const ListState, state);
    FakeApi api;
    api.snapshot = invoiceOf("inv_1");
    api.refusal = Error{code};
    InvoiceDocument document;
    document.setApi(&api);
    document.open(InvoiceId("inv_1"));
    QTRY_COMPARE(document.state(), state);
    QCOMPARE(document.error()->code, code);
    QVERIFY(!document.invoice());
    api.refusal.reset();
    document.open(InvoiceId("inv_1")); // again
    QTRY_COMPARE(document.state(), ListState::Ready);
    QVERIFY(!document.error());
}

void TestInvoiceDocument::onlyTheLastOneOpenedCounts()
{
    FakeApi api;
    api.holds = true;
    api.snapshot = invoiceOf("inv_1");
    InvoiceDocument document;
    document.setApi(&api);
    document.open(InvoiceId("inv_1"));
    document.open(InvoiceId("inv_2"));
    QCOMPARE(api.held(), 1);
    QVERIFY(api.release()); // answers with inv_1, which was not asked for
    QCOMPARE(document.state(), ListState::Failed);
    QCOMPARE(document.error()->code, ErrorCode::UnusableAnswer);
}

void TestInvoiceDocument::closesWithTheSession()
{
    FakeApi api;
    api.snapshot = invoiceOf("inv_1");
    InvoiceDocument document;
    document.setApi(&api);
    document.open(InvoiceId("inv_1"));
    QTRY_COMPARE(document.state(), ListState::Ready);
    const std::shared_ptr<const Invoice> drawn = document.invoice();
    document.setApi(nullptr);
    QCOMPARE(document.state(), ListState::Idle);
    QVERIFY(!document.invoice() && !document.id());
    QCOMPARE(drawn->id, InvoiceId("inv_1")); // who draws it may finish
    document.reload();
    QCOMPARE(document.state(), ListState::Idle);
}

QTEST_GUILESS_MAIN(TestInvoiceDocument)
#include "tst_invoice_document.moc"
