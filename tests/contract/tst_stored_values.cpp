// The storage contract: what goes in comes back as it was, on every engine, at the limits of what may go in;
// and texts sort as bytes, whatever the database's language.
#include "server/storage/catalog.h"
#include "server/storage/invoices.h"
#include "server/storage/ledger_entries.h"
#include "server/storage/subscriptions.h"
#include "server/storage/tenants.h"
#include "server/storage/usage.h"
#include "tests/server/storage/storage_fixture.h"
#include "tests/server/storage/store_events.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::storage;
using namespace billing::test;

namespace {

const TenantId nova("nova");
const Currency euro = Currency::parse("EUR").value();
const Instant noon = Instant::parse("2026-03-01T12:00:00.000001Z").value();
const Scope everybody = Scope::allTenants("test");

TenantRow tenantRow(const std::string& id, const std::string& name = "Nova")
{
    return {{TenantId(id), name, "DE", euro, "UTC", "en"}, "sealed"};
}

UsageEvent usageEvent(std::string source, std::string id, std::string_view value)
{
    return {nova, std::move(source), std::move(id), "calls", Decimal::parse(value).value(), noon, {}};
}

/// A draft of those amounts.
InvoiceRow invoiceOf(Money net, Money tax, Money total)
{
    const LocalDate first = LocalDate::parse("2026-03-01").value();
    return {.id = InvoiceId("inv_3"),
            .tenant = nova,
            .subscription = SubscriptionId("sub_1"),
            .status = InvoiceStatus::Draft,
            .issuer = "main",
            .series = "EB",
            .seriesNumber = {},
            .number = {},
            .period = {first, first.plusMonths(1), {noon, noon.plus(std::chrono::hours(1))}},
            .net = net,
            .tax = tax,
            .total = total,
            .issueDate = {},
            .dueDate = {},
            .createdAt = noon,
            .finalisedAt = {},
            .snapshotSha256 = std::string(32, 'h'),
            .sealedSnapshot = "sealed"};
}

} // namespace

class TestStoredValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_store = std::make_unique<StorageFixture>(); }
    void cleanup() { m_store.reset(); }
    void textsSortAsBytes();
    void textsAndBytesComeBack_data();
    void textsAndBytesComeBack();
    void quantitiesComeBack_data();
    void quantitiesComeBack();
    void moneyComesBack_data();
    void moneyComesBack();
    void eventsOfEveryMonthAreKept_data();
    void eventsOfEveryMonthAreKept();
    void balancesRefuseToOverflow();

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

    std::unique_ptr<StorageFixture> m_store;
};

void TestStoredValues::textsSortAsBytes()
{
    const std::vector<std::string> keys{"",    " a", "B",  "Z", "_",        "a",
                                        "a b", "aB", "ab", "b", "\xc3\xa9", "\xf0\x9f\x9f\xa2"};
    std::vector<Rollup> rollups;
    for (const std::string& key : keys)
        rollups.push_back(
            {{"nova", "calls", 1, key, 0}, MeterState::decode("1:sum:1:1").value(), SettleNumber(1)});
    std::reverse(rollups.begin(), rollups.end());
    QVERIFY(write([&](Work& work) {
        return insertTenant(work, tenantRow("nova")).and_then([&] { return storeRollups(work, rollups); });
    }));
    std::vector<std::string> seen;
    QVERIFY(storage().read(everybody, [&](Work& work) {
        return rollupsIn(work, nova, {Instant::fromMicros(0), noon}, [&](const Rollup& rollup) {
            seen.push_back(rollup.key.dimensionKey);
            return Result<void>();
        });
    }));
    QCOMPARE(seen, keys);
}

void TestStoredValues::textsAndBytesComeBack_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("bytes");
    std::string all;
    for (int byte = 0; byte < 256; ++byte)
        all += static_cast<char>(byte);
    QTest::newRow("empty") << std::string() << std::string();
    QTest::newRow("every byte") << std::string("a") << all;
    QTest::newRow("quotes") << std::string("'; DROP TABLE tenant; -- \"$1\" ? \\x00 \\")
                            << std::string("\\x00'?");
    QTest::newRow("scripts") << std::string(
                                    "\xc3\xa9 e\xcc\x81 \xf0\x9f\x9f\xa2 \xe2\x80\xae \xef\xbb\xbf \xd8\xa7")
                             << std::string("\0\0", 2);
    QTest::newRow("blanks") << std::string("  a\t\r\n ") << std::string(" \n");
    QTest::newRow("long") << std::string(100'000, 'x') << std::string(2'000'000, '\xff');
}

void TestStoredValues::textsAndBytesComeBack()
{
    QFETCH(const std::string, text);
    QFETCH(const std::string, bytes);
    TenantRow row = tenantRow("nova", text);
    row.sealedProfile = bytes;
    QVERIFY(write([&](Work& work) { return insertTenant(work, row); }));
    const auto found = read([](Work& work) { return findTenant(work, nova); }).value();
    QVERIFY(found->tenant.legalName == text);
    QVERIFY(found->sealedProfile == bytes);
}

