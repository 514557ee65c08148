// The first reading: every bad row is found, listed and kept as it is, and the account of a file adds up.
// Tests: bad_rows.cpp check_file.cpp report.cpp
#include "shared/usage_client/billing_usage/report.h"
#include "shared/usage_client/csv_rows.h"
#include "tests/support/temporary_directory.h"

#include <QTest>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

using namespace billing;
using namespace billing::client;
using namespace billing::test;

namespace {

const std::string head = "time,tenant,a\r\n";
const std::string good = "2026-03-01T11:00:00Z,acme,1\r\n";

std::string bytesOf(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

} // namespace

class TestCheckFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { std::filesystem::remove(m_directory.file("bad.csv")); }
    void findsBadRows();
    void listsSome();
    void learnsGoodRowsOnly();
    void neverWritesOver();
    void namesADiskThatFails();
    void endsLastLine_data();
    void endsLastLine();
    void accountsAddUp();
    void listsRows();

private:
    Result<CheckedFile> check(const std::string& text, BadRows& bad)
    {
        std::ofstream(m_directory.file("t.csv"), std::ios::binary | std::ios::trunc) << text;
        CsvMapping mapping{{}, "", "time", MissingZone::Refuse, {{"m", "a"}}};
        mapping.tenantColumn = "tenant";
        CsvRows rows = CsvRows::open(m_directory.file("t.csv").string(), mapping).value();
        const EventRules rules{.now = Instant::parse("2026-03-01T12:00:00Z").value()};
        m_ids = RowIds("p");
        return checkFile({rows, rules, m_ids, bad});
    }
    std::string badPath() const { return m_directory.file("bad.csv").string(); }

    TemporaryDirectory m_directory;
    RowIds m_ids{"p"};
};

void TestCheckFile::findsBadRows()
{
    const std::string negative = "2026-03-01T11:00:00Z,acme,-1\r\n";
    const std::string old = "2026-01-01T11:00:00Z,acme,1\r\n";
    BadRows bad(badPath());
    const auto checked = check(head + good + negative + good + old + good, bad);
    QVERIFY(checked.has_value());
    QCOMPARE(checked->rows, 5);
    QCOMPARE(checked->badRows, 2);
    QCOMPARE(checked->events, 3);
    QCOMPARE(checked->listed.size(), 2u);
    QCOMPARE(checked->listed[0].line, 3);
    QCOMPARE(checked->listed[0].problem.column, "a");
    QCOMPARE(checked->listed[0].problem.value, "-1");
    QCOMPARE(checked->listed[1].line, 5);
    QCOMPARE(checked->listed[1].problem.column, "time");
    QCOMPARE(int(checked->listed[1].problem.error.code), int(ErrorCode::TimestampTooOld));
    QCOMPARE(bytesOf(badPath()), head + negative + old);
    struct stat status = {};
    QCOMPARE(stat(badPath().c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777u, 0600u);
}

void TestCheckFile::listsSome()
{
    std::string text = head;
    for (int row = 0; row < 100; ++row)
        text += "x,acme,1\n";
    BadRows none("");
    const auto checked = check(text, none);
    QCOMPARE(checked->badRows, 100);
    QCOMPARE(checked->listed.size(), listedRows);
    const std::string list = listOf(checked->listed, checked->badRows);
    QVERIFY(list.starts_with("  line 2, column \"time\": \"x\": expected a date"));
    QVERIFY(list.ends_with("  and 80 more\n"));
    QVERIFY(!std::filesystem::exists(badPath()));
}

void TestCheckFile::learnsGoodRowsOnly()
{
    // The bad row's events are none of the numbered ones: when it is left out, its twin is the first.
    BadRows none("");
    QVERIFY(check(head + "x,acme,1\n" + good + good, none).has_value());
    FileRow row;
    row.events = {{TenantId("acme"),
                   "",
                   "",
                   "m",
                   Decimal::fromInteger(1),
                   Instant::parse("2026-03-01T11:00:00Z").value(),
                   {}}};
    FileRow again = row;
    QVERIFY(!m_ids.give(row));
    QVERIFY(m_ids.give(again));
    QVERIFY(row.events[0].eventId.ends_with("-1") && again.events[0].eventId.ends_with("-2"));
}

void TestCheckFile::neverWritesOver()
{
    std::ofstream(badPath()) << "somebody's work\n";
    BadRows bad(badPath());
    QCOMPARE(int(bad.mustBeNew().error().code), int(ErrorCode::FileUnwritable));
    QVERIFY(!check(head + "x,acme,1\n", bad)); // made in between
    QCOMPARE(bytesOf(badPath()), "somebody's work\n");
    QVERIFY(BadRows("").mustBeNew().has_value());
}

void TestCheckFile::namesADiskThatFails()
{
    BadRows nowhere(m_directory.file("none/bad.csv").string());
    QCOMPARE(int(check(head + "x,acme,1\n", nowhere).error().code), int(ErrorCode::FileUnwritable));
    QVERIFY(check(head + good, nowhere).has_value()); // nothing bad, nothing written
}

void TestCheckFile::endsLastLine_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("row");
    QTest::addColumn<QByteArray>("end");
    QTest::newRow("LF") << QByteArray("h\n") << QByteArray("x") << QByteArray("\n");
    QTest::newRow("CRLF") << QByteArray("h\r\n") << QByteArray("x") << QByteArray("\r\n");
    QTest::newRow("has one") << QByteArray("h\r\n") << QByteArray("x\n") << QByteArray("");
    QTest::newRow("has CR") << QByteArray("h\r") << QByteArray("x\r") << QByteArray("");
}

