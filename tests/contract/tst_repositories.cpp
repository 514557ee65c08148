// The storage contract: what every repository promises, on every engine. This file does not know which one it
// talks to.
// Tests: tenants.cpp subscriptions.cpp catalog.cpp audit_entries.cpp ledger_entries.cpp
#include "server/storage/audit_entries.h"
#include "server/storage/catalog.h"
#include "server/storage/ledger_entries.h"
#include "server/storage/sql/session.h"
#include "server/storage/subscriptions.h"
#include "server/storage/tenants.h"
#include "tests/server/storage/storage_fixture.h"

#include <QTest>

using namespace billing;
using namespace billing::storage;
using namespace billing::test;

namespace {

const Currency usd = Currency::parse("USD").value();
const Currency eur = Currency::parse("EUR").value();
const Instant noon = Instant::parse("2026-03-01T12:00:00.000001Z").value();

TenantRow tenantRow(const std::string& id)
{
    Tenant tenant{TenantId(id), "Nova \"Kft\" \xc3\xa9\xf0\x9f\x9f\xa2", "HU", eur, "Europe/Budapest",
                  "hu-HU"};
    tenant.taxCategory = TaxCategory::ReverseCharge;
    tenant.createdAt = noon;
    return {tenant, std::string("\x00\xff sealed", 9)};
}

Subscription subscription(const std::string& tenant, const std::string& id)
{
    return {.id = SubscriptionId(id),
            .tenant = TenantId(tenant),
            .plan = PlanCode("lite"),
            .planVersion = 1,
            .currency = usd,
            .timeZone = "America/Mexico_City",
            .startsOn = LocalDate::parse("2026-01-31").value(),
            .billFrom = LocalDate::parse("2026-02-28").value(),
            .endsOn = std::nullopt,
            .createdAt = noon};
}

Posting posting(const std::string& tenant, const std::string& invoice, std::int64_t net, std::int64_t tax)
{
    return {TenantId(tenant),
            "invoice",
            invoice,
            {{AccountKind::Receivable, "", Money::fromMinor(net + tax, usd)},
             {AccountKind::Revenue, "api_request", Money::fromMinor(-net, usd)},
             {AccountKind::TaxPayable, "VAT 19 %", Money::fromMinor(-tax, usd)}}};
}

AuditRow auditRow(const std::string& chain, std::int64_t seq)
{
    std::string hash(32, '\1');
    hash.back() = static_cast<char>(seq);
    return {
        chain, seq, noon, "user:anna", "finalise", "invoice:inv-1", R"({"total":"1"})", std::string(32, '\0'),
        hash};
}

} // namespace

class TestRepositories : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void tenants();
    void tenantListsPage();
    void unreadableStoredValue();
    void subscriptions();
    void subscriptionListsPage();
    void catalogIsImmutable();
    void auditEntriesAreAChain();
    void auditEntriesAreAppendOnly();
    void postingsAreOnce();
    void postingsAreAppendOnly();
    void postingsComeInOrder();

private:
    Result<void> write(const Storage::Body& body)
    {
        return m_store->storage().write(Scope::allTenants("test"), Priority::Money, anyWork(), body);
    }
    template <class F>
    auto read(F&& body)
    {
        return readValue(m_store->storage(), Scope::allTenants("test"), std::forward<F>(body));
    }
    void addPlanAndTenants();

    std::unique_ptr<StorageFixture> m_store;
};

void TestRepositories::init()
{
    m_store = std::make_unique<StorageFixture>();
}

void TestRepositories::cleanup()
{
    m_store.reset();
}

void TestRepositories::addPlanAndTenants()
{
    QVERIFY(write([](Work& work) -> Result<void> {
        BILLING_ASSERT(insertPlanVersion(work, {PlanCode("lite"), 1, Activity::Active, "{}"}));
        for (const char* id : {"alpha", "beta", "gamma"})
            BILLING_ASSERT(insertTenant(work, tenantRow(id)));
        return {};
    }));
}

void TestRepositories::tenants()
{
    const TenantRow row = tenantRow("nova");
    QVERIFY(!read([&](Work& work) { return findTenant(work, row.tenant.id); }).value());
    QVERIFY(write([&](Work& work) { return insertTenant(work, row); }));
    QVERIFY(read([&](Work& work) { return findTenant(work, row.tenant.id); }).value() == row);
    TenantRow other = row;
    other.tenant.legalName = "Somebody else";
    QCOMPARE(write([&](Work& work) { return insertTenant(work, other); }).error().code,
             ErrorCode::AlreadyExists);
    QVERIFY(read([&](Work& work) { return findTenant(work, row.tenant.id); }).value() == row);
}

void TestRepositories::tenantListsPage()
{
    addPlanAndTenants();
    const auto page = [&](const std::optional<TenantId>& after, int limit) {
        std::string ids;
        const auto rows = read([&](Work& work) { return listTenants(work, after, limit); });
        for (const TenantRow& row : rows.value())
            ids += row.tenant.id.text() + " ";
        return ids;
    };
    QCOMPARE(page(std::nullopt, 2), "alpha beta ");
    QCOMPARE(page(TenantId("beta"), 2), "gamma ");
    QCOMPARE(page(TenantId("between"), 2), "gamma ");
    QCOMPARE(page(TenantId("gamma"), 2), "");
}

