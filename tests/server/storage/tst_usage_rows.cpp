// Settled usage as stored: identities are claimed once, events of one microsecond stand beside each other,
// totals are the same from rollups and from the events of cut hours.
//
// Tests: usage.cpp usage_totals.cpp
#include "server/storage/tenants.h"
#include "server/storage/usage_totals.h"
#include "tests/server/storage/storage_fixture.h"
#include "tests/server/storage/store_events.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::storage;
using namespace billing::test;

namespace {

const TenantId nova("nova");

Instant at(const char* text)
{
    return Instant::parse(text).value();
}

UsageEvent usageEvent(const char* id, const char* value, const char* moment)
{
    return {nova, "", id, "calls", Decimal::parse(value).value(), at(moment), {}};
}

Result<void> insertTenantOf(Work& work, const TenantId& id)
{
    return insertTenant(work, {{id, "Name", "DE", Currency::parse("EUR").value(), "UTC", "en"}, "sealed"});
}

Result<void> insertTenantNova(Work& work)
{
    return insertTenantOf(work, nova);
}

} // namespace

class TestUsageRows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void identityIsClaimedOnce();
    void payloadsComeInOrder();
    void headGrowsOnlyBySettling();
    void headsOfManyGrowTogether();
    void rollupsAreFoundByTheirKeys();
    void cutHoursAreSummedFromEvents_data();
    void cutHoursAreSummedFromEvents();
};

void TestUsageRows::identityIsClaimedOnce()
{
    StorageFixture store(StorageFixture::Writer::Inline);
    Identity first{"nova", {1}, {1}, 646};
    Identity otherPayload{"nova", {1}, {2}, 646};
    Identity otherTenant{"beta", {1}, {1}, 646};
    const auto claim = [&](std::vector<Identity> identities) {
        return writeValue(store.storage(), Scope::allTenants("test"), Priority::Settle, anyWork(),
                          [&](Work& work) { return claimIdentities(work, identities); })
            .value();
    };
    QCOMPARE(claim({first, otherPayload, otherTenant}), (std::vector<std::uint8_t>{1, 0, 1}));
    QCOMPARE(claim({first}), (std::vector<std::uint8_t>{0}));
    const auto payload = readValue(store.storage(), Scope::allTenants("test"),
                                   [](Work& work) { return payloadOf(work, "nova", IdentityHash{1}); });
    QVERIFY(payload->value() == PayloadHash{1});
}

void TestUsageRows::payloadsComeInOrder()
{
    StorageFixture store(StorageFixture::Writer::Inline);
    const std::vector<Identity> claimed{
        {"beta", {1}, {3}, 646}, {"nova", {1}, {1}, 646}, {"nova", {2}, {2}, 646}};
    QVERIFY(store.storage().write(Scope::allTenants("test"), Priority::Settle, anyWork(), [&](Work& work) {
        const auto done = claimIdentities(work, claimed);
        return done ? Result<void>() : done.error();
    }));
    const std::vector<Identity> asked{claimed[2], {"nova", {3}, {}, 0}, claimed[0],
                                      claimed[1], {"beta", {2}, {}, 0}, claimed[2]};
    const auto payloads = readValue(store.storage(), Scope::allTenants("test"),
                                    [&](Work& work) { return payloadsOf(work, asked); });
    QVERIFY(*payloads == (std::vector<std::optional<PayloadHash>>{
                             PayloadHash{2}, {}, PayloadHash{3}, PayloadHash{1}, {}, PayloadHash{2}}));
    const auto none = readValue(store.storage(), Scope::allTenants("test"),
                                [](Work& work) { return payloadsOf(work, {}); });
    QVERIFY(none->empty());
}

void TestUsageRows::headGrowsOnlyBySettling()
{
    StorageFixture store(StorageFixture::Writer::Inline);
    std::string numbers;
    const auto note = [&](const Result<SettleNumber>& number) {
        numbers += std::to_string(number->number()) + " ";
    };
    QVERIFY(store.storage().write(Scope::allTenants("test"), Priority::Settle, anyWork(), [&](Work& work) {
        const auto tenant = insertTenantNova(work);
        note(readHead(work, nova));
        note(lockHead(work, nova));
        note(nextSettleNumber(work, nova));
        note(nextSettleNumber(work, nova));
        note(lockHead(work, nova));
        note(readHead(work, nova));
        return tenant;
    }));
    QCOMPARE(numbers, std::string("0 0 1 2 2 2 "));
}

void TestUsageRows::headsOfManyGrowTogether()
{
    StorageFixture store(StorageFixture::Writer::Inline);
    const std::vector<TenantId> tenants{TenantId("beta"), nova, TenantId("zeta")};
    std::string numbers;
    QVERIFY(store.storage().write(Scope::allTenants("test"), Priority::Settle, anyWork(), [&](Work& work) {
        for (const TenantId& id : tenants)
            if (const auto made = insertTenantOf(work, id); !made)
                return made;
        for (const std::size_t count : {std::size_t{0}, std::size_t{2}, std::size_t{3}}) {
            const auto next = nextSettleNumbers(work, std::span(tenants).first(count));
            if (!next)
                return Result<void>(next.error());
            for (const SettleNumber number : *next)
                numbers += std::to_string(number.number()) + " ";
        }
        return Result<void>();
    }));
    QCOMPARE(numbers, std::string("1 1 2 2 1 "));
}

