// The storage contract: what storage.h promises of a unit of work, on every engine. A refused one leaves
// nothing, a read sees one moment, what goes in comes back as it was, what may not be is refused by its code.
#include "server/storage/audit_entries.h"
#include "server/storage/catalog.h"
#include "server/storage/documents.h"
#include "server/storage/idempotency.h"
#include "server/storage/invoices.h"
#include "server/storage/ledger_entries.h"
#include "server/storage/subscriptions.h"
#include "server/storage/tenants.h"
#include "server/storage/usage.h"
#include "tests/server/storage/storage_fixture.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::storage;
using namespace billing::test;

namespace {

const TenantId nova("nova");
const Currency euro = Currency::parse("EUR").value();
const Instant noon = Instant::parse("2026-03-01T12:00:00.000001Z").value();
const std::string hash32(32, 'h');
const Scope everybody = Scope::allTenants("test");

TenantRow tenantRow(const std::string& id, const std::string& name = "Nova")
{
    return {{TenantId(id), name, "DE", euro, "UTC", "en"}, "sealed"};
}

Subscription subscriptionRow(const std::string& id)
{
    const LocalDate day = LocalDate::parse("2026-01-01").value();
    return {SubscriptionId(id), nova, PlanCode("lite"), 1, euro, "UTC", day, day, {}, noon};
}

InvoiceRow invoiceRow(const std::string& id, int month, std::optional<std::int64_t> number = {})
{
    const LocalDate first = LocalDate::create(2026, month, 1).value();
    const auto start = Instant::fromMicros(first.daysSinceEpoch() * 86'400'000'000);
    return {.id = InvoiceId(id),
            .tenant = nova,
            .subscription = SubscriptionId("sub_1"),
            .status = number ? InvoiceStatus::Finalised : InvoiceStatus::Draft,
            .issuer = "main",
            .series = "EB",
            .seriesNumber = number,
            .number = number ? std::optional("EB-" + std::to_string(*number)) : std::nullopt,
            .period = {first, first.plusMonths(1), {start, start.plus(std::chrono::hours(1))}},
            .net = Money::fromMinor(100, euro),
            .tax = Money::fromMinor(19, euro),
            .total = Money::fromMinor(119, euro),
            .issueDate = {},
            .dueDate = {},
            .createdAt = start,
            .finalisedAt = {},
            .snapshotSha256 = hash32,
            .sealedSnapshot = "sealed"};
}

AuditRow auditRow(std::int64_t seq, std::string hash = hash32)
{
    return {"nova", seq, noon, "user:anna", "finalise", "invoice:inv_1", "{}", hash32, std::move(hash)};
}

/// A tenant with a plan, a subscription, a draft and a numbered invoice.
Result<void> insertNova(Work& work)
{
    return insertPlanVersion(work, {PlanCode("lite"), 1, Activity::Active, "{}"})
        .and_then([&] { return insertTenant(work, tenantRow("nova")); })
        .and_then([&] { return insertSubscription(work, subscriptionRow("sub_1")); })
        .and_then([&] { return insertInvoice(work, invoiceRow("inv_1", 1)); })
        .and_then([&] { return insertInvoice(work, invoiceRow("inv_2", 2, 7)); })
        .and_then([&] { return appendAuditEntry(work, auditRow(1)); });
}

Result<void> withoutValue(const auto& result)
{
    return result ? Result<void>() : Result<void>(result.error());
}

std::string codeOf(const Result<void>& result)
{
    return result ? "ok" : std::string(wireName(result.error().code));
}

} // namespace

class TestStorage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void whatMayNotBeIsRefused_data();
    void whatMayNotBeIsRefused();
    void refusedBodyLeavesNothing_data();
    void refusedBodyLeavesNothing();
    void swallowedRefusalIsToldTruly();
    void refusalsLeaveTheStoreUsable();
    void refusedReadIsTold();
    void readSeesOneMoment();
    void writesOfManyThreadsAllArrive_data();
    void writesOfManyThreadsAllArrive();
    void everythingOutlivesTheObject();

private:
    Storage& storage() { return m_store->storage(); }
    Result<void> write(const Storage::Body& body)
    {
        return storage().write(everybody, Priority::Money, anyWork(), body);
    }
    template <class F>
    auto read(F&& body)
    {
        return readValue(storage(), everybody, std::forward<F>(body));
    }
    std::string tenantIds()
    {
        std::string ids;
        const auto rows = read([](Work& work) { return listTenants(work, std::nullopt, 1000); });
        for (const TenantRow& row : rows.value())
            ids += row.tenant.id.text() + " ";
        return ids;
    }

