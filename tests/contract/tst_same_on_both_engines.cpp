// One story from one seed, told on SQLite and on PostgreSQL: several customers on several plans, usage with
// dimensions, repeats, conflicts and stragglers, two months invoiced. Whatever was stored of it is the same,
// byte for byte: the invoices as frozen, ranges billed, ledger, audit chains with their hashes, rollups,
// outcomes (invariant I25).
#include "server/invariants/check_invariants.h"
#include "server/storage/audit_entries.h"
#include "server/storage/invoices.h"
#include "server/storage/journal.h"
#include "server/storage/ledger_entries.h"
#include "server/storage/usage_conflicts.h"
#include "server/storage/usage_totals.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"
#include "tests/support/trials.h"

#include <QTest>

#include <map>

using namespace billing;
using namespace billing::storage;
using namespace billing::test;

namespace {

const Scope everybody = Scope::allTenants("test");

/// What a store holds of a story, each part one text of many lines.
using Told = std::map<std::string, std::string>;

std::string wordsOf(const Dimensions& dimensions)
{
    std::string words;
    for (const Dimension& one : dimensions)
        words += one.name + "=" + one.value + " ";
    return words;
}

class Story
{
public:
    Story(Engine engine, std::uint64_t seed)
        : m_world(engine)
        , m_chance(seed)
    {
        const std::array<const char*, 5> plans{"zero", "shared", "lite", "shared", "lite"};
        for (std::size_t number = 0; number < plans.size(); ++number) {
            const std::string tenant =
                "tenant-" + std::string(1, "aZ09z"[number] == 'Z' ? 'b' : "aZ09z"[number]);
            m_tenants.push_back(tenant);
            m_world.addTenant(tenant);
            m_world.subscribe(tenant, plans[number], "2023-09-01");
        }
        month("2023-09-", "2023-09-01", "2023-10-01", "2023-10-02T09:00:00Z");
        month("2023-10-", "2023-10-01", "2023-11-01", "2023-11-02T09:00:00Z");
        usage("2023-09-"); // stragglers of a closed month
        m_world.settleAll();
    }

    Told told()
    {
        Told all;
        const auto done = m_world.storage().read(everybody, [&](Work& work) {
            return tellInvoices(work, all).and_then([&] { return tellBooks(work, all); }).and_then([&] {
                return tellUsage(work, all);
            });
        });
        BILLING_ASSERT(done.has_value());
        const auto violations = checkInvariants(m_world.storage(), *m_world.meters, m_world.sealer);
        BILLING_ASSERT(violations->empty());
        return all;
    }

private:
    void month(const std::string& prefix, const std::string& first, const std::string& end,
               const std::string& then)
    {
        usage(prefix);
        m_world.settleAll();
        if (Instant::parse(then)->micros() > m_world.clock.now().micros())
            m_world.moveTo(then);
        for (const std::string& tenant : m_tenants)
            m_world.finalise(m_world.draft(tenant, first, end));
    }

