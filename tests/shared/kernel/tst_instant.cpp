// Instants: RFC 3339 with an offset and nothing else; microseconds, floored; what can be read can be written.
#include "shared/kernel/instant.h"

#include "tests/support/printing.h"

#include <QTest>

#include <limits>

using namespace billing;
using namespace std::chrono_literals;

namespace {

Instant instant(std::string_view text)
{
    return Instant::parse(text).value();
}

} // namespace

class TestInstant : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refused_data();
    void refused();
    void accepted_data();
    void accepted();
    void arithmetic();
    void hour_data();
    void hour();
    void rangeIsHalfOpen();
};

void TestInstant::refused_data()
{
    QTest::addColumn<std::string>("text");
    const auto row = [](const char* name, std::string text) { QTest::newRow(name) << std::move(text); };
    row("empty", "");
    row("date alone", "2026-03-01");
    row("no offset", "2026-03-01T00:00:00");
    row("no offset, padded", "2026-03-01T00:00:00.0");
    row("milliseconds since the epoch", "1772323200000");
    row("space for T", "2026-03-01 00:00:00Z");
    row("space before", " 2026-03-01T00:00:00Z");
    row("space behind", "2026-03-01T00:00:00Z ");
    row("NUL behind", std::string("2026-03-01T00:00:00Z\0", 21));
    row("no seconds", "2026-03-01T00:00Z");
    row("24:00", "2026-03-01T24:00:00Z");
    row("minute 60", "2026-03-01T00:60:00Z");
    row("leap second", "2026-06-30T23:59:60Z");
    row("30 February", "2026-02-30T00:00:00Z");
    row("29 February 2100", "2100-02-29T00:00:00Z");
    row("month 13", "2026-13-01T00:00:00Z");
    row("year 0", "0000-12-31T23:59:59Z");
    row("year 10000", "10000-01-01T00:00:00Z");
    row("sign and year", "+2026-03-01T00:00:00Z");
    row("+24:00", "2026-03-01T00:00:00+24:00");
    row("offset minute 60", "2026-03-01T00:00:00+01:60");
    row("offset without colon", "2026-03-01T00:00:00+0100");
    row("offset hours only", "2026-03-01T00:00:00+01");
    row("zone name", "2026-03-01T00:00:00 UTC");
    row("point without digits", "2026-03-01T00:00:00.Z");
    row("comma", "2026-03-01T00:00:00,5Z");
    row("33 fractional digits", "2026-03-01T00:00:00." + std::string(33, '0') + "Z");
    row("one digit hour", "2026-03-01T0:00:000Z");
    row("minus in the clock", "2026-03-01T-1:00:00Z");
    row("full-width digit", "2026-03-01T00:00:0\xef\xbc\x91Z");
    row("before year 1 in UTC", "0001-01-01T00:00:00+00:01");
    row("after year 9999 in UTC", "9999-12-31T23:59:59-00:01");
}

void TestInstant::refused()
{
    QFETCH(std::string, text);
    const auto parsed = Instant::parse(text);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, ErrorCode::InvalidTimestamp);
}

