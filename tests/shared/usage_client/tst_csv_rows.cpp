// Tables as real exports write them: the same events whatever the delimiter, quotes, line ends and order of
// columns; each defect of a row is named with its line and column and leaves the rows around it alone.
// Tests: csv_mapping.cpp csv_rows.cpp file_rows.cpp
#include "shared/usage_client/csv_rows.h"
#include "tests/support/temporary_directory.h"

#include <QTest>

#include <filesystem>
#include <fstream>

using namespace billing;
using namespace billing::client;
using namespace billing::test;

namespace {

CsvMapping wideMapping()
{
    CsvMapping mapping{{}, "p", "Time", MissingZone::AssumeUtc, {{"", "Amount", {}}}};
    mapping.tenantColumn = "Customer";
    mapping.metricColumn = "Metric";
    mapping.dimensions = {{"region", "Cloud region"}};
    return mapping;
}

UsageEvent wideEvent(std::string_view value = "1")
{
    return {TenantId("acme"),
            "",
            "",
            "api_request",
            Decimal::parse(value).value(),
            Instant::parse("2026-03-01T12:00:00Z").value(),
            {{"region", "eu, west"}}};
}

struct Read
{
    std::vector<UsageEvent> events = {};
    std::vector<std::pair<std::int64_t, RowProblem>> problems = {};
    std::string bad = {}; ///< header and bad rows, as they are in the file
    std::optional<Error> refused = {};
};

} // namespace

class TestCsvRows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsExports_data();
    void readsExports();
    void refusesFiles_data();
    void refusesFiles();
    void namesBadRows_data();
    void namesBadRows();
    void keepsBytes_data();
    void keepsBytes();
    void takesDimensionsFromRest();
    void refusesRests_data();
    void refusesRests();
    void takesIdsFromColumns();
    void namesColumns();
    void namesDimensions();

private:
    std::string write(const std::string& text)
    {
        const auto path = m_directory.file("t.csv").string();
        std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
        return path;
    }
    Read read(const std::string& text, CsvMapping mapping);

    TemporaryDirectory m_directory;
};

Read TestCsvRows::read(const std::string& text, CsvMapping mapping)
{
    Read read;
    auto rows = CsvRows::open(write(text), std::move(mapping));
    if (!rows) {
        read.refused = rows.error();
        return read;
    }
    read.bad = rows->header();
    for (auto row = rows->next();; row = rows->next()) {
        if (!row)
            read.refused = row.error();
        if (!row || !*row)
            return read;
        if ((*row)->problem) {
            read.problems.emplace_back((*row)->line, *(*row)->problem);
            read.bad += rows->bytes();
        }
        read.events.insert(read.events.end(), (*row)->events.begin(), (*row)->events.end());
    }
}

void TestCsvRows::readsExports_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const std::string& text) {
        QTest::newRow(name) << QByteArray::fromStdString(text);
    };
    const std::string plain = "Time,Customer,Metric,Amount,Cloud region\n"
                              "2026-03-01 12:00:00,acme,api_request,1,\"eu, west\"\n";
    row("comma", plain);
    row("byte order mark", "\xEF\xBB\xBF" + plain);
    row("semicolon",
        "Time;Customer;Metric;Amount;Cloud region\n2026-03-01 12:00:00;acme;api_request;1.0;eu, west\n");
    row("tab", "Time\tCustomer\tMetric\tAmount\tCloud region\n2026-03-01 "
               "12:00:00\tacme\tapi_request\t1e0\teu, west\n");
    row("bar",
        "Time|Customer|Metric|Amount|Cloud region\n2026-03-01 12:00:00|acme|api_request|01|eu, west\n");
    row("semicolon, commas in the header", "a,b,c,d,e,f,g;Time;Customer;Metric;Amount;Cloud "
                                           "region\nx;2026-03-01 12:00:00;acme;api_request;1;eu, west\n");
    row("Excel says the delimiter", "sep=;\r\nTime;Customer;Metric;Amount;Cloud region\r\n"
                                    "2026-03-01 12:00:00;acme;api_request;1;eu, west\r\n");
    row("all quoted, CRLF, other order",
        "\"Cloud region\",\"Amount\",\"Metric\",\"Customer\",\"Time\"\r\n"
        "\"eu, west\",\"1\",\"api_request\",\"acme\",\"2026-03-01T12:00:00Z\"\r\n");
    row("CR alone",
        "Time;Customer;Metric;Amount;Cloud region\r2026-03-01 12:00:00;acme;api_request;1;eu, west\r");
    row("blanks around names and numbers", " Time , Customer,Metric ,\" Amount \",Cloud region\n"
                                           " 2026-03-01 12:00:00 , acme , api_request , 1 ,\"eu, west\"\n");
    row("blank lines and no end", "\n\n" + plain.substr(0, plain.size() - 1));
    row("trailing delimiters", "Time;Customer;Metric;Amount;Cloud region;\n"
                               "2026-03-01 12:00:00;acme;api_request;1;eu, west;\n");
    row("trailing delimiter in the rows", "Time;Customer;Metric;Amount;Cloud region\n"
                                          "2026-03-01 12:00:00;acme;api_request;1;eu, west;\n");
    row("trailing delimiter in the header", "Time;Customer;Metric;Amount;Cloud region;\n"
                                            "2026-03-01 12:00:00;acme;api_request;1;eu, west\n");
    row("columns nobody asks for, two of one name",
        "x,Time,Customer,Metric,Amount,Cloud region,x\n\"a\nb\",2026-03-01 12:00:00,acme,api_request,1,\"eu, "
        "west\",\"\"\"\"\n");
}

