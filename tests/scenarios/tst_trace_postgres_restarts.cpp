// Usage while PostgreSQL goes away: a whole trace is sent to a server on PostgreSQL, which is stopped as by a
// power cut and started again, over and over, with the server killed now and then too, with PostgreSQL there
// or away. Every total is exact, sending again changes nothing, the books hold, and the checks see a row that
// is taken out. N is BILLING_TRIALS (R10 of the promises).
#include "tests/support/printing.h"

#include "tests/scenarios/requests.h"
#include "tests/scenarios/server_fixture.h"
#include "tests/support/environment.h"
#include "tests/support/postgres_rows.h"
#include "tests/support/seeded_random.h"
#include "tests/support/trials.h"

#include <fstream>

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

/// Usage with its sums, known before anything is sent.
struct Trace
{
    std::filesystem::path file;
    TokenTotals totals;
    int events;
};

Trace publishedTrace(const std::filesystem::path& shared)
{
    return {shared / "data" / "azure-llm-2023-conv.csv", {"22361870", "4088665"}, 38'732};
}

/// Of the same shape, where the published one is not beside the source tree.
Trace generatedTrace(const std::filesystem::path& file)
{
    constexpr int rows = 19'366;
    SeededRandom random(20231116);
    std::uint64_t input = 0;
    std::uint64_t output = 0;
    std::ofstream out(file);
    out << "TIMESTAMP,ContextTokens,GeneratedTokens\n";
    for (int row = 0; row < rows; ++row) {
        const std::uint64_t context = random.below(4'000) + 1;
        const std::uint64_t generated = random.below(700) + 1;
        char time[64];
        std::snprintf(time, sizeof time, "2023-11-16 18:%02d:%02d.%06d", row / 360, row / 6 % 60, row % 6);
        out << time << ',' << context << ',' << generated << '\n';
        input += context;
        output += generated;
    }
    return {file, {std::to_string(input), std::to_string(output)}, 2 * rows};
}

} // namespace

class TestTracePostgresRestarts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void nothingIsLostOrCountedTwice();
    void theServerFindsItsWayBackAlone();
    void theBooksHold();
    void theChecksSeeALoss_data();
    void theChecksSeeALoss();
    void cleanupTestCase();

private:
    Command sender(const std::string& tenant) const
    {
        return m_server->sender(
            {"--backfill", "--format", "csv", "--tenant", tenant, "--event-id-prefix", "azure",
             "--time-column", "TIMESTAMP", "--assume-utc", "--batch-size", "100", "--give-up-after", "600",
             "--event", "llm_tokens=ContextTokens,model=gpt4,direction=input", "--event",
             "llm_tokens=GeneratedTokens,model=gpt4,direction=output", m_trace.file.string()});
    }
    const std::string& newTenant()
    {
        m_tenants.push_back("reader-" + std::to_string(m_tenants.size() + 1));
        signUp(m_server->client(), {.id = m_tenants.back()});
        return m_tenants.back();
    }
    void disturb(int time);

    std::optional<PostgresServer> m_postgres;
    std::unique_ptr<ServerFixture> m_server;
    Trace m_trace = {};
    std::vector<std::string> m_tenants;
    int m_kills = 0;
};

void TestTracePostgresRestarts::initTestCase()
{
    PostgresServer::skipTestIfAbsent();
    // Only PostgreSQL dies, not the machine, so what it handed to the kernel is kept without fsync too.
    m_postgres.emplace(PostgresServer::Options{.sync = PostgresServer::Sync::Off});
    m_server = std::make_unique<ServerFixture>(*m_postgres);
    const auto shared = sharedDirectory();
    const bool published = shared && std::filesystem::exists(publishedTrace(*shared).file);
    m_trace = published ? publishedTrace(*shared) : generatedTrace(m_server->scratch("trace.csv"));
    m_server->start();
}

