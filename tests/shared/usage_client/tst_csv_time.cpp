// Times as tables and databases spell them: one instant whatever the spelling, and what could be meant in two
// ways is refused by name.
#include "shared/usage_client/csv_time.h"

#include <QTest>

using namespace billing;
using namespace billing::client;

namespace {

TimeReading reading(const QByteArray& how)
{
    TimeReading reading;
    if (const auto format = parseTimeFormat(how.toStdString())) {
        reading.format = *format;
        if (!isCount(*format))
            reading.zone = LocalZone::fixed(0);
    } else if (!how.isEmpty()) {
        reading.zone = LocalZone::find(how.toStdString()).value();
    }
    return reading;
}

} // namespace

class TestCsvTime : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void chooses();
};

void TestCsvTime::reads_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("how");
    QTest::addColumn<QByteArray>("instant");
    const auto reads = [](const char* text, const char* how, const char* instant) {
        QTest::addRow("%s %s", text, how) << QByteArray(text) << QByteArray(how) << QByteArray(instant);
    };
    const char* const noon = "2026-03-01T12:00:00Z";
    for (const char* text : {"2026-03-01T12:00:00Z", "2026-03-01t12:00:00z", "2026-03-01 12:00:00Z",
                             "2026-03-01 12:00:00.000+00:00", "2026-03-01 13:00:00+01:00",
                             "2026-03-01 13:00:00+01", "2026-03-01 13:00:00 +0100", "2026-03-01 12:00:00 UTC",
                             "2026-03-01 12:00:00 GMT", "2026-03-01 12:00Z", " 2026-03-01T12:00:00Z ",
                             "2026-03-01T06:30:00-05:30", "2026-03-01 12:00:00,0Z"})
        reads(text, "", noon);
    reads("2026-03-01 12:00:00", "UTC", noon);
    reads("2026-03-01 14:00:00", "+02:00", noon);
    reads("2026-03-01 13:00:00", "Europe/Berlin", noon);
    reads("2026-07-01 14:00:00", "Europe/Berlin", "2026-07-01T12:00:00Z");
    reads("2026-07-01T14:00:00Z", "Europe/Berlin", "2026-07-01T14:00:00Z");
    reads("2026-03-01 12:00:00.1234567", "UTC", "2026-03-01T12:00:00.123456Z");
    reads("01.03.2026 12:00", "day-first", noon);
    reads("1/3/2026 12:00:00", "day-first", noon);
    reads("01-03-2026T12:00:00.000Z", "day-first", noon);
    reads("1.3.2026, 13:00:00+01:00", "day-first", noon);
    reads("03/01/2026 12:00", "month-first", noon);
    reads("3/1/2026 12:00 PM", "month-first", noon);
    reads("3/1/2026 12:00:00pm", "month-first", noon);
    reads("3/1/2026 12:05 AM", "month-first", "2026-03-01T00:05:00Z");
    reads("3/1/2026 6:15:01.5 PM", "month-first", "2026-03-01T18:15:01.5Z");
    reads("1772366400", "seconds", noon);
    reads("1772366400.5", "seconds", "2026-03-01T12:00:00.5Z");
    reads("1.7723664E9", "seconds", noon);
    reads("1772366400000", "milliseconds", noon);
    reads("1772366400000.25", "milliseconds", "2026-03-01T12:00:00.00025Z");
    reads("1772366400000000", "microseconds", noon);
    reads("1772366400000000999", "nanoseconds", noon);
    reads("-0.0000001", "seconds", "1969-12-31T23:59:59.999999Z");
    reads("0001-01-01T00:00:00Z", "", "0001-01-01T00:00:00Z");
    reads("9999-12-31T23:59:59.999999Z", "", "9999-12-31T23:59:59.999999Z");
}

void TestCsvTime::reads()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, how);
    const auto instant = readTime(text.toStdString(), reading(how));
    QVERIFY2(instant.has_value(), instant ? "" : instant.error().detail.c_str());
    QTEST(QByteArray::fromStdString(instant->toText()), "instant");
}