void TestCsvRows::readsExports()
{
    QFETCH(QByteArray, text);
    const Read read = this->read(text.toStdString(), wideMapping());
    QVERIFY2(!read.refused, read.refused ? toText(*read.refused).c_str() : "");
    QCOMPARE(read.problems.size(), 0u);
    QCOMPARE(read.events, std::vector<UsageEvent>{wideEvent()});
}

void TestCsvRows::refusesFiles_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("why");
    const auto row = [](const char* name, const std::string& text, ErrorCode code, const char* why) {
        QTest::newRow(name) << QByteArray::fromStdString(text) << int(code) << QByteArray(why);
    };
    using enum ErrorCode;
    const std::string head = "Time,Customer,Metric,Amount,Cloud region\n";
    const std::string good = "2026-03-01 12:00:00,acme,api_request,1,\"eu, west\"\n";
    row("empty", "", MissingField, "no header line");
    row("only Excel's line", "sep=;\n", MissingField, "no header line");
    row("no header", good, MissingField, "no column \"Time\"");
    row("column missing", "Time;Customer;Metric;Cloud region\n", MissingField, "no column \"Amount\"");
    row("column twice", "Time,Customer,Metric,Amount,Cloud region,Amount\n" + good, DuplicateKey,
        "there twice");
    row("column twice but for blanks", "Time,Customer,Metric,Amount,Cloud region, Amount\n", DuplicateKey,
        "there twice");
    row("quote never closed", head + good + "\"2026-03-01 12:00:00,acme,api_request,1,x\n" + good + good,
        MalformedBody,
        "after a closing quote"); // closed by the next row's, and then it is that row's problem
    row("really never closed", head + good + "\"2026-03-01 12:00:00,acme,api_request,1,x\n", MalformedBody,
        "never closed");
    row("field without end", head + "\"" + std::string(CsvReader::fieldLimit + 1, 'x') + "\",\n", TooLong,
        "too long");
    row("row without end", head + "\x01,," + std::string(3 * CsvReader::rowLimit, 'x'), TooLong, "too long");
}

void TestCsvRows::refusesFiles()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, why);
    const Read read = this->read(text.toStdString(), wideMapping());
    const Error error = read.refused ? *read.refused : read.problems.front().second.error;
    QTEST(int(error.code), "code");
    QVERIFY2(error.detail.find(why.toStdString()) != std::string::npos, error.detail.c_str());
}