void TestInstant::accepted_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<qint64>("micros");
    QTest::addColumn<std::string>("written");
    const auto row = [](const char* text, qint64 micros, const char* written) {
        QTest::newRow(text) << std::string(text) << micros << std::string(written);
    };
    row("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z");
    row("1969-12-31T23:59:59.999999Z", -1, "1969-12-31T23:59:59.999999Z");
    row("1969-12-31T23:59:59.9999999Z", -1, "1969-12-31T23:59:59.999999Z"); // floored, not rounded
    row("2038-01-19T03:14:08Z", 2147483648'000000, "2038-01-19T03:14:08Z");
    row("2023-11-16T18:15:46.6805900Z", 1700158546'680590, "2023-11-16T18:15:46.68059Z");
    row("2023-11-16T18:15:46.680590123456789Z", 1700158546'680590, "2023-11-16T18:15:46.68059Z");
    row("2026-03-01t00:00:00z", 1772323200'000000, "2026-03-01T00:00:00Z");
    row("2026-03-01T00:00:00.5Z", 1772323200'500000, "2026-03-01T00:00:00.5Z");
    row("2026-03-01T00:00:00.000001Z", 1772323200'000001, "2026-03-01T00:00:00.000001Z");
    row("2026-03-01T14:00:00+14:00", 1772323200'000000, "2026-03-01T00:00:00Z");
    row("2026-02-28T19:00:00-05:00", 1772323200'000000, "2026-03-01T00:00:00Z");
    row("2026-03-01T05:45:00+05:45", 1772323200'000000, "2026-03-01T00:00:00Z");
    row("2026-03-01T00:00:00-00:00", 1772323200'000000, "2026-03-01T00:00:00Z");
    row("2026-03-01T23:59:00+23:59", 1772323200'000000, "2026-03-01T00:00:00Z");
    row("2024-02-29T23:59:59.999999Z", 1709251199'999999, "2024-02-29T23:59:59.999999Z");
    row("0001-01-01T00:00:00Z", -62135596800'000000, "0001-01-01T00:00:00Z");
    row("9999-12-31T23:59:59.999999Z", 253402300799'999999, "9999-12-31T23:59:59.999999Z");
}

void TestInstant::accepted()
{
    QFETCH(std::string, text);
    QFETCH(qint64, micros);
    QFETCH(std::string, written);
    const auto parsed = Instant::parse(text);
    QVERIFY(parsed);
    QCOMPARE(static_cast<qint64>(parsed->micros()), micros);
    QCOMPARE(parsed->toText(), written);
    QVERIFY(instant(written) == *parsed);
}

void TestInstant::arithmetic()
{
    const Instant noon = instant("2026-03-01T12:00:00Z");
    QCOMPARE(noon.plus(36h).toText(), "2026-03-03T00:00:00Z");
    // What cannot be written is written as the first or the last that can.
    QCOMPARE(Instant::fromMicros(-62135596800'000001).toText(), "0001-01-01T00:00:00Z");
    QCOMPARE(Instant::fromMicros(253402300800'000000).toText(), "9999-12-31T23:59:59.999999Z");
    QCOMPARE(Instant::fromMicros(std::numeric_limits<std::int64_t>::min()).toText(), "0001-01-01T00:00:00Z");
    QCOMPARE(Instant::fromMicros(std::numeric_limits<std::int64_t>::max()).toText(),
             "9999-12-31T23:59:59.999999Z");
    QCOMPARE(noon.minus(1us).toText(), "2026-03-01T11:59:59.999999Z");
    QVERIFY(noon.plus(5s).since(noon) == 5s);
    QVERIFY(noon.since(noon.plus(5s)) == -5s);
    QVERIFY(noon < noon.plus(1us));
}

void TestInstant::hour_data()
{
    QTest::addColumn<std::string>("hour");
    QTest::newRow("2026-03-01T12:00:00Z") << std::string("2026-03-01T12:00:00Z");
    QTest::newRow("2026-03-01T12:59:59.999999Z") << std::string("2026-03-01T12:00:00Z");
    QTest::newRow("1970-01-01T00:00:00Z") << std::string("1970-01-01T00:00:00Z");
    QTest::newRow("1969-12-31T23:59:59.999999Z") << std::string("1969-12-31T23:00:00Z");
    QTest::newRow("1969-12-31T23:00:00Z") << std::string("1969-12-31T23:00:00Z");
}

void TestInstant::hour()
{
    QFETCH(std::string, hour);
    QCOMPARE(instant(QTest::currentDataTag()).hour().toText(), hour);
}

void TestInstant::rangeIsHalfOpen()
{
    const InstantRange day{instant("2026-03-01T00:00:00Z"), instant("2026-03-02T00:00:00Z")};
    QVERIFY(!day.contains(day.start.minus(1us)));
    QVERIFY(day.contains(day.start));
    QVERIFY(day.contains(day.end.minus(1us)));
    QVERIFY(!day.contains(day.end));
}

QTEST_APPLESS_MAIN(TestInstant)

#include "tst_instant.moc"
