// Goal: a local day starts at its first existing instant, whatever a zone's clocks did that night.
// Method: names that are not zones, then nights known from the IANA database, then both directions over every
// day of 60 years in zones with odd habits.
#include "shared/calendar/time_zone.h"

#include <QTest>
#include <QTimeZone>

using namespace billing;

class TimeZoneTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void findsNames_data();
    void findsNames();
    void dayStarts_data();
    void dayStarts();
    void dateOf_data();
    void dateOf();
    void theEdgesOfTheCalendar();
    void daysFollowEachOther_data();
    void daysFollowEachOther();
};

void TimeZoneTest::refuses_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char* name : {"",
                             "Europe/Atlantis",
                             "europe/berlin",
                             "Europe/Berlin ",
                             " UTC",
                             "Europe/",
                             "/Europe/Berlin",
                             "Europe",
                             "../../etc/hostname",
                             "Europe/../Europe/Berlin",
                             "right/Europe/Berlin",
                             "posix/Europe/Berlin",
                             "UTC+01:00",
                             "UTC+3",
                             "CET-1CEST",
                             "CET",
                             "+01:00",
                             "zone.tab",
                             "localtime",
                             "Europe//Berlin"})
        QTest::newRow(*name ? name : "empty") << QByteArray(name);
    QTest::newRow("a zero byte") << QByteArray("Europe/Ber\0lin", 14);
    QTest::newRow("endless") << QByteArray("Europe/") + QByteArray(100'000, 'x');
}

void TimeZoneTest::refuses()
{
    QFETCH(QByteArray, name);
    const auto zone = TimeZone::find({name.data(), static_cast<std::size_t>(name.size())});
    QVERIFY(!zone);
    QCOMPARE(zone.error().code, ErrorCode::UnknownTimeZone);
}

void TimeZoneTest::findsNames_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char* name : {"UTC", "Etc/UTC", "Etc/GMT+5", "Europe/Berlin", "America/Argentina/Buenos_Aires",
                             "America/Port-au-Prince", "Asia/Calcutta"})
        QTest::newRow(name) << QByteArray(name);
}

void TimeZoneTest::findsNames()
{
    QFETCH(QByteArray, name);
    QVERIFY(TimeZone::find(name.constData()).has_value());
}

void TimeZoneTest::dayStarts_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("day");
    QTest::addColumn<QByteArray>("start");
    const auto row = [](const char* what, const char* name, const char* day, const char* start) {
        QTest::newRow(what) << QByteArray(name) << QByteArray(day) << QByteArray(start);
    };
    row("UTC", "UTC", "2024-02-29", "2024-02-29T00:00:00Z");
    row("before 1970", "UTC", "1969-12-31", "1969-12-31T00:00:00Z");
    row("Berlin winter", "Europe/Berlin", "2023-12-01", "2023-11-30T23:00:00Z");
    row("Berlin summer", "Europe/Berlin", "2023-07-01", "2023-06-30T22:00:00Z");
    row("Berlin, the night clocks go forward", "Europe/Berlin", "2023-03-26", "2023-03-25T23:00:00Z");
    row("Berlin, the day after", "Europe/Berlin", "2023-03-27", "2023-03-26T22:00:00Z");
    row("Berlin, the night clocks go back", "Europe/Berlin", "2023-10-29", "2023-10-28T22:00:00Z");
    row("Berlin, the day after that", "Europe/Berlin", "2023-10-30", "2023-10-29T23:00:00Z");
    row("Berlin by rule, 2050", "Europe/Berlin", "2050-07-01", "2050-06-30T22:00:00Z");
    row("Mexico City, last summer time", "America/Mexico_City", "2022-10-30", "2022-10-30T05:00:00Z");
    row("Mexico City, the day after", "America/Mexico_City", "2022-10-31", "2022-10-31T06:00:00Z");
    row("Mexico City, no summer time since", "America/Mexico_City", "2023-07-01", "2023-07-01T06:00:00Z");
    row("Kathmandu, a quarter hour", "Asia/Kathmandu", "2023-11-01", "2023-10-31T18:15:00Z");
    row("Sao Paulo, midnight skipped", "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z");
    row("Sao Paulo, the day before", "America/Sao_Paulo", "2018-11-03", "2018-11-03T03:00:00Z");
    row("Sao Paulo, 23 to 24 h twice", "America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z");
    row("Sao Paulo, that day begins", "America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00Z");
    row("Havana, midnight twice", "America/Havana", "2023-11-05", "2023-11-05T04:00:00Z");
    row("St. John's, 00:01 back to 23:01", "America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z");
    row("Apia, a day that never was", "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z");
    row("Apia, the day after it", "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z");
    row("Apia, the day before it", "Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z");
    row("Apia, the year after", "Pacific/Apia", "2012-01-01", "2011-12-31T10:00:00Z");
}