    UsageEvent event(const std::string& prefix)
    {
        constexpr std::array metrics{"api_request", "agent_execution", "llm_tokens"};
        constexpr std::array models{"gpt4", "claude", "Gpt4", "\xc3\xa9toile", "_other", ""};
        const auto day = std::to_string(10 + m_chance.below(18));
        const auto second = std::to_string(10 + m_chance.below(50));
        UsageEvent one = m_world.event(
            m_tenants[m_chance.below(m_tenants.size())], "e" + std::to_string(m_chance.below(300)), "1",
            prefix + day + "T1" + std::to_string(m_chance.below(9)) + ":59:" + second + "Z");
        one.metricType = metrics[m_chance.below(metrics.size())];
        if (one.metricType == "llm_tokens") {
            one.value = Decimal::parse(std::to_string(m_chance.below(5'000'000)) + ".000000000001").value();
            one.dimensions = {{"direction", m_chance.below(2) == 0 ? "input" : "output"},
                              {"model", models[m_chance.below(models.size())]}};
        } else {
            one.value = Decimal::parse(std::to_string(m_chance.below(40'000))).value();
        }
        return one;
    }

    void usage(const std::string& prefix)
    {
        std::vector<UsageEvent> before;
        for (int request = 0; request < 40; ++request) {
            std::vector<UsageEvent> events;
            const auto size = 1 + m_chance.below(12);
            for (std::uint64_t index = 0; index < size; ++index)
                events.push_back(!before.empty() && m_chance.below(4) == 0
                                     ? before[m_chance.below(before.size())]
                                     : event(prefix));
            before.insert(before.end(), events.begin(), events.end());
            m_world.accept(std::move(events));
            if (m_chance.below(3) == 0)
                m_world.settleAll();
        }
    }

    Result<void> tellInvoices(Work& work, Told& all)
    {
        const auto rows = listInvoices(work, {.limit = 1'000});
        if (!rows)
            return rows.error();
        for (const InvoiceRow& row : *rows) {
            all["invoices"] += row.tenant.text() + " " + row.id.text() + " " + row.number.value_or("-") +
                               " " + std::to_string(row.net.minorUnits()) + " " +
                               std::to_string(row.tax.minorUnits()) + " " +
                               std::to_string(row.total.minorUnits()) + " " +
                               std::string(row.total.currency().code()) + "\n";
            all["snapshots"] +=
                QByteArray::fromStdString(row.snapshotSha256 + row.sealedSnapshot).toHex().toStdString() +
                "\n";
            const auto billed = invoiceUsage(work, row.tenant, row.id);
            if (!billed)
                return billed.error();
            for (const InvoiceUsageRow& usage : *billed)
                all["billed usage"] += row.id.text() + " " + usage.meter.text() + " " + usage.dimensionKey +
                                       " " + usage.quantity.toText() + " " + std::to_string(usage.events) +
                                       " " + std::to_string(usage.range.after.number()) + "-" +
                                       std::to_string(usage.range.upTo.number()) + "\n";
        }
        return {};
    }

    static Result<void> tellBooks(Work& work, Told& all)
    {
        const auto posted = forEachPosting(work, [&](const StoredPosting& stored) -> Result<void> {
            std::string& text = all["ledger"];
            text += stored.id.text() + " " + stored.posting.referenceId + " " + stored.postedAt.toText();
            for (const LedgerEntry& entry : stored.posting.entries)
                text += " " + entry.detail + " " + std::to_string(entry.amount.minorUnits());
            text += '\n';
            return {};
        });
        if (!posted)
            return posted;
        const auto chains = auditChains(work);
        if (!chains)
            return chains.error();
        for (const std::string& chain : *chains) {
            const auto entries = auditEntries(work, chain, 0, 10'000);
            if (!entries)
                return entries.error();
            for (const AuditRow& entry : *entries)
                all["audit"] += chain + " " + std::to_string(entry.seq) + " " + entry.at.toText() + " " +
                                entry.actor + " " + entry.action + " " + entry.object + " " + entry.body +
                                " " + QByteArray::fromStdString(entry.hash).toHex().toStdString() + "\n";
        }
        return {};
    }

    Result<void> tellUsage(Work& work, Told& all)
    {
        const InstantRange ever{Instant::fromMicros(0), m_world.clock.now()};
        for (const std::string& tenant : m_tenants) {
            const auto evidence = usageEvidence(work, TenantId(tenant), ever, [&](std::string_view line) {
                all["rollups"] += tenant + " " + std::string(line) + "\n";
            });
            if (!evidence)
                return evidence;
            const auto events =
                eventsIn(work, TenantId(tenant), ever, [&](const UsageEvent& one, SettleNumber number) {
                    all["events"] += tenant + " " + one.eventId + " " + one.value.toText() + " " +
                                     wordsOf(one.dimensions) + std::to_string(number.number()) + "\n";
                    return Result<void>();
                });
            if (!events)
                return events;
            all["conflicts"] += std::to_string(conflictsOf(work, TenantId(tenant)).value()) + "\n";
        }
        const auto last = settledUpTo(work);
        for (std::int64_t position = 1; last && position <= last->number(); ++position)
            all["outcomes"] += outcomesOf(work, JournalPosition(position))->value_or("-") + "\n";
        return last ? Result<void>() : last.error();
    }

    BillingWorld m_world;
    SeededRandom m_chance;
    std::vector<std::string> m_tenants;
};

} // namespace

class TestSameOnBothEngines : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { PostgresServer::skipTestIfAbsent(); }
    void anotherSeedIsAnotherStory();
    void oneStoryIsOneTruth_data();
    void oneStoryIsOneTruth();
};

void TestSameOnBothEngines::anotherSeedIsAnotherStory()
{
    // The control: what is compared below would show a difference.
    Told one = Story(Engine::Sqlite, 1).told();
    const Told other = Story(Engine::Sqlite, 2).told();
    for (const char* part : {"invoices", "snapshots", "billed usage", "ledger", "audit", "rollups", "events",
                             "conflicts", "outcomes"}) {
        QVERIFY2(!one[part].empty(), part);
        QVERIFY2(one[part] != other.at(part), part);
    }
}

void TestSameOnBothEngines::oneStoryIsOneTruth_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= trials(2); ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

void TestSameOnBothEngines::oneStoryIsOneTruth()
{
    QFETCH(const int, seed);
    const Told sqlite = Story(Engine::Sqlite, static_cast<std::uint64_t>(seed)).told();
    const Told postgres = Story(Engine::Postgres, static_cast<std::uint64_t>(seed)).told();
    std::size_t bytes = 0;
    for (const auto& [part, text] : sqlite) {
        QVERIFY2(postgres.at(part) == text, part.c_str());
        bytes += text.size();
    }
    QCOMPARE(postgres.size(), sqlite.size());
    QVERIFY(sqlite.at("outcomes").find('d') != std::string::npos);
    QVERIFY(sqlite.at("outcomes").find('c') != std::string::npos);
    qInfo("%d invoices, %d bytes of truth compared",
          static_cast<int>(std::count(sqlite.at("invoices").begin(), sqlite.at("invoices").end(), '\n')),
          static_cast<int>(bytes));
}

QTEST_GUILESS_MAIN(TestSameOnBothEngines)

#include "tst_same_on_both_engines.moc"