void TestStoredValues::quantitiesComeBack_data()
{
    QTest::addColumn<std::string>("value");
    for (const char* value : {"0", "1", "0.000000000001", "0.1", "10", "100", "1000000", "1.5",
                              "123456.123456789012", "999999999999999999.999999999999"})
        QTest::newRow(value) << std::string(value);
}

void TestStoredValues::quantitiesComeBack()
{
    QFETCH(const std::string, value);
    const UsageEvent event = usageEvent("kernel", "e1", value);
    QVERIFY(write([&](Work& work) {
        return insertTenant(work, tenantRow("nova")).and_then([&] {
            return test::storeEvents(work, {event}, SettleNumber(1));
        });
    }));
    std::vector<UsageEvent> seen;
    QVERIFY(storage().read(everybody, [&](Work& work) {
        return eventsIn(work, nova, {noon, noon.plus(Duration(1))}, [&](const UsageEvent& one, SettleNumber) {
            seen.push_back(one);
            return Result<void>();
        });
    }));
    QCOMPARE(seen.size(), std::size_t{1});
    QVERIFY(seen.front() == event);
    QCOMPARE(seen.front().value.toText(), value);
}

void TestStoredValues::moneyComesBack_data()
{
    QTest::addColumn<qlonglong>("net");
    QTest::addColumn<qlonglong>("tax");
    QTest::newRow("nothing") << 0LL << 0LL;
    QTest::newRow("credit") << -5LL << -1LL;
    QTest::newRow("most") << 9'223'372'036'854'775'807LL << 0LL;
    QTest::newRow("least") << -9'223'372'036'854'775'807LL << -1LL;
}

void TestStoredValues::moneyComesBack()
{
    QFETCH(const qlonglong, net);
    QFETCH(const qlonglong, tax);
    const InvoiceRow invoice = invoiceOf(Money::fromMinor(net, euro), Money::fromMinor(tax, euro),
                                         Money::fromMinor(net + tax, euro));
    QVERIFY(write([&](Work& work) {
        const LocalDate day = LocalDate::parse("2026-01-01").value();
        return insertPlanVersion(work, {PlanCode("lite"), 1, Activity::Active, "{}"})
            .and_then([&] { return insertTenant(work, tenantRow("nova")); })
            .and_then([&] {
                return insertSubscription(
                    work,
                    {SubscriptionId("sub_1"), nova, PlanCode("lite"), 1, euro, "UTC", day, day, {}, noon});
            })
            .and_then([&] { return insertInvoice(work, invoice); });
    }));
    const auto found = read([](Work& work) { return findInvoice(work, nova, InvoiceId("inv_3")); }).value();
    QCOMPARE(found->net, invoice.net);
    QCOMPARE(found->tax, invoice.tax);
    QCOMPARE(found->total, invoice.total);
}

void TestStoredValues::eventsOfEveryMonthAreKept_data()
{
    QTest::addColumn<std::string>("at");
    for (const char* at :
         {"1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z", "2019-02-28T23:59:59.999999Z",
          "2024-02-29T12:00:00Z", "2026-12-31T23:59:59.999999Z", "2099-01-01T00:00:00Z"})
        QTest::newRow(at) << std::string(at);
}

void TestStoredValues::eventsOfEveryMonthAreKept()
{
    QFETCH(const std::string, at);
    UsageEvent event = usageEvent("", "e1", "1");
    event.at = Instant::parse(at).value();
    for (int time = 0; time < 2; ++time) { // the month is there at the second
        QVERIFY(write([&](Work& work) { return test::storeEvents(work, {event}, SettleNumber(time)); }));
    }
    int seen = 0;
    QVERIFY(storage().read(everybody, [&](Work& work) {
        const InstantRange range{event.at, event.at.plus(Duration(1))};
        return eventsIn(work, nova, range, [&](const UsageEvent& one, SettleNumber) {
            BILLING_ASSERT(one == event);
            ++seen;
            return Result<void>();
        });
    }));
    QCOMPARE(seen, 2);
}

void TestStoredValues::balancesRefuseToOverflow()
{
    QVERIFY(write([](Work& work) -> Result<void> {
        BILLING_ASSERT(insertTenant(work, tenantRow("nova")));
        for (const char* reference : {"a", "b"}) {
            const Money most = Money::fromMinor(std::numeric_limits<std::int64_t>::max(), euro);
            const Posting posting{nova, "invoice", reference, {{AccountKind::Revenue, "", most}}};
            BILLING_ASSERT(insertPosting(work, LedgerTransactionId(reference), posting, noon));
        }
        return {};
    }));
    const auto refused = read([](Work& work) { return balances(work, nova); });
    QCOMPARE(refused.error().code, ErrorCode::AmountOverflow);
}

QTEST_GUILESS_MAIN(TestStoredValues)

#include "tst_stored_values.moc"
