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

/// The meter of llm_tokens reads model, region and a few more, and filters by tier; of another type none
/// does.
const MeterIndex& meters()
{
    static const MeterIndex index = [] {
        Meter meter{.code = MeterCode("llm_tokens"),
                    .metricType = "llm_tokens",
                    .filter = {{"tier", "gold"}},
                    .dimensions = {"cold", "model", "region", "retried", "shard"}};
        for (int i = 0; i < 16; ++i)
            meter.dimensions.push_back("x" + std::to_string(i));
        return MeterIndex(std::vector<Meter>{meter});
    }();
    return index;
}

Result<UsageEvent> read(std::string_view body, std::optional<std::string_view> key = {})
{
    return decodeCloudEvent(body, meters(), key);
}

Result<std::vector<DecodedEvent>> readBatch(std::string_view body, UsageLimits limits = {})
{
    return decodeCloudEventBatch(body, meters(), limits);
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
    void extensionsThatAMeterReadsAreDimensions();
    void otherExtensionsMeanNothing_data();
    void otherExtensionsMeanNothing();
    void describesJson_data();
    void describesJson();
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
    row("schema no text", cloud({}, {}, R"(,"dataschema":1)"), "wrong_type dataschema");
    row("schema empty", cloud({}, {}, R"(,"dataschema":"")"), "invalid_value dataschema");
    row("schema twice", cloud({}, {}, R"(,"dataschema":"urn:x","dataschema":"urn:x")"),
        "duplicate_key dataschema");
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
    row("tracing twice", cloud({}, {}, R"(,"traceparent":"00-a","traceparent":"00-b")"),
        "duplicate_key traceparent");
    row("tracing an object", cloud({}, {}, R"(,"traceparent":{})"), "wrong_type traceparent");
    row("tracing a fraction", cloud({}, {}, R"(,"sampledrate":0.5)"), "wrong_type sampledrate");
    row("no name of the specification", cloud({}, {}, R"(,"trace_parent":"00")"),
        "unknown_field trace_parent");
    std::string extensions;
    for (int i = 0; i < 65; ++i)
        extensions += ",\"trace" + std::to_string(i) + "\":\"1\"";
    row("65 extensions", cloud({}, {}, extensions), "too_many_items event");
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
    QCOMPARE(QString::fromStdString(said(read(body.toStdString()))), answer);
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
    const auto events = readBatch(body.toStdString(), {3});
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
    const auto theirs = read(cloud({}, {}, R"(,"datacontenttype":"application/json")"));
    QVERIFY(theirs);
    QVERIFY(*theirs == *ours);
    QCOMPARE(canonicalPayload(*theirs), canonicalPayload(*ours));
    QCOMPARE(canonicalIdentity(*theirs), canonicalIdentity(*ours));
}

void TestCloudEventJson::extensionsThatAMeterReadsAreDimensions()
{
    const auto event = read(
        cloud("data", R"({"dimensions":{"zone_a":"1"},"value":12.5})",
              R"(,"region":"\u0065u","retried":true,"cold":false,"shard":-7,"model":null,"tier":"gold")"));
    QVERIFY2(event, said(event).c_str());
    QCOMPARE(event->value.toText(), std::string("12.5"));
    const Dimensions expected{{"cold", "false"}, {"region", "eu"}, {"retried", "true"},
                              {"shard", "-7"},   {"tier", "gold"}, {"zone_a", "1"}};
    QVERIFY(event->dimensions == expected);
    // Of another type no meter reads it; what stands in data stays whoever reads it.
    QVERIFY(read(cloud("type", R"("api_request")", R"(,"region":"eu")"))->dimensions ==
            (Dimensions{{"model", "gpt4"}}));
}

void TestCloudEventJson::otherExtensionsMeanNothing_data()
{
    QTest::addColumn<QString>("extension");
    for (const char* extension :
         {R"("traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")",
          R"("tracestate":"a=b")",
          R"("sequence":"00042")",
          R"("sequencetype":"Integer")",
          R"("recordedtime":"2026-09-15T12:00:00Z")",
          R"("partitionkey":"acme")",
          R"("sampledrate":30)",
          R"("expirytime":"2026-10-01T00:00:00Z")",
          R"("correlationid":"c-1")",
          R"("causationid":"c-0")",
          R"("dataref":"https://example.com/e1")",
          R"("severitytext":"WARN")",
          R"("severitynumber":13)",
          R"("authtype":"user")",
          R"("deprecated":true)",
          R"("knativearrivaltime":"2026-09-15T12:00:00Z")",
          R"("traceid":"")",
          R"("dataschema":"https://example.com/usage.json")",
          R"("comexamplehop":"a\u0007b")",
          R"("anamethatislongerthantwentyletters":"1")",
          R"("datacontenttype":"application/json")"})
        QTest::newRow(extension) << QString::fromUtf8(extension);
}

void TestCloudEventJson::otherExtensionsMeanNothing()
{
    QFETCH(QString, extension);
    const auto event = read(cloud({}, {}, "," + extension.toStdString()));
    QVERIFY2(event, said(event).c_str());
    QVERIFY(*event == *read(cloud()));
}

void TestCloudEventJson::describesJson_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<bool>("taken");
    for (const char* taken :
         {"application/json", "APPLICATION/JSON", "application/json; charset=utf-8",
          "application/json;charset=UTF-8", R"(application/json ; charset=\"UTF-8\")", "text/json",
          "application/vnd.acme.usage+json", "application/vnd.acme.usage+JSON; version=2; charset=utf-8"})
        QTest::newRow(taken) << QString::fromUtf8(taken) << true;
    for (const char* refused :
         {"", " ", "json", "application/", "application/xml", "application/json, text/plain",
          "application/json; charset=utf-16", "application/json; charset=iso-8859-1", "application/jsonp",
          "application/vnd.acme+xml", "application/json; charset", "application/octet-stream"})
        QTest::newRow((std::string("not: ") + refused).c_str()) << QString::fromUtf8(refused) << false;
}

void TestCloudEventJson::describesJson()
{
    QFETCH(QString, type);
    QFETCH(bool, taken);
    const auto event = read(cloud({}, {}, ",\"datacontenttype\":\"" + type.toStdString() + "\""));
    QCOMPARE(said(event), std::string(taken ? "ok" : "invalid_value datacontenttype"));
}

void TestCloudEventJson::aKeyStandsForTheId()
{
    QCOMPARE(said(read(cloud("id", ""))), std::string("missing_field id"));
    QCOMPARE(read(cloud("id", ""), "key-7").value().eventId, std::string("key-7"));
    QCOMPARE(read(cloud(), "key-7").value().eventId, std::string("e1"));
}

void TestCloudEventJson::anEventOfABatchIsRefusedAlone()
{
    const auto events =
        readBatch("[" + cloud() + ",7,null," + cloud("type", "") + "," + cloud("id", R"("e2")") + "]");
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