    std::unique_ptr<StorageFixture> m_store;
};

void TestStorage::init()
{
    m_store = std::make_unique<StorageFixture>();
}

void TestStorage::cleanup()
{
    m_store.reset();
}

void TestStorage::whatMayNotBeIsRefused_data()
{
    QTest::addColumn<Storage::Body>("body");
    QTest::addColumn<std::string>("code");
    const auto row = [](const char* name, const char* code, Storage::Body body) {
        QTest::newRow(name) << body << std::string(code);
    };
    const auto ledger = [](const char* id, const char* reference) {
        return [=](Work& work) {
            const Posting posting{nova, "invoice", reference, {}};
            return insertPosting(work, LedgerTransactionId(id), posting, noon);
        };
    };
    row("tenant twice", "already_exists",
        [](Work& work) { return insertTenant(work, tenantRow("nova", "x")); });
    row("subscription twice", "already_exists",
        [](Work& work) { return insertSubscription(work, subscriptionRow("sub_1")); });
    row("subscription of nobody", "constraint_violated", [](Work& work) {
        Subscription of = subscriptionRow("sub_2");
        of.tenant = TenantId("ghost");
        return insertSubscription(work, of);
    });
    row("subscription to no plan", "constraint_violated", [](Work& work) {
        Subscription to = subscriptionRow("sub_2");
        to.planVersion = 2;
        return insertSubscription(work, to);
    });
    row("another body of a plan version", "already_exists", [](Work& work) {
        return insertPlanVersion(work, {PlanCode("lite"), 1, Activity::Active, "{\"a\":1}"});
    });
    row("invoice of no subscription", "constraint_violated", [](Work& work) {
        InvoiceRow invoice = invoiceRow("inv_3", 3);
        invoice.subscription = SubscriptionId("sub_2");
        return insertInvoice(work, invoice);
    });
    row("second invoice of a period", "period_already_invoiced",
        [](Work& work) { return insertInvoice(work, invoiceRow("inv_3", 1)); });
    row("invoice number twice", "constraint_violated",
        [](Work& work) { return insertInvoice(work, invoiceRow("inv_3", 3, 7)); });
    row("draft with a number", "constraint_violated", [](Work& work) {
        InvoiceRow invoice = invoiceRow("inv_3", 3);
        invoice.seriesNumber = 8;
        return insertInvoice(work, invoice);
    });
    row("total that is no sum", "constraint_violated", [](Work& work) {
        InvoiceRow invoice = invoiceRow("inv_3", 3);
        invoice.total = Money::fromMinor(120, euro);
        return insertInvoice(work, invoice);
    });
    row("period that ends before it starts", "constraint_violated", [](Work& work) {
        InvoiceRow invoice = invoiceRow("inv_3", 3);
        invoice.period.range.end = invoice.period.range.start;
        return insertInvoice(work, invoice);
    });
    row("finalised invoice changed", "invoice_not_draft",
        [](Work& work) { return replaceDraft(work, invoiceRow("inv_2", 2, 7)); });
    row("finalised invoice removed", "invoice_not_draft",
        [](Work& work) { return removeDraft(work, nova, InvoiceId("inv_2")); });
    row("document of no invoice", "constraint_violated", [](Work& work) {
        return insertDocument(work, {nova, InvoiceId("inv_9"), hash32, 1, "x", 1, noon});
    });
    row("document with half a digest", "constraint_violated", [](Work& work) {
        return insertDocument(work, {nova, InvoiceId("inv_2"), "half", 1, "x", 1, noon});
    });
    row("audit entry in a taken place", "constraint_violated",
        [](Work& work) { return appendAuditEntry(work, auditRow(1, std::string(32, 'o'))); });
    row("audit entry before the first", "constraint_violated",
        [](Work& work) { return appendAuditEntry(work, auditRow(0)); });
    row("audit entry with half a hash", "constraint_violated",
        [](Work& work) { return appendAuditEntry(work, auditRow(2, "half")); });
    row("fact posted twice", "already_exists", [=](Work& work) {
        return ledger("ltx_1", "inv_2")(work).and_then([&] { return ledger("ltx_2", "inv_2")(work); });
    });
    row("two facts of one id", "already_exists", [=](Work& work) {
        return ledger("ltx_1", "inv_2")(work).and_then([&] { return ledger("ltx_1", "inv_1")(work); });
    });
    row("head of nobody", "constraint_violated",
        [](Work& work) { return withoutValue(nextSettleNumber(work, TenantId("ghost"))); });
    row("answer of a taken key", "idempotency_key_in_flight", [](Work& work) {
        const AnswerKey key{"tenant:nova", "k"};
        const KeptAnswer answer{hash32, 201, "sealed", noon};
        return keepAnswer(work, key, answer).and_then([&] { return keepAnswer(work, key, answer); });
    });
}

