// Events are stored in blocks and come back one by one in order of time, however their settlings overlap.
#include "server/storage/sql/session.h"
#include "server/storage/tenants.h"
#include "server/storage/usage.h"
#include "server/storage/usage_block.h"
#include "tests/server/storage/storage_fixture.h"
#include "tests/server/storage/store_events.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::storage;
using namespace billing::test;

namespace {

const TenantId nova("nova");
const TenantId beta("beta");
const Scope everybody = Scope::allTenants("test");

Instant at(const std::string& text)
{
    return Instant::parse(text).value();
}

UsageEvent usageEvent(const std::string& id, const std::string& moment, const TenantId& tenant = nova)
{
    return {tenant, "kernel", id, "calls", Decimal::parse("2.5").value(), at(moment), {{"model", "gpt4"}}};
}

} // namespace

class TestUsageEvents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void comeInOrderOfTime_data();
    void comeInOrderOfTime();
    void aRefusalEndsTheReading();
    void damageIsNamed();
    void aBlockIsOfOneDayAndNotTooLong();
    void theViewShowsThemOneByOne();

private:
    void store(const std::vector<UsageEvent>& events, std::int64_t settling);
    std::string idsIn(const char* from, const char* end);
    std::int64_t number(const char* sql);

    std::unique_ptr<StorageFixture> m_store;
};

void TestUsageEvents::init()
{
    m_store = std::make_unique<StorageFixture>(StorageFixture::Writer::Inline);
    QVERIFY(m_store->storage().write(everybody, Priority::Money, anyWork(), [](Work& work) -> Result<void> {
        for (const TenantId& id : {nova, beta})
            BILLING_ASSERT(insertTenant(
                work, {{id, "Name", "DE", Currency::parse("EUR").value(), "UTC", "en"}, "sealed"}));
        return {};
    }));
}

void TestUsageEvents::store(const std::vector<UsageEvent>& events, std::int64_t settling)
{
    QVERIFY(m_store->storage().write(everybody, Priority::Settle, anyWork(), [&](Work& work) {
        return storeEvents(work, events, SettleNumber(settling));
    }));
}

std::string TestUsageEvents::idsIn(const char* from, const char* end)
{
    std::string ids;
    const auto done = m_store->storage().read(Scope::tenant(nova), [&](Work& work) {
        return eventsIn(work, nova, {at(from), at(end)}, [&](const UsageEvent& one, SettleNumber settledBy) {
            ids += one.eventId + std::to_string(settledBy.number()) + " ";
            return Result<void>();
        });
    });
    return done ? ids : toText(done.error());
}

std::int64_t TestUsageEvents::number(const char* sql)
{
    return readValue(m_store->storage(), everybody,
                     [&](Work& work) {
                         return queryOne(work.session(), sql, {},
                                         [](const sql::Row& row) { return row.integer(0); });
                     })
        .value()
        .value_or(-1);
}

void TestUsageEvents::comeInOrderOfTime_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("end");
    QTest::addColumn<std::string>("ids");
    const auto row = [](const char* name, const char* from, const char* end, const char* ids) {
        QTest::newRow(name) << QByteArray(from) << QByteArray(end) << std::string(ids);
    };
    // Settling 1: a 1st 10:00, c 1st 23:59, f 2nd 12:00. Settling 2: b 1st 11:00, e 2nd 00:00, g 2nd 12:00.
    // Settling 3: d 1st 23:59:59.999999, h 3rd 01:00; and another tenant's x.
    row("all", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "a1 b2 c1 d3 e2 f1 g2 h3 ");
    row("nothing before", "2025-01-01T00:00:00Z", "2026-03-01T10:00:00Z", "");
    row("nothing after", "2026-03-03T01:00:00.000001Z", "2027-01-01T00:00:00Z", "");
    row("from its first event to before its last", "2026-03-01T10:00:00Z", "2026-03-03T01:00:00Z",
        "a1 b2 c1 d3 e2 f1 g2 ");
    row("in the middle of a block", "2026-03-01T10:30:00Z", "2026-03-01T12:00:00Z", "b2 ");
    row("over midnight", "2026-03-01T23:59:30Z", "2026-03-02T00:00:00.000001Z", "d3 e2 ");
    row("equal instants by settling", "2026-03-02T12:00:00Z", "2026-03-02T12:00:00.000001Z", "f1 g2 ");
    row("an empty range", "2026-03-02T12:00:00Z", "2026-03-02T12:00:00Z", "");
}

