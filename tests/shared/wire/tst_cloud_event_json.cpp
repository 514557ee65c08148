// Usage as CloudEvents: the same event as in our own form, and every way in which one does not fit.
#include "shared/wire/cloud_event_json.h"

#include <QTest>

using namespace billing;
using namespace billing::wire;

namespace {

/// The event with one attribute replaced, or left out when the text is empty, and more behind it.
std::string cloud(const std::string& name = {}, const std::string& json = {}, const std::string& more = {})
{
    std::string text = "{";
    const std::pair<const char*, const char*> attributes[] = {
        {"specversion", R"("1.0")"},
        {"id", R"("e1")"},
        {"source", R"("urn:edge:7")"},
        {"type", R"("llm_tokens")"},
        {"subject", R"("acme")"},
        {"time", R"("2026-09-15T11:00:00.5+02:00")"},
        {"data", R"({"value":"1.50","dimensions":{"model":"gpt4"}})"},
    };
    for (const auto& [attribute, value] : attributes) {
        const std::string shown = attribute == name ? json : value;
        if (!shown.empty())
            text.append(text.size() > 1 ? "," : "")
                .append("\"")
                .append(attribute)
                .append("\":")
                .append(shown);
    }
    return text + more + "}";
}

std::string said(const Result<UsageEvent>& event)
{
    if (event)
        return "ok";
    return std::string(billing::wireName(event.error().code)) + " " + event.error().subject;
}

} // namespace

class TestCloudEventJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void refusesBatches_data();
    void refusesBatches();
    void isTheSameEvent();
    void extensionsAreDimensions();
    void aKeyStandsForTheId();
    void anEventOfABatchIsRefusedAlone();
};

void TestCloudEventJson::refuses_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("answer");
    const auto row = [](const char* name, const std::string& body, const char* answer) {
        QTest::newRow(name) << QByteArray::fromStdString(body) << QString::fromUtf8(answer);
    };
    row("nothing", "", "malformed_json body");
    row("null", "null", "wrong_type body");
    row("an array", "[" + cloud() + "]", "wrong_type body");
    row("cut off", cloud().substr(0, 60), "malformed_json body");
    row("trailing text", cloud() + "x", "malformed_json body");
    row("no UTF-8", cloud("id", "\"\xff\""), "invalid_utf8 body");
    row("too deep", cloud({}, {}, ",\"x\":" + std::string(40, '[') + std::string(40, ']')), "too_deep body");
    for (const char* name : {"specversion", "id", "source", "type", "subject", "time", "data"}) {
        const std::string missing = std::string("missing_field ") + name;
        row((std::string("without ") + name).c_str(), cloud(name, ""), missing.c_str());
        row((std::string("null ") + name).c_str(), cloud(name, "null"), missing.c_str());
        const std::string wrong = std::string("wrong_type ") + name;
        row((std::string("number as ") + name).c_str(), cloud(name, "7"), wrong.c_str());
        const std::string twice = std::string("duplicate_key ") + name;
        row((std::string(name) + " twice").c_str(),
            cloud({}, {}, std::string(",\"") + name + "\":" + (std::string(name) == "data" ? "{}" : "\"a\"")),
            twice.c_str());
    }
    row("version 0.3", cloud("specversion", R"("0.3")"), "invalid_value specversion");
    row("empty source", cloud("source", R"("")"), "invalid_value source");
    row("empty id", cloud("id", R"("")"), "invalid_value id");
    row("XML inside", cloud({}, {}, R"(,"datacontenttype":"application/xml")"),
        "invalid_value datacontenttype");
    row("content type no text", cloud({}, {}, R"(,"datacontenttype":1)"), "wrong_type datacontenttype");
    row("a schema", cloud({}, {}, R"(,"dataschema":"urn:x")"), "unknown_field dataschema");
    row("base64", cloud({}, {}, R"(,"data_base64":"AA==")"), "unknown_field data_base64");
    row("our own name", cloud({}, {}, R"(,"tenant_id":"acme")"), "unknown_field tenant_id");
    row("capitals", cloud({}, {}, R"(,"Region":"eu")"), "unknown_field Region");
    row("empty name", cloud({}, {}, R"(,"":"eu")"), "unknown_field ");
    row("no value", cloud("data", "{}"), "missing_field data.value");
    row("null value", cloud("data", R"({"value":null})"), "missing_field data.value");
    row("value twice", cloud("data", R"({"value":1,"value":1})"), "duplicate_key data.value");
    row("more in data", cloud("data", R"({"value":1,"price":1})"), "unknown_field data.price");
    row("value true", cloud("data", R"({"value":true})"), "wrong_type data.value");
    row("exponent", cloud("data", R"({"value":1e2})"), "invalid_decimal data.value");
    row("negative", cloud("data", R"({"value":"-1"})"), "negative_quantity data.value");
    row("dimensions a list", cloud("data", R"({"value":1,"dimensions":[]})"), "wrong_type data.dimensions");
    row("dimension a number", cloud("data", R"({"value":1,"dimensions":{"a":1}})"),
        "wrong_type data.dimensions.a");
    row("dimension twice", cloud("data", R"({"value":1,"dimensions":{"a":"1","a":"1"}})"),
        "duplicate_key data.dimensions.a");
    row("dimension empty", cloud("data", R"({"value":1,"dimensions":{"a":""}})"),
        "invalid_value data.dimensions.a");
    row("both", cloud({}, {}, R"(,"model":"gpt4")"), "duplicate_key model");
    row("extension twice", cloud({}, {}, R"(,"region":"eu","region":"eu")"), "duplicate_key region");
    row("extension an object", cloud({}, {}, R"(,"region":{})"), "wrong_type region");
    row("extension a fraction", cloud({}, {}, R"(,"region":1.5)"), "wrong_type region");
    row("extension empty", cloud({}, {}, R"(,"region":"")"), "invalid_value region");
    row("extension too long", cloud({}, {}, R"(,"region":")" + std::string(257, 'x') + "\""),
        "too_long region");
    std::string many;
    for (int i = 0; i < 16; ++i)
        many += ",\"x" + std::to_string(i) + "\":\"1\"";
    row("17 dimensions", cloud({}, {}, many), "too_many_items data.dimensions");
    row("naive time", cloud("time", R"("2026-09-15T11:00:00")"), "invalid_timestamp time");
    row("tenant's grammar", cloud("subject", R"("../etc")"), "invalid_tenant_id subject");
    row("reserved", cloud("subject", R"("current")"), "reserved_tenant_id subject");
    row("type's grammar", cloud("type", R"("com.example/x")"), "invalid_value type");
    row("id too long", cloud("id", "\"" + std::string(257, 'x') + "\""), "too_long id");
    row("source too long", cloud("source", "\"" + std::string(129, 'x') + "\""), "too_long source");
}

