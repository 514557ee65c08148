// Whose plan is in force on which day, where the tenant is; however many tenants there are, the store is
// asked once.
#include "server/storage/sql/session.h"
#include "server/storage/subscriptions.h"
#include "server/tenants/current_tiers.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

namespace {

LocalDate day(const char* text)
{
    return LocalDate::parse(text).value();
}

/// Counts what passes through to the real one.
class CountedSession final : public sql::Session
{
public:
    explicit CountedSession(sql::Session& behind)
        : m_behind(behind)
    {
    }

    int asked = 0;

    sql::Dialect dialect() const override { return m_behind.dialect(); }
    Result<std::int64_t> execute(const char* sql, std::initializer_list<sql::Value> values) override
    {
        ++asked;
        return m_behind.execute(sql, values);
    }
    Result<void> query(const char* sql, std::initializer_list<sql::Value> values,
                       const EachRow& each) override
    {
        ++asked;
        return m_behind.query(sql, values, each);
    }
    Result<void> queryMany(const char* sql, std::size_t columns, std::span<const sql::Value> values,
                           const EachMatch& each) override
    {
        ++asked;
        return m_behind.queryMany(sql, columns, values, each);
    }
    Result<std::vector<std::uint8_t>> executeMany(const char* sql, std::size_t columns,
                                                  std::span<const sql::Value> values) override
    {
        ++asked;
        return m_behind.executeMany(sql, columns, values);
    }
    Result<std::vector<std::int64_t>> insertMany(const char* sql, std::size_t columns,
                                                 std::span<const sql::Value> values) override
    {
        ++asked;
        return m_behind.insertMany(sql, columns, values);
    }
    Result<void> waitForTurn(std::string_view what, std::string_view subject) override
    {
        return m_behind.waitForTurn(what, subject);
    }

private:
    sql::Session& m_behind;
};

struct World : BillingWorld
{
    std::vector<Tenant> tenants;

    void add(const std::string& id) { tenants.push_back(addTenant(id)); }

    /// As it is stored, so that it may have ended.
    void had(const std::string& tenant, const char* plan, const char* from, const char* until)
    {
        const Subscription subscription{
            .id = SubscriptionId("sub_" + std::string(from)),
            .tenant = TenantId(tenant),
            .plan = PlanCode(plan),
            .planVersion = 1,
            .currency = Currency::parse("EUR").value(),
            .timeZone = "Europe/Berlin",
            .startsOn = day(from),
            .billFrom = day(from),
            .endsOn = until == nullptr ? std::nullopt : std::optional(day(until)),
        };
        BILLING_ASSERT(storage()
                           .write(Scope::tenant(subscription.tenant), Priority::Money, anyWork(),
                                  [&](Work& work) { return storage::insertSubscription(work, subscription); })
                           .has_value());
    }

    std::string tiersAt(std::string_view instant, int* asked = nullptr) const
    {
        const Instant now = Instant::parse(instant).value();
        const auto tiers = readValue(storage(), Scope::allTenants("test"), [&](Work& work) {
            CountedSession session(work.session());
            Work counted(session, work.scope());
            auto answer = currentTiers(counted, tenants, catalog, now);
            if (asked != nullptr)
                *asked = session.asked;
            return answer;
        });
        if (!tiers)
            return toText(tiers.error());
        std::string text;
        for (const std::optional<Tier>& tier : *tiers)
            text.append(tier ? wireName(*tier) : "none").append(" ");
        return text;
    }
};

} // namespace

class TestCurrentTiers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesAPlanThatIsNotInTheCatalog();
    void changesWithTheDayWhereTheTenantIs_data();
    void changesWithTheDayWhereTheTenantIs();
    void keepsTheOrderAndAsksOnce();
};

void TestCurrentTiers::refusesAPlanThatIsNotInTheCatalog()
{
    World world;
    world.add("nova");
    world.had("nova", "lite", "2023-01-01", nullptr);
    world.catalog.plans.clear();
    QCOMPARE(world.tiersAt("2023-11-01T00:00:00Z"), std::string("unknown_plan: lite"));
}

void TestCurrentTiers::changesWithTheDayWhereTheTenantIs_data()
{
    QTest::addColumn<std::string>("now");
    QTest::addColumn<std::string>("tiers");
    const auto row = [](const char* name, const char* now, const char* tiers) {
        QTest::newRow(name) << std::string(now) << std::string(tiers);
    };
    row("the evening before", "2022-12-31T22:59:59Z", "none ");
    row("its first day has begun in Berlin", "2022-12-31T23:00:00Z", "zero ");
    row("the last evening of it", "2023-05-31T21:59:59Z", "zero ");
    row("the next plan's first day", "2023-05-31T22:00:00Z", "enterprise ");
    row("its last evening", "2023-08-31T21:59:59Z", "enterprise ");
    row("between two", "2023-08-31T22:00:00Z", "none ");
    row("the one that goes on", "2099-01-01T00:00:00Z", "lite ");
}

void TestCurrentTiers::changesWithTheDayWhereTheTenantIs()
{
    QFETCH(const std::string, now);
    QFETCH(const std::string, tiers);
    World world;
    world.add("nova");
    world.had("nova", "zero", "2023-01-01", "2023-06-01");
    world.had("nova", "enterprise", "2023-06-01", "2023-09-01");
    world.had("nova", "lite", "2024-01-01", nullptr);
    QCOMPARE(world.tiersAt(now), tiers);
}

void TestCurrentTiers::keepsTheOrderAndAsksOnce()
{
    World world;
    for (const char* id : {"zeta", "alfa", "nova"})
        world.add(id);
    world.had("zeta", "air_gapped", "2023-01-01", nullptr);
    world.had("nova", "shared", "2023-01-01", nullptr);
    world.tenants.push_back(world.tenants.front());
    int asked = 0;
    QCOMPARE(world.tiersAt("2023-11-01T00:00:00Z", &asked),
             std::string("air_gapped none shared air_gapped "));
    QCOMPARE(asked, 1);
    world.tenants.clear();
    QCOMPARE(world.tiersAt("2023-11-01T00:00:00Z"), std::string());
}

QTEST_GUILESS_MAIN(TestCurrentTiers)
#include "tst_current_tiers.moc"
