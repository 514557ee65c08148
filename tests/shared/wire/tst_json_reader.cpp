// Strict JSON: what is no JSON, ambiguous or too deep is refused by its own code; what is left is read as
// written. Tables, refusals first.
// Tests: json_reader.cpp json_text.cpp
#include "shared/wire/json_reader.h"
#include "shared/wire/json_text.h"

#include <QTest>

using namespace billing;
using namespace billing::wire;
using namespace std::string_literals;

namespace {

std::string nested(int depth)
{
    return std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
}

std::string marks(int count)
{
    std::string text;
    while (count-- > 0)
        text += "\xCC\x81";
    return text;
}

std::string manyKeys(int count, const std::string& last)
{
    std::string text = "{";
    for (int key = 0; key < count; ++key)
        text += "\"k" + std::to_string(key) + "\":1,";
    return text + '"' + last + "\":1}";
}

void row(const char* name, const std::string& text, ErrorCode code)
{
    QTest::newRow(name) << QByteArray(text.data(), static_cast<qsizetype>(text.size())) << int(code);
}

std::string bytes(const QByteArray& array)
{
    return {array.constData(), static_cast<std::size_t>(array.size())};
}

} // namespace

class TestJsonReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesText_data();
    void refusesText();
    void refusalsComeInOrder_data();
    void refusalsComeInOrder();
    void acceptsText_data();
    void acceptsText();
    void namesTheDuplicate();
    void keepsNumbersAsWritten();
    void numberGrammar_data();
    void numberGrammar();
    void readerRefuses_data();
    void readerRefuses();
    void readerReadsEveryType();
    void readerTakesNullForAbsent();
    void readerKeepsTheFirstRefusal();
    void readerNamesPaths();
};

