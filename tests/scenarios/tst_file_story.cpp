// What people do with a file of usage between two sends, against the real server: whatever it is, the totals
// are those of the rows. Numbers of rows as ids (until release 0.2) counted the rest twice.
#include "tests/scenarios/requests.h"
#include "tests/scenarios/server_fixture.h"

#include <QTest>

#include <fstream>

using namespace billing;

namespace {

const std::string head = "time,customer,value,note\n";

/// A minute of the first hour of 16 November 2023.
std::string row(int minute, std::string_view value, std::string_view tenant, std::string_view note = "")
{
    return "2023-11-16T00:" + std::string(minute < 10 ? "0" : "") + std::to_string(minute) + ":00Z," +
           std::string(tenant) + "," + std::string(value) + "," + std::string(note) + "\n";
}

/// So many rows with the values 1, 2, 3 ...
std::string rows(int from, int to, std::string_view tenant)
{
    std::string text;
    for (int value = from; value <= to; ++value)
        text += row(value, std::to_string(value), tenant);
    return text;
}

} // namespace

class TestFileStory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aRefusedRowIsTakenOut();
    void rowsMove();
    void equalRowsAreAllCounted();
    void badRowsAreMendedApart();
    void aMendedRowIsLikeAGoodOne();
    void unknownTenantsAreKept();
    void packedAndThroughAPipe();
    void linesOfJson();
    void theServerIsAwayInTheMiddle();
    void theBooksProveIt();

private:
    std::string write(const std::string& name, const std::string& text) const
    {
        const auto path = m_server->scratch(name);
        std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
        return path.string();
    }
    test::Finished send(std::vector<std::string> more, std::string_view input = {}) const;
    test::Finished sendTable(std::vector<std::string> more, std::string_view input = {}) const;
    std::string counted(std::string_view tenant) const;
    std::string newTenant();

    std::unique_ptr<test::ServerFixture> m_server;
    std::optional<test::HttpsClient> m_client;
    int m_tenants = 0;
};

void TestFileStory::initTestCase()
{
    m_server = std::make_unique<test::ServerFixture>();
    m_server->start();
    m_client.emplace(m_server->client());
}

std::string TestFileStory::newTenant()
{
    std::string tenant = "story-" + std::to_string(++m_tenants);
    test::signUp(*m_client, {.id = tenant});
    return tenant;
}

test::Finished TestFileStory::send(std::vector<std::string> more, std::string_view input) const
{
    more.insert(more.begin(), "--backfill");
    return test::runToEnd(m_server->sender(std::move(more)), std::chrono::seconds(60), input);
}

test::Finished TestFileStory::sendTable(std::vector<std::string> more, std::string_view input) const
{
    std::vector<std::string> words{"--format",      "csv",  "--tenant-column", "customer",
                                   "--time-column", "time", "--event",         "agent_execution=value"};
    words.insert(words.end(), more.begin(), more.end());
    return send(std::move(words), input);
}

std::string TestFileStory::counted(std::string_view tenant) const
{
    const test::HttpReply usage =
        m_client->get("/api/v1/usage/" + std::string(tenant) +
                      "?metric_type=agent_execution&from=2023-11-01T00:00:00Z&to=2023-12-01T00:00:00Z");
    return usage.outcome() == "200" ? usage.at("groups/0/quantity") : usage.outcome();
}

void TestFileStory::aRefusedRowIsTakenOut()
{
    const std::string tenant = newTenant();
    const std::string bad = row(30, "-1", tenant);
    const std::string file = write("t.csv", head + rows(1, 2, tenant) + bad + rows(3, 4, tenant));
    const test::Finished refused = sendTable({file});
    QCOMPARE(test::complaint(refused, 4), std::string());
    QVERIFY(refused.output.empty());
    QVERIFY(refused.errors.find("line 4, column \"value\": \"-1\"") != std::string::npos);
    QVERIFY(counted(tenant) != "3"); // nothing of it

    write("t.csv", head + rows(1, 4, tenant));
    QCOMPARE(sendTable({file}).output, std::string("accepted 4\nduplicate 0\nconflict 0\nrejected 0\n"));
    QCOMPARE(counted(tenant), std::string("10"));
    QCOMPARE(sendTable({file}).output, std::string("accepted 0\nduplicate 4\nconflict 0\nrejected 0\n"));
    QCOMPARE(counted(tenant), std::string("10"));
}