void TestStorage::whatMayNotBeIsRefused()
{
    QFETCH(const Storage::Body, body);
    QFETCH(const std::string, code);
    QVERIFY(write(insertNova));
    bool reached = false;
    const auto done = write([&](Work& work) {
        return insertTenant(work, tenantRow("trace")).and_then([&] {
            reached = true;
            return body(work);
        });
    });
    QVERIFY(reached);
    QCOMPARE(codeOf(done), code);
    QCOMPARE(tenantIds(), std::string("nova ")); // what the body did before is not there either
    QVERIFY(write([](Work& work) { return insertTenant(work, tenantRow("trace")); }));
}

void TestStorage::refusedBodyLeavesNothing_data()
{
    QTest::addColumn<Priority>("priority");
    QTest::newRow("accept") << Priority::Accept;
    QTest::newRow("money") << Priority::Money;
    QTest::newRow("settle") << Priority::Settle;
    QTest::newRow("maintenance") << Priority::Maintenance;
}

void TestStorage::refusedBodyLeavesNothing()
{
    QFETCH(const Priority, priority);
    const auto refused = storage().write(everybody, priority, anyWork(), [](Work& work) -> Result<void> {
        BILLING_ASSERT(insertNova(work));
        return Error{ErrorCode::PeriodNotOver, "2026-03", "detail"};
    });
    QVERIFY((refused.error() == Error{ErrorCode::PeriodNotOver, "2026-03", "detail"}));
    QCOMPARE(tenantIds(), std::string());
    QVERIFY(!read([](Work& work) { return lastAuditEntry(work, "nova"); }).value());
    QVERIFY(storage().write(everybody, priority, anyWork(), insertNova));
    QCOMPARE(tenantIds(), std::string("nova "));
}

void TestStorage::swallowedRefusalIsToldTruly()
{
    QVERIFY(write(insertNova));
    const auto done = write([](Work& work) {
        BILLING_ASSERT(!insertSubscription(work, subscriptionRow("sub_1"))
                            .and_then([&] { return appendAuditEntry(work, auditRow(1)); })
                            .and_then([&] { return appendAuditEntry(work, auditRow(1)); }));
        (void)insertTenant(work, tenantRow("other"));
        return Result<void>(); // though something was refused
    });
    // What became of the transaction decides, not what the body believed.
    QCOMPARE(tenantIds(), std::string(done ? "nova other " : "nova "));
}