void TestCsvRows::namesBadRows_data()
{
    QTest::addColumn<QByteArray>("bad");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("column");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char* name, const std::string& bad, ErrorCode code, const char* column = "",
                        const char* value = "") {
        QTest::newRow(name) << QByteArray::fromStdString(bad) << int(code) << QByteArray(column)
                            << QByteArray(value);
    };
    using enum ErrorCode;
    using namespace std::string_literals;
    const std::string time = "2026-03-01 12:00:00,";
    row("total", "Total,,,7,", InvalidTimestamp, "Time", "Total");
    row("no time", ",acme,api_request,1,x", InvalidTimestamp, "Time");
    row("field too few", time + "acme,api_request,1", MalformedBody);
    row("fields too many", time + "acme,api_request,1,x,y", MalformedBody);
    row("decimal comma makes a field", time + "acme,api_request,1,5,x", MalformedBody);
    row("tenant's shape", time + "ACME,api_request,1,x", InvalidTenantId, "Customer", "ACME");
    row("no tenant", time + ",api_request,1,x", InvalidTenantId, "Customer");
    row("reserved tenant", time + "current,api_request,1,x", ReservedTenantId, "Customer", "current");
    row("negative", time + "acme,api_request,-1,x", NegativeQuantity, "Amount", "-1");
    row("no number", time + "acme,api_request,n/a,x", InvalidDecimal, "Amount", "n/a");
    row("no value", time + "acme,api_request,,x", InvalidDecimal, "Amount");
    row("thousands", time + "acme,api_request,\"1,000\",x", InvalidDecimal, "Amount", "1,000");
    row("Windows-1252", time + "acme,api_request,1,Z\xFCrich", InvalidUtf8, "Cloud region", "Z?rich");
    row("NUL", time + "acme,api_request,1,x\0y"s, MalformedBody);
    row("quote inside", time + "acme,api_request,1,x\"y", MalformedBody);
    row("text behind a quote", time + "acme,api_request,1,\"x\"y", MalformedBody);
    row("backslash quote", time + "acme,api_request,1,\"x\\\"y\"", MalformedBody);
    row("long field", time + "acme,api_request,1," + std::string(CsvReader::fieldLimit + 1, 'x'), TooLong);
    row("too many fields", std::string(CsvReader::fieldsLimit + 1, ','), TooManyItems);
    row("over two lines", "x,acme,api_request,1,\"x\ny\"", InvalidTimestamp, "Time", "x");
    row("terminal's control characters", "\x1B[2J,acme,api_request,1,x", InvalidTimestamp, "Time", "?[2J");
}

void TestCsvRows::namesBadRows()
{
    QFETCH(QByteArray, bad);
    QFETCH(QByteArray, column);
    QFETCH(QByteArray, value);
    const std::string head = "Time,Customer,Metric,Amount,Cloud region\r\n";
    const std::string good = "2026-03-01 12:00:00,acme,api_request,1,\"eu, west\"\r\n";
    const std::string badRow = bad.toStdString() + "\r\n";
    CsvMapping mapping = wideMapping();
    mapping.delimiter = ',';
    const Read read = this->read(head + good + "\r\n" + badRow + good, mapping);
    QVERIFY2(!read.refused, read.refused ? toText(*read.refused).c_str() : "");
    QCOMPARE(read.events, (std::vector<UsageEvent>{wideEvent(), wideEvent()}));
    QCOMPARE(read.problems.size(), 1u);
    const auto& [line, problem] = read.problems.front();
    QCOMPARE(line, 4);
    QTEST(int(problem.error.code), "code");
    QCOMPARE(QByteArray::fromStdString(problem.column), column);
    QCOMPARE(QByteArray::fromStdString(problem.value), value);
    QVERIFY(problem.error.subject.find("t.csv:4:") != std::string::npos);
    QCOMPARE(read.bad, head + "\r\n" + badRow);
}

void TestCsvRows::keepsBytes_data()
{
    QTest::addColumn<QByteArray>("start");
    QTest::newRow("plain") << QByteArray("time,a\n");
    QTest::newRow("mark") << QByteArray("\xEF\xBB\xBFtime,a\r\n");
    QTest::newRow("Excel's line") << QByteArray("\xEF\xBB\xBFsep=;\r\ntime;a\r\n");
    QTest::newRow("quoted over two lines") << QByteArray("\"time\",\"a\",\"x\ny\"\n");
    QTest::newRow("blank lines") << QByteArray("\n\ntime\ta\n");
}