void TestFileStory::rowsMove()
{
    const std::string tenant = newTenant();
    const std::string file = write("t.csv", head + rows(1, 4, tenant));
    QCOMPARE(test::complaint(sendTable({file})), std::string());
    // One in front, one gone, the others turned round, and all of it saved by another program.
    write("t.csv", "\xEF\xBB\xBFvalue;note;time;customer\r\n\"5.0\";;2023-11-16 01:05:00+01:00;" + tenant +
                       "\r\n3e0;x;2023-11-16T00:03:00Z;" + tenant + "\r\n02;;2023-11-16T00:02:00.000Z;" +
                       tenant + "\r\n1;;2023-11-16T00:01:00Z;" + tenant + "\r\n");
    QCOMPARE(sendTable({file}).output, std::string("accepted 1\nduplicate 3\nconflict 0\nrejected 0\n"));
    QCOMPARE(counted(tenant), std::string("15"));
}

void TestFileStory::equalRowsAreAllCounted()
{
    const std::string tenant = newTenant();
    const std::string three = row(1, "7", tenant) + row(1, "7.0", tenant) + row(1, "7", tenant);
    const std::string file = write("t.csv", head + three);
    const test::Finished sent = sendTable({file});
    QVERIFY(sent.errors.find("2 rows are like an earlier one, the first in line 3") != std::string::npos);
    QCOMPARE(counted(tenant), std::string("21"));
    // Two more behind them, in a file of their own that says so; without a word they would be the first two.
    const std::string second = write("second.csv", head + row(1, "7", tenant) + row(1, "7", tenant));
    QCOMPARE(sendTable({second}).output, std::string("accepted 0\nduplicate 2\nconflict 0\nrejected 0\n"));
    QCOMPARE(sendTable({"--already-sent", file, second}).output,
             std::string("accepted 2\nduplicate 0\nconflict 0\nrejected 0\n"));
    QCOMPARE(sendTable({"--already-sent", file, second}).output,
             std::string("accepted 0\nduplicate 2\nconflict 0\nrejected 0\n"));
    QCOMPARE(counted(tenant), std::string("35"));
    // The two files as one.
    write("t.csv", head + three + row(1, "7", tenant) + row(1, "7", tenant));
    QCOMPARE(sendTable({file}).output, std::string("accepted 0\nduplicate 5\nconflict 0\nrejected 0\n"));
}

void TestFileStory::badRowsAreMendedApart()
{
    const std::string tenant = newTenant();
    const std::string bad = row(3, "three", tenant, "\"said \"\"3\"\"\"");
    const std::string file = write("t.csv", head + rows(1, 2, tenant) + bad + rows(4, 4, tenant));
    const std::string kept = m_server->scratch("bad.csv").string();
    const test::Finished sent = sendTable({"--skip-bad", kept, file});
    QCOMPARE(test::complaint(sent, 1), std::string());
    QCOMPARE(sent.output, std::string("accepted 3\nduplicate 0\nconflict 0\nrejected 0\n"));
    QCOMPARE(counted(tenant), std::string("7"));
    std::ifstream read(kept);
    QCOMPARE(std::string(std::istreambuf_iterator<char>(read), {}), head + bad);

    write("bad.csv", head + row(3, "3", tenant, "\"said \"\"3\"\"\""));
    QCOMPARE(sendTable({"--already-sent", file, kept}).output,
             std::string("accepted 1\nduplicate 0\nconflict 0\nrejected 0\n"));
    QCOMPARE(counted(tenant), std::string("10"));
    // Mended in the file too, and all of it sent again: nothing is new.
    write("t.csv", head + rows(1, 4, tenant));
    QCOMPARE(sendTable({file}).output, std::string("accepted 0\nduplicate 4\nconflict 0\nrejected 0\n"));
}

void TestFileStory::aMendedRowIsLikeAGoodOne()
{
    const std::string tenant = newTenant();
    const std::string file = write("t.csv", head + row(1, "5", tenant) + row(1, "5O", tenant)); // a letter
    const std::string kept = m_server->scratch("bad2.csv").string();
    QCOMPARE(test::complaint(sendTable({"--skip-bad", kept, file}), 1), std::string());
    write("bad2.csv", head + row(1, "5", tenant));
    QCOMPARE(test::complaint(sendTable({"--already-sent", file, kept})), std::string());
    QCOMPARE(counted(tenant), std::string("10"));
    write("t.csv", head + row(1, "5", tenant) + row(1, "5", tenant));
    QCOMPARE(test::complaint(sendTable({file})), std::string());
    QCOMPARE(counted(tenant), std::string("10"));
}