void TestUsageEvents::comeInOrderOfTime()
{
    QFETCH(const QByteArray, from);
    QFETCH(const QByteArray, end);
    QFETCH(const std::string, ids);
    // The later settlings come first, so that the order is not that of storing.
    store({usageEvent("d", "2026-03-01T23:59:59.999999Z"), usageEvent("h", "2026-03-03T01:00:00Z"),
           usageEvent("x", "2026-03-01T23:00:00Z", beta)},
          3);
    store({usageEvent("b", "2026-03-01T11:00:00Z"), usageEvent("e", "2026-03-02T00:00:00Z"),
           usageEvent("g", "2026-03-02T12:00:00Z")},
          2);
    store({usageEvent("a", "2026-03-01T10:00:00Z"), usageEvent("c", "2026-03-01T23:59:00Z"),
           usageEvent("f", "2026-03-02T12:00:00Z")},
          1);
    QCOMPARE(idsIn(from.constData(), end.constData()), ids);
}

void TestUsageEvents::aRefusalEndsTheReading()
{
    store({usageEvent("a", "2026-03-01T10:00:00Z"), usageEvent("b", "2026-03-01T11:00:00Z"),
           usageEvent("c", "2026-03-02T11:00:00Z")},
          1);
    for (const int after : {1, 2, 3}) {
        int seen = 0;
        const auto done = m_store->storage().read(everybody, [&](Work& work) {
            return eventsIn(work, nova, {at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")},
                            [&](const UsageEvent&, SettleNumber) -> Result<void> {
                                if (++seen == after)
                                    return Error{ErrorCode::AmountOverflow, "enough"};
                                return {};
                            });
        });
        QCOMPARE(done.error().code, ErrorCode::AmountOverflow);
        QCOMPARE(seen, after);
    }
}

void TestUsageEvents::damageIsNamed()
{
    store({usageEvent("a", "2026-03-01T10:00:00Z")}, 1);
    m_store->tamper("UPDATE usage_block SET event_count = 2");
    QCOMPARE(idsIn("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
             std::string("storage_corrupt: usage_block"));
}

void TestUsageEvents::aBlockIsOfOneDayAndNotTooLong()
{
    std::vector<UsageEvent> events;
    for (std::size_t i = 0; i <= blockLimit; ++i)
        events.push_back(usageEvent("e" + std::to_string(i), "2026-03-01T10:00:00Z"));
    events.push_back(usageEvent("next day", "2026-03-02T00:00:00Z"));
    events.push_back(usageEvent("other", "2026-03-01T10:00:00Z", beta));
    store(events, 1);
    QCOMPARE(number("SELECT count(*) FROM usage_block"), std::int64_t{4});
    QCOMPARE(number("SELECT max(event_count) FROM usage_block"), static_cast<std::int64_t>(blockLimit));
    QCOMPARE(number("SELECT max(first_ordinal) FROM usage_block"), static_cast<std::int64_t>(blockLimit) + 1);
    QCOMPARE(number("SELECT first_ordinal FROM usage_block WHERE tenant_id = 'beta'"), std::int64_t{0});
    QCOMPARE(number("SELECT count(DISTINCT ordinal) FROM usage_event WHERE tenant_id = 'nova'"),
             static_cast<std::int64_t>(blockLimit) + 2);
}

void TestUsageEvents::theViewShowsThemOneByOne()
{
    store({usageEvent("a\"\n", "2026-03-01T10:00:00Z"), usageEvent("b", "2026-03-01T11:00:00Z")}, 4);
    const auto lines = readValue(m_store->storage(), everybody, [](Work& work) {
        return queryOne(
            work.session(),
            "SELECT tenant_id, settle_no, ordinal, source, event_id, metric_type, dimensions, position, "
            "at, CAST(value AS TEXT) FROM usage_event WHERE at = ?",
            {at("2026-03-01T10:00:00Z").micros()}, [](const sql::Row& row) {
                return row.text(0) + "|" + std::to_string(row.integer(1)) + "|" +
                       std::to_string(row.integer(2)) + "|" + row.text(3) + "|" + row.text(4) + "|" +
                       row.text(5) + "|" + row.text(6) + "|" + std::to_string(row.integer(7)) + "|" +
                       row.text(9).substr(0, 3);
            });
    });
    QCOMPARE(lines.value().value_or("nothing"), std::string("nova|4|0|kernel|a\"\n|calls|model=gpt4|1|2.5"));
}

QTEST_GUILESS_MAIN(TestUsageEvents)
#include "tst_usage_events.moc"
