// What makes two events of one identity the same fact: how a value, a time or a name is written does not,
// what tracing and transport add does not; every change of what was used does. Each row sends the event, then
// its variant; the control is the event itself.
#include "tests/server/api/api_fixture.h"

using namespace billing;

namespace {

constexpr const char* json = "application/json";
constexpr const char* cloudJson = "application/cloudevents+json";

/// llm_tokens is split by direction and model.
const std::string plainEvent =
    R"({"event_id":"e1","source":"edge:7","tenant_id":"acme","metric_type":"llm_tokens",)"
    R"("value":"1.5","timestamp":"2026-09-15T11:00:00Z",)"
    R"("dimensions":{"direction":"input","model":"gpt4","zone":"b"}})";
const std::string cloudEvent =
    R"({"specversion":"1.0","id":"e1","source":"edge:7","subject":"acme","type":"llm_tokens",)"
    R"("time":"2026-09-15T11:00:00Z","direction":"input","model":"gpt4",)"
    R"("data":{"value":"1.5","dimensions":{"zone":"b"}}})";

std::string replaced(std::string text, const std::string& part, const std::string& by)
{
    const auto at = text.find(part);
    BILLING_ASSERT(at != std::string::npos);
    return text.replace(at, part.size(), by);
}

} // namespace

class TestEventMeaning : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void isTheSameFact_data();
    void isTheSameFact();
    void whatDiffersIsSaid();
    void neverCountedTwice();

private:
    /// "settled", "duplicate", "conflict", or the refusal.
    static std::string sent(test::ApiFixture& rooms, const std::string& type, const std::string& body);

    std::unique_ptr<test::ApiFixture> m_rooms;
    int m_rows = 0;
};

void TestEventMeaning::initTestCase()
{
    m_rooms = std::make_unique<test::ApiFixture>();
    m_rooms->addTenant("acme");
}

std::string TestEventMeaning::sent(test::ApiFixture& rooms, const std::string& type, const std::string& body)
{
    std::optional<http::Response> answer;
    api::Call call = rooms.get({}, {{"wait", "settled"}});
    call.request.method = "POST";
    call.request.headers.add("Content-Type", type);
    call.request.body = body;
    rooms.usage(call,
                http::Responder::toFunction([&](http::Response response) { answer = std::move(response); }));
    rooms.executor.runUntilIdle();
    rooms.settleAll();
    BILLING_ASSERT(answer.has_value());
    if (answer->status == 201)
        return test::bodyOf(*answer).value(QStringLiteral("status")).toString().toStdString();
    return answer->status == 409 ? "conflict" : test::outcome(*answer);
}

