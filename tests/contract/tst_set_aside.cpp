// What waits for a person, as stored on every engine: counted, listed oldest first, due when its time has
// come or somebody asks, gone when it is done, and seen by nobody else's tenant.
// Tests: set_aside.cpp
#include "server/storage/set_aside.h"
#include "server/storage/tenants.h"
#include "tests/server/storage/storage_fixture.h"

#include <QTest>

using namespace billing;
using namespace billing::storage;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

const Instant noon = Instant::parse("2026-03-01T12:00:00Z").value();
const Duration steps[] = {1min, 5min, 24h};

AsideKey document(const char* tenant, const char* id)
{
    return documentKey(TenantId(tenant), InvoiceId(id));
}

AsideKey period(const char* tenant, const char* id, const char* day)
{
    return periodKey(TenantId(tenant), SubscriptionId(id), LocalDate::parse(day).value());
}

struct World
{
    StorageFixture store{StorageFixture::Writer::Inline};

    World()
    {
        for (const char* id : {"alpha", "beta"})
            BILLING_ASSERT(write([&](Work& work) {
                return insertTenant(
                    work, {{TenantId(id), "Nova", "DE", *Currency::parse("EUR"), "UTC", "en"}, "sealed"});
            }));
    }
    template <class F>
    Result<void> write(F&& body, const Scope& scope = Scope::allTenants("test"))
    {
        return store.storage().write(scope, Priority::Money, anyWork(), [&](Work& work) -> Result<void> {
            const auto done = body(work);
            return done ? Result<void>() : done.error();
        });
    }
    template <class F>
    auto read(F&& body, const Scope& scope = Scope::allTenants("test"))
    {
        return readValue(store.storage(), scope, std::forward<F>(body)).value();
    }
    std::int64_t fail(const AsideKey& key, Instant at, Error reason = {ErrorCode::MissingGlyph, "document"})
    {
        std::int64_t attempts = 0;
        const auto done = write(
            [&](Work& work) -> Result<std::int64_t> {
                const auto counted = setAside(work, {key, reason, at, steps});
                attempts = counted ? *counted : 0;
                return counted;
            },
            Scope::tenant(key.tenant));
        BILLING_ASSERT(done.has_value());
        return attempts;
    }
    std::string due(AsideKind kind, Instant now, std::int64_t limit = 10)
    {
        return names(read([&](Work& work) { return dueAside(work, kind, now, limit); }));
    }
    std::string list(const AsideFilter& filter)
    {
        return names(read([&](Work& work) { return listAside(work, filter); }));
    }
    static std::string names(const std::vector<AsideRow>& rows)
    {
        std::string text;
        for (const AsideRow& row : rows)
            text += row.key.tenant.text() + ":" + row.key.subject + " ";
        return text;
    }
};

} // namespace

class TestSetAside : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void triesAreCountedAndTheNextOneWaitsLonger();
    void aClockThatIsPutBackIsHarmless();
    void isDueWhenItsTimeHasCome();
    void isDueAtOnceWhenSomethingChanged();
    void isGoneWhenDone();
    void listsOldestFirstAndGoesOnBehindTheKey();
    void countsByKindAndTenant();
    void namesPeriods();
    void longReasonsAreCutBetweenCharacters();
    void tenantsSeeTheirOwn();
    void unknownTenantsAreRefused();
};

void TestSetAside::triesAreCountedAndTheNextOneWaitsLonger()
{
    World world;
    const AsideKey key = document("alpha", "inv_1");
    const auto find = [&] { return world.read([&](Work& work) { return findAside(work, key); }); };
    QVERIFY(!find());
    Instant at = noon;
    std::int64_t attempts = 0;
    for (const Duration wait : {Duration(1min), Duration(5min), Duration(24h), Duration(24h)}) {
        QCOMPARE(world.fail(key, at, {ErrorCode::NoTaxRate, "standard", "2026"}), ++attempts);
        const AsideRow row = find().value();
        QVERIFY(row.key == key);
        QCOMPARE(toText(row.reason), std::string("no_tax_rate: standard (2026)"));
        QCOMPARE(row.attempts, attempts);
        QCOMPARE(row.firstAt.toText(), noon.toText());
        QCOMPARE(row.lastAt.toText(), at.toText());
        QCOMPARE(row.nextTryAt.toText(), at.plus(wait).toText());
        at = row.nextTryAt;
    }
    world.fail(key, at, {ErrorCode::AmountOverflow});
    QCOMPARE(toText(find()->reason), std::string("amount_overflow")); // the newest reason
}

