// Usage events as they come in: every way to be wrong has its code and its field, alone and in a batch, where
// the other events stay good. The rows are those of the bad-input catalogue.
// Tests: usage_json.cpp raw_usage_event.cpp usage_reader.cpp
#include "shared/wire/usage_json.h"

#include <QTest>

using namespace billing;
using namespace billing::wire;

namespace {

/// A good event with some members replaced; a replacement of "" leaves the member out.
std::string eventText(const std::map<std::string, std::string>& replaced = {}, const std::string& more = {})
{
    const std::vector<std::pair<std::string, std::string>> members{{"event_id", "\"e-1\""},
                                                                   {"tenant_id", "\"acme\""},
                                                                   {"metric_type", "\"api_request\""},
                                                                   {"value", "\"1\""},
                                                                   {"timestamp", "\"2023-11-16T18:15:46Z\""},
                                                                   {"dimensions", "{}"}};
    std::string text;
    for (const auto& [name, value] : members) {
        const auto found = replaced.find(name);
        const std::string& written = found == replaced.end() ? value : found->second;
        if (!written.empty())
            text += (text.empty() ? "{\"" : ",\"") + name + "\":" + written;
    }
    return text + more + "}";
}

std::string batchOf(const std::string& item, int count)
{
    std::string text = "{\"events\":[";
    for (int index = 0; index < count; ++index)
        text += (index ? "," : "") + item;
    return text + "]}";
}

std::string dimensions(int count)
{
    std::string text = "{";
    for (int index = 0; index < count; ++index)
        text += (index ? ",\"d" : "\"d") + std::to_string(index) + "\":\"v\"";
    return text + "}";
}

std::string quotedText(std::size_t size)
{
    return '"' + std::string(size, 'x') + '"';
}

QByteArray qbytes(const std::string& text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

std::string bytes(const QByteArray& array)
{
    return {array.constData(), static_cast<std::size_t>(array.size())};
}

} // namespace

class TestUsageJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesEvent_data();
    void refusesEvent();
    void refusesEventOnlyInItsBatch_data() { refusesEvent_data(); }
    void refusesEventOnlyInItsBatch();
    void refusesBatch_data();
    void refusesBatch();
    void refusesBodyOfASingleEvent_data();
    void refusesBodyOfASingleEvent();
    void readsValuesAsWritten_data();
    void readsValuesAsWritten();
    void readsInstants_data();
    void readsInstants();
    void readsEveryField();
    void readsEscapes();
    void sortsDimensions();
    void takesTheIdempotencyKey();
    void takesTheLimits();
    void tellsFormsApart();
    void readsLargeBodiesAndSmallOnesAfterwards();
    void readsWhatItWrote();
};