void TestEventMeaning::isTheSameFact_data()
{
    QTest::addColumn<QString>("firstType");
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("secondType");
    QTest::addColumn<QString>("second");
    QTest::addColumn<QString>("fate");
    const auto plain = [](const char* name, const std::string& second, const char* fate) {
        QTest::addRow("plain: %s", name)
            << json << QString::fromStdString(plainEvent) << json << QString::fromStdString(second) << fate;
    };
    const auto cloud = [](const char* name, const std::string& second, const char* fate,
                          const char* type = cloudJson) {
        QTest::addRow("cloud: %s", name) << cloudJson << QString::fromStdString(cloudEvent) << type
                                         << QString::fromStdString(second) << fate;
    };
    plain("itself", plainEvent, "duplicate");
    plain(
        "other order and spacing",
        R"( { "dimensions" : {"zone":"b","model":"gpt4", "direction":"input"}, "timestamp":"2026-09-15T11:00:00Z",)"
        "\r\n\t"
        R"("value":"1.5","metric_type":"llm_tokens","tenant_id":"acme","source":"edge:7","event_id":"e1"})",
        "duplicate");
    for (const char* value : {"\"1.50\"", "1.5", "1.500000000000", "\"01.5\""})
        plain(value, replaced(plainEvent, "\"1.5\"", value), "duplicate");
    plain("a plus", replaced(plainEvent, "\"1.5\"", "\"+1.5\""), "422 invalid_decimal value");
    for (const char* time :
         {"2026-09-15T13:00:00+02:00", "2026-09-15T11:00:00.000Z", "2026-09-15T11:00:00.000000+00:00",
          "2026-09-14T23:00:00-12:00", "2026-09-15T11:00:00-00:00"})
        plain(time, replaced(plainEvent, "2026-09-15T11:00:00Z", time), "duplicate");
    plain("escapes", replaced(replaced(plainEvent, "gpt4", "\\u0067pt4"), "\"value\"", "\"v\\u0061lue\""),
          "duplicate");
    plain("null is absent", replaced(plainEvent, "\"e1\",", "\"e1\",\"note\":null,"),
          "400 unknown_field note");

    plain("another value", replaced(plainEvent, "\"1.5\"", "\"1.500000000001\""), "conflict");
    plain("another second", replaced(plainEvent, "11:00:00Z", "11:00:01Z"), "conflict");
    plain("another microsecond", replaced(plainEvent, "11:00:00Z", "11:00:00.000001Z"), "conflict");
    plain("the same wall clock elsewhere", replaced(plainEvent, "11:00:00Z", "11:00:00+01:00"), "conflict");
    plain("another dimension's value", replaced(plainEvent, "gpt4", "gpt35"), "conflict");
    plain("another undeclared dimension's value", replaced(plainEvent, "\"zone\":\"b\"", "\"zone\":\"c\""),
          "conflict");
    plain("a dimension less", replaced(plainEvent, ",\"zone\":\"b\"", ""), "conflict");
    plain("a dimension more", replaced(plainEvent, "\"zone\"", "\"rack\":\"1\",\"zone\""), "conflict");
    plain("another case", replaced(plainEvent, "\"b\"", "\"B\""), "conflict");
    plain("another metric", replaced(plainEvent, "\"llm_tokens\"", "\"api_request\""), "conflict");
    plain("another source", replaced(plainEvent, "edge:7", "edge:8"), "settled");
    plain("another id", replaced(plainEvent, "\"e1\"", "\"E1\""), "settled");
    // Compared as bytes: a letter composed or decomposed is two texts. First e-acute, then e and an accent.
    QTest::newRow("plain: normalisation")
        << json << QString::fromStdString(replaced(plainEvent, "\"b\"", "\"\\u00e9\"")) << json
        << QString::fromStdString(replaced(plainEvent, "\"b\"", "\"e\\u0301\"")) << "conflict";
    QTest::newRow("plain: escaped or not")
        << json << QString::fromStdString(replaced(plainEvent, "\"b\"", "\"\\u00e9\"")) << json
        << QString::fromStdString(replaced(plainEvent, "\"b\"", "\"\xC3\xA9\"")) << "duplicate";

    cloud("itself", cloudEvent, "duplicate");
    cloud("in our own form", plainEvent, "duplicate", json);
    for (const char* extension :
         {R"("traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")",
          R"("tracestate":"a=b")", R"("sequence":"42")", R"("sequencetype":"Integer")",
          R"("recordedtime":"2026-09-15T12:00:00Z")", R"("partitionkey":"acme")", R"("sampledrate":30)",
          R"("expirytime":"2026-10-01T00:00:00Z")", R"("correlationid":"c-1")", R"("causationid":"c-0")",
          R"("dataref":"https://example.com/e1")", R"("severitytext":"WARN")", R"("severitynumber":13)",
          R"("deprecated":true)", R"("hop":3)", R"("dataschema":"https://example.com/usage.json")",
          R"("datacontenttype":"application/vnd.acme+json")",
          R"("datacontenttype":"application/JSON; charset=UTF-8")", R"("cached":null)"})
        cloud(extension,
              replaced(cloudEvent, "{\"specversion\"", "{" + std::string(extension) + ",\"specversion\""),
              "duplicate");
    cloud("a dimension from data instead",
          replaced(replaced(cloudEvent, "\"model\":\"gpt4\",", ""), "{\"zone\"",
                   "{\"model\":\"gpt4\",\"zone\""),
          "duplicate");
    cloud("in a batch's type", cloudEvent, "duplicate", "Application/CloudEvents+JSON ; charset=\"UTF-8\"");
    cloud("another model", replaced(cloudEvent, "gpt4", "GPT4"), "conflict");
    cloud("another time", replaced(cloudEvent, "11:00:00Z", "11:00:00.5Z"), "conflict");
    cloud("another value", replaced(cloudEvent, "1.5", "1.6"), "conflict");
    cloud("another zone", replaced(cloudEvent, "\"b\"", "\"c\""), "conflict");
    cloud("another source", replaced(cloudEvent, "edge:7", "edge:8"), "settled");
    cloud("a charset that is none of JSON's",
          replaced(cloudEvent, "{\"spec", "{\"datacontenttype\":\"application/json;charset=utf-16\",\"spec"),
          "422 invalid_value datacontenttype");
    cloud("no time", replaced(cloudEvent, R"("time":"2026-09-15T11:00:00Z",)", ""), "400 missing_field time");
}

void TestEventMeaning::isTheSameFact()
{
    QFETCH(QString, firstType);
    QFETCH(QString, first);
    QFETCH(QString, secondType);
    QFETCH(QString, second);
    QFETCH(QString, fate);
    // One store for all rows, since making one takes longer than they do: each has an id of its own.
    const std::string id = "e1-" + std::to_string(++m_rows);
    const auto own = [&](const QString& text) {
        std::string body = text.toStdString();
        for (const char* name : {"e1", "E1"})
            if (const auto at = body.find("\"" + std::string(name) + "\""); at != std::string::npos)
                body.replace(at + 1, 2, *name == 'e' ? id : "E" + id);
        return body;
    };
    QCOMPARE(sent(*m_rooms, firstType.toStdString(), own(first)), std::string("settled"));
    QCOMPARE(sent(*m_rooms, secondType.toStdString(), own(second)), fate.toStdString());
}

void TestEventMeaning::whatDiffersIsSaid()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    sent(rooms, json, plainEvent);
    sent(rooms, cloudJson, replaced(replaced(cloudEvent, "gpt4", "GPT4"), "11:00:00Z", "11:00:01Z"));
    const auto answer = api::getConflicts(rooms.services, rooms.get());
    QVERIFY2(test::bodyText(*answer).find(R"("differs":["timestamp","dimensions.model"])") !=
                 std::string::npos,
             test::bodyText(*answer).c_str());
}

void TestEventMeaning::neverCountedTwice()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.subscribe("acme", "lite", "2026-09-01");
    for (int i = 0; i < 5; ++i) // a broker that tries again, and traces each try
        sent(rooms, cloudJson,
             replaced(cloudEvent, "{\"specversion\"",
                      "{\"traceparent\":\"00-" + std::to_string(i) + "\",\"specversion\""));
    const auto usage = api::getUsage(rooms.services, rooms.get({"acme"}, {{"metric_type", "llm_tokens"},
                                                                          {"from", "2026-09-15T00:00:00Z"},
                                                                          {"to", "2026-09-16T00:00:00Z"},
                                                                          {"granularity", "day"}}));
    QVERIFY2(usage, usage ? "" : toText(usage.error()).c_str());
    QVERIFY2(test::bodyText(*usage).find("\"1.5\"") != std::string::npos, test::bodyText(*usage).c_str());
}

QTEST_GUILESS_MAIN(TestEventMeaning)
#include "tst_event_meaning.moc"
