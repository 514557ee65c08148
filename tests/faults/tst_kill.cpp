// kill -9 at random moments while usage arrives: nothing acknowledged is lost, nothing is counted twice, and
// the books hold. See README.md for the number of kills and the seed.
#include "tests/support/printing.h"

#include "tests/scenarios/requests.h"
#include "tests/scenarios/server_fixture.h"
#include "tests/support/environment.h"
#include "tests/support/seeded_random.h"

#include <QElapsedTimer>

#include <fstream>

using namespace billing;
using namespace std::chrono_literals;

namespace {

constexpr auto tenant = "azure-reader";
/// Small, so that many requests are open to be cut.
constexpr auto eventsInABatch = "20";
constexpr std::uint64_t longestLifeMilliseconds = 700;
constexpr std::uint64_t longestBirthMilliseconds = 80;

std::uint64_t numberFromEnvironment(const char* name, std::uint64_t otherwise)
{
    bool isNumber = false;
    const qulonglong number = qEnvironmentVariable(name).toULongLong(&isNumber);
    return isNumber ? number : otherwise;
}

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

Trace generatedTrace(const std::filesystem::path& file, test::SeededRandom& random)
{
    constexpr int rows = 19'366;
    std::uint64_t input = 0;
    std::uint64_t output = 0;
    std::ofstream out(file);
    out << "TIMESTAMP,ContextTokens,GeneratedTokens\n";
    for (int row = 0; row < rows; ++row) {
        const std::uint64_t context = random.below(4'000) + 1;
        const std::uint64_t generated = random.below(700) + 1;
        const int second = row / 6;
        char time[40];
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

private:
    test::Command sender() const
    {
        return m_server.sender(
            {"--backfill", "--format", "csv", "--tenant", tenant, "--event-id-prefix", "azure",
             "--time-column", "TIMESTAMP", "--assume-utc", "--batch-size", eventsInABatch, "--give-up-after",
             "600", "--event", "llm_tokens=ContextTokens,model=gpt4,direction=input", "--event",
             "llm_tokens=GeneratedTokens,model=gpt4,direction=output", m_trace.file.string()});
    }
    void killAndRestart();

    test::ServerFixture m_server;
    std::uint64_t m_seed = numberFromEnvironment("BILLING_SEED", 20231116);
    test::SeededRandom m_random{m_seed};
    Trace m_trace = {};
    std::uint64_t m_killedAtBirth = 0;
};

void TestKill::initTestCase()
{
    qInfo("BILLING_SEED=%llu", static_cast<unsigned long long>(m_seed));
    const auto shared = test::sharedDirectory();
    const bool published = shared && std::filesystem::exists(publishedTrace(*shared).file);
    m_trace = published ? publishedTrace(*shared) : generatedTrace(m_server.scratch("trace.csv"), m_random);
    m_server.start();
    test::signUp(m_server.client(), {.id = tenant});
}

/// One kill, and in one case of four another one while the server comes up again.
void TestKill::killAndRestart()
{
    m_server.kill();
    if (m_random.below(4) == 0) {
        ++m_killedAtBirth;
        m_server.startWithin(std::chrono::milliseconds(m_random.below(longestBirthMilliseconds)));
        m_server.kill();
    }
    m_server.start();
}

void TestKill::nothingIsLostOrCountedTwice()
{
    const std::uint64_t trials = numberFromEnvironment("BILLING_TRIALS", 20);
    QElapsedTimer clock;
    clock.start();
    auto sending = std::make_unique<test::Process>(sender());
    std::uint64_t kills = 0;
    std::uint64_t killsInTheFirstRun = 0;
    int runs = 1;
    while (kills < trials) {
        const auto life = std::chrono::milliseconds(m_random.below(longestLifeMilliseconds));
        const std::optional<int> ended = sending->waitForExit(life);
        if (ended) { // a fast machine: the same file again, so that the kills still meet requests
            QVERIFY2(*ended == 0, sending->errors().c_str());
            sending = std::make_unique<test::Process>(sender());
            ++runs;
            continue;
        }
        killAndRestart();
        ++kills;
        killsInTheFirstRun += runs == 1 ? 1U : 0U;
    }
    const std::optional<int> ended = sending->waitForExit(600s);
    QVERIFY2(ended == 0, sending->errors().c_str());
    qInfo("%llu kills (and %llu while starting) in %lld ms, %llu of them in the first of %d runs",
          static_cast<unsigned long long>(kills), static_cast<unsigned long long>(m_killedAtBirth),
          static_cast<long long>(clock.elapsed()), static_cast<unsigned long long>(killsInTheFirstRun), runs);
    QVERIFY(killsInTheFirstRun > 0);

    const test::HttpsClient client = m_server.client();
    const test::TokenTotals totals = test::novemberTokens(client, tenant);
    QCOMPARE(totals.input, m_trace.totals.input);
    QCOMPARE(totals.output, m_trace.totals.output);
    const test::Finished again = test::runToEnd(sender(), 300s);
    QCOMPARE(again.output,
             "accepted 0\nduplicate " + std::to_string(m_trace.events) + "\nconflict 0\nrejected 0\n");
    QVERIFY(test::novemberTokens(client, tenant) == m_trace.totals);
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
        "DELETE FROM usage_event WHERE event_id = (SELECT event_id FROM usage_event LIMIT 1 OFFSET 777)");
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

QTEST_GUILESS_MAIN(TestKill)

#include "tst_kill.moc"
