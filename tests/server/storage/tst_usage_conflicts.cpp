// Conflicts keep the refused payload, each once and of one identity not too many; the list pages in both
// directions; the payload that stays is found in bounded work.
#include "server/storage/tenants.h"
#include "server/storage/usage_conflicts.h"
#include "server/storage/usage_months.h"
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
constexpr const char* noon = "2026-09-15T12:00:00Z";

UsageEvent usage(const std::string& id, const std::string& value, const std::string& at = noon,
                 const TenantId& tenant = nova)
{
    return {tenant, "kernel", id, "calls", *Decimal::parse(value), *Instant::parse(at), {{"model", "gpt4"}}};
}

/// As the settler makes one; equal payloads have equal digests, which is all that is read here.
Identity identityOf(const UsageEvent& event)
{
    Identity identity{event.tenant.text(), {}, {}, monthOf(event.at)};
    const std::string id = canonicalIdentity(event);
    const std::string payload = canonicalPayload(event);
    for (std::size_t i = 0; i < id.size(); ++i)
        identity.identity[i % 16] = static_cast<std::uint8_t>(identity.identity[i % 16] * 31 + id[i]);
    for (std::size_t i = 0; i < payload.size(); ++i)
        identity.payload[i % 32] = static_cast<std::uint8_t>(identity.payload[i % 32] * 31 + payload[i]);
    return identity;
}

} // namespace

class TestUsageConflicts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void keepsWhatWasRefused();
    void keepsAPayloadOnce();
    void keepsNotTooManyOfOneEvent();
    void pagesBothWays();
    void rowsFromBeforeAreListed();
    void findsTheFirst_data();
    void findsTheFirst();
    void searchesNoFurtherThanItsBound();

private:
    /// Notices these in one settling, at positions from that one on.
    void notice(const std::vector<UsageEvent>& events, std::int64_t position);
    void claim(const UsageEvent& one);
    void store(const std::vector<UsageEvent>& events, std::int64_t settling);
    std::vector<KeptConflict> newest(const ConflictFilter& filter = {});
    FirstPayloadSearch find(const KeptConflict& conflict, std::int64_t& blocks);

    std::unique_ptr<StorageFixture> m_store;
};

void TestUsageConflicts::init()
{
    m_store = std::make_unique<StorageFixture>(StorageFixture::Writer::Inline);
    QVERIFY(m_store->storage().write(everybody, Priority::Money, anyWork(), [](Work& work) -> Result<void> {
        for (const TenantId& id : {nova, beta})
            BILLING_ASSERT(insertTenant(
                work, {{id, "Name", "DE", Currency::parse("EUR").value(), "UTC", "en"}, "sealed"}));
        return {};
    }));
}

void TestUsageConflicts::notice(const std::vector<UsageEvent>& events, std::int64_t position)
{
    std::vector<Identity> identities;
    for (const UsageEvent& one : events)
        identities.push_back(identityOf(one));
    std::vector<Conflict> conflicts;
    for (std::size_t i = 0; i < events.size(); ++i)
        conflicts.push_back(
            {JournalPosition(position + static_cast<std::int64_t>(i)), 0, &events[i], &identities[i]});
    QVERIFY(m_store->storage().write(everybody, Priority::Settle, anyWork(), [&](Work& work) {
        return insertConflicts(work, conflicts, *Instant::parse(noon));
    }));
}

void TestUsageConflicts::claim(const UsageEvent& one)
{
    const Identity identity = identityOf(one);
    QVERIFY(m_store->storage().write(everybody, Priority::Settle, anyWork(), [&](Work& work) {
        const auto done = claimIdentities(work, {&identity, 1});
        return done ? Result<void>() : done.error();
    }));
}

void TestUsageConflicts::store(const std::vector<UsageEvent>& events, std::int64_t settling)
{
    QVERIFY(m_store->storage().write(everybody, Priority::Settle, anyWork(), [&](Work& work) {
        return storeEvents(work, events, SettleNumber(settling));
    }));
}

