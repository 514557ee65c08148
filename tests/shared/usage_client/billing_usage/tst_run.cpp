// billing-usage from a file to its exit code, against a scripted TLS server.
// Tests: run.cpp send_file.cpp
#include "shared/usage_client/billing_usage/run.h"
#include "tests/shared/usage_client/scripted_server.h"
#include "tests/support/environment.h"
#include "tests/support/manual_clock.h"
#include "tests/support/seeded_random.h"

#include <QTest>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace billing;
using namespace billing::client;
using namespace billing::test;

namespace {

class MovingWaiter final : public Waiter
{
public:
    explicit MovingWaiter(ManualClock& clock)
        : m_clock(clock)
    {
    }
    void waitFor(Duration duration) override { m_clock.advance(duration); }

private:
    ManualClock& m_clock;
};

const std::string good = "2026-03-01T00:00:00Z,1\n";

Step results(const std::vector<std::string>& statuses)
{
    std::string body;
    for (const std::string& status : statuses)
        body += std::string(body.empty() ? "" : ",") + R"({"index":)" +
                std::to_string(std::count(body.begin(), body.end(), '{')) + R"(,"status":")" + status +
                R"("})";
    return {202, R"({"settled":true,"results":[)" + body + "]}"};
}

Step oneResult(const std::string& status)
{
    return results({status});
}

std::string bytesOf(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> idsIn(const std::string& body)
{
    static constexpr std::string_view key = "\"event_id\":\"";
    std::vector<std::string> ids;
    for (std::size_t at = body.find(key); at != std::string::npos; at = body.find(key, at)) {
        at += key.size();
        ids.push_back(body.substr(at, body.find('"', at) - at));
    }
    return ids;
}

} // namespace

class TestRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void exitCodes_data();
    void exitCodes();
    void missingFiles();
    void nothingGoesWhenARowIsBad();
    void goodRowsGoWhenBadOnesAreKept();
    void whatTheServerRefusesIsKept();
    void aServerThatStopsLeavesTheRest();
    void checksAgainstTheServersMeters();
    void triesWithoutAServer();
    void anotherFileComesFirst();
    void splitsLargeRows();

private:
    SendCommand commandFor(const ScriptedServer& server);
    int runIt(const SendCommand& command);
    int runWith(const ScriptedServer& server, const std::string& csvRows);
    void write(const std::string& text) { std::ofstream(m_directory.file("t.csv"), std::ios::trunc) << text; }
    std::string bad() const { return m_directory.file("bad.csv").string(); }

    TemporaryDirectory m_directory;
};

SendCommand TestRun::commandFor(const ScriptedServer& server)
{
    std::ofstream(m_directory.file("token")) << "token\n";
    const TransportOptions transport = server.options();
    SendCommand command;
    command.server = transport.serverUrl;
    command.certificateFile = transport.certificateFile;
    command.keyFile = transport.keyFile;
    command.authorityFile = transport.authorityFile;
    command.tokenFile = m_directory.file("token").string();
    command.format = FileFormat::Csv;
    command.csv = CsvMapping{TenantId("acme"), "run", "time", MissingZone::Refuse, {{"m", "a", {}}}};
    command.file = m_directory.file("t.csv").string();
    std::filesystem::remove(bad());
    return command;
}

int TestRun::runIt(const SendCommand& command)
{
    ManualClock clock("2026-03-01T12:00:00Z");
    SeededRandom random(7);
    MovingWaiter waiter(clock);
    return run(command, {clock, random, waiter});
}

int TestRun::runWith(const ScriptedServer& server, const std::string& csvRows)
{
    write("time,a\n" + csvRows);
    return runIt(commandFor(server));
}

void TestRun::exitCodes_data()
{
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<QByteArray>("rows");
    QTest::addColumn<int>("code");
    QTest::newRow("settled") << QByteArray("settled") << QByteArray::fromStdString(good) << 0;
    QTest::newRow("accepted") << QByteArray("accepted") << QByteArray::fromStdString(good) << 0;
    QTest::newRow("duplicate") << QByteArray("duplicate") << QByteArray::fromStdString(good) << 0;
    QTest::newRow("conflict") << QByteArray("conflict") << QByteArray::fromStdString(good) << 1;
    QTest::newRow("rejected") << QByteArray("rejected") << QByteArray::fromStdString(good) << 1;
    QTest::newRow("too old without backfill")
        << QByteArray("settled") << QByteArray("2023-11-16T00:00:00Z,1\n") << 4;
    QTest::newRow("nothing to send") << QByteArray("settled") << QByteArray() << 0;
    QTest::newRow("bad row") << QByteArray("settled") << QByteArray("2026-03-01T00:00:00Z,one\n") << 4;
    QTest::newRow("server's refusal") << QByteArray("400") << QByteArray::fromStdString(good) << 2;
    QTest::newRow("gave up") << QByteArray("503") << QByteArray::fromStdString(good) << 3;
}

void TestRun::exitCodes()
{
    QFETCH(QByteArray, status);
    QFETCH(QByteArray, rows);
    bool isNumber = false;
    const int number = status.toInt(&isNumber);
    const ScriptedServer server({isNumber ? Step{number, "{}"} : oneResult(status.toStdString())});
    QTEST(runWith(server, rows.toStdString()), "code");
}

void TestRun::missingFiles()
{
    SendCommand command;
    command.file = m_directory.file("none").string();
    QCOMPARE(run(command, systemPorts()), 2);
    std::ofstream(m_directory.file("empty")) << "";
    command.file = m_directory.file("empty").string();
    command.server = "https://127.0.0.1:1";
    QCOMPARE(run(command, systemPorts()), 2);
}