void TestStorage::refusalsLeaveTheStoreUsable()
{
    QVERIFY(write(insertNova));
    for (int attempt = 0; attempt < 50; ++attempt) {
        const auto refused = write([](Work& work) { return appendAuditEntry(work, auditRow(1)); });
        QCOMPARE(codeOf(refused), std::string("constraint_violated"));
    }
    QVERIFY(write([](Work& work) { return appendAuditEntry(work, auditRow(2)); }));
}

void TestStorage::refusedReadIsTold()
{
    const auto refused = storage().read(everybody, [](Work&) -> Result<void> {
        return Error{ErrorCode::NotFound, "invoice_id"};
    });
    QVERIFY((refused.error() == Error{ErrorCode::NotFound, "invoice_id"}));
    const auto value = read([](Work& work) { return lastAuditEntry(work, ""); });
    QVERIFY(value && !value->has_value());
}

void TestStorage::readSeesOneMoment()
{
    const auto count = [](Work& work) { return listTenants(work, std::nullopt, 10)->size(); };
    QVERIFY(write([](Work& work) { return insertTenant(work, tenantRow("alpha")); }));
    QVERIFY(storage().read(everybody, [&](Work& work) -> Result<void> {
        BILLING_ASSERT(count(work) == 1);
        std::thread other([&] {
            BILLING_ASSERT(write([](Work& inner) { return insertTenant(inner, tenantRow("beta")); }));
            BILLING_ASSERT(tenantIds() == "alpha beta ");
        });
        other.join();
        BILLING_ASSERT(count(work) == 1);
        return {};
    }));
    QCOMPARE(tenantIds(), std::string("alpha beta "));
}

void TestStorage::writesOfManyThreadsAllArrive_data()
{
    QTest::addColumn<int>("threads");
    QTest::newRow("as many as connections") << 8;
    QTest::newRow("more than connections") << 20;
}

void TestStorage::writesOfManyThreadsAllArrive()
{
    QFETCH(const int, threads);
    constexpr int perThread = 10;
    std::vector<std::thread> writers;
    for (int thread = 0; thread < threads; ++thread) {
        writers.emplace_back([this, thread] {
            for (int row = 0; row < perThread; ++row) {
                const std::string id = "t-" + std::to_string(thread) + "-" + std::to_string(row);
                const bool isRefused = row % 5 == 4;
                const auto priority = static_cast<Priority>((thread + row) % 4);
                const auto done =
                    storage().write(everybody, priority, anyWork(), [&](Work& work) -> Result<void> {
                        BILLING_ASSERT(insertTenant(work, tenantRow(id)));
                        return isRefused ? Result<void>(ErrorCode::NotFound) : Result<void>();
                    });
                BILLING_ASSERT(done.has_value() != isRefused);
                const auto seen = read([&](Work& work) { return findTenant(work, TenantId(id)); });
                BILLING_ASSERT(seen->has_value() != isRefused); // one's own writes are seen at once
            }
        });
    }
    for (std::thread& writer : writers)
        writer.join();
    const auto all = read([](Work& work) { return listTenants(work, std::nullopt, 1000); });
    QCOMPARE(all->size(), static_cast<std::size_t>(threads * perThread * 4 / 5));
}

void TestStorage::everythingOutlivesTheObject()
{
    QVERIFY(write(insertNova));
    m_store->close();
    m_store->reopen();
    QCOMPARE(tenantIds(), std::string("nova "));
    QVERIFY(read([](Work& work) { return findInvoice(work, nova, InvoiceId("inv_2")); })->has_value());
}

QTEST_GUILESS_MAIN(TestStorage)

#include "tst_storage.moc"