void TestFileStory::unknownTenantsAreKept()
{
    const std::string tenant = newTenant();
    const std::string later = "story-later";
    const std::string file =
        write("t.csv", head + row(1, "1", tenant) + row(2, "2", later) + row(3, "3", tenant));
    const std::string kept = m_server->scratch("bad3.csv").string();
    const test::Finished sent = sendTable({"--skip-bad", kept, file});
    QCOMPARE(test::complaint(sent, 1), std::string());
    QCOMPARE(sent.output, std::string("accepted 2\nduplicate 0\nconflict 0\nrejected 1\n"));
    QVERIFY(sent.errors.find("line 3, column \"customer\": \"story-later\"") != std::string::npos);
    QVERIFY(sent.errors.find("unknown_tenant") != std::string::npos);
    std::ifstream read(kept);
    QCOMPARE(std::string(std::istreambuf_iterator<char>(read), {}), head + row(2, "2", later));
    test::signUp(*m_client, {.id = later});
    QCOMPARE(sendTable({file}).output, std::string("accepted 1\nduplicate 2\nconflict 0\nrejected 0\n"));
    QCOMPARE(sendTable({kept}).output, std::string("accepted 0\nduplicate 1\nconflict 0\nrejected 0\n"));
    QCOMPARE(counted(tenant), std::string("4"));
    QCOMPARE(counted(later), std::string("2"));
}

void TestFileStory::packedAndThroughAPipe()
{
    const std::string tenant = newTenant();
    const std::string text = head + rows(1, 4, tenant);
    const std::string file = write("t.csv", text);
    QCOMPARE(test::complaint(test::runToEnd({"gzip", {"-kf", file}})), std::string());
    QCOMPARE(sendTable({file + ".gz"}).output,
             std::string("accepted 4\nduplicate 0\nconflict 0\nrejected 0\n"));
    const test::Finished piped = sendTable({"-"}, text);
    QCOMPARE(piped.output, std::string("accepted 0\nduplicate 4\nconflict 0\nrejected 0\n"));
    QVERIFY(piped.errors.find("standard input: rows: 4 read = 4 sent + 0 skipped") != std::string::npos);
    QCOMPARE(counted(tenant), std::string("10"));
}

void TestFileStory::linesOfJson()
{
    const std::string tenant = newTenant();
    const auto event = [&](int number, const std::string& value) {
        return test::jsonOf({.id = "e" + std::to_string(number),
                             .tenant = tenant,
                             .value = value,
                             .timestamp = "2023-11-16T00:00:00Z"}) +
               "\n";
    };
    const std::string bad = event(2, "-2");
    const std::string file = write("t.ndjson", event(1, "1") + bad + event(3, "3"));
    QCOMPARE(test::complaint(send({file}), 4), std::string());
    const std::string kept = m_server->scratch("bad.ndjson").string();
    QCOMPARE(send({"--skip-bad", kept, file}).output,
             std::string("accepted 2\nduplicate 0\nconflict 0\nrejected 0\n"));
    std::ifstream read(kept);
    QCOMPARE(std::string(std::istreambuf_iterator<char>(read), {}), bad);
    write("bad.ndjson", event(2, "2"));
    QCOMPARE(test::complaint(send({kept})), std::string());
    QCOMPARE(counted(tenant), std::string("6"));
    // The same id with other usage is a conflict, by its line.
    write("t.ndjson", event(1, "1") + event(3, "4"));
    const test::Finished conflict = send({file});
    QCOMPARE(test::complaint(conflict, 1), std::string());
    QVERIFY(conflict.errors.find("line 2") != std::string::npos);
    QCOMPARE(counted(tenant), std::string("6"));
}

void TestFileStory::theServerIsAwayInTheMiddle()
{
    const std::string tenant = newTenant();
    std::string text = head;
    for (int number = 0; number < 20'000; ++number)
        text += row(number % 60, std::to_string(1 + number % 3), tenant); // many are alike
    const std::string file = write("large.csv", text);
    auto sending = std::make_unique<test::Process>(m_server->sender(
        {"--backfill", "--format", "csv", "--tenant-column", "customer", "--time-column", "time", "--event",
         "agent_execution=value", "--batch-size", "20", "--give-up-after", "1", file}));
    // Some of it is there, but not all.
    QTRY_VERIFY_WITH_TIMEOUT(counted(tenant) != "0" && counted(tenant).size() < 6, 30'000);
    m_server->kill();
    QCOMPARE(sending->waitForExit(std::chrono::seconds(60)).value_or(-1), 3);
    m_server->start();
    QCOMPARE(test::complaint(sendTable({file})), std::string());
    QCOMPARE(counted(tenant), std::to_string(20'000 / 3 * 6 + 1 + 2));
}

void TestFileStory::theBooksProveIt()
{
    QCOMPARE(m_server->stop().value_or(-1), 0);
    QCOMPARE(test::complaint(m_server->run("check-invariants")), std::string());
}

QTEST_GUILESS_MAIN(TestFileStory)

#include "tst_file_story.moc"