void TestTracePostgresRestarts::cleanupTestCase()
{
    m_server.reset();
    m_postgres.reset();
}

void TestTracePostgresRestarts::disturb(int time)
{
    m_postgres->stopImmediately();
    const bool isServerKilledToo = time % 3 == 1;
    if (isServerKilledToo) {
        m_server->kill();
        ++m_kills;
    }
    m_postgres->start();
    if (isServerKilledToo)
        m_server->start();
    if (time % 5 == 4) { // and once in a while the server alone
        m_server->kill();
        m_server->start();
        ++m_kills;
    }
}

void TestTracePostgresRestarts::nothingIsLostOrCountedTwice()
{
    const int restarts = trials(5);
    SeededRandom random(5);
    auto sending = std::make_unique<Process>(sender(newTenant()));
    for (int time = 0; time < restarts;) {
        const auto ended = sending->waitForExit(std::chrono::milliseconds(50 + random.below(600)));
        if (!ended) {
            disturb(time++);
            continue;
        }
        QVERIFY2(ended == 0, sending->errors().c_str());
        sending = std::make_unique<Process>(sender(newTenant()));
    }
    QVERIFY2(sending->waitForExit(600s) == 0, sending->errors().c_str());
    qInfo("%d restarts of PostgreSQL, %d kills of the server, during %zu sends of %d events", restarts,
          m_kills, m_tenants.size(), m_trace.events);

    const HttpsClient client = m_server->client();
    for (const std::string& tenant : m_tenants) {
        QTRY_VERIFY_WITH_TIMEOUT(novemberTokens(client, tenant) == m_trace.totals, 60'000);
    }
    const Finished again = runToEnd(sender(m_tenants.front()), 300s);
    QCOMPARE(again.output,
             "accepted 0\nduplicate " + std::to_string(m_trace.events) + "\nconflict 0\nrejected 0\n");
    QVERIFY(novemberTokens(client, m_tenants.front()) == m_trace.totals);
}

void TestTracePostgresRestarts::theServerFindsItsWayBackAlone()
{
    const HttpsClient client = m_server->client();
    m_postgres->stopImmediately();
    const HttpReply away = client.get("/api/v1/invoices");
    QCOMPARE(away.status, 503);
    m_postgres->start();
    QTRY_COMPARE_WITH_TIMEOUT(client.get("/api/v1/invoices").status, 200, 30'000);
}

void TestTracePostgresRestarts::theBooksHold()
{
    QCOMPARE(m_server->stop().value_or(-1), 0);
    QCOMPARE(complaint(m_server->run("check-invariants")), std::string());
    QCOMPARE(complaint(m_server->run("verify-audit")), std::string());
}

void TestTracePostgresRestarts::theChecksSeeALoss_data()
{
    QTest::addColumn<QString>("theft");
    QTest::addColumn<QString>("check");
    QTest::newRow("an event")
        << QStringLiteral("DELETE FROM usage_block WHERE first_at = (SELECT max(first_at) FROM usage_block)")
        << QStringLiteral("check-invariants");
    QTest::newRow("an audit entry") << QStringLiteral(
                                           "DELETE FROM audit_entry WHERE tenant_id = 'reader-1' AND seq = 1")
                                    << QStringLiteral("verify-audit");
}

void TestTracePostgresRestarts::theChecksSeeALoss()
{
    QFETCH(const QString, theft);
    QFETCH(const QString, check);
    QCOMPARE(complaint(m_server->run(check.toStdString())), std::string());
    const auto answer = askPostgres(m_server->database()->superConnection,
                                    "SET session_replication_role = replica; " + theft.toStdString());
    QCOMPARE(answer.state, std::string());
    QVERIFY(answer.changed > 0);
    QCOMPARE(complaint(m_server->run(check.toStdString()), 1), std::string());
}

QTEST_GUILESS_MAIN(TestTracePostgresRestarts)

#include "tst_trace_postgres_restarts.moc"