void TestRepositories::unreadableStoredValue()
{
    addPlanAndTenants();
    m_store->tamper("UPDATE tenant SET currency = 'XXX' WHERE tenant_id = 'beta'");
    const auto refused = read([](Work& work) { return listTenants(work, std::nullopt, 10); });
    QCOMPARE(refused.error().code, ErrorCode::StorageCorrupt);
    QCOMPARE(refused.error().subject, "tenant.currency");
}

void TestRepositories::subscriptions()
{
    addPlanAndTenants();
    Subscription kept = subscription("alpha", "sub-1");
    kept.endsOn = LocalDate::parse("2028-02-29").value();
    const auto insert = [&](const Subscription& row) {
        return write([&](Work& work) { return insertSubscription(work, row); });
    };
    QVERIFY(insert(kept));
    QVERIFY(insert(subscription("beta", "sub-1"))); // ids are the tenant's own
    QCOMPARE(insert(kept).error().code, ErrorCode::AlreadyExists);
    QCOMPARE(insert(subscription("nobody", "sub-2")).error().code, ErrorCode::ConstraintViolated);
    Subscription unknownPlan = subscription("alpha", "sub-3");
    unknownPlan.planVersion = 2;
    QCOMPARE(insert(unknownPlan).error().code, ErrorCode::ConstraintViolated);

    const auto find = [&](const char* tenant, const char* id) {
        return read([&](Work& work) { return findSubscription(work, TenantId(tenant), SubscriptionId(id)); })
            .value();
    };
    QVERIFY(find("alpha", "sub-1") == kept);
    QVERIFY(find("beta", "sub-1") == subscription("beta", "sub-1"));
    QVERIFY(!find("gamma", "sub-1"));
}

void TestRepositories::subscriptionListsPage()
{
    addPlanAndTenants();
    QVERIFY(write([](Work& work) -> Result<void> {
        Subscription early = subscription("beta", "sub-9");
        early.startsOn = LocalDate::parse("2025-01-01").value();
        for (const auto& row : {subscription("beta", "sub-1"), early, subscription("alpha", "sub-5")})
            BILLING_ASSERT(insertSubscription(work, row));
        return {};
    }));
    const auto names = [](const std::vector<Subscription>& rows) {
        std::string text;
        for (const Subscription& row : rows)
            text += row.tenant.text() + "/" + row.id.text() + " ";
        return text;
    };
    const auto page = [&](const std::optional<SubscriptionKey>& after, int limit) {
        return names(read([&](Work& work) { return listSubscriptions(work, after, limit); }).value());
    };
    QCOMPARE(page(std::nullopt, 2), "alpha/sub-5 beta/sub-1 ");
    QCOMPARE(page(SubscriptionKey{TenantId("beta"), SubscriptionId("sub-1")}, 2), "beta/sub-9 ");
    QCOMPARE(page(SubscriptionKey{TenantId("beta"), SubscriptionId("sub-9")}, 2), "");
    QCOMPARE(names(read([](Work& work) { return subscriptionsOf(work, TenantId("beta")); }).value()),
             "beta/sub-9 beta/sub-1 ");
}

void TestRepositories::catalogIsImmutable()
{
    const MeterRow meter{MeterCode("api_request"), 1, R"({"a":1})"};
    const PlanVersionRow plan{PlanCode("lite"), 2, Activity::Inactive, R"({"b":2})"};
    for (int time = 0; time < 2; ++time) {
        QVERIFY(write([&](Work& work) { return insertMeter(work, meter); }));
        QVERIFY(write([&](Work& work) { return insertPlanVersion(work, plan); }));
    }
    const auto otherMeter = write([&](Work& work) { return insertMeter(work, {meter.code, 1, "{}"}); });
    QCOMPARE(otherMeter.error().code, ErrorCode::AlreadyExists);
    const auto otherPlan = write([&](Work& work) {
        return insertPlanVersion(work, {plan.code, 2, Activity::Inactive, "{}"});
    });
    QCOMPARE(otherPlan.error().code, ErrorCode::AlreadyExists);
    QVERIFY(write([&](Work& work) { return insertMeter(work, {meter.code, 2, "{}"}); }));

    QCOMPARE(read([](Work& work) { return allMeters(work); }).value().size(), std::size_t{2});
    QVERIFY(read([](Work& work) { return allMeters(work); }).value().front() == meter);
    QVERIFY(read([](Work& work) { return allPlanVersions(work); }).value() == std::vector{plan});
    QVERIFY(read([&](Work& work) { return findPlanVersion(work, plan.code, 2); }).value() == plan);
    QVERIFY(!read([&](Work& work) { return findPlanVersion(work, plan.code, 1); }).value());
}

