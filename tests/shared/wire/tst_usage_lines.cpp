// Usage as NDJSON: every line for itself, and nothing between them. And which media types carry usage.
// Tests: usage_lines.cpp usage_media.cpp
#include "shared/wire/usage_lines.h"
#include "shared/wire/usage_media.h"

#include <QTest>

using namespace billing;
using namespace billing::wire;

namespace {

std::string line(const std::string& id)
{
    return R"({"event_id":")" + id +
           R"(","tenant_id":"acme","metric_type":"api_request","value":"1","timestamp":"2026-09-15T11:00:00Z"})";
}

/// "a; missing_field event_id; b", or what refused the whole.
std::string read(const std::string& body, UsageLimits limits = {})
{
    const auto events = decodeUsageLines(body, limits);
    if (!events)
        return std::string(billing::wireName(events.error().code)) + " " + events.error().subject;
    std::string told;
    for (const DecodedEvent& event : *events)
        told.append(told.empty() ? "" : "; ")
            .append(event ? event->eventId
                          : std::string(billing::wireName(event.error().code)) + " " + event.error().subject);
    return told;
}

} // namespace

class TestUsageLines : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses();
    void aWrongLineIsRefusedAlone();
    void linesEnd_data();
    void linesEnd();
    void mediaTypes_data();
    void mediaTypes();
};

void TestUsageLines::refuses()
{
    for (const char* empty : {"", "\n", " \r\n\t\n"})
        QCOMPARE(read(empty), std::string("empty_batch body"));
    const std::string three = line("a") + "\n" + line("b") + "\n" + line("c") + "\n";
    QCOMPARE(read(three, {2}), std::string("too_many_items body"));
    QCOMPARE(read(three, {3}), std::string("a; b; c"));
}

void TestUsageLines::aWrongLineIsRefusedAlone()
{
    const std::pair<std::string, const char*> wrong[] = {
        {"", "malformed_json body"},
        {"x", "malformed_json body"},
        {line("b").substr(0, 40), "malformed_json body"},
        {line("b") + line("c"), "malformed_json body"},
        {line("b") + ",", "malformed_json body"},
        {"[" + line("b") + "]", "wrong_type body"},
        {"null", "wrong_type body"},
        {R"({"event_id":"b)"
         "\xff\"}",
         "invalid_utf8 body"},
        {std::string(40, '[') + std::string(40, ']'), "too_deep body"},
        {R"({"events":[]})", "unknown_field events"},
        {"{}", "missing_field event_id"},
        {"\xEF\xBB\xBF" + line("b"), "malformed_json body"},
    };
    for (const auto& [text, answer] : wrong)
        QCOMPARE(read(line("a") + "\n" + text + "\n" + line("z")), std::string("a; ") + answer + "; z");
}

void TestUsageLines::linesEnd_data()
{
    QTest::addColumn<QByteArray>("between");
    QTest::addColumn<QByteArray>("end");
    QTest::newRow("bare") << QByteArray("\n") << QByteArray("");
    QTest::newRow("ended") << QByteArray("\n") << QByteArray("\n");
    QTest::newRow("CRLF") << QByteArray("\r\n") << QByteArray("\r\n");
    QTest::newRow("blank at the end") << QByteArray("\n") << QByteArray("\n\n");
    QTest::newRow("spaces") << QByteArray(" \n ") << QByteArray(" \n \n");
}

void TestUsageLines::linesEnd()
{
    QFETCH(QByteArray, between);
    QFETCH(QByteArray, end);
    QCOMPARE(read(line("a") + between.toStdString() + line("b") + end.toStdString()), std::string("a; b"));
}

void TestUsageLines::mediaTypes_data()
{
    QTest::addColumn<QString>("contentType");
    QTest::addColumn<int>("media"); // -1: none
    const auto row = [](const char* type, std::optional<UsageMedia> media) {
        QTest::newRow(type) << QString::fromUtf8(type) << (media ? static_cast<int>(*media) : -1);
    };
    for (const char* refused :
         {"", "text/plain", "application/jsonx", "application/json2", "application/json;charset=utf-16",
          "application/json; charset=iso-8859-1", "application/json; charset",
          "application/x-ndjson;charset=latin1", "application/ndjson", "application/cloudevents",
          "application/cloudevents-batch", "application/cloudevents+xml",
          "application/json, application/x-ndjson", "json", "*/*"})
        row(refused, {});
    row("application/json", UsageMedia::Json);
    row("Application/JSON ; Charset=UTF-8", UsageMedia::Json);
    row("application/json;charset=\"utf-8\"", UsageMedia::Json);
    row("application/json; boundary=x", UsageMedia::Json);
    row("application/json;", UsageMedia::Json);
    row("application/json; charset=utf-8; x=1", UsageMedia::Json);
    row("application/x-ndjson", UsageMedia::Lines);
    row("application/x-ndjson; charset=utf-8", UsageMedia::Lines);
    row("application/cloudevents+json", UsageMedia::CloudEvent);
    row("application/cloudevents+json; charset=UTF-8", UsageMedia::CloudEvent);
    row("application/cloudevents-batch+json;charset=utf-8", UsageMedia::CloudEventBatch);
}

void TestUsageLines::mediaTypes()
{
    QFETCH(QString, contentType);
    QFETCH(int, media);
    const auto parsed = parseUsageMedia(contentType.toStdString());
    QCOMPARE(parsed ? static_cast<int>(*parsed) : -1, media);
}

QTEST_APPLESS_MAIN(TestUsageLines)
#include "tst_usage_lines.moc"