void TimeZoneTest::dayStarts()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, day);
    QFETCH(QByteArray, start);
    const auto zone = TimeZone::find(name.constData());
    QVERIFY(zone.has_value());
    QCOMPARE(zone->startOfDay(*LocalDate::parse(day.constData())).toText(), start.toStdString());
}

void TimeZoneTest::dateOf_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("at");
    QTest::addColumn<QByteArray>("day");
    const auto row = [](const char* name, const char* at, const char* day) {
        QTest::addRow("%s %s", name, at) << QByteArray(name) << QByteArray(at) << QByteArray(day);
    };
    row("UTC", "2023-10-31T23:59:59.999999Z", "2023-10-31");
    row("UTC", "1969-12-31T23:59:59.999999Z", "1969-12-31");
    row("Europe/Berlin", "2023-10-31T22:59:59.999999Z", "2023-10-31");
    row("Europe/Berlin", "2023-10-31T23:00:00Z", "2023-11-01");
    row("America/Sao_Paulo", "2018-11-04T02:59:59.999999Z", "2018-11-03");
    row("America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-04");
    row("Pacific/Apia", "2011-12-30T09:59:59.999999Z", "2011-12-29");
    row("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31");
    row("Pacific/Kiritimati", "9999-12-31T23:59:59Z", "9999-12-31");
    row("America/Los_Angeles", "0001-01-01T00:00:00Z", "0001-01-01");
}

void TimeZoneTest::dateOf()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, at);
    QFETCH(QByteArray, day);
    const auto zone = TimeZone::find(name.constData());
    QVERIFY(zone.has_value());
    QCOMPARE(zone->dateOf(*Instant::parse(at.constData())).toText(), day.toStdString());
}

void TimeZoneTest::theEdgesOfTheCalendar()
{
    const LocalDate first = *LocalDate::create(1, 1, 1);
    const LocalDate last = *LocalDate::create(9999, 12, 31);
    int zones = 0;
    for (const QByteArray& name : QTimeZone::availableTimeZoneIds()) {
        const auto zone = TimeZone::find(name.constData());
        if (!zone)
            continue;
        ++zones;
        const Instant start = zone->startOfDay(first);
        const Instant end = zone->startOfDay(last.plusDays(1));
        for (const Instant at :
             {start, end, start.minus(std::chrono::hours(48)), end.plus(std::chrono::hours(48))}) {
            QVERIFY(zone->dateOf(at) >= first && zone->dateOf(at) <= last);
            QVERIFY(Instant::parse(at.toText()).has_value());
        }
        QCOMPARE(zone->dateOf(zone->startOfDay(last)).toText(), last.toText());
    }
    QVERIFY(zones > 300);
}

void TimeZoneTest::daysFollowEachOther_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char* name :
         {"UTC", "Europe/Berlin", "America/Sao_Paulo", "America/Mexico_City", "Asia/Kathmandu",
          "Pacific/Apia", "America/St_Johns", "America/Havana", "Africa/Casablanca"})
        QTest::newRow(name) << QByteArray(name);
}

void TimeZoneTest::daysFollowEachOther()
{
    QFETCH(QByteArray, name);
    const auto zone = TimeZone::find(name.constData());
    QVERIFY(zone.has_value());
    const LocalDate missing = *LocalDate::create(2011, 12, 30);
    LocalDate day = *LocalDate::create(1980, 1, 1);
    Instant start = zone->startOfDay(day);
    while (day.year() < 2040) {
        const LocalDate next = day.plusDays(1);
        const Instant end = zone->startOfDay(next);
        if (name == "Pacific/Apia" && day == missing) {
            QCOMPARE(start.micros(), end.micros());
        } else {
            QVERIFY2(start < end, day.toText().c_str());
            QCOMPARE(zone->dateOf(start).toText(), day.toText());
            QVERIFY2(zone->dateOf(start.minus(Duration(1))) < day, day.toText().c_str());
        }
        day = next;
        start = end;
    }
}

QTEST_APPLESS_MAIN(TimeZoneTest)
#include "tst_time_zone.moc"