void TestJsonReader::refusesText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    const auto malformed = [](const char* name, const std::string& text) {
        row(name, text, ErrorCode::MalformedJson);
    };
    malformed("empty", "");
    malformed("blank", " \n\t ");
    malformed("missing quote", R"({"a":"b})");
    malformed("missing brace", R"({"a":1)");
    malformed("missing bracket", R"({"a":[1})");
    malformed("missing inner brace", R"([{"a":1])");
    malformed("closing only", "]");
    malformed("closed twice", "{}}");
    malformed("two documents", "{}{}");
    malformed("two arrays, escaping the reader's wrapping", "1],[2");
    malformed("two elements, escaping the reader's wrapping", "1,2");
    malformed("trailing text", "{} x");
    malformed("trailing comma in an object", R"({"a":1,})");
    malformed("trailing comma in an array", "[1,]");
    malformed("leading comma", "[,1]");
    malformed("no comma in an object", R"({"a":1 "b":2})");
    malformed("no comma in an array", "[1 2]");
    malformed("no colon", R"({"a" 1})");
    malformed("comment", "{/* a */}");
    malformed("line comment", "{} // a");
    malformed("unquoted key", "{a:1}");
    malformed("number as key", "{1:1}");
    malformed("single quotes", "{'a':1}");
    malformed("value missing", R"({"a":})");
    malformed("byte order mark", "\xEF\xBB\xBF{}");
    malformed("control character in a string", "[\"a\nb\"]");
    malformed("NUL byte", std::string("[\"a\0b\"]", 7));
    malformed("NUL between", std::string("[1,\0 2]", 7));
    malformed("NUL escape", R"(["a\u0000b"])");
    malformed("NUL escape in a key", R"({"a\u0000b":1})");
    malformed("unknown escape", R"(["\x41"])");
    malformed("short escape", R"(["\u12"])");
    malformed("lone high surrogate", R"(["\ud800"])");
    malformed("lone low surrogate", R"(["\udc00"])");
    malformed("surrogates swapped", R"(["\udc00\ud800"])");
    malformed("Infinity", "[Infinity]");
    malformed("NaN", "[NaN]");
    malformed("half a literal", "[tru]");
    malformed("literal and more", "[truex]");
    malformed("literal in capitals", "[True]");
    malformed("undefined", "[undefined]");
    malformed("leading zero", "[01]");
    malformed("plus", "[+1]");
    malformed("no integer digits", "[.5]");
    malformed("no fraction digits", "[1.]");
    malformed("hexadecimal", "[0x1F]");
    malformed("comma for a point is two items", R"({"a":1,5})");
    malformed("minus alone", "[-]");
    malformed("full-width digit", "[\xEF\xBC\x91]");
    malformed("UTF-16", std::string("{\0}\0", 4));

    row("overlong slash", "[\"\xC0\xAF\"]", ErrorCode::InvalidUtf8);
    row("surrogate in UTF-8", "[\"\xED\xA0\x80\"]", ErrorCode::InvalidUtf8);
    row("beyond Unicode", "[\"\xF5\x80\x80\x80\"]", ErrorCode::InvalidUtf8);
    row("cut sequence", "[\"\xE2\x82\"]", ErrorCode::InvalidUtf8);

    row("depth 33", nested(33), ErrorCode::TooDeep);
    row("depth 600", nested(600), ErrorCode::TooDeep);
    row("depth 100,000", nested(100'000), ErrorCode::TooDeep);
    row("depth 33 behind a string with brackets", R"(["]]]]\"]]]",)" + nested(32) + "]", ErrorCode::TooDeep);

    row("duplicate key", R"({"a":1,"b":2,"a":1})", ErrorCode::DuplicateKey);
    row("duplicate key, escaped", R"({"a":1,"\u0061":1})", ErrorCode::DuplicateKey);
    row("duplicate key, deeper", R"({"x":[{"a":1,"a":2}]})", ErrorCode::DuplicateKey);
    row("duplicate empty key", R"({"":1,"":1})", ErrorCode::DuplicateKey);
    row("duplicate among 10,000", manyKeys(10'000, "k7777"), ErrorCode::DuplicateKey);
}

void TestJsonReader::refusesText()
{
    QFETCH(QByteArray, text);
    QFETCH(int, code);
    const auto document = JsonDocument::parse(bytes(text));
    QVERIFY(!document);
    QCOMPARE(int(document.error().code), code);
}

void TestJsonReader::refusalsComeInOrder_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    row("UTF-8 before depth", "\xC0\xAF" + nested(40), ErrorCode::InvalidUtf8);
    row("depth before grammar", std::string(100'000, '['), ErrorCode::TooDeep);
    row("grammar before duplicates", R"({"a":1,"a":2)", ErrorCode::MalformedJson);
    row("grammar behind duplicates", R"([{"a":1,"a":2},x])", ErrorCode::MalformedJson);
}

void TestJsonReader::refusalsComeInOrder()
{
    refusesText();
}

void TestJsonReader::acceptsText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("kind");
    const auto accepted = [](const char* name, const std::string& text, JsonKind kind) {
        QTest::newRow(name) << QByteArray(text.data(), static_cast<qsizetype>(text.size())) << int(kind);
    };
    accepted("null", "null", JsonKind::Null);
    accepted("true with spaces", " true\r\n", JsonKind::Bool);
    accepted("number", "-0", JsonKind::Number);
    accepted("number with spaces", "\t12.50 ", JsonKind::Number);
    accepted("string", R"("\ud83d\ude00 \u00e9 \\ \" \/ \b\f\n\r\t")", JsonKind::String);
    accepted("empty array", "[]", JsonKind::Array);
    accepted("empty object", "{ }", JsonKind::Object);
    accepted("depth 32", nested(32), JsonKind::Array);
    accepted("brackets in a string are no depth", "\"" + std::string(100, '[') + "\"", JsonKind::String);
    accepted("keys differing in case", R"({"a":1,"A":1})", JsonKind::Object);
    accepted("same key in two objects", R"([{"a":1},{"a":1}])", JsonKind::Array);
    accepted("a prototype is a key", R"({"__proto__":{}})", JsonKind::Object);
    accepted("10,001 keys", manyKeys(10'000, "last"), JsonKind::Object);
    accepted("a long key", "{\"" + std::string(1 << 20, 'k') + "\":1}", JsonKind::Object);
    accepted("combining characters", "\"e" + marks(10'000) + "\"", JsonKind::String);
}

void TestJsonReader::acceptsText()
{
    QFETCH(QByteArray, text);
    QFETCH(int, kind);
    const auto document = JsonDocument::parse(bytes(text));
    QVERIFY(document.has_value());
    QCOMPARE(int(document->root().kind()), kind);
}

void TestJsonReader::namesTheDuplicate()
{
    QCOMPARE(JsonDocument::parse(R"({"one":1,"t\u0077o":1,"two":2})").error().subject, "two");
}

void TestJsonReader::keepsNumbersAsWritten()
{
    const std::vector<std::string> written{"9007199254740993",
                                           "18446744073709551616",
                                           "1234567890123456789012345678901234567890",
                                           "0.1000000000000000055511151231257827021181",
                                           "1e309",
                                           "-1E-400",
                                           "1.0"};
    std::string text;
    for (const std::string& number : written)
        text += (text.empty() ? "[" : " , ") + number;
    const auto document = JsonDocument::parse(text + "\n]");
    QVERIFY(document.has_value());
    for (std::size_t index = 0; index < written.size(); ++index)
        QCOMPARE(document->root().items().at(index).text(), written[index]);
}

void TestJsonReader::numberGrammar_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<bool>("number");
    for (const char* token : {"0", "-0", "10", "1.50", "1e2", "1E+2", "1e-2", "-1.5e10", "0.0", "0e0"})
        QTest::newRow(token) << QByteArray(token) << true;
    for (const char* token : {"",    "-",   "+1", "01", "-01", "00",    ".5",  "1.",    "1.e2", "1e",
                              "1e+", "1,5", "1 ", " 1", "0x1", "1_000", "--1", "1.5.5", "e5",   "1f"})
        QTest::newRow(token) << QByteArray(token) << false;
}

void TestJsonReader::numberGrammar()
{
    QFETCH(QByteArray, token);
    QTEST(isJsonNumber(bytes(token)), "number");
}

void TestJsonReader::readerRefuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("subject");
    const auto refused = [](const char* name, const char* text, ErrorCode code, const char* subject) {
        QTest::newRow(name) << QByteArray(text) << int(code) << QByteArray(subject);
    };
    refused("not an object", "[]", ErrorCode::WrongType, "body");
    refused("missing", "{}", ErrorCode::MissingField, "s");
    refused("null is missing", R"({"s":null})", ErrorCode::MissingField, "s");
    refused("number for a string", R"({"s":1})", ErrorCode::WrongType, "s");
    refused("string for an integer", R"({"s":"","i":"1"})", ErrorCode::WrongType, "i");
    refused("fraction for an integer", R"({"s":"","i":1.5})", ErrorCode::InvalidValue, "i");
    refused("exponent for an integer", R"({"s":"","i":1e2})", ErrorCode::InvalidValue, "i");
    refused("2^63 for an integer", R"({"s":"","i":9223372036854775808})", ErrorCode::InvalidValue, "i");
    refused("string for a boolean", R"({"s":"","b":"true"})", ErrorCode::WrongType, "b");
    refused("boolean for a decimal", R"({"s":"","d":true})", ErrorCode::WrongType, "d");
    refused("exponent for a decimal", R"({"s":"","d":1e2})", ErrorCode::InvalidDecimal, "d");
    refused("13 decimals", R"({"s":"","d":"0.1234567890123"})", ErrorCode::InvalidDecimal, "d");
    refused("no date", R"({"s":"","day":"2023-02-29"})", ErrorCode::InvalidDate, "day");
    refused("number for a date", R"({"s":"","day":20230201})", ErrorCode::WrongType, "day");
    refused("instant without offset", R"({"s":"","at":"2023-02-01T00:00:00"})", ErrorCode::InvalidTimestamp,
            "at");
    refused("number among strings", R"({"s":"","list":["a",1]})", ErrorCode::WrongType, "list[1]");
    refused("object for strings", R"({"s":"","list":{}})", ErrorCode::WrongType, "list");
    refused("array for an object", R"({"s":"","o":[]})", ErrorCode::WrongType, "o");
    refused("unknown", R"({"s":"","role":"admin"})", ErrorCode::UnknownField, "role");
    refused("other case", R"({"s":"","S":""})", ErrorCode::UnknownField, "S");
    refused("unknown, null", R"({"s":"","price":null})", ErrorCode::UnknownField, "price");
}

void TestJsonReader::readerRefuses()
{
    QFETCH(QByteArray, text);
    QFETCH(int, code);
    QFETCH(QByteArray, subject);
    const auto document = JsonDocument::parse(bytes(text));
    QVERIFY(document.has_value());
    ObjectReader reader(document->root());
    reader.requiredString("s");
    reader.optionalInteger("i", 0);
    reader.optionalBool("b", false);
    reader.optionalDecimal("d");
    reader.optionalDate("day");
    reader.optionalInstant("at");
    reader.optionalStrings("list");
    reader.optionalObject("o");
    const auto finished = reader.finish();
    QVERIFY(!finished);
    QCOMPARE(int(finished.error().code), code);
    QCOMPARE(finished.error().subject, bytes(subject));
}

void TestJsonReader::readerReadsEveryType()
{
    const auto document = JsonDocument::parse(
        R"({"s":"a","i":-9223372036854775808,"b":true,"d":"1.5","n":2.50,"day":"2024-02-29",
            "at":"2023-11-16T18:15:46.6805900Z","list":["x","y"],"o":{"k":1},"a":[1,2]})");
    QVERIFY(document.has_value());
    ObjectReader reader(document->root());
    QVERIFY(reader.has("s") && !reader.has("t"));
    QCOMPARE(reader.requiredString("s"), "a");
    QCOMPARE(reader.requiredInteger("i"), std::numeric_limits<std::int64_t>::min());
    QVERIFY(reader.optionalBool("b", false));
    QCOMPARE(reader.requiredDecimal("d").toText(), "1.5");
    QCOMPARE(reader.requiredDecimal("n").toText(), "2.5");
    QCOMPARE(reader.requiredDate("day").toText(), "2024-02-29");
    QCOMPARE(reader.requiredInstant("at").toText(), "2023-11-16T18:15:46.68059Z");
    QCOMPARE(reader.optionalStrings("list"), (std::vector<std::string>{"x", "y"}));
    QCOMPARE(reader.requiredObject("o")->members().front().name, "k");
    QCOMPARE(reader.requiredArray("a")->items().size(), 2u);
    QVERIFY(reader.finish().has_value());
}

void TestJsonReader::readerTakesNullForAbsent()
{
    const auto document = JsonDocument::parse(R"({"s":null,"i":null,"day":null,"o":null})");
    ObjectReader reader(document->root());
    QCOMPARE(reader.optionalString("s", "otherwise"), "otherwise");
    QCOMPARE(reader.optionalInteger("i", 7), 7);
    QVERIFY(!reader.optionalDate("day"));
    QVERIFY(!reader.optionalObject("o"));
    QVERIFY(!reader.optionalArray("never there"));
    QVERIFY(reader.finish().has_value());
}

void TestJsonReader::readerKeepsTheFirstRefusal()
{
    const auto document = JsonDocument::parse(R"({"unknown":1})");
    ObjectReader reader(document->root(), "lines[3]");
    QCOMPARE(reader.requiredDate("day"), LocalDate::fromDaysSinceEpoch(0));
    QCOMPARE(reader.requiredDecimal("d"), Decimal());
    reader.refuse(ErrorCode::TooLong, "other");
    QCOMPARE(int(reader.finish().error().code), int(ErrorCode::MissingField));
    QCOMPARE(reader.finish().error().subject, "lines[3].day");
}

void TestJsonReader::readerNamesPaths()
{
    const auto document = JsonDocument::parse(R"({"amount":1})");
    ObjectReader reader(document->root(), "lines[3]");
    QCOMPARE(reader.pathOf("amount"), "lines[3].amount");
    QCOMPARE(reader.finish().error().subject, "lines[3].amount");
    QCOMPARE(ObjectReader(document->root()).pathOf("amount"), "amount");
}

QTEST_APPLESS_MAIN(TestJsonReader)
#include "tst_json_reader.moc"