void TestCheckFile::endsLastLine()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, row);
    QFETCH(QByteArray, end);
    BadRows bad(badPath());
    QVERIFY(bad.add(header.toStdString(), row.toStdString()).has_value());
    QVERIFY(bad.add(header.toStdString(), row.toStdString()).has_value());
    QVERIFY(bad.flush().has_value());
    QCOMPARE(bad.rows(), 2);
    QCOMPARE(bytesOf(badPath()), (header + row + end + row + end).toStdString());
}

void TestCheckFile::accountsAddUp()
{
    CheckedFile checked;
    checked.rows = 10;
    SentFile sent;
    sent.rowsSent = 6;
    sent.rowsSkipped = 1;
    sent.events = {3, 4, 2, 1, {}};
    QCOMPARE(summaryOf({38'732, 1, 2, 3, {}}), "accepted 38732\nduplicate 1\nconflict 2\nrejected 3\n");
    QCOMPARE(accountOf("f", checked, sent),
             "f: rows: 10 read = 6 sent + 1 skipped + 3 not sent yet\n"
             "f: events: 10 sent = 3 accepted + 4 duplicate + 2 conflict + 1 rejected\n");
    sent.rowsSent = 9;
    sent.repeatedRows = 2;
    sent.firstRepeatedLine = 7;
    sent.refusedRows = 1;
    sent.refused = {{4, {"Customer", "", {ErrorCode::UnknownTenant, "tenant_id", ""}}}};
    QCOMPARE(accountOf("f", checked, sent),
             "f: the server did not take 1 row:\n  line 4, column \"Customer\": (unknown_tenant)\n"
             "f: rows: 10 read = 9 sent + 1 skipped\n"
             "f: events: 10 sent = 3 accepted + 4 duplicate + 2 conflict + 1 rejected\n"
             "f: 2 rows are like an earlier one, the first in line 7; each is counted\n");
}

void TestCheckFile::listsRows()
{
    QCOMPARE(listOf({}, 0), "");
    QCOMPARE(listOf({{3, {"", "", {ErrorCode::MalformedBody, "f:3:1", "2 fields"}}}}, 1),
             "  line 3: 2 fields (malformed_body)\n");
    QCOMPARE(listOf({{3, {"", "acme", {ErrorCode::UnknownTenant, "tenant_id", ""}}}}, 1),
             "  line 3, tenant_id: \"acme\": (unknown_tenant)\n");
}

QTEST_APPLESS_MAIN(TestCheckFile)
#include "tst_check_file.moc"