void TestRun::nothingGoesWhenARowIsBad()
{
    const ScriptedServer server({oneResult("settled")});
    QCOMPARE(runWith(server, good + "2026-03-01T00:00:00Z,-1\n" + good), 4);
    QCOMPARE(server.requests().size(), 0u);
    // Its twin goes.
    QCOMPARE(runWith(server, good), 0);
    QCOMPARE(server.requests().size(), 1u);
}

void TestRun::goodRowsGoWhenBadOnesAreKept()
{
    const ScriptedServer server({results({"settled", "settled"})});
    write("time,a\n" + good + "Total,2\n" + good);
    SendCommand command = commandFor(server);
    command.skipBad = bad();
    QCOMPARE(runIt(command), 1);
    QCOMPARE(bytesOf(bad()), "time,a\nTotal,2\n");
    const std::vector<std::string> ids = idsIn(server.requests().at(0).body);
    QCOMPARE(ids.size(), 2u);
    QVERIFY(ids[0].ends_with("-1") && ids[1].ends_with("-2"));
    // There may be somebody's work in it by now.
    QCOMPARE(runIt(command), 2);
    QCOMPARE(server.requests().size(), 1u);
}

void TestRun::whatTheServerRefusesIsKept()
{
    const ScriptedServer server({results({"settled", "rejected", "conflict"})});
    write("time,a\n" + good + "2026-03-01T00:00:00Z,2\n2026-03-01T00:00:00Z,3");
    SendCommand command = commandFor(server);
    command.skipBad = bad();
    QCOMPARE(runIt(command), 1);
    QCOMPARE(bytesOf(bad()), "time,a\n2026-03-01T00:00:00Z,2\n2026-03-01T00:00:00Z,3\n");
}

void TestRun::aServerThatStopsLeavesTheRest()
{
    const std::string rows = good + "2026-03-01T00:00:00Z,2\n2026-03-01T00:00:00Z,3\n";
    std::vector<std::string> first;
    {
        const ScriptedServer server({oneResult("settled"), Step{503, "{}"}});
        write("time,a\n" + rows);
        SendCommand command = commandFor(server);
        command.batchSize = 1;
        QCOMPARE(runIt(command), 3);
        first = idsIn(server.requests().at(0).body);
    }
    const ScriptedServer server({results({"duplicate", "settled", "settled"})});
    QCOMPARE(runIt(commandFor(server)), 0);
    const std::vector<std::string> again = idsIn(server.requests().at(0).body);
    QCOMPARE(again.size(), 3u);
    QCOMPARE(again[0], first.at(0));
}

void TestRun::checksAgainstTheServersMeters()
{
    const std::string catalog = bytesOf((sourceDirectory() / "resources/catalog/price_list.json").string());
    const ScriptedServer server({oneResult("settled")}, Step{200, catalog});
    write("time,a\n" + good);
    SendCommand command = commandFor(server);
    QCOMPARE(runIt(command), 4); // no metric "m"
    QCOMPARE(server.requests().size(), 0u);
    command.csv->events = {{"agent_execution", "a"}};
    QCOMPARE(runIt(command), 0);
    command.csv->events = {{"llm_tokens", "a"}}; // needs a model and a direction
    QCOMPARE(runIt(command), 4);
    command.metersFile = m_directory.file("none").string();
    QCOMPARE(runIt(command), 2);
}

void TestRun::triesWithoutAServer()
{
    write("time,a\n" + good + good);
    SendCommand command;
    command.dryRun = true;
    command.format = FileFormat::Csv;
    command.csv = CsvMapping{TenantId("acme"), "run", "time", MissingZone::Refuse, {{"m", "a", {}}}};
    command.file = m_directory.file("t.csv").string();
    QCOMPARE(runIt(command), 0);
    write("time,a\n" + good + "x,1\n");
    QCOMPARE(runIt(command), 4);
}

void TestRun::anotherFileComesFirst()
{
    // The second half of a file that was split: its row is like one of the first half.
    const ScriptedServer server({oneResult("settled")});
    std::ofstream(m_directory.file("first.csv")) << "time;a\n2026-03-01 00:00:00Z;1.0\nTotal;1\n";
    write("time,a\n" + good);
    SendCommand command = commandFor(server);
    QCOMPARE(runIt(command), 0);
    command.alreadySent = {m_directory.file("first.csv").string()};
    QCOMPARE(runIt(command), 0);
    const std::string alone = idsIn(server.requests().at(0).body).at(0);
    const std::string behind = idsIn(server.requests().at(1).body).at(0);
    QVERIFY(alone.ends_with("-1") && behind.ends_with("-2"));
    QCOMPARE(alone.substr(0, alone.size() - 1), behind.substr(0, behind.size() - 1));
    command.alreadySent = {m_directory.path().string() + "/./t.csv"}; // itself
    QCOMPARE(runIt(command), 2);
    command.alreadySent = {m_directory.file("none.csv").string()};
    QCOMPARE(runIt(command), 2);
}

void TestRun::splitsLargeRows()
{
    // A row of three events in requests of two: it is one row when it is refused twice.
    const ScriptedServer server({results({"settled", "rejected"}), results({"rejected"})});
    write("time,a\n" + good);
    SendCommand command = commandFor(server);
    command.batchSize = 2;
    command.csv->events = {{"m", "a"}, {"n", "a"}, {"o", "a"}};
    command.skipBad = bad();
    QCOMPARE(runIt(command), 1);
    QCOMPARE(server.requests().size(), 2u);
    QCOMPARE(bytesOf(bad()), "time,a\n" + good);
}

QTEST_APPLESS_MAIN(TestRun)
#include "tst_run.moc"