std::vector<KeptConflict> TestUsageConflicts::newest(const ConflictFilter& filter)
{
    return readValue(m_store->storage(), everybody, [&](Work& work) { return newestConflicts(work, filter); })
        .value();
}

FirstPayloadSearch TestUsageConflicts::find(const KeptConflict& conflict, std::int64_t& blocks)
{
    return readValue(m_store->storage(), Scope::tenant(nova),
                     [&](Work& work) { return findFirstPayload(work, conflict, blocks); })
        .value();
}

void TestUsageConflicts::keepsWhatWasRefused()
{
    claim(usage("a", "1", "2026-08-01T00:00:00Z"));
    notice({usage("a", "2.50")}, 7);
    const auto all = newest();
    QCOMPARE(all.size(), std::size_t{1});
    QVERIFY(all[0].place == (ConflictPlace{JournalPosition(7), nova, 0}));
    QCOMPARE(all[0].source + " " + all[0].eventId, std::string("kernel a"));
    QVERIFY(all[0].refused == payloadOf(usage("a", "2.5")));
    QVERIFY(all[0].noticedAt == *Instant::parse(noon));
    QCOMPARE(*all[0].eventMonth, monthOf(*Instant::parse("2026-08-01T00:00:00Z")));
}

void TestUsageConflicts::keepsAPayloadOnce()
{
    notice({usage("a", "2"), usage("a", "2.0"), usage("a", "3"), usage("b", "2")}, 10);
    notice({usage("a", "3"), usage("a", "2"), usage("a", "4"), usage("a", "2", noon, beta)}, 20);
    std::string told;
    for (const KeptConflict& one : newest())
        told += one.place.tenant.text() + one.eventId + one.refused->value.toText() + "@" +
                std::to_string(one.place.position.number()) + " ";
    QCOMPARE(told, std::string("betaa2@23 novaa4@22 novab2@13 novaa3@12 novaa2@10 "));
}

void TestUsageConflicts::keepsNotTooManyOfOneEvent()
{
    std::vector<UsageEvent> many;
    for (int i = 0; i < 13; ++i)
        many.push_back(usage("a", std::to_string(i)));
    notice(many, 100);
    for (UsageEvent& one : many)
        one.metricType = "other";
    notice(many, 200);
    notice({usage("b", "1")}, 300);
    const auto count =
        readValue(m_store->storage(), everybody, [](Work& work) { return conflictsOf(work, nova); });
    QCOMPARE(*count, static_cast<std::int64_t>(keptPayloads) + 1);
    const auto bounded = readValue(m_store->storage(), everybody, [](Work& work) {
        return conflictCount(work, {{}, Instant::fromMicros(0), 5});
    });
    QCOMPARE(*bounded, std::int64_t{5});
}

void TestUsageConflicts::pagesBothWays()
{
    notice({usage("a", "1"), usage("b", "1", noon, beta), usage("c", "1"), usage("d", "1")}, 1);
    const auto walk = [&](auto list, const std::optional<TenantId>& tenant) {
        ConflictFilter filter{tenant, {}, 2};
        std::string ids;
        for (;;) {
            const auto page =
                readValue(m_store->storage(), everybody, [&](Work& work) { return list(work, filter); });
            for (const KeptConflict& one : *page)
                ids += one.eventId;
            if (page->size() < 2)
                return ids;
            ids += ' ';
            filter.behind = page->back().place;
        }
    };
    QCOMPARE(walk(newestConflicts, {}), std::string("dc ba "));
    QCOMPARE(walk(newestConflicts, nova), std::string("dc a"));
    QCOMPARE(walk(newestConflicts, beta), std::string("b"));
    const auto noticed = [&](const std::optional<TenantId>& tenant) {
        NoticedPlace behind{
            Instant::fromMicros(std::numeric_limits<std::int64_t>::min()), {}, JournalPosition(0), 0};
        std::string ids;
        for (;;) {
            const auto page = readValue(m_store->storage(), everybody, [&](Work& work) {
                return conflictsNoticed(work, tenant, behind, 2);
            });
            for (const KeptConflict& one : *page)
                ids += one.eventId;
            if (page->size() < 2)
                return ids;
            ids += ' ';
            const KeptConflict& last = page->back();
            behind = {*last.noticedAt, last.place.tenant.text(), last.place.position, last.place.ordinal};
        }
    };
    QCOMPARE(noticed({}), std::string("ba cd "));
    QCOMPARE(noticed(nova), std::string("ac d"));
    QCOMPARE(noticed(beta), std::string("b"));
}

