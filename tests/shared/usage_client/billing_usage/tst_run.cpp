// billing-usage from a file to its exit code, against a scripted TLS server.
#include "shared/usage_client/billing_usage/run.h"
#include "tests/shared/usage_client/scripted_server.h"
#include "tests/support/manual_clock.h"
#include "tests/support/seeded_random.h"

#include <QTest>

#include <fstream>

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

Step oneResult(const std::string& status)
{
    std::string body = R"({"settled":true,"results":[{"index":0,"status":")";
    body += status + R"("}]})";
    return {202, body};
}

} // namespace

class TestRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void exitCodes_data();
    void exitCodes();
    void missingFiles();
    void summary();

private:
    int runWith(const ScriptedServer& server, const std::string& csvRows);

    TemporaryDirectory m_directory;
};

int TestRun::runWith(const ScriptedServer& server, const std::string& csvRows)
{
    std::ofstream(m_directory.file("t.csv")) << "time,a\n" << csvRows;
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
    ManualClock clock("2026-03-01T12:00:00Z");
    SeededRandom random(7);
    MovingWaiter waiter(clock);
    return run(command, {clock, random, waiter});
}

void TestRun::exitCodes_data()
{
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<QByteArray>("rows");
    QTest::addColumn<int>("code");
    const QByteArray good = "2026-03-01T00:00:00Z,1\n";
    QTest::newRow("settled") << QByteArray("settled") << good << 0;
    QTest::newRow("accepted") << QByteArray("accepted") << good << 0;
    QTest::newRow("duplicate") << QByteArray("duplicate") << good << 0;
    QTest::newRow("conflict") << QByteArray("conflict") << good << 1;
    QTest::newRow("rejected") << QByteArray("rejected") << good << 1;
    QTest::newRow("too old without backfill")
        << QByteArray("settled") << QByteArray("2023-11-16T00:00:00Z,1\n") << 1;
    QTest::newRow("nothing to send") << QByteArray("settled") << QByteArray() << 0;
    QTest::newRow("bad row") << QByteArray("settled") << QByteArray("2026-03-01T00:00:00Z,one\n") << 2;
    QTest::newRow("server's refusal") << QByteArray("400") << good << 2;
    QTest::newRow("gave up") << QByteArray("503") << good << 3;
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

void TestRun::summary()
{
    QCOMPARE(summaryOf({38'732, 1, 2, 3, {}}), "accepted 38732\nduplicate 1\nconflict 2\nrejected 3\n");
}

QTEST_APPLESS_MAIN(TestRun)
#include "tst_run.moc"