void TestCsvRows::keepsBytes()
{
    QFETCH(QByteArray, start);
    // Bad rows on both sides of where a chunk ends.
    std::string text = start.toStdString();
    std::string bad = text;
    for (int row = 0; row < 50'000; ++row) {
        const std::string line = "row " + std::to_string(row) + ",\" 1\"\"\" \n";
        text += line;
        bad += line;
    }
    const Read read =
        this->read(text, CsvMapping{TenantId("acme"), "p", "time", MissingZone::Refuse, {{"m", "a"}}});
    QCOMPARE(read.problems.size(), 50'000u);
    QVERIFY(read.bad == bad);
}

void TestCsvRows::takesDimensionsFromRest()
{
    CsvMapping mapping{TenantId("acme"), "p", "time", MissingZone::Refuse, {{"m", "a", {{"kind", "x"}}}}};
    mapping.dimensionsFromRest = true;
    mapping.dimensions = {{"zone", "Z\xC3\xB6ne"}};
    const Read read = this->read("Cloud Region (EU);time;a;Z\xC3\xB6ne;SKU;\n"
                                 "west;2026-03-01T12:00:00Z;1;;s-1;\n",
                                 mapping);
    QVERIFY2(!read.refused, read.refused ? toText(*read.refused).c_str() : "");
    QCOMPARE(read.events.front().dimensions,
             (Dimensions{{"cloud_region_eu", "west"}, {"kind", "x"}, {"sku", "s-1"}}));
}

void TestCsvRows::refusesRests_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("code");
    QTest::newRow("other alphabet") << QByteArray("time,a,Gr\xC3\xB6\xC3\x9F"
                                                  "e")
                                    << int(ErrorCode::InvalidValue);
    QTest::newRow("no name") << QByteArray("time,,a") << int(ErrorCode::InvalidValue);
    QTest::newRow("only signs") << QByteArray("time,a,%") << int(ErrorCode::InvalidValue);
    QTest::newRow("two of one name") << QByteArray("time,a,Size,size") << int(ErrorCode::DuplicateKey);
    QTest::newRow("as the event's own") << QByteArray("time,a,kind") << int(ErrorCode::DuplicateKey);
}

void TestCsvRows::refusesRests()
{
    QFETCH(QByteArray, header);
    CsvMapping mapping{TenantId("acme"), "p", "time", MissingZone::Refuse, {{"m", "a", {{"kind", "x"}}}}};
    mapping.dimensionsFromRest = true;
    const Read read = this->read(header.toStdString() + "\n", mapping);
    QVERIFY(read.refused.has_value());
    QTEST(int(read.refused->code), "code");
}

void TestCsvRows::takesIdsFromColumns()
{
    CsvMapping mapping{TenantId("acme"), "", "time", MissingZone::Refuse, {{"m", "a"}}};
    mapping.identity = CsvIdentity::Column;
    mapping.eventIdColumn = "id";
    mapping.sourceColumn = "from";
    const std::string text =
        "id,time,a,b,from\n 7 ,2026-03-01T12:00:00Z,1,2,meter 1\n,2026-03-01T12:00:00Z,1,2,\n";
    const Read one = read(text, mapping);
    QCOMPARE(one.events.size(), 1u);
    QCOMPARE(one.events[0].eventId, "7");
    QCOMPARE(one.events[0].source, "meter 1");
    QCOMPARE(int(one.problems.at(0).second.error.code), int(ErrorCode::MissingField));
    QCOMPARE(one.problems[0].second.column, "id");
    mapping.events.push_back({"n", "b"});
    const Read two = read(text, mapping);
    QCOMPARE(two.events.size(), 2u);
    QCOMPARE(two.events[0].eventId, "7-1");
    QCOMPARE(two.events[1].eventId, "7-2");
}

void TestCsvRows::namesColumns()
{
    const auto rows = CsvRows::open(write("Time;Customer;Metric;Amount;Cloud region\n"), wideMapping());
    QCOMPARE(rows->delimiter(), ';');
    const std::vector<std::pair<const char*, const char*>> names{{"value", "Amount"},
                                                                 {"timestamp", "Time"},
                                                                 {"tenant_id", "Customer"},
                                                                 {"metric_type", "Metric"},
                                                                 {"dimensions.region", "Cloud region"},
                                                                 {"dimensions.other", ""},
                                                                 {"source", ""},
                                                                 {"event_id", ""},
                                                                 {"", ""}};
    for (const auto& [field, column] : names)
        QCOMPARE(rows->columnOf(field, 0), column);
    QCOMPARE(rows->columnOf("value", 1), "");
}

void TestCsvRows::namesDimensions()
{
    QCOMPARE(dimensionNameOf("Cloud region (EU)").value(), "cloud_region_eu");
    QCOMPARE(dimensionNameOf("  a--b__c ").value(), "a_b_c");
    QVERIFY(!dimensionNameOf("") && !dimensionNameOf(std::string(65, 'a')));
    QVERIFY(dimensionNameOf(std::string(64, 'a')).has_value());
    QCOMPARE(parseCsvDimension("a=b=c").value(), (CsvDimension{"a", "b=c"}));
    for (const char* text : {"", "a", "=a", "a="})
        QVERIFY(!parseCsvDimension(text));
}

QTEST_APPLESS_MAIN(TestCsvRows)
#include "tst_csv_rows.moc"