void TestUsageJson::refusesEvent_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("subject");
    const auto refused = [](const char* name, const std::string& text, ErrorCode code, const char* subject) {
        QTest::newRow(name) << qbytes(text) << int(code) << QByteArray(subject);
    };
    using enum ErrorCode;
    refused("number for an id", eventText({{"event_id", "1"}}), WrongType, "event_id");
    refused("array for a tenant", eventText({{"tenant_id", "[\"acme\"]"}}), WrongType, "tenant_id");
    refused("boolean value", eventText({{"value", "true"}}), WrongType, "value");
    refused("object value", eventText({{"value", "{}"}}), WrongType, "value");
    refused("epoch milliseconds", eventText({{"timestamp", "1700158546000"}}), WrongType, "timestamp");
    refused("dimensions as array", eventText({{"dimensions", "[]"}}), WrongType, "dimensions");
    refused("number as dimension", eventText({{"dimensions", R"({"model":4})"}}), WrongType,
            "dimensions.model");
    refused("null as dimension", eventText({{"dimensions", R"({"model":null})"}}), WrongType,
            "dimensions.model");
    refused("nested dimension", eventText({{"dimensions", R"({"a":{"b":{}}})"}}), WrongType, "dimensions.a");
    refused("wrong type before duplicate", eventText({{"value", "[]"}}, R"(,"value":"1")"), WrongType,
            "value");

    refused("key twice", eventText({}, R"(,"value":"1")"), DuplicateKey, "value");
    refused("key twice, other value", eventText({}, R"(,"value":"2")"), DuplicateKey, "value");
    refused("key twice, escaped", eventText({}, R"(,"v\u0061lue":"2")"), DuplicateKey, "value");
    refused("dimension twice", eventText({{"dimensions", R"({"a":"1","b":"1","a":"1"})"}}), DuplicateKey,
            "dimensions.a");
    refused("dimension twice, escaped", eventText({{"dimensions", R"({"a":"1","\u0061":"2"})"}}),
            DuplicateKey, "dimensions.a");
    refused("duplicate before unknown", eventText({}, R"(,"role":"admin","value":"1")"), DuplicateKey,
            "value");

    refused("unknown field", eventText({}, R"(,"price":"0")"), UnknownField, "price");
    refused("unknown object", eventText({}, R"(,"role":{"a":[1,2]})"), UnknownField, "role");
    refused("other case", eventText({}, R"(,"Value":"1")"), UnknownField, "Value");
    refused("prototype", eventText({}, R"(,"__proto__":{})"), UnknownField, "__proto__");
    refused("unknown before missing", eventText({{"value", ""}}, R"(,"id":"1")"), UnknownField, "id");

    refused("no id", eventText({{"event_id", ""}}), MissingField, "event_id");
    refused("null id", eventText({{"event_id", "null"}}), MissingField, "event_id");
    refused("no tenant", eventText({{"tenant_id", ""}}), MissingField, "tenant_id");
    refused("no metric", eventText({{"metric_type", ""}}), MissingField, "metric_type");
    refused("no value", eventText({{"value", ""}}), MissingField, "value");
    refused("null value", eventText({{"value", "null"}}), MissingField, "value");
    refused("no timestamp", eventText({{"timestamp", ""}}), MissingField, "timestamp");
    refused("empty object", "{}", MissingField, "event_id");

    for (const char* tenant :
         {"\"\"", "\"ab\"", "\"../../etc\"", "\"..%2f\"", "\"*\"", "\"Acme\"", "\"acme\\u0000\"",
          "\"acm\xD0\xB5\"", "\"\xEF\xBD\x81\x63me\"", "\"' or 1=1\""})
        refused((std::string("tenant ") + tenant).c_str(), eventText({{"tenant_id", tenant}}),
                InvalidTenantId, "tenant_id");
    refused("tenant of 300", eventText({{"tenant_id", quotedText(300)}}), InvalidTenantId, "tenant_id");
    refused("reserved tenant", eventText({{"tenant_id", "\"current\""}}), ReservedTenantId, "tenant_id");

    for (const char* value : {"\"\"",
                              "\"1e309\"",
                              "\"NaN\"",
                              "\"Infinity\"",
                              "\"1e2\"",
                              "\"+1\"",
                              "\".5\"",
                              "\"1.\"",
                              "\" 1\"",
                              "\"1 \"",
                              "\"1,5\"",
                              "\"0x1F\"",
                              "\"1_000\"",
                              "\"\xD9\xA1\"",
                              "\"\xEF\xBC\x91\"",
                              "\"true\"",
                              "1e2",
                              "1E309",
                              "1e-400",
                              "\"1234567890123456789\"",
                              "1234567890123456789",
                              "\"0.1234567890123\"",
                              "0.1000000000000000055511151231257827021181"})
        refused((std::string("value ") + value).c_str(), eventText({{"value", value}}), InvalidDecimal,
                "value");
    refused("negative", eventText({{"value", "\"-1\""}}), NegativeQuantity, "value");
    refused("negative number", eventText({{"value", "-0.000000000001"}}), NegativeQuantity, "value");

    for (const char* time :
         {"", "2023-11-16T18:15:46", "2023-11-16", "2023-11-16 18:15:46Z", "2023-11-16T24:00:00Z",
          "2023-11-16T23:59:60Z", "2023-02-30T00:00:00Z", "2100-02-29T00:00:00Z", "10000-01-01T00:00:00Z",
          "2023-11-16T18:15:46+24:00", "2023-11-16T18:15:46.Z", "2023-11-16T18:15Z", "1700158546"})
        refused((std::string("time ") + time).c_str(),
                eventText({{"timestamp", '"' + std::string(time) + '"'}}), InvalidTimestamp, "timestamp");

    refused("id of 257", eventText({{"event_id", quotedText(257)}}), TooLong, "event_id");
    refused("source of 129", eventText({}, ",\"source\":" + quotedText(129)), TooLong, "source");
    refused("metric of 65", eventText({{"metric_type", quotedText(65)}}), TooLong, "metric_type");
    refused("dimension value of 257", eventText({{"dimensions", "{\"d\":" + quotedText(257) + "}"}}), TooLong,
            "dimensions.d");
    refused("dimension name of 65", eventText({{"dimensions", "{" + quotedText(65) + ":\"v\"}"}}), TooLong,
            ("dimensions." + std::string(64, 'x')).c_str());
    refused("17 dimensions", eventText({{"dimensions", dimensions(17)}}), TooManyItems, "dimensions");
    refused("10,000 dimensions", eventText({{"dimensions", dimensions(10'000)}}), TooManyItems, "dimensions");
    refused("empty id", eventText({{"event_id", "\"\""}}), InvalidValue, "event_id");
    refused("NUL in an id", eventText({{"event_id", R"("a\u0000b")"}}), InvalidValue, "event_id");
    refused("NUL in a source", eventText({}, R"(,"source":"\u0000")"), InvalidValue, "source");
    refused("metric in capitals", eventText({{"metric_type", "\"API\""}}), InvalidValue, "metric_type");
    refused("empty metric", eventText({{"metric_type", "\"\""}}), InvalidValue, "metric_type");
    refused("dimension name in capitals", eventText({{"dimensions", R"({"A":"1"})"}}), InvalidValue,
            "dimensions.A");
    refused("empty dimension name", eventText({{"dimensions", R"({"":"1"})"}}), InvalidValue, "dimensions.");
    refused("empty dimension value", eventText({{"dimensions", R"({"a":""})"}}), InvalidValue,
            "dimensions.a");
    refused("NUL in a dimension", eventText({{"dimensions", R"({"a":"\u0000"})"}}), InvalidValue,
            "dimensions.a");
    for (const char* hidden : {"a\\nb", "\\t", "\\u0001", "a\\u007f", "\\u0085", "a\\u200bb", "\\u202e1",
                               "\\u2066x\\u2069", "\\ufeff", "a\\u00adb", "\\u2028", "\\ue000", "\\uffff"}) {
        const std::string text = "\"" + std::string(hidden) + "\"";
        refused((std::string("id ") + hidden).c_str(), eventText({{"event_id", text}}), InvalidCharacter,
                "event_id");
        refused((std::string("source ") + hidden).c_str(), eventText({}, ",\"source\":" + text),
                InvalidCharacter, "source");
        refused((std::string("dimension ") + hidden).c_str(),
                eventText({{"dimensions", "{\"a\":" + text + "}"}}), InvalidCharacter, "dimensions.a");
        refused((std::string("metric ") + hidden).c_str(), eventText({{"metric_type", text}}), InvalidValue,
                "metric_type");
    }
}

void TestUsageJson::refusesEvent()
{
    QFETCH(QByteArray, text);
    const auto decoded = decodeUsageEvent(bytes(text));
    QVERIFY(!decoded);
    QTEST(int(decoded.error().code), "code");
    QTEST(QByteArray::fromStdString(decoded.error().subject), "subject");
}

void TestUsageJson::refusesEventOnlyInItsBatch()
{
    QFETCH(QByteArray, text);
    const auto batch =
        decodeUsageBatch("{\"events\":[" + eventText() + "," + bytes(text) + "," + eventText() + "]}");
    QVERIFY(batch.has_value());
    QCOMPARE(batch->size(), 3u);
    QVERIFY(batch->at(0).has_value() && batch->at(2).has_value());
    QVERIFY(!batch->at(1));
    QTEST(int(batch->at(1).error().code), "code");
    QTEST(QByteArray::fromStdString(batch->at(1).error().subject), "subject");
}

void TestUsageJson::refusesBatch_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    const auto refused = [](const char* name, const std::string& text, ErrorCode code) {
        QTest::newRow(name) << qbytes(text) << int(code);
    };
    using enum ErrorCode;
    const std::string good = eventText();
    refused("bad UTF-8", batchOf(eventText({{"event_id", "\"\xC0\xAF\""}}), 1), InvalidUtf8);
    refused("bad UTF-8 before depth", std::string(50, '[') + "\xFF", InvalidUtf8);
    refused("depth 33 in an event",
            batchOf(eventText({}, ",\"x\":" + std::string(30, '[') + std::string(30, ']')), 1), TooDeep);
    refused("depth 100,000 unclosed", "{\"events\":" + std::string(100'000, '['), TooDeep);
    for (const auto& [name, text] : std::vector<std::pair<const char*, std::string>>{
             {"empty", ""},
             {"blank", "  "},
             {"unclosed", "{\"events\":[" + good + "]"},
             {"unclosed list", "{\"events\":[" + good + "}"},
             {"trailing text", batchOf(good, 1) + "x"},
             {"trailing document", batchOf(good, 1) + "{}"},
             {"trailing comma", "{\"events\":[" + good + ",]}"},
             {"comment", "{\"events\":[/**/" + good + "]}"},
             {"byte order mark", "\xEF\xBB\xBF" + batchOf(good, 1)},
             {"NaN", batchOf(eventText({{"value", "NaN"}}), 1)},
             {"leading zero", batchOf(eventText({{"value", "01"}}), 1)},
             {"plus", batchOf(eventText({{"value", "+1"}}), 1)},
             {"no integer digits", batchOf(eventText({{"value", ".5"}}), 1)},
             {"two numbers", batchOf(eventText({{"value", "1 2"}}), 1)},
             {"half a null", batchOf(eventText({{"value", "nul"}}), 1)},
             {"lone surrogate", batchOf(eventText({{"event_id", R"("\ud800")"}}), 1)},
             {"lone surrogate in an unknown field", batchOf(eventText({}, R"(,"x":"\ud800")"), 1)},
             {"no JSON in an unknown field", batchOf(eventText({}, ",\"x\":[1 2]"), 1)},
             {"no JSON behind the limit", "{\"events\":[" + good + "," + good + "," + good + ",x]}"},
             {"no JSON behind an unknown field", "{\"x\":[1,],\"events\":[" + good + "]}"}})
        refused(name, text, MalformedJson);
    refused("null", "null", WrongType);
    refused("array", "[" + good + "]", WrongType);
    refused("number", "1", WrongType);
    refused("events as object", R"({"events":{}})", WrongType);
    refused("events as null", R"({"events":null})", WrongType);
    refused("events twice", "{\"events\":[" + good + "],\"events\":[" + good + "]}", DuplicateKey);
    refused("events twice, escaped", "{\"events\":[" + good + "],\"event\\u0073\":[]}", DuplicateKey);
    refused("unknown field", "{\"events\":[" + good + "],\"mode\":1}", UnknownField);
    refused("unknown field before empty", R"({"events":[],"mode":1})", UnknownField);
    refused("a single event", good, UnknownField);
    refused("no events", "{}", MissingField);
    refused("empty batch", R"({"events":[]})", EmptyBatch);
    refused("one too many", batchOf(good, 4), TooManyItems);
    refused("very many", batchOf("0", 100'000), TooManyItems);
}

void TestUsageJson::refusesBatch()
{
    QFETCH(QByteArray, text);
    const auto batch = decodeUsageBatch(bytes(text), {.maxEvents = 3});
    QVERIFY(!batch);
    QTEST(int(batch.error().code), "code");
}

void TestUsageJson::refusesBodyOfASingleEvent_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    QTest::newRow("empty") << QByteArray() << int(ErrorCode::MalformedJson);
    QTest::newRow("null") << QByteArray("null") << int(ErrorCode::WrongType);
    QTest::newRow("array") << QByteArray("[]") << int(ErrorCode::WrongType);
    QTest::newRow("string") << QByteArray("\"{}\"") << int(ErrorCode::WrongType);
    QTest::newRow("bad UTF-8") << QByteArray("{\"\xED\xA0\x80\":1}") << int(ErrorCode::InvalidUtf8);
    QTest::newRow("unclosed") << qbytes(eventText()).chopped(1) << int(ErrorCode::MalformedJson);
    QTest::newRow("two") << qbytes(eventText() + eventText()) << int(ErrorCode::MalformedJson);
    QTest::newRow("deep") << qbytes(eventText({}, ",\"x\":" + std::string(40, '[')))
                          << int(ErrorCode::TooDeep);
    QTest::newRow("broken behind unknown")
        << qbytes(eventText({}, ",\"x\":{,}")) << int(ErrorCode::MalformedJson);
}

void TestUsageJson::refusesBodyOfASingleEvent()
{
    QFETCH(QByteArray, text);
    const auto decoded = decodeUsageEvent(bytes(text));
    QVERIFY(!decoded);
    QTEST(int(decoded.error().code), "code");
}

void TestUsageJson::readsValuesAsWritten_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("expected");
    const auto accepted = [](const char* value, const char* expected) {
        QTest::newRow(value) << QByteArray(value) << QByteArray(expected);
    };
    accepted("0", "0");
    accepted("-0", "0");
    accepted("\"-0\"", "0");
    accepted("\"007\"", "7");
    accepted("1.50", "1.5");
    accepted("0.000000000001", "0.000000000001");
    accepted("0.1", "0.1");
    accepted("9007199254740993", "9007199254740993");
    accepted("999999999999999999.999999999999", "999999999999999999.999999999999");
    accepted("\"999999999999999999.999999999999\"", "999999999999999999.999999999999");
    accepted("12  ", "12");
}

void TestUsageJson::readsValuesAsWritten()
{
    QFETCH(QByteArray, value);
    const auto decoded = decodeUsageEvent(eventText({{"value", bytes(value)}}));
    QVERIFY(decoded.has_value());
    QTEST(QByteArray::fromStdString(decoded->value.toText()), "expected");
}

void TestUsageJson::readsInstants_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<QByteArray>("expected");
    const auto accepted = [](const char* written, const char* expected) {
        QTest::newRow(written) << QByteArray(written) << QByteArray(expected);
    };
    accepted("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z");
    accepted("1969-12-31T23:59:59.9Z", "1969-12-31T23:59:59.9Z");
    accepted("2038-01-19T03:14:08Z", "2038-01-19T03:14:08Z");
    accepted("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z");
    accepted("2023-11-16t18:15:46z", "2023-11-16T18:15:46Z");
    accepted("2023-11-16T18:15:46+14:00", "2023-11-16T04:15:46Z");
    accepted("2023-11-16T18:15:46-00:00", "2023-11-16T18:15:46Z");
    accepted("2023-11-16T18:15:46.6805909Z", "2023-11-16T18:15:46.68059Z");
    accepted("2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z");
}

void TestUsageJson::readsInstants()
{
    QFETCH(QByteArray, written);
    const auto decoded = decodeUsageEvent(eventText({{"timestamp", '"' + bytes(written) + '"'}}));
    QVERIFY(decoded.has_value());
    QTEST(QByteArray::fromStdString(decoded->at.toText()), "expected");
}

void TestUsageJson::readsEveryField()
{
    const auto decoded =
        decodeUsageEvent(eventText({{"dimensions", R"({"model":"gpt4"})"}}, R"(,"source":"kernel-7")"));
    QVERIFY(decoded.has_value());
    QCOMPARE(*decoded, (UsageEvent{TenantId("acme"),
                                   "kernel-7",
                                   "e-1",
                                   "api_request",
                                   Decimal::fromInteger(1),
                                   Instant::parse("2023-11-16T18:15:46Z").value(),
                                   {{"model", "gpt4"}}}));
    const auto without = decodeUsageEvent(eventText({{"dimensions", ""}}, R"(,"source":null)"));
    QVERIFY(without.has_value());
    QVERIFY(without->source.empty() && without->dimensions.empty());
}

void TestUsageJson::readsEscapes()
{
    const auto decoded = decodeUsageEvent(eventText({{"event_id", R"("\ud83d\ude00\u00e9 \"\\")"},
                                                     {"dimensions", R"({"\u0061":"\u0645\u200c\u0645"})"}}));
    QVERIFY(decoded.has_value());
    QCOMPARE(decoded->eventId, "\xF0\x9F\x98\x80\xC3\xA9 \"\\");
    QCOMPARE(decoded->dimensions, (Dimensions{{"a", "\xD9\x85\xE2\x80\x8C\xD9\x85"}}));
}

void TestUsageJson::sortsDimensions()
{
    const auto decoded = decodeUsageEvent(eventText({{"dimensions", R"({"b":"1","a_2":"2","a":"3"})"}}));
    QVERIFY(decoded.has_value());
    QCOMPARE(decoded->dimensions, (Dimensions{{"a", "3"}, {"a_2", "2"}, {"b", "1"}}));
}

void TestUsageJson::takesTheIdempotencyKey()
{
    QCOMPARE(decodeUsageEvent(eventText({{"event_id", ""}}), "key-1")->eventId, "key-1");
    QCOMPARE(decodeUsageEvent(eventText(), "key-1")->eventId, "e-1");
    QCOMPARE(int(decodeUsageEvent(eventText({{"event_id", ""}}), std::string(257, 'k')).error().code),
             int(ErrorCode::TooLong));
}

void TestUsageJson::takesTheLimits()
{
    QVERIFY(decodeUsageEvent(eventText({{"event_id", quotedText(256)},
                                        {"metric_type", quotedText(64)},
                                        {"dimensions", "{" + quotedText(64) + ":" + quotedText(256) + "}"}},
                                       ",\"source\":" + quotedText(128)))
                .has_value());
    QCOMPARE(decodeUsageEvent(eventText({{"dimensions", dimensions(16)}}))->dimensions.size(), 16u);
    QCOMPARE(decodeUsageBatch(batchOf(eventText(), 1'000))->size(), 1'000u);
    QCOMPARE(int(decodeUsageBatch(batchOf(eventText(), 1'001)).error().code), int(ErrorCode::TooManyItems));
}

void TestUsageJson::tellsFormsApart()
{
    QVERIFY(usageFormOf(R"( { "events" : [] })") == UsageForm::Batch);
    QVERIFY(usageFormOf(eventText()) == UsageForm::Single);
    for (const char* body : {"", "{", "[]", "{}", R"({"event":[]})"})
        QVERIFY(usageFormOf(body) == UsageForm::Single);
}

void TestUsageJson::readsLargeBodiesAndSmallOnesAfterwards()
{
    const std::string large =
        batchOf(eventText({{"event_id", quotedText(256)}, {"dimensions", dimensions(16)}}), 1'000) +
        std::string(1 << 20, ' ');
    const auto batch = decodeUsageBatch(large);
    QVERIFY(batch.has_value());
    QVERIFY(std::all_of(batch->begin(), batch->end(),
                        [](const DecodedEvent& decoded) { return decoded.has_value(); }));
    QVERIFY(decodeUsageEvent(eventText()).has_value());
}

void TestUsageJson::readsWhatItWrote()
{
    const UsageEvent plain{TenantId("acme"),
                           "",
                           "e\"1\\\xF0\x9F\x98\x80",
                           "llm_tokens",
                           Decimal::parse("0.5").value(),
                           Instant::parse("2023-11-16T18:15:46.68059Z").value(),
                           {}};
    UsageEvent full = plain;
    full.source = "kernel";
    full.dimensions = {{"direction", "input"}, {"model", "g\xC3\xA9,=%"}};
    QCOMPARE(*decodeUsageEvent(encodeUsageEvent(full)), full);
    const std::vector<UsageEvent> events{plain, full};
    const auto batch = decodeUsageBatch(encodeUsageBatch(events));
    QVERIFY(batch.has_value());
    QCOMPARE(batch->size(), 2u);
    QCOMPARE(*batch->at(0), plain);
    QCOMPARE(*batch->at(1), full);
}

QTEST_APPLESS_MAIN(TestUsageJson)
#include "tst_usage_json.moc"
