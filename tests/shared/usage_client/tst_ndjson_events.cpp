// Usage from files of one JSON event a line: a bad line is named, good ones come through as they are.
// Tests: ndjson_events.cpp ndjson_rows.cpp
#include "shared/usage_client/ndjson_events.h"
#include "shared/wire/usage_json.h"
#include "tests/support/temporary_directory.h"

#include <QTest>

#include <fstream>

using namespace billing;
using namespace billing::client;
using namespace billing::test;

namespace {

const std::string good =
    R"({"event_id":"e","tenant_id":"acme","metric_type":"m","value":"1","timestamp":"2023-11-16T18:15:46Z"})";

} // namespace

class TestNdjsonEvents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesLine_data();
    void refusesLine();
    void refusesMissingFiles();
    void readsLines();
    void readsWhatTheWireWrites();

private:
    NdjsonEvents open(const std::string& text);

    TemporaryDirectory m_directory;
};

NdjsonEvents TestNdjsonEvents::open(const std::string& text)
{
    const std::filesystem::path path = m_directory.file("t.ndjson");
    std::ofstream(path, std::ios::binary) << text;
    return NdjsonEvents::open(path.string()).value();
}

void TestNdjsonEvents::refusesLine_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("detail");
    const auto refused = [](const char* name, const std::string& text, ErrorCode code, const char* detail) {
        QTest::newRow(name) << QByteArray::fromStdString(text) << int(code) << QByteArray(detail);
    };
    using enum ErrorCode;
    refused("no JSON", "x", MalformedJson, "body");
    refused("two events", good + good, MalformedJson, "body");
    refused("event over two lines", "{\n}", MalformedJson, "body");
    refused("a list", "[" + good + "]", WrongType, "body: expected an object");
    refused("unknown field", R"({"colour":"red"})", UnknownField, "colour");
    refused("no id", R"({"tenant_id":"acme"})", MissingField, "event_id");
    refused("bad UTF-8", "{\"\xFF\":1}", InvalidUtf8, "body");
    refused("endless line", std::string(NdjsonEvents::lineLimit + 1, ' '), TooLong, "line too long");
}

void TestNdjsonEvents::refusesLine()
{
    QFETCH(QByteArray, text);
    NdjsonEvents source = open(good + "\r\n\n" + text.toStdString() + "\n" + good);
    QVERIFY(source.next().value().has_value());
    const auto refused = source.next();
    QVERIFY(!refused);
    QTEST(int(refused.error().code), "code");
    QTEST(QByteArray::fromStdString(refused.error().detail), "detail");
    QVERIFY(refused.error().subject.ends_with("t.ndjson:3:1"));
}

void TestNdjsonEvents::refusesMissingFiles()
{
    QCOMPARE(int(NdjsonEvents::open(m_directory.file("none").string()).error().code),
             int(ErrorCode::FileUnreadable));
}

void TestNdjsonEvents::readsLines()
{
    for (const std::string& text : {good + "\n" + good, "\n \t\r\n" + good + "\r\n" + good + "\n\n"}) {
        NdjsonEvents source = open(text);
        QCOMPARE(source.next().value()->eventId, "e");
        QCOMPARE(source.next().value()->eventId, "e");
        QVERIFY(!source.next().value());
        QCOMPARE(source.bytesRead(), static_cast<std::int64_t>(text.size()));
    }
    QVERIFY(!open("").next().value());
}

void TestNdjsonEvents::readsWhatTheWireWrites()
{
    const UsageEvent event{
        TenantId("acme"),       "kernel", "a\\b", "m", Decimal::parse("0.1").value(), Instant::fromMicros(1),
        {{"d", "\xE2\x82\xAC"}}};
    QCOMPARE(*open(wire::encodeUsageEvent(event) + "\n").next().value(), event);
}

QTEST_APPLESS_MAIN(TestNdjsonEvents)
#include "tst_ndjson_events.moc"