void TestRepositories::auditEntriesAreAChain()
{
    QVERIFY(!read([](Work& work) { return lastAuditEntry(work, ""); }).value());
    QVERIFY(read([](Work& work) { return auditHeads(work); }).value().empty());
    QVERIFY(write([](Work& work) -> Result<void> {
        for (std::int64_t seq = 1; seq <= 3; ++seq)
            BILLING_ASSERT(appendAuditEntry(work, auditRow("beta", seq)));
        BILLING_ASSERT(appendAuditEntry(work, auditRow("alpha", 1)));
        BILLING_ASSERT(appendAuditEntry(work, auditRow("", 1)));
        return {};
    }));
    QCOMPARE(write([](Work& work) { return appendAuditEntry(work, auditRow("beta", 3)); }).error().code,
             ErrorCode::ConstraintViolated);
    const auto beta = read([](Work& work) { return auditEntries(work, "beta", 1, 10); }).value();
    QVERIFY((beta == std::vector{auditRow("beta", 2), auditRow("beta", 3)}));
    QCOMPARE(read([](Work& work) { return auditEntries(work, "beta", 0, 2); }).value().size(),
             std::size_t{2});
    const auto heads = read([](Work& work) { return auditHeads(work); }).value();
    QVERIFY((heads == std::vector<AuditHead>{{"", 1, auditRow("", 1).hash},
                                             {"alpha", 1, auditRow("alpha", 1).hash},
                                             {"beta", 3, auditRow("beta", 3).hash}}));
}

void TestRepositories::auditEntriesAreAppendOnly()
{
    QVERIFY(write([](Work& work) { return appendAuditEntry(work, auditRow("", 1)); }));
    for (const char* change : {"UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"}) {
        const auto refused = write([&](Work& work) -> Result<void> {
            const auto done = work.session().execute(change, {});
            return done ? Result<void>() : done.error();
        });
        QCOMPARE(refused.error().code, ErrorCode::ConstraintViolated);
    }
    QVERIFY(read([](Work& work) { return auditEntries(work, "", 0, 10); }).value() ==
            std::vector{auditRow("", 1)});
}

void TestRepositories::postingsAreOnce()
{
    const Posting first = posting("alpha", "inv-1", 1000, 190);
    const auto post = [&](const char* id, const Posting& what) {
        return write([&](Work& work) { return insertPosting(work, LedgerTransactionId(id), what, noon); });
    };
    QVERIFY(post("ltx-1", first));
    QCOMPARE(post("ltx-2", first).error().code, ErrorCode::AlreadyExists);
    QVERIFY(post("ltx-1", posting("beta", "inv-1", 5, 0)));
    QVERIFY(post("ltx-3", posting("alpha", "inv-2", -300, -57)));

    const auto found =
        read([](Work& work) { return findPosting(work, TenantId("alpha"), "invoice", "inv-1"); });
    QVERIFY((found.value() == StoredPosting{LedgerTransactionId("ltx-1"), first, noon}));
    QVERIFY(
        !read([](Work& work) { return findPosting(work, TenantId("alpha"), "payment", "inv-1"); }).value());
    const auto sums = read([](Work& work) { return balances(work, TenantId("alpha")); }).value();
    QVERIFY((sums == std::vector<AccountBalance>{{AccountKind::Receivable, Money::fromMinor(833, usd)},
                                                 {AccountKind::Revenue, Money::fromMinor(-700, usd)},
                                                 {AccountKind::TaxPayable, Money::fromMinor(-133, usd)}}));
}

void TestRepositories::postingsAreAppendOnly()
{
    QVERIFY(write([](Work& work) {
        return insertPosting(work, LedgerTransactionId("ltx-1"), posting("alpha", "inv-1", 1, 0), noon);
    }));
    for (const char* change :
         {"UPDATE ledger_entry SET amount = 7", "DELETE FROM ledger_entry",
          "UPDATE ledger_transaction SET posted_at = 7", "DELETE FROM ledger_transaction"}) {
        const auto refused = write([&](Work& work) -> Result<void> {
            const auto done = work.session().execute(change, {});
            return done ? Result<void>() : done.error();
        });
        QCOMPARE(refused.error().code, ErrorCode::ConstraintViolated);
    }
}

void TestRepositories::postingsComeInOrder()
{
    std::vector<StoredPosting> expected;
    for (const auto& [tenant, id] : {std::pair{"alpha", "ltx-1"}, {"alpha", "ltx-2"}, {"beta", "ltx-1"}})
        expected.push_back({LedgerTransactionId(id), posting(tenant, std::string("inv-") + id, 10, 1), noon});
    expected[1].posting.entries.clear(); // a fact without entries is still listed
    QVERIFY(write([&](Work& work) -> Result<void> {
        for (std::size_t index = expected.size(); index-- > 0;)
            BILLING_ASSERT(insertPosting(work, expected[index].id, expected[index].posting, noon));
        return {};
    }));
    std::vector<StoredPosting> seen;
    QVERIFY(m_store->storage().read(Scope::allTenants("test"), [&](Work& work) {
        return forEachPosting(work, [&](const StoredPosting& stored) {
            seen.push_back(stored);
            return Result<void>();
        });
    }));
    QVERIFY(seen == expected);
}

QTEST_GUILESS_MAIN(TestRepositories)

#include "tst_repositories.moc"
