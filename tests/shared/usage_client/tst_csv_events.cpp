// Usage from CSV files: what is no CSV, no time or no number is named by line and column, ids repeat
// on every run, and a real file gives exactly its own sums.
// Tests: csv_events.cpp csv_mapping.cpp csv_reader.cpp text_file.cpp
#include "shared/usage_client/csv_events.h"
#include "tests/support/environment.h"
#include "tests/support/temporary_directory.h"

#include <QTest>

#include <filesystem>
#include <fstream>

using namespace billing;
using namespace billing::client;
using namespace billing::test;

namespace {

CsvMapping mappingOf(std::vector<std::string_view> events, MissingZone missingZone = MissingZone::Refuse)
{
    CsvMapping mapping{TenantId("acme"), "run", "time", missingZone, {}};
    for (const std::string_view event : events)
        mapping.events.push_back(parseCsvEventMapping(event).value());
    return mapping;
}

struct Outcome
{
    std::vector<UsageEvent> events = {};
    std::optional<Error> refused = {};
};

} // namespace

class TestCsvEvents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesFile_data();
    void refusesFile();
    void refusesMapping_data();
    void refusesMapping();
    void refusesMissingFiles();
    void readsMapping();
    void readsQuotedFields();
    void readsTimes_data();
    void readsTimes();
    void namesEventsByContent();
    void numbersRowsAsBefore();
    void readsAnEmptyTable();
    void readsOverChunkBoundaries();
    void readsTheRealFile();

private:
    Outcome read(const std::string& text, CsvMapping mapping);

    TemporaryDirectory m_directory;
};

Outcome TestCsvEvents::read(const std::string& text, CsvMapping mapping)
{
    const std::filesystem::path path = m_directory.file("t.csv");
    std::ofstream(path, std::ios::binary) << text;
    Outcome outcome;
    auto source = CsvEvents::open(path.string(), std::move(mapping));
    if (!source) {
        outcome.refused = source.error();
    } else {
        auto event = source->next();
        for (; event && *event; event = source->next())
            outcome.events.push_back(**event);
        if (!event)
            outcome.refused = event.error();
    }
    if (outcome.refused)
        outcome.refused->subject = std::filesystem::path(outcome.refused->subject).filename();
    return outcome;
}