void TestSetAside::aClockThatIsPutBackIsHarmless()
{
    World world;
    const AsideKey key = document("alpha", "inv_1");
    world.fail(key, noon);
    world.fail(key, noon.minus(24h));
    const AsideRow row = world.read([&](Work& work) { return findAside(work, key); }).value();
    QCOMPARE(row.lastAt.toText(), noon.toText());
    QCOMPARE(row.nextTryAt.toText(), noon.plus(5min).toText());
}

void TestSetAside::isDueWhenItsTimeHasCome()
{
    World world;
    world.fail(document("alpha", "inv_2"), noon.plus(1s));
    world.fail(document("beta", "inv_1"), noon);
    world.fail(period("alpha", "sub_1", "2026-01-01"), noon);
    QCOMPARE(world.due(AsideKind::Document, noon.plus(1min).minus(Duration(1))), std::string());
    QCOMPARE(world.due(AsideKind::Document, noon.plus(1min)), std::string("beta:inv_1 "));
    QCOMPARE(world.due(AsideKind::Document, noon.plus(1h)), std::string("beta:inv_1 alpha:inv_2 "));
    QCOMPARE(world.due(AsideKind::Document, noon.plus(1h), 1), std::string("beta:inv_1 "));
    QCOMPARE(world.due(AsideKind::Period, noon.plus(1h)), std::string("alpha:sub_1/2026-01-01 "));
}

void TestSetAside::isDueAtOnceWhenSomethingChanged()
{
    World world;
    for (const char* tenant : {"alpha", "beta"})
        world.fail(period(tenant, "sub_1", "2026-01-01"), noon);
    QVERIFY(world.write([](Work& work) { return retryNow(work, TenantId("beta")); },
                        Scope::tenant(TenantId("beta"))));
    QCOMPARE(world.due(AsideKind::Period, noon), std::string("beta:sub_1/2026-01-01 "));
    QVERIFY(world.write([](Work& work) { return retryAllNow(work); }));
    QCOMPARE(world.due(AsideKind::Period, noon),
             std::string("alpha:sub_1/2026-01-01 beta:sub_1/2026-01-01 "));
}

void TestSetAside::isGoneWhenDone()
{
    World world;
    world.fail(document("alpha", "inv_1"), noon);
    world.fail(document("alpha", "inv_2"), noon);
    const auto forget = [&] {
        bool was = false;
        const auto done = world.write(
            [&](Work& work) -> Result<bool> {
                const auto gone = forgetAside(work, document("alpha", "inv_1"));
                was = gone && *gone;
                return gone;
            },
            Scope::tenant(TenantId("alpha")));
        BILLING_ASSERT(done.has_value());
        return was;
    };
    QVERIFY(forget());
    QVERIFY(!forget());
    QCOMPARE(world.list({AsideKind::Document}), std::string("alpha:inv_2 "));
    QCOMPARE(world.fail(document("alpha", "inv_1"), noon), 1); // counted from the start again
}

void TestSetAside::listsOldestFirstAndGoesOnBehindTheKey()
{
    World world;
    world.fail(document("beta", "inv_1"), noon);
    world.fail(document("alpha", "inv_9"), noon);
    world.fail(document("alpha", "inv_3"), noon.plus(1s));
    world.fail(period("alpha", "sub_1", "2026-01-01"), noon);
    const std::string all = "alpha:inv_9 beta:inv_1 alpha:inv_3 ";
    QCOMPARE(world.list({AsideKind::Document}), all);
    QCOMPARE(world.list({.kind = AsideKind::Document, .limit = 2}), std::string("alpha:inv_9 beta:inv_1 "));
    AsideFilter filter{.kind = AsideKind::Document, .behind = AsidePlace{noon, "alpha", "inv_9"}};
    QCOMPARE(world.list(filter), std::string("beta:inv_1 alpha:inv_3 "));
    filter.behind = AsidePlace{noon, "beta", "inv_1"};
    QCOMPARE(world.list(filter), std::string("alpha:inv_3 "));
    filter.behind = AsidePlace{noon, "", ""};
    QCOMPARE(world.list(filter), all);
    filter.behind = {};
    filter.tenant = TenantId("alpha");
    QCOMPARE(world.list(filter), std::string("alpha:inv_9 alpha:inv_3 "));
    filter.behind = AsidePlace{noon, "alpha", "inv_9"};
    QCOMPARE(world.list(filter), std::string("alpha:inv_3 "));
}