void TestUsageRows::rollupsAreFoundByTheirKeys()
{
    StorageFixture store(StorageFixture::Writer::Inline);
    const auto key = [](const char* meter, int version, const char* dimension, const char* hour) {
        return RollupKey{"nova", meter, version, dimension, at(hour).micros()};
    };
    const std::vector<RollupKey> stored{key("calls", 1, "", "2023-11-01T11:00:00Z"),
                                        key("calls", 1, "", "2023-11-03T11:00:00Z"),
                                        key("calls", 2, "a=b", "2023-11-01T11:00:00Z")};
    std::vector<Rollup> rollups;
    for (const RollupKey& one : stored)
        rollups.push_back({one, MeterState::decode("1:sum:1:" + std::to_string(rollups.size() + 1)).value(),
                           SettleNumber(1)});
    QVERIFY(store.storage().write(Scope::allTenants("test"), Priority::Settle, anyWork(), [&](Work& work) {
        return insertTenantNova(work).and_then([&] { return storeRollups(work, rollups); });
    }));
    const std::vector<RollupKey> asked{key("calls", 1, "", "2023-11-01T10:00:00Z"),    stored[0],
                                       key("calls", 1, "", "2023-11-02T11:00:00Z"),    stored[1],
                                       key("calls", 1, "a=b", "2023-11-01T11:00:00Z"), stored[2],
                                       key("other", 2, "a=b", "2023-11-01T11:00:00Z")};
    const auto found =
        readValue(store.storage(), Scope::tenant(nova), [&](Work& work) { return findRollups(work, asked); });
    std::string quantities;
    for (const auto& state : *found)
        quantities += state ? state->quantity().toText() + " " : "- ";
    QCOMPARE(quantities, std::string("- 1 - 2 - 3 - "));
}

void TestUsageRows::cutHoursAreSummedFromEvents_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("end");
    QTest::addColumn<std::string>("quantity");
    const auto row = [](const char* name, const char* from, const char* end, const char* quantity) {
        QTest::newRow(name) << QByteArray(from) << QByteArray(end) << std::string(quantity);
    };
    // Events: 1 at 10:15, 2 at 10:45, 4 at 11:30, 8 at 12:00. The rollup of 11:00 says 400, to be told from
    // its event.
    row("nothing", "2023-11-01T08:00:00Z", "2023-11-01T10:00:00Z", "");
    row("inside one hour", "2023-11-01T10:10:00Z", "2023-11-01T10:20:00Z", "1");
    row("inside one hour, to its event", "2023-11-01T10:10:00Z", "2023-11-01T10:45:00Z", "1");
    row("over an edge", "2023-11-01T10:30:00Z", "2023-11-01T11:45:00Z", "6");
    row("whole hour", "2023-11-01T11:00:00Z", "2023-11-01T12:00:00Z", "400");
    row("cut, whole, cut", "2023-11-01T10:30:00Z", "2023-11-01T12:00:00.000001Z", "410");
}

void TestUsageRows::cutHoursAreSummedFromEvents()
{
    QFETCH(const QByteArray, from);
    QFETCH(const QByteArray, end);
    QFETCH(const std::string, quantity);
    StorageFixture store(StorageFixture::Writer::Inline);
    const std::vector<Meter> meters{{.code = MeterCode("calls"), .metricType = "calls"}};
    const MeterIndex index(meters);
    const std::vector<UsageEvent> all{
        usageEvent("a", "1", "2023-11-01T10:15:00Z"), usageEvent("b", "2", "2023-11-01T10:45:00Z"),
        usageEvent("c", "4", "2023-11-01T11:30:00Z"), usageEvent("d", "8", "2023-11-01T12:00:00Z")};
    QVERIFY(store.storage().write(Scope::allTenants("test"), Priority::Settle, anyWork(), [&](Work& work) {
        const Rollup rollup{{"nova", "calls", 1, "", at("2023-11-01T11:00:00Z").micros()},
                            MeterState::decode("1:sum:1:400").value(),
                            SettleNumber(1)};
        return insertTenantNova(work)
            .and_then([&] { return test::storeEvents(work, all, SettleNumber(1)); })
            .and_then([&] {
                return storeRollups(work, {&rollup, 1});
            });
    }));
    const auto used = readValue(store.storage(), Scope::tenant(nova), [&](Work& work) {
        return usageIn(work, nova, {at(from.constData()), at(end.constData())}, index);
    });
    QCOMPARE(used->empty() ? std::string() : used->front().state.quantity().toText(), quantity);
    for (const char* meter : {"calls", "others"}) { // and of one meter the same
        const auto alone = readValue(store.storage(), Scope::tenant(nova), [&](Work& work) {
            return usageOfMeter(work, nova, {at(from.constData()), at(end.constData())}, index,
                                MeterCode(meter));
        });
        const bool isAsked = std::string_view(meter) == "calls";
        QCOMPARE(alone->empty() ? std::string() : alone->front().state.quantity().toText(),
                 isAsked ? quantity : std::string());
    }
}

QTEST_GUILESS_MAIN(TestUsageRows)
#include "tst_usage_rows.moc"
