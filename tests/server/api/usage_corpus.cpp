#include "tests/server/api/usage_corpus.h"

#include "tests/server/api/api_fixture.h"

namespace billing::test {

std::string oneEvent(const std::string& name, const std::string& value, const std::string& more)
{
    std::string text = "{";
    const std::pair<const char*, const char*> members[] = {
        {"event_id", R"("%ID%")"},
        {"tenant_id", R"("acme")"},
        {"metric_type", R"("api_request")"},
        {"value", R"("1")"},
        {"timestamp", R"("2026-09-15T11:00:00Z")"},
    };
    for (const auto& [member, usual] : members) {
        const std::string shown = member == name ? value : usual;
        if (!shown.empty())
            text.append(text.size() > 1 ? ",\"" : "\"").append(member).append("\":").append(shown);
    }
    return text + more + "}";
}

std::string quoted(const std::string& text)
{
    return "\"" + text + "\"";
}

namespace {

constexpr const char* json = "application/json";
constexpr const char* lines = "application/x-ndjson";
constexpr const char* cloud = "application/cloudevents+json";
constexpr const char* cloudBatch = "application/cloudevents-batch+json";

std::string cloudEvent(const std::string& more = {})
{
    return R"({"specversion":"1.0","id":"%ID%","source":"edge","type":"api_request","subject":"acme",)"
           R"("time":"2026-09-15T11:00:00Z","data":{"value":"1"})" +
           more + "}";
}

std::string batchOf(std::size_t count)
{
    return batchJson(std::vector<std::string>(count, oneEvent()));
}

std::string linesOf(std::size_t count)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += oneEvent() + "\n";
    return text;
}

std::string repeated(const std::string& text, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

/// Adds a row of either table.
template <class Row>
struct Adder
{
    std::vector<Row>& rows;

    void operator()(const std::string& name, const std::string& b, const std::string& c,
                    const std::string& d) const
    {
        rows.push_back({name, b, c, d});
    }
};
template <class Row>
Adder(std::vector<Row>&) -> Adder<Row>;

void structureRows(std::vector<BodyRow>& rows)
{
    const Adder row{rows};
    const std::string good = oneEvent();
    row("empty body", json, "", "400 malformed_json body");
    row("white space", json, " \r\n\t", "400 malformed_json body");
    row("null", json, "null", "400 wrong_type body");
    row("empty array", json, "[]", "400 wrong_type body");
    row("array of events", json, "[" + good + "]", "400 wrong_type body");
    row("number", json, "7", "400 wrong_type body");
    row("string", json, "\"x\"", "400 wrong_type body");
    row("one quote missing", json, R"({"event_id:"e"})", "400 malformed_json body");
    row("cut off", json, good.substr(0, good.size() - 1), "400 malformed_json body");
    row("trailing text", json, good + "x", "400 malformed_json body");
    row("two documents", json, good + good, "400 malformed_json body");
    row("trailing comma", json, oneEvent({}, {}, ","), "400 malformed_json body");
    row("line comment", json, good + "// so", "400 malformed_json body");
    row("block comment", json, "/* so */" + good, "400 malformed_json body");
    row("single quotes", json, "{'event_id':'e'}", "400 malformed_json body");
    row("depth 33", json, oneEvent({}, {}, ",\"x\":" + repeated("[", 32) + repeated("]", 32)),
        "400 too_deep body");
    row("depth 32", json, oneEvent({}, {}, ",\"x\":" + repeated("[", 31) + repeated("]", 31)),
        "400 unknown_field x");
    row("depth 600", json, repeated("[", 600) + repeated("]", 600), "400 too_deep body");
    row("depth 100,000", json, repeated("{\"a\":", 100'000) + "1" + repeated("}", 100'000),
        "400 too_deep body");
    std::string keys;
    for (int i = 0; i < 10'000; ++i)
        keys += ",\"k" + std::to_string(i) + "\":1";
    row("10,000 keys", json, oneEvent({}, {}, keys), "400 unknown_field k0");
    row("a key of 7 MB", json, "{" + quoted(std::string(7'000'000, 'k')) + ":1}",
        "400 unknown_field " + std::string(128, 'k'));
}

void batchRows(std::vector<BodyRow>& rows)
{
    const Adder row{rows};
    row("batch of none", json, R"({"events":[]})", "400 empty_batch events");
    row("batch of 1,001", json, batchOf(1'001), "400 too_many_items events");
    row("batch of 1,000", json, batchOf(1'000), "taken");
    row("batch of null", json, R"({"events":null})", "400 wrong_type events");
    row("batch an object", json, R"({"events":{}})", "400 wrong_type events");
    row("batch twice", json, R"({"events":[],"events":[]})", "400 duplicate_key events");
    row("batch and more", json, R"({"events":[{}],"dry_run":true})", "400 unknown_field dry_run");
    row("batch not first", json, R"({"more":1,"events":[]})", "400 unknown_field more");
    row("batch cut off", json, R"({"events":[{})", "400 malformed_json body");
    row("batch with BOM", json, "\xEF\xBB\xBF" + batchOf(1), "400 malformed_json body");
    row("batch of invalid UTF-8", json, "{\"events\":[" + oneEvent("event_id", "\"\xC0\xAF\"") + "]}",
        "400 invalid_utf8 body");
    row("UTF-16", json, std::string("\xFF\xFE{\0}\0", 6), "400 invalid_utf8 body");
}

void mediaRows(std::vector<BodyRow>& rows)
{
    const Adder row{rows};
    const std::string good = oneEvent();
    row("no media type", "-", good, "415 unsupported_media_type Content-Type");
    row("two media types", "twice application/json", good, "415 unsupported_media_type Content-Type");
    row("text", "text/plain", good, "415 unsupported_media_type Content-Type");
    row("form", "application/x-www-form-urlencoded", good, "415 unsupported_media_type Content-Type");
    row("charset utf-16", "application/json; charset=utf-16", good,
        "415 unsupported_media_type Content-Type");
    row("lines, latin1", "application/x-ndjson; charset=iso-8859-1", good,
        "415 unsupported_media_type Content-Type");
    row("structured suffix", "application/problem+json", good, "415 unsupported_media_type Content-Type");
    row("charset utf-8", "application/json; charset=UTF-8", good, "taken");
}

void lineRows(std::vector<BodyRow>& rows)
{
    const Adder row{rows};
    row("no lines", lines, "", "400 empty_batch body");
    row("blank lines", lines, "\n\n", "400 empty_batch body");
    row("1,001 lines", lines, linesOf(1'001), "400 too_many_items body");
    row("1,000 lines", lines, linesOf(1'000), "taken");
}

void cloudRows(std::vector<BodyRow>& rows)
{
    const Adder row{rows};
    const std::string good = oneEvent();
    row("CloudEvent empty", cloud, "", "400 malformed_json body");
    row("CloudEvent a list", cloud, "[" + cloudEvent() + "]", "400 wrong_type body");
    row("CloudEvent in our form", cloud, good, "400 unknown_field event_id");
    row("CloudEvent with our name", cloud, cloudEvent(R"(,"tenant_id":"other")"),
        "400 unknown_field tenant_id");
    row("CloudEvent twice its type", cloud, cloudEvent(R"(,"type":"x")"), "400 duplicate_key type");
    row("CloudEvent taken", cloud, cloudEvent(R"(,"region":"eu")"), "taken");
    row("CloudEvents none", cloudBatch, "[]", "400 empty_batch body");
    row("CloudEvents one", cloudBatch, cloudEvent(), "400 wrong_type body");
    row("CloudEvents cut off", cloudBatch, "[" + cloudEvent(), "400 malformed_json body");
    row("CloudEvents taken", cloudBatch, "[" + cloudEvent() + "," + cloudEvent() + "]", "taken");
}

void keyRows(std::vector<EventRow>& rows)
{
    const Adder row{rows};
    const std::string good = oneEvent();
    for (const char* name : {"event_id", "tenant_id", "metric_type", "value", "timestamp"}) {
        row(std::string("without ") + name, oneEvent(name, ""), std::string("missing_field ") + name, good);
        row(std::string("null ") + name, oneEvent(name, "null"), std::string("missing_field ") + name, good);
        row(std::string("list as ") + name, oneEvent(name, "[]"), std::string("wrong_type ") + name, good);
        row(std::string("true as ") + name, oneEvent(name, "true"), std::string("wrong_type ") + name, good);
    }
    row("same key, same value", oneEvent({}, {}, R"(,"value":"1")"), "duplicate_key value", good);
    row("same key, other value", oneEvent({}, {}, R"(,"value":"2")"), "duplicate_key value", good);
    row("same key, escaped", oneEvent({}, {}, R"(,"v\u0061lue":"2")"), "duplicate_key value", good);
    row("same tenant key", oneEvent({}, {}, R"(,"tenant_id":"other")"), "duplicate_key tenant_id", good);
    row("dimensions twice", oneEvent({}, {}, R"(,"dimensions":{},"dimensions":{})"),
        "duplicate_key dimensions", oneEvent({}, {}, R"(,"dimensions":{})"));
    row("dimension twice, escaped", oneEvent({}, {}, R"(,"dimensions":{"a":"1","\u0061":"1"})"),
        "duplicate_key dimensions.a", oneEvent({}, {}, R"(,"dimensions":{"a":"1","b":"1"})"));
    for (const char* unknown :
         {"__proto__", "constructor", "Event_id", "EVENT_ID", "tenantId", "role", "price", "id", "settle_no",
          "position", "currency", "amount", "received_at", "event_id "})
        row(std::string("unknown ") + unknown, oneEvent({}, {}, std::string(",\"") + unknown + "\":\"1\""),
            std::string("unknown_field ") + unknown, good);
}

void numberRows(std::vector<EventRow>& rows)
{
    const Adder row{rows};
    for (const char* text :
         {"1e309", "-1e309", "1e-400", "1e2", "1E2", "18446744073709551616.", "1234567890123456789",
          "0.1234567890123", "9999999999999999999999999999999999999999",
          "0.1000000000000000055511151231257827"})
        if (std::string(text).back() != '.')
            row(std::string("number ") + text, oneEvent("value", text), "invalid_decimal value",
                oneEvent("value", "123456789012345678.123456789012"));
    for (const char* text : {"",
                             " 1",
                             "1 ",
                             "+1",
                             ".5",
                             "1.",
                             "1,5",
                             "1e2",
                             "NaN",
                             "Infinity",
                             "-Infinity",
                             "0x10",
                             "1_000",
                             "--1",
                             "1.2.3",
                             "\xD9\xA1",
                             "\xEF\xBC\x91",
                             "1\\u0000",
                             "9223372036854775808",
                             "18446744073709551616",
                             "0.0000000000001",
                             "null",
                             "1/3",
                             "1'000"})
        row(std::string("text ") + text, oneEvent("value", quoted(text)), "invalid_decimal value",
            oneEvent("value", R"("0.000000000001")"));
    row("minus one", oneEvent("value", "-1"), "negative_quantity value", oneEvent("value", "0"));
    row("minus, text", oneEvent("value", R"("-0.000000000001")"), "negative_quantity value",
        oneEvent("value", R"("-0")"));
    row("2^53 and a half too long", oneEvent("value", "9007199254740993.1234567890123"),
        "invalid_decimal value", oneEvent("value", "9007199254740993"));
}

void timeRows(std::vector<EventRow>& rows)
{
    const Adder row{rows};
    const std::string good = oneEvent();
    for (const char* text :
         {"", "2026-09-15", "2026-09-15T11:00:00", "2026-09-15 11:00:00Z", "2026-09-15T11:00Z",
          "2026-09-15T11:00:60Z", "2026-09-15T23:59:60Z", "2026-09-15T24:00:00Z", "2026-02-30T00:00:00Z",
          "2100-02-29T00:00:00Z", "10000-01-01T00:00:00Z", "2026-09-15T11:00:00+24:00",
          "2026-09-15T11:00:00+0200", "2026-09-15T11:00:00.Z", "2026-09-15T11:00:00,5Z", "1789470000",
          "2026-09-15T11:00:00Z ", "2026-09-15T11:00:00Z\\u0000", "now"})
        row(std::string("time ") + text, oneEvent("timestamp", quoted(text)), "invalid_timestamp timestamp",
            oneEvent("timestamp", R"("2026-09-15t11:00:00.123456789z")"));
    row("epoch as a number", oneEvent("timestamp", "1789470000"), "wrong_type timestamp", good);
    row("five minutes ahead and more", oneEvent("timestamp", R"("2026-09-15T12:05:00.000001Z")"),
        "timestamp_in_future timestamp", oneEvent("timestamp", R"("2026-09-15T12:05:00Z")"));
    row("2038", oneEvent("timestamp", R"("2038-01-19T03:14:08Z")"), "timestamp_in_future timestamp", good);
    row("9999", oneEvent("timestamp", R"("9999-12-31T23:59:59Z")"), "timestamp_in_future timestamp", good);
    row("35 days old and more", oneEvent("timestamp", R"("2026-08-11T11:59:59.999999Z")"),
        "timestamp_too_old timestamp", oneEvent("timestamp", R"("2026-08-11T12:00:00Z")"));
    row("epoch 0", oneEvent("timestamp", R"("1970-01-01T00:00:00Z")"), "beyond_retention timestamp",
        oneEvent("timestamp", R"("2026-09-15T11:00:00-00:00")"));
    row("1969", oneEvent("timestamp", R"("1969-12-31T23:59:59Z")"), "beyond_retention timestamp",
        oneEvent("timestamp", R"("2026-09-16T01:00:00+14:00")"));
}

void textRows(std::vector<EventRow>& rows)
{
    const Adder row{rows};
    const std::string good = oneEvent();
    for (const char* text : {"\\ud800", "\\udc00", "\\ud800x", "\\u00", "\\x41", "a\nb", "a\x01"})
        row(std::string("escape ") + text, oneEvent("event_id", quoted(text)), "malformed_json body",
            oneEvent("event_id", R"("%ID%\ud83d\ude00")"));
    row("NUL", oneEvent("event_id", R"("a\u0000b")"), "invalid_value event_id",
        oneEvent("event_id", R"("%ID%\u00e9")"));
    row("control character", oneEvent("event_id", R"("a\u0007b")"), "invalid_character event_id",
        oneEvent("event_id", R"("%ID% b")"));
    row("direction override", oneEvent({}, {}, R"(,"source":"\u202egnp.exe")"), "invalid_character source",
        oneEvent({}, {}, R"(,"source":"\u05e9\u05dc\u05d5\u05dd")"));
    row("zero width space", oneEvent({}, {}, R"(,"dimensions":{"region":"e\u200bu"})"),
        "invalid_character dimensions.region", oneEvent({}, {}, R"(,"dimensions":{"region":"e\u00a0u"})"));
    row("empty id", oneEvent("event_id", R"("")"), "invalid_value event_id", good);
    row("id of 257 bytes", oneEvent("event_id", quoted(std::string(257, 'x'))), "too_long event_id",
        oneEvent("event_id", quoted(std::string(256, 'x'))));
    row("source of 129 bytes", oneEvent({}, {}, ",\"source\":" + quoted(std::string(129, 'x'))),
        "too_long source", oneEvent({}, {}, ",\"source\":" + quoted(std::string(128, 'x'))));
    row("combining bomb", oneEvent({}, {}, R"(,"dimensions":{"a":"e)" + repeated("\xCC\x81", 10'000) + "\"}"),
        "too_long dimensions.a",
        oneEvent({}, {}, R"(,"dimensions":{"a":"e)" + repeated("\xCC\x81", 8) + "\"}"));
    row("combining marks", oneEvent({}, {}, R"(,"dimensions":{"a":"e)" + repeated("\xCC\x81", 9) + "\"}"),
        "invalid_character dimensions.a", oneEvent({}, {}, R"(,"dimensions":{"a":"e\u0301"})"));
    row("dimension name cut in a character",
        oneEvent({}, {}, R"(,"dimensions":{"a)" + repeated("\xC3\xA9", 40) + R"(":"1"})"),
        "too_long dimensions.a" + repeated("\xC3\xA9", 31), oneEvent({}, {}, R"(,"dimensions":{"a_1":"1"})"));
    row("dimension in capitals", oneEvent({}, {}, R"(,"dimensions":{"Region":"eu"})"),
        "invalid_value dimensions.Region", oneEvent({}, {}, R"(,"dimensions":{"region":"EU"})"));
    row("dimension empty", oneEvent({}, {}, R"(,"dimensions":{"region":""})"),
        "invalid_value dimensions.region", oneEvent({}, {}, R"(,"dimensions":{"region":" "})"));
    row("dimension a number", oneEvent({}, {}, R"(,"dimensions":{"shard":1})"), "wrong_type dimensions.shard",
        oneEvent({}, {}, R"(,"dimensions":{"shard":"1"})"));
    row("metric in capitals", oneEvent("metric_type", R"("Api_request")"), "invalid_value metric_type", good);
    row("metric look-alike", oneEvent("metric_type", "\"\xD0\xB0pi_request\""), "invalid_value metric_type",
        good);
    row("metric unknown", oneEvent("metric_type", R"("smiles")"), "unknown_metric metric_type", good);
    row("metric of 65", oneEvent("metric_type", quoted(std::string(65, 'm'))), "too_long metric_type", good);
    row("dimension of the meter missing", oneEvent("metric_type", R"("compute_time")"),
        "missing_dimension dimensions.kind",
        oneEvent("metric_type", R"("compute_time")", R"(,"dimensions":{"kind":"cpu"})"));
    std::string many;
    for (int i = 0; i < 17; ++i)
        many += (i > 0 ? ",\"d" : "\"d") + std::to_string(i) + "\":\"1\"";
    row("17 dimensions", oneEvent({}, {}, ",\"dimensions\":{" + many + "}"), "too_many_items dimensions",
        oneEvent({}, {}, R"(,"dimensions":null)"));
}

void tenantRows(std::vector<EventRow>& rows)
{
    const Adder row{rows};
    const std::string good = oneEvent();
    for (const char* text : {"", "ab", "../../etc", "..%2f", "%00", "acme%00", "*", "ACME", "Acme", "acme ",
                             " acme", "a_b", "acme/other", "acme'--", "1 OR 1=1", "\xD0\xB0\xD1\x81me",
                             "\xEF\xBD\x81\xEF\xBD\x83\xEF\xBD\x8D\xEF\xBD\x85", "acme\\u0000", "acme\\n"})
        row(std::string("tenant ") + text, oneEvent("tenant_id", quoted(text)), "invalid_tenant_id tenant_id",
            good);
    row("tenant of 41", oneEvent("tenant_id", quoted(std::string(41, 'a'))), "invalid_tenant_id tenant_id",
        good);
    row("tenant of 300", oneEvent("tenant_id", quoted(std::string(300, 'a'))), "invalid_tenant_id tenant_id",
        good);
    for (const char* text : {"current", "batch", "corrections", "bundles"})
        row(std::string("tenant ") + text, oneEvent("tenant_id", quoted(text)),
            "reserved_tenant_id tenant_id", good);
    row("no such tenant", oneEvent("tenant_id", R"("nobody")"), "unknown_tenant tenant_id", good);
    row("another's tenant", oneEvent("tenant_id", R"("hidden")"), "unknown_tenant tenant_id",
        oneEvent("tenant_id", R"("other")"));
}

} // namespace

std::vector<BodyRow> bodyRows()
{
    std::vector<BodyRow> rows;
    structureRows(rows);
    batchRows(rows);
    mediaRows(rows);
    lineRows(rows);
    cloudRows(rows);
    return rows;
}

std::vector<EventRow> eventRows()
{
    std::vector<EventRow> rows;
    keyRows(rows);
    numberRows(rows);
    timeRows(rows);
    textRows(rows);
    tenantRows(rows);
    return rows;
}

} // namespace billing::test