void TestCloudEventJson::refuses()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, answer);
    QCOMPARE(QString::fromStdString(said(decodeCloudEvent(body.toStdString()))), answer);
}

void TestCloudEventJson::refusesBatches_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("answer");
    QTest::newRow("empty") << QByteArray("[]") << "empty_batch body";
    QTest::newRow("an object") << QByteArray("{}") << "wrong_type body";
    QTest::newRow("our own form") << QByteArray(R"({"events":[]})") << "wrong_type body";
    QTest::newRow("a scalar") << QByteArray("1") << "wrong_type body";
    QTest::newRow("cut off") << QByteArray("[{}") << "malformed_json body";
    QTest::newRow("comma") << QByteArray("[{},]") << "malformed_json body";
    QTest::newRow("too many") << QByteArray("[{},{},{},{}]") << "too_many_items body";
}

void TestCloudEventJson::refusesBatches()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, answer);
    const auto events = decodeCloudEventBatch(body.toStdString(), {3});
    QVERIFY(!events);
    QCOMPARE(QString::fromStdString(std::string(billing::wireName(events.error().code)) + " " +
                                    events.error().subject),
             answer);
}

void TestCloudEventJson::isTheSameEvent()
{
    const auto ours = decodeUsageEvent(
        R"({"event_id":"e1","source":"urn:edge:7","tenant_id":"acme","metric_type":"llm_tokens","value":"1.50",)"
        R"("timestamp":"2026-09-15T11:00:00.5+02:00","dimensions":{"model":"gpt4"}})");
    QVERIFY(ours);
    const auto theirs = decodeCloudEvent(cloud({}, {}, R"(,"datacontenttype":"application/json")"));
    QVERIFY(theirs);
    QVERIFY(*theirs == *ours);
    QCOMPARE(canonicalPayload(*theirs), canonicalPayload(*ours));
    QCOMPARE(canonicalIdentity(*theirs), canonicalIdentity(*ours));
}

void TestCloudEventJson::extensionsAreDimensions()
{
    const auto read = decodeCloudEvent(
        cloud("data", R"({"dimensions":{"zone_a":"1"},"value":12.5})",
              R"(,"region":"eu","retried":true,"cold":false,"shard":-7,"absent":null,"traceid":"\u0061b")"));
    QVERIFY2(read, said(read).c_str());
    QCOMPARE(read->value.toText(), std::string("12.5"));
    const Dimensions expected{{"cold", "false"}, {"region", "eu"},  {"retried", "true"},
                              {"shard", "-7"},   {"traceid", "ab"}, {"zone_a", "1"}};
    QVERIFY(read->dimensions == expected);
}

void TestCloudEventJson::aKeyStandsForTheId()
{
    QCOMPARE(said(decodeCloudEvent(cloud("id", ""))), std::string("missing_field id"));
    QCOMPARE(decodeCloudEvent(cloud("id", ""), "key-7").value().eventId, std::string("key-7"));
    QCOMPARE(decodeCloudEvent(cloud(), "key-7").value().eventId, std::string("e1"));
}

void TestCloudEventJson::anEventOfABatchIsRefusedAlone()
{
    const auto events = decodeCloudEventBatch("[" + cloud() + ",7,null," + cloud("type", "") + "," +
                                              cloud("id", R"("e2")") + "]");
    QVERIFY(events);
    std::vector<std::string> told;
    for (const DecodedEvent& one : *events)
        told.push_back(said(one));
    QCOMPARE(told, (std::vector<std::string>{"ok", "wrong_type event", "wrong_type event",
                                             "missing_field type", "ok"}));
    QCOMPARE((*events)[4]->eventId, std::string("e2"));
}

QTEST_APPLESS_MAIN(TestCloudEventJson)
#include "tst_cloud_event_json.moc"
