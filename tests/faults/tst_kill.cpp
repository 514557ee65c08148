// kill -9 at random moments while usage arrives: nothing acknowledged is lost, nothing is counted twice, and
// the books hold. See README.md for the number of kills and the seed.
#include "tests/support/printing.h"

#include "tests/faults/killer.h"
#include "tests/scenarios/requests.h"
#include "tests/support/environment.h"

#include <QElapsedTimer>

#include <fstream>

using namespace billing;
using namespace std::chrono_literals;

namespace {

/// Small, so that many requests are open to be cut.
constexpr auto eventsInABatch = "20";

/// A file of usage with its sums, known before anything is sent.
struct Trace
{
    std::filesystem::path file;
    test::TokenTotals totals;
    int events;
};

Trace publishedTrace(const std::filesystem::path& shared)
{
    return {shared / "data" / "azure-llm-2023-conv.csv", {"22361870", "4088665"}, 38'732};
}

Trace generatedTrace(const std::filesystem::path& file, std::uint64_t seed)
{
    constexpr int rows = 19'366;
    test::SeededRandom random(seed);
    std::uint64_t input = 0;
    std::uint64_t output = 0;
    std::ofstream out(file);
    out << "TIMESTAMP,ContextTokens,GeneratedTokens\n";
    for (int row = 0; row < rows; ++row) {
        const std::uint64_t context = random.below(4'000) + 1;
        const std::uint64_t generated = random.below(700) + 1;
        const int second = row / 6;
        char time[64];
        std::snprintf(time, sizeof time, "2023-11-16 18:%02d:%02d.%06d", second / 60, second % 60, row % 6);
        out << time << ',' << context << ',' << generated << '\n';
        input += context;
        output += generated;
    }
    return {file, {std::to_string(input), std::to_string(output)}, 2 * rows};
}

} // namespace

class TestKill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void nothingIsLostOrCountedTwice();
    void theBooksHold();
    void theCheckSeesALoss_data();
    void theCheckSeesALoss();
    void theTotalsSeeAForgottenIdentity();

private:
    test::Command sender(const std::string& tenant) const
    {
        return m_server.sender(
            {"--backfill", "--format", "csv", "--tenant", tenant, "--event-id-prefix", "azure",
             "--time-column", "TIMESTAMP", "--assume-utc", "--batch-size", eventsInABatch, "--give-up-after",
             "600", "--event", "llm_tokens=ContextTokens,model=gpt4,direction=input", "--event",
             "llm_tokens=GeneratedTokens,model=gpt4,direction=output", m_trace.file.string()});
    }
    /// A tenant of its own for each pass of the file, so that every kill meets new usage.
    const std::string& newTenant()
    {
        m_tenants.push_back("reader-" + std::to_string(m_tenants.size() + 1));
        test::signUp(m_server.client(), {.id = m_tenants.back()});
        return m_tenants.back();
    }

    test::ServerFixture m_server;
    Trace m_trace = {};
    std::vector<std::string> m_tenants;
};

void TestKill::initTestCase()
{
    qInfo("BILLING_SEED=%llu", static_cast<unsigned long long>(test::seedOfThisRun()));
    const auto shared = test::sharedDirectory();
    const bool published = shared && std::filesystem::exists(publishedTrace(*shared).file);
    m_trace = published ? publishedTrace(*shared)
                        : generatedTrace(m_server.scratch("trace.csv"), test::seedOfThisRun());
    m_server.start();
}

void TestKill::nothingIsLostOrCountedTwice()
{
    QElapsedTimer clock;
    clock.start();
    test::Killer killer(m_server, test::seedOfThisRun());
    auto sending = std::make_unique<test::Process>(sender(newTenant()));
    while (killer.kills() < test::trialsOfThisRun()) {
        const std::optional<int> ended = sending->waitForExit(killer.nextLife(700ms));
        if (!ended) {
            killer.killAndRestart();
            continue;
        }
        QVERIFY2(ended == 0, sending->errors().c_str());
        sending = std::make_unique<test::Process>(sender(newTenant()));
    }
    QVERIFY2(sending->waitForExit(600s) == 0, sending->errors().c_str());
    qInfo("%llu kills (and %llu while starting) in %lld ms, during %zu sends of %d events",
          static_cast<unsigned long long>(killer.kills()),
          static_cast<unsigned long long>(killer.killsAtBirth()), static_cast<long long>(clock.elapsed()),
          m_tenants.size(), m_trace.events);

    const test::HttpsClient client = m_server.client();
    for (const std::string& tenant : m_tenants) {
        const test::TokenTotals totals = test::novemberTokens(client, tenant);
        QCOMPARE(totals.input, m_trace.totals.input);
        QCOMPARE(totals.output, m_trace.totals.output);
    }
    const test::Finished again = test::runToEnd(sender(m_tenants.front()), 300s);
    QCOMPARE(again.output,
             "accepted 0\nduplicate " + std::to_string(m_trace.events) + "\nconflict 0\nrejected 0\n");
    QVERIFY(test::novemberTokens(client, m_tenants.front()) == m_trace.totals);
}

void TestKill::theBooksHold()
{
    QCOMPARE(m_server.stop().value_or(-1), 0);
    QCOMPARE(test::complaint(m_server.run("check-invariants")), std::string());
    QCOMPARE(test::complaint(m_server.run("verify-audit")), std::string());
    QCOMPARE(test::complaint(m_server.verifyAuditAlone()), std::string());
}

void TestKill::theCheckSeesALoss_data()
{
    QTest::addColumn<QString>("theft");
    QTest::newRow("an event") << QStringLiteral(
        "DELETE FROM usage_block WHERE first_at = (SELECT max(first_at) FROM usage_block)");
    QTest::newRow("an identity") << QStringLiteral(
        "DELETE FROM event_identity WHERE identity_hash = (SELECT max(identity_hash) FROM event_identity)");
    QTest::newRow("an hour's sum") << QStringLiteral(
        "DELETE FROM usage_rollup WHERE hour = (SELECT max(hour) FROM usage_rollup)");
}

void TestKill::theCheckSeesALoss()
{
    QFETCH(QString, theft);
    const auto database = m_server.dataDirectory() / "billing.sqlite";
    const auto whole = m_server.scratch("whole.sqlite");
    std::filesystem::copy_file(database, whole);
    QCOMPARE(test::complaint(m_server.sqlite(theft.toStdString())), std::string());
    const test::Finished checked = m_server.run("check-invariants");
    std::filesystem::rename(whole, database);
    QVERIFY2(checked.exitCode == 1, checked.output.c_str());
    QVERIFY(!checked.output.empty());
    QCOMPARE(test::complaint(m_server.run("check-invariants")), std::string()); // the loss was what it saw
}

/// The figures that the kills had to leave alone do move when a store has lost what it must remember.
void TestKill::theTotalsSeeAForgottenIdentity()
{
    QCOMPARE(test::complaint(m_server.sqlite("DELETE FROM event_identity WHERE tenant_id = 'reader-1'")),
             std::string());
    m_server.start();
    const test::Finished again = test::runToEnd(sender(m_tenants.front()), 300s);
    QCOMPARE(test::complaint(again), std::string());
    QVERIFY(again.output.find("duplicate " + std::to_string(m_trace.events)) == std::string::npos);
    QVERIFY(!(test::novemberTokens(m_server.client(), m_tenants.front()) == m_trace.totals));
    QCOMPARE(m_server.stop().value_or(-1), 0);
    QCOMPARE(m_server.run("check-invariants").exitCode, 1);
}

QTEST_GUILESS_MAIN(TestKill)

#include "tst_kill.moc"