void TestUsageConflicts::rowsFromBeforeAreListed()
{
    m_store->tamper(
        "INSERT INTO usage_conflict (tenant_id, position, ordinal, source, event_id, payload_sha256) "
        "VALUES ('nova', 3, 1, 'kernel', 'old', zeroblob(32))");
    const auto all = newest();
    QCOMPARE(all.size(), std::size_t{1});
    QVERIFY(!all[0].refused && !all[0].noticedAt && !all[0].eventMonth);
    std::int64_t blocks = 10;
    QVERIFY(!find(all[0], blocks).found);
}

void TestUsageConflicts::findsTheFirst_data()
{
    QTest::addColumn<QString>("accepted");
    QTest::addColumn<QString>("refused"); // empty: not known
    QTest::newRow("same time") << noon << noon;
    QTest::newRow("same day, later") << noon << "2026-09-15T23:59:59Z";
    QTest::newRow("same day, earlier") << noon << "2026-09-15T00:00:00Z";
    QTest::newRow("same month, later") << "2026-09-01T00:00:00Z" << noon;
    QTest::newRow("same month, earlier") << "2026-09-30T23:59:59.999999Z" << noon;
    QTest::newRow("month before") << "2026-08-31T23:59:59.999999Z" << noon;
    QTest::newRow("month after") << "2026-10-01T00:00:00Z" << noon;
    QTest::newRow("years before") << "1969-12-31T23:59:59.999999Z" << noon;
    QTest::newRow("turn of the year") << "2025-12-31T23:59:59.999999Z"
                                      << "2026-01-01T00:00:00Z";
    QTest::newRow("refused one not known") << noon << "";
}

void TestUsageConflicts::findsTheFirst()
{
    QFETCH(QString, accepted);
    QFETCH(QString, refused);
    const std::string at = accepted.toStdString();
    claim(usage("a", "1", at));
    store({usage("x", "7", at), usage("a", "1", at), usage("\"a\"", "8", at)}, 1);
    // Another source's event of the same id, and another tenant's.
    UsageEvent others = usage("a", "9", at);
    others.source = "edge";
    store({others}, 2);
    store({usage("a", "10", at, beta)}, 1);
    notice({usage("a", "2", refused.isEmpty() ? noon : refused.toStdString())}, 7);
    KeptConflict conflict = newest().front();
    if (refused.isEmpty())
        conflict.refused.reset();
    std::int64_t blocks = 100;
    const auto search = find(conflict, blocks);
    QVERIFY(search.found.has_value());
    QVERIFY(search.found->payload == payloadOf(usage("a", "1", at)));
    QVERIFY(blocks < 100);
}

void TestUsageConflicts::searchesNoFurtherThanItsBound()
{
    claim(usage("a", "1", "2026-09-02T00:00:00Z"));
    for (int day = 10; day < 20; ++day)
        store({usage("x", "7", "2026-09-" + std::to_string(day) + "T00:00:00Z")}, day);
    store({usage("a", "1", "2026-09-02T00:00:00Z")}, 30);
    notice({usage("a", "2", "2026-09-25T00:00:00Z")}, 7);
    const KeptConflict conflict = newest().front();
    std::int64_t blocks = 10;
    const auto cut = find(conflict, blocks);
    QVERIFY(!cut.found && !cut.isComplete);
    QCOMPARE(blocks, std::int64_t{0});
    blocks = 11;
    QVERIFY(find(conflict, blocks).found);
    m_store->tamper("DELETE FROM usage_block");
    blocks = 11;
    const auto gone = find(conflict, blocks);
    QVERIFY(!gone.found && gone.isComplete);
}

QTEST_GUILESS_MAIN(TestUsageConflicts)
#include "tst_usage_conflicts.moc"