void TestCsvEvents::refusesFile_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("where");
    const auto refused = [](const char* name, const std::string& text, ErrorCode code, const char* where) {
        QTest::newRow(name) << QByteArray(text.data(), static_cast<qsizetype>(text.size())) << int(code)
                            << QByteArray(where);
    };
    using enum ErrorCode;
    const std::string head = "time,a,b\n";
    const std::string good = "2023-11-16T18:15:46Z,1,2\n";
    refused("empty file", "", MissingField, "t.csv:1:1");
    refused("only blank lines", "\n\r\n\n", MissingField, "t.csv:1:1");
    refused("no time column", "times,a\n", MissingField, "t.csv:1:1");
    refused("no value column", "time,b\n", MissingField, "t.csv:1:1");
    refused("other case", "time,A\n", MissingField, "t.csv:1:1");
    refused("column twice", "time,a,b,a\n", DuplicateKey, "t.csv:1:10");
    refused("field too few", head + good + "2023-11-16T18:15:46Z,1\n", MalformedBody, "t.csv:3:1");
    refused("field too many", head + good + "2023-11-16T18:15:46Z,1,2,3\n", MalformedBody, "t.csv:3:1");
    refused("quote inside", head + "2023-11-16T18:15:46Z,1\"2\",3\n", MalformedBody, "t.csv:2:23");
    refused("text behind a quote", head + "2023-11-16T18:15:46Z,\"1\"2,3\n", MalformedBody, "t.csv:2:25");
    refused("quote never closed", head + good + "2023-11-16T18:15:46Z,\"1,2\n3,4\n", MalformedBody,
            "t.csv:3:22");
    refused("behind a bare carriage return", head + "2023-11-16T18:15:46Z,1,2\r3", MalformedBody,
            "t.csv:3:1");
    refused("NUL", head + "2023-11-16T18:15:46Z,1" + std::string(1, '\0') + ",2\n", MalformedBody,
            "t.csv:2:22");
    refused("endless field", head + std::string(70'000, 'x'), TooLong, "t.csv:2:1");
    refused("endless row", std::string(2'000, ','), TooManyItems, "t.csv:1:1025");
    refused("no number", head + "2023-11-16T18:15:46Z,one,2\n", InvalidDecimal, "t.csv:2:22");
    refused("no value", head + "2023-11-16T18:15:46Z,,2\n", InvalidDecimal, "t.csv:2:22");
    refused("thousands", head + "2023-11-16T18:15:46Z,\"1,000\",2\n", InvalidDecimal, "t.csv:2:22");
    refused("no time", head + ",1,2\n", InvalidTimestamp, "t.csv:2:1");
    refused("no zone", head + "2023-11-16 18:15:46.6805900,1,2\n", InvalidTimestamp, "t.csv:2:1");
    refused("30 February", head + "2023-02-30T00:00:00Z,1,2\n", InvalidTimestamp, "t.csv:2:1");
    refused("behind a field of two lines", "time,a,b,\"x\ny\"\n2023-11-16T18:15:46Z,no,2,z\n", InvalidDecimal,
            "t.csv:3:22");
}

void TestCsvEvents::refusesFile()
{
    QFETCH(QByteArray, text);
    const Outcome outcome = read(text.toStdString(), mappingOf({"m=a"}));
    QVERIFY(outcome.refused.has_value());
    QTEST(int(outcome.refused->code), "code");
    QTEST(QByteArray::fromStdString(outcome.refused->subject), "where");
}

void TestCsvEvents::refusesMapping_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    for (const char* text : {"", "m", "=a", "m=", "m=a,", ",m=a", "m=a,d", "m=a,d=", "m=a,=v", "m=a,,d=v"})
        QTest::newRow(text) << QByteArray(text) << int(ErrorCode::InvalidValue);
    QTest::newRow("dimension twice") << QByteArray("m=a,d=1,e=2,d=1") << int(ErrorCode::DuplicateKey);
}

void TestCsvEvents::refusesMapping()
{
    QFETCH(QByteArray, text);
    const auto mapping = parseCsvEventMapping(text.toStdString());
    QVERIFY(!mapping);
    QTEST(int(mapping.error().code), "code");
}

void TestCsvEvents::refusesMissingFiles()
{
    QCOMPARE(int(CsvEvents::open(m_directory.file("none").string(), mappingOf({"m=a"})).error().code),
             int(ErrorCode::FileUnreadable));
    QCOMPARE(int(CsvEvents::open(m_directory.path().string(), mappingOf({"m=a"})).error().code),
             int(ErrorCode::FileUnreadable));
}

void TestCsvEvents::readsMapping()
{
    const auto mapping = parseCsvEventMapping("llm_tokens=ContextTokens,model=gpt4,direction=input");
    QVERIFY(mapping.has_value());
    QCOMPARE(*mapping,
             (CsvEventMapping{"llm_tokens", "ContextTokens", {{"direction", "input"}, {"model", "gpt4"}}}));
    QCOMPARE(parseCsvEventMapping("m=a=b")->column, "a=b");
}

void TestCsvEvents::readsQuotedFields()
{
    const Outcome outcome =
        read("\xEF\xBB\xBFtime,\"a \"\"b\"\"\n,c\"\r\n\r\n\"2023-11-16T18:15:46Z\",\"0.5\"\r\n",
             CsvMapping{TenantId("acme"), "run", "time", MissingZone::Refuse, {{"m", "a \"b\"\n,c", {}}}});
    QVERIFY(!outcome.refused);
    QCOMPARE(outcome.events.size(), 1u);
    QCOMPARE(outcome.events.front().value.toText(), "0.5");
}

void TestCsvEvents::readsTimes_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("space, no zone") << QByteArray("2023-11-16 18:15:46.6805900")
                                    << QByteArray("2023-11-16T18:15:46.68059Z");
    QTest::newRow("T, no zone") << QByteArray("2023-11-16T18:15:46") << QByteArray("2023-11-16T18:15:46Z");
    QTest::newRow("floored") << QByteArray("2023-11-16 18:15:46.9999999")
                             << QByteArray("2023-11-16T18:15:46.999999Z");
    QTest::newRow("its own zone wins")
        << QByteArray("2023-11-16 18:15:46+01:00") << QByteArray("2023-11-16T17:15:46Z");
}

void TestCsvEvents::readsTimes()
{
    QFETCH(QByteArray, written);
    const Outcome outcome =
        read("time,a\n" + written.toStdString() + ",1\n", mappingOf({"m=a"}, MissingZone::AssumeUtc));
    QVERIFY(!outcome.refused);
    QTEST(QByteArray::fromStdString(outcome.events.front().at.toText()), "expected");
}

void TestCsvEvents::namesEventsByContent()
{
    // Published: files that were sent with these ids are sent again.
    const Outcome outcome = read("b,time,a\n2,2023-11-16T18:15:46Z,1\n\n2,2023-11-16T18:15:46Z,3\n"
                                 "2,2023-11-16T18:15:46Z,1",
                                 mappingOf({"m=a,d=x", "n=b"}));
    QVERIFY(!outcome.refused);
    // SHA-256 by another program, in the order of the rows.
    const std::vector<std::string> ids{
        "run-0479b956ccda76d26240531901980342-1", "run-39093e5e3ed66758dc0052f2c5b045fc-1",
        "run-77859e3244561ed07f99974be90cbb59-1", "run-39093e5e3ed66758dc0052f2c5b045fc-2",
        "run-0479b956ccda76d26240531901980342-2", "run-39093e5e3ed66758dc0052f2c5b045fc-3"};
    QCOMPARE(outcome.events.size(), ids.size());
    for (std::size_t index = 0; index < ids.size(); ++index)
        QCOMPARE(outcome.events[index].eventId, ids[index]);
    QCOMPARE(outcome.events[2], (UsageEvent{TenantId("acme"),
                                            "",
                                            ids[2],
                                            "m",
                                            Decimal::fromInteger(3),
                                            Instant::parse("2023-11-16T18:15:46Z").value(),
                                            {{"d", "x"}}}));
    QCOMPARE(outcome.events[3].metricType, "n");
}

void TestCsvEvents::numbersRowsAsBefore()
{
    CsvMapping mapping = mappingOf({"m=a,d=x", "n=b"});
    mapping.identity = CsvIdentity::RowNumber;
    const Outcome outcome =
        read("b,time,a\n2,2023-11-16T18:15:46Z,1\n\n4,2023-11-16T18:15:47Z,3", std::move(mapping));
    QVERIFY(!outcome.refused);
    const std::vector<std::string> ids{"run-1-1", "run-1-2", "run-2-1", "run-2-2"};
    QCOMPARE(outcome.events.size(), ids.size());
    for (std::size_t index = 0; index < ids.size(); ++index) {
        QCOMPARE(outcome.events[index].eventId, ids[index]);
        QCOMPARE(outcome.events[index].value, Decimal::fromInteger(static_cast<std::int64_t>(index) + 1));
    }
}

void TestCsvEvents::readsAnEmptyTable()
{
    for (const char* text : {"time,a", "time,a\n", "time,a\r\n\n"}) {
        const Outcome outcome = read(text, mappingOf({"m=a"}));
        QVERIFY(!outcome.refused && outcome.events.empty());
    }
}

void TestCsvEvents::readsOverChunkBoundaries()
{
    std::string text = "time,a,x\r\n";
    for (int row = 0; row < 2'000; ++row)
        text +=
            "2023-11-16T18:15:46Z,1,\"" + std::string(static_cast<std::size_t>(row % 97), 'x') + "\"\"\"\r\n";
    const Outcome outcome = read(text, mappingOf({"m=a"}));
    QVERIFY(!outcome.refused);
    QCOMPARE(outcome.events.size(), 2'000u);
}

void TestCsvEvents::readsTheRealFile()
{
    const auto shared = sharedDirectory();
    if (!shared || !std::filesystem::exists(*shared / "data/azure-llm-2023-conv.csv"))
        QSKIP("the data sets beside the source tree are not here");
    CsvMapping mapping{TenantId("acme"), "azure", "TIMESTAMP", MissingZone::AssumeUtc, {}};
    for (const char* event : {"llm_tokens=ContextTokens,model=gpt4,direction=input",
                              "llm_tokens=GeneratedTokens,model=gpt4,direction=output"})
        mapping.events.push_back(parseCsvEventMapping(event).value());
    auto source = CsvEvents::open((*shared / "data/azure-llm-2023-conv.csv").string(), mapping);
    QVERIFY(source.has_value());

    std::map<std::string, Decimal> sums;
    std::optional<UsageEvent> first;
    std::optional<UsageEvent> last;
    int count = 0;
    for (auto event = source->next(); event.value(); event = source->next(), ++count) {
        const UsageEvent& current = **event;
        Decimal& sum = sums[*findDimension(current.dimensions, "direction")];
        sum = sum.plus(current.value).value();
        first = first.value_or(current);
        last = current;
    }
    QCOMPARE(count, 38'732);
    QCOMPARE(sums["input"].toText(), "22361870");
    QCOMPARE(sums["output"].toText(), "4088665");
    QCOMPARE(first->at.toText(), "2023-11-16T18:15:46.68059Z");
    QCOMPARE(last->at.toText(), "2023-11-16T19:14:08.402527Z");
    QVERIFY(last->eventId.starts_with("azure-") && last->eventId.ends_with("-1"));
    QCOMPARE(source->bytesRead(), 719'188);
}

QTEST_APPLESS_MAIN(TestCsvEvents)
#include "tst_csv_events.moc"