void TestSetAside::countsByKindAndTenant()
{
    World world;
    world.fail(document("beta", "inv_1"), noon);
    world.fail(document("alpha", "inv_9"), noon);
    world.fail(period("alpha", "sub_1", "2026-01-01"), noon);
    const auto count = [&](AsideKind kind, const std::optional<TenantId>& tenant) {
        return world.read([&](Work& work) { return countAside(work, kind, tenant); });
    };
    QCOMPARE(count(AsideKind::Document, {}), 2);
    QCOMPARE(count(AsideKind::Document, TenantId("alpha")), 1);
    QCOMPARE(count(AsideKind::Period, {}), 1);
    QCOMPARE(count(AsideKind::Period, TenantId("beta")), 0);
}

void TestSetAside::namesPeriods()
{
    World world;
    world.fail(period("alpha", "sub_1", "2026-02-01"), noon);
    world.fail(period("alpha", "sub_1", "2026-01-01"), noon);
    world.fail(period("alpha", "sub_10", "2025-01-01"), noon);
    world.fail(period("beta", "sub_1", "2024-01-01"), noon);
    world.fail(document("alpha", "sub_1/2023-01-01"), noon); // no period, whatever it is called
    const auto days =
        world.read([](Work& work) { return periodsAside(work, TenantId("alpha"), SubscriptionId("sub_1")); },
                   Scope::tenant(TenantId("alpha")));
    QCOMPARE(days.size(), std::size_t{2});
    QCOMPARE(days[0].toText() + " " + days[1].toText(), std::string("2026-01-01 2026-02-01"));

    const auto named = periodOf(period("alpha", "sub_1", "2026-02-01"));
    QCOMPARE(named->subscription.text() + " " + named->firstDay.toText(), std::string("sub_1 2026-02-01"));
    for (const char* subject : {"", "sub_1", "sub_1/", "/2026-02-30", "sub_1/2026-02-01x"})
        QCOMPARE(periodOf({TenantId("alpha"), AsideKind::Period, subject}).error().code,
                 ErrorCode::StorageCorrupt);
    QCOMPARE(periodOf(document("alpha", "sub_1/2026-01-01")).error().code, ErrorCode::StorageCorrupt);
}

void TestSetAside::longReasonsAreCutBetweenCharacters()
{
    World world;
    const AsideKey key = document("alpha", "inv_1");
    std::string detail = "x";
    for (int i = 0; i < 300; ++i)
        detail += "\xc3\xa9";
    world.fail(key, noon, {ErrorCode::MissingGlyph, "document", detail});
    const AsideRow row = world.read([&](Work& work) { return findAside(work, key); }).value();
    QCOMPARE(row.reason.detail, detail.substr(0, 499));
}

void TestSetAside::tenantsSeeTheirOwn()
{
    World world;
    if (world.store.engine() != Engine::Postgres)
        return; // protected by the engine where it can
    world.fail(document("alpha", "inv_1"), noon);
    const auto seen = world.read([](Work& work) { return listAside(work, {AsideKind::Document}); },
                                 Scope::tenant(TenantId("beta")));
    QVERIFY(seen.empty());
}

void TestSetAside::unknownTenantsAreRefused()
{
    World world;
    const auto done = world.write([](Work& work) {
        return setAside(work, {document("nobody", "inv_1"), {ErrorCode::MissingGlyph}, noon, steps});
    });
    QCOMPARE(done.error().code, ErrorCode::ConstraintViolated);
}

QTEST_APPLESS_MAIN(TestSetAside)
#include "tst_set_aside.moc"