void TestCsvTime::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("how");
    QTest::addColumn<QByteArray>("why");
    const auto refuses = [](const char* text, const char* how, const char* why) {
        QTest::addRow("%s %s", text, how) << QByteArray(text) << QByteArray(how) << QByteArray(why);
    };
    refuses("", "UTC", "no time");
    refuses("2026-03-01 12:00:00", "", "no zone");
    refuses("2026-03-01", "UTC", "without a time of day");
    refuses("01/02/2026 12:00:00", "UTC", "which is the day");
    refuses("01.02.2026 12:00:00", "UTC", "which is the day");
    refuses("1/2/2026 12:00:00", "UTC", "which is the day");
    refuses("31.02.2026 12:00", "day-first", "no such day");
    refuses("03/31/2026 12:00", "day-first", "no such day");
    refuses("31/03/2026 12:00", "month-first", "no such day");
    refuses("31.03.26 12:00", "day-first", "four digits");
    refuses("31.03/2026 12:00", "day-first", "four digits");
    refuses("2026-03-31 12:00", "day-first", "four digits");
    refuses("31", "day-first", "four digits");
    refuses("", "day-first", "no time");
    refuses("31.03.2026", "day-first", "without a time");
    refuses("3/31/2026 13:00 PM", "month-first", "time of day");
    refuses("3/31/2026 0:00 AM", "month-first", "time of day");
    refuses("3/31/2026 1:00 XM", "month-first", "no offset");
    refuses("20260301T120000Z", "", "expected a date");
    refuses("2026-02-30 12:00:00", "UTC", "expected a date");
    refuses("45230.5", "UTC", "expected a date");
    refuses("Total", "UTC", "expected a date");
    refuses("2026-03-01 24:00:00", "UTC", "time of day");
    refuses("2026-03-01 12:00:60", "UTC", "time of day");
    refuses("2026-03-01 12", "UTC", "time of day");
    refuses("2026-03-01  12:00:00", "UTC", "time of day");
    refuses("2026-03-01 12:00:00.", "UTC", "time of day");
    refuses("2026-03-01 12:00:00 PM", "UTC", "no offset");
    refuses("2026-03-01 12:00:00 CET", "UTC", "no offset");
    refuses("2026-03-01 12:00:00+1", "UTC", "no offset");
    refuses("2026-03-01 12:00:00+24:00", "UTC", "no offset");
    refuses("2026-03-01 12:00:00+01:60", "UTC", "no offset");
    refuses("2026-03-29 02:30:00", "Europe/Berlin", "put forward");
    refuses("2026-10-25 02:30:00", "Europe/Berlin", "there twice");
    refuses("0001-01-01T00:00:00+01:00", "", "outside the years");
    refuses("9999-12-31T23:59:59-01:00", "", "outside the years");
    refuses("2026-03-01T12:00:00Z", "seconds", "expected a number");
    refuses("1772366400000", "seconds", "outside the years");
    refuses("999999999999999999", "milliseconds", "outside the years");
}

void TestCsvTime::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, how);
    QFETCH(QByteArray, why);
    const auto instant = readTime(text.toStdString(), reading(how));
    QVERIFY(!instant);
    QCOMPARE(int(instant.error().code), int(ErrorCode::InvalidTimestamp));
    QVERIFY2(instant.error().detail.find(why.toStdString()) != std::string::npos,
             instant.error().detail.c_str());
}

void TestCsvTime::chooses()
{
    TimeReading which = reading("Europe/Berlin");
    which.ambiguous = Ambiguous::First;
    QCOMPARE(readTime("2026-10-25 02:30:00", which)->toText(), "2026-10-25T00:30:00Z");
    which.ambiguous = Ambiguous::Second;
    QCOMPARE(readTime("2026-10-25 02:30:00", which)->toText(), "2026-10-25T01:30:00Z");
    QVERIFY(!readTime("2026-03-29 02:30:00", which)); // it never was, whichever is chosen
    QVERIFY(!parseTimeFormat("days"));
}

QTEST_APPLESS_MAIN(TestCsvTime)
#include "tst_csv_time.moc"
