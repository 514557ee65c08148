// Goal: every day of a subscription is in exactly one period, and periods start where people expect them.
// Method: refusals, a table of known periods, and tiling as a property over anchors, intervals and zones.
#include "shared/calendar/billing_periods.h"

#include <QTest>

using namespace billing;

namespace {

Subscription subscription(const char* startsOn, const char* zone = "UTC", const char* endsOn = nullptr)
{
    const LocalDate start = *LocalDate::parse(startsOn);
    Subscription result{.id = SubscriptionId("sub_1"),
                        .tenant = TenantId("acme"),
                        .plan = PlanCode("lite"),
                        .currency = *Currency::parse("USD"),
                        .timeZone = zone,
                        .startsOn = start,
                        .billFrom = start};
    if (endsOn)
        result.endsOn = *LocalDate::parse(endsOn);
    return result;
}

LocalDate date(const QByteArray& text)
{
    return *LocalDate::parse(text.constData());
}

} // namespace

class BillingPeriodsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses();
    void refusesWhatIsNoStart_data();
    void refusesWhatIsNoStart();
    void periods_data();
    void periods();
    void instants_data();
    void instants();
    void theEdgesOfTheCalendar_data();
    void theEdgesOfTheCalendar();
    void endCutsTheLastPeriod();
    void tileTime_data();
    void tileTime();
};

void BillingPeriodsTest::refuses()
{
    const LocalDate day = date("2023-11-15");
    const auto code = [&](const Subscription& of, LocalDate at) {
        const auto period = periodContaining(of, Interval::Month, at);
        return period ? ErrorCode::Internal : period.error().code;
    };
    QCOMPARE(code(subscription("2023-11-01", "Mars/Olympus"), date("2023-10-01")),
             ErrorCode::UnknownTimeZone);
    QCOMPARE(code(subscription("2023-11-16"), day), ErrorCode::NoSubscription);
    QCOMPARE(code(subscription("2023-11-01", "UTC", "2023-11-15"), day), ErrorCode::NoSubscription);
    QCOMPARE(code(subscription("2023-11-01"), date("9999-12-31")), ErrorCode::InvalidDate);
    QVERIFY(periodContaining(subscription("2023-11-01"), Interval::Month, date("9999-11-30")).has_value());
    QVERIFY(!periodContaining(subscription("2023-11-01"), Interval::Year, date("9999-11-01")).has_value());
}

void BillingPeriodsTest::refusesWhatIsNoStart_data()
{
    QTest::addColumn<QByteArray>("startsOn");
    QTest::addColumn<QByteArray>("day");
    QTest::newRow("second day") << QByteArray("2023-11-01") << QByteArray("2023-11-02");
    QTest::newRow("last day") << QByteArray("2023-11-01") << QByteArray("2023-11-30");
    QTest::newRow("29 Feb of an anchor 31 is a start, 28 is not")
        << QByteArray("2023-12-31") << QByteArray("2024-02-28");
    QTest::newRow("1st with anchor 15") << QByteArray("2023-11-15") << QByteArray("2023-12-01");
}

void BillingPeriodsTest::refusesWhatIsNoStart()
{
    QFETCH(QByteArray, startsOn);
    QFETCH(QByteArray, day);
    const auto period = periodStartingOn(subscription(startsOn.constData()), Interval::Month, date(day));
    QVERIFY(!period);
    QCOMPARE(period.error().code, ErrorCode::NotABillingPeriod);
}

void BillingPeriodsTest::periods_data()
{
    QTest::addColumn<QByteArray>("startsOn");
    QTest::addColumn<bool>("yearly");
    QTest::addColumn<QByteArray>("day");
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("end");
    QTest::addColumn<int>("days");
    const auto row = [](const char* what, const char* startsOn, bool yearly, const char* day) {
        return &(QTest::newRow(what) << QByteArray(startsOn) << yearly << QByteArray(day));
    };
    const auto expect = [](QTestData* data, const char* first, const char* end, int days) {
        *data << QByteArray(first) << QByteArray(end) << days;
    };
    expect(row("calendar month", "2023-11-01", false, "2023-11-15"), "2023-11-01", "2023-12-01", 30);
    expect(row("its first day", "2023-11-01", false, "2023-12-01"), "2023-12-01", "2024-01-01", 31);
    expect(row("its last day", "2023-11-01", false, "2024-02-29"), "2024-02-01", "2024-03-01", 29);
    expect(row("anchor 15, early in the month", "2023-11-15", false, "2024-01-14"), "2023-12-15",
           "2024-01-15", 31);
    expect(row("anchor 31, first", "2023-01-31", false, "2023-02-27"), "2023-01-31", "2023-02-28", 28);
    expect(row("anchor 31, February", "2023-01-31", false, "2023-02-28"), "2023-02-28", "2023-03-31", 31);
    expect(row("anchor 31, back to 31", "2023-01-31", false, "2023-03-31"), "2023-03-31", "2023-04-30", 30);
    expect(row("anchor 31, leap year", "2023-01-31", false, "2024-02-29"), "2024-02-29", "2024-03-31", 31);
    expect(row("anchor 30, leap February", "2023-11-30", false, "2024-02-28"), "2024-01-30", "2024-02-29",
           30);
    expect(row("anchor 29, short February", "2022-12-29", false, "2023-02-28"), "2023-02-28", "2023-03-29",
           29);
    expect(row("year", "2023-11-01", true, "2024-10-31"), "2023-11-01", "2024-11-01", 366);
    expect(row("next year", "2023-11-01", true, "2024-11-01"), "2024-11-01", "2025-11-01", 365);
    expect(row("year, earlier month", "2023-11-15", true, "2025-03-01"), "2024-11-15", "2025-11-15", 365);
    expect(row("year from 29 February", "2024-02-29", true, "2025-02-27"), "2024-02-29", "2025-02-28", 365);
    expect(row("its second year", "2024-02-29", true, "2025-02-28"), "2025-02-28", "2026-02-28", 365);
    expect(row("its fourth year", "2024-02-29", true, "2028-02-28"), "2027-02-28", "2028-02-29", 366);
    expect(row("leap day again", "2024-02-29", true, "2028-02-29"), "2028-02-29", "2029-02-28", 365);
}

void BillingPeriodsTest::periods()
{
    QFETCH(QByteArray, startsOn);
    QFETCH(bool, yearly);
    QFETCH(QByteArray, day);
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, end);
    QFETCH(int, days);
    const Interval interval = yearly ? Interval::Year : Interval::Month;
    const Subscription of = subscription(startsOn.constData());
    const auto period = periodContaining(of, interval, date(day));
    QVERIFY(period.has_value());
    QCOMPARE(period->firstDay.toText(), first.toStdString());
    QCOMPARE(period->endDay.toText(), end.toStdString());
    QCOMPARE(daysIn(*period), days);
    QVERIFY(*periodStartingOn(of, interval, period->firstDay) == *period);
}

void BillingPeriodsTest::instants_data()
{
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QByteArray>("startsOn");
    QTest::addColumn<QByteArray>("start");
    QTest::addColumn<QByteArray>("end");
    const auto row = [](const char* zone, const char* startsOn, const char* start, const char* end) {
        QTest::newRow(zone) << QByteArray(zone) << QByteArray(startsOn) << QByteArray(start)
                            << QByteArray(end);
    };
    row("UTC", "2023-11-01", "2023-11-01T00:00:00Z", "2023-12-01T00:00:00Z");
    row("Europe/Berlin", "2023-10-01", "2023-09-30T22:00:00Z", "2023-10-31T23:00:00Z");
    row("Asia/Kathmandu", "2023-11-01", "2023-10-31T18:15:00Z", "2023-11-30T18:15:00Z");
    row("America/Mexico_City", "2022-10-01", "2022-10-01T05:00:00Z", "2022-11-01T06:00:00Z");
    row("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", "2018-12-04T02:00:00Z");
    row("Pacific/Apia", "2011-11-30", "2011-11-30T10:00:00Z", "2011-12-30T10:00:00Z");
}

void BillingPeriodsTest::instants()
{
    QFETCH(QByteArray, zone);
    QFETCH(QByteArray, startsOn);
    QFETCH(QByteArray, start);
    QFETCH(QByteArray, end);
    const auto period = periodStartingOn(subscription(startsOn.constData(), zone.constData()),
                                         Interval::Month, date(startsOn));
    QVERIFY(period.has_value());
    QCOMPARE(period->range.start.toText(), start.toStdString());
    QCOMPARE(period->range.end.toText(), end.toStdString());
}

void BillingPeriodsTest::theEdgesOfTheCalendar_data()
{
    QTest::addColumn<QByteArray>("zone");
    for (const char* zone : {"UTC", "Pacific/Kiritimati", "Pacific/Apia", "Etc/GMT+12", "Asia/Kolkata",
                             "America/St_Johns", "Africa/Monrovia", "America/Juneau", "Asia/Manila"})
        QTest::newRow(zone) << QByteArray(zone);
}

/// Answered or refused by name, and what is answered can be written.
void BillingPeriodsTest::theEdgesOfTheCalendar()
{
    QFETCH(QByteArray, zone);
    int answered = 0;
    int refused = 0;
    for (const char* start :
         {"0001-01-01", "0001-01-31", "1582-10-15", "1900-01-01", "1969-12-31", "2999-12-31", "3000-01-01",
          "9998-12-31", "9999-01-01", "9999-11-30", "9999-12-01", "9999-12-31"}) {
        for (const Interval interval : {Interval::Month, Interval::Year}) {
            for (const char* day : {start, "9999-11-30", "9999-12-30", "9999-12-31"}) {
                const auto period =
                    periodContaining(subscription(start, zone.constData()), interval, date(day));
                if (!period) {
                    const ErrorCode code = period.error().code;
                    QVERIFY(code == ErrorCode::InvalidDate || code == ErrorCode::NoSubscription);
                    ++refused;
                    continue;
                }
                ++answered;
                QVERIFY(period->firstDay <= date(day) && date(day) < period->endDay);
                QVERIFY(period->range.start < period->range.end);
                QVERIFY(Instant::parse(period->range.start.toText()).value() == period->range.start);
                QVERIFY(Instant::parse(period->range.end.toText()).value() == period->range.end);
            }
        }
    }
    QVERIFY(answered > 20 && refused > 20);
    const auto first =
        periodContaining(subscription("0001-01-01", zone.constData()), Interval::Month, date("0001-01-01"));
    const bool isWest = TimeZone::find(zone.constData())->startOfDay(date("0001-01-01")) >=
                        Instant::parse("0001-01-01T00:00:00Z").value();
    QCOMPARE(first.has_value(), isWest); // east of Greenwich it begins in year 0
}

void BillingPeriodsTest::endCutsTheLastPeriod()
{
    const Subscription of = subscription("2023-11-01", "UTC", "2023-12-11");
    const auto first = periodStartingOn(of, Interval::Month, date("2023-11-01"));
    QCOMPARE(first->endDay.toText(), std::string("2023-12-01"));
    const auto last = nextPeriod(of, Interval::Month, *first);
    QCOMPARE(last->endDay.toText(), std::string("2023-12-11"));
    QCOMPARE(daysIn(*last), 10);
    const auto none = nextPeriod(of, Interval::Month, *last);
    QVERIFY(!none);
    QCOMPARE(none.error().code, ErrorCode::NoSubscription);
}

void BillingPeriodsTest::tileTime_data()
{
    QTest::addColumn<QByteArray>("zone");
    for (const char* zone : {"UTC", "Europe/Berlin", "America/Sao_Paulo", "America/Mexico_City",
                             "Asia/Kathmandu", "Pacific/Apia"})
        QTest::newRow(zone) << QByteArray(zone);
}

void BillingPeriodsTest::tileTime()
{
    QFETCH(QByteArray, zone);
    for (const Interval interval : {Interval::Month, Interval::Year}) {
        for (LocalDate start = date("2007-12-25"); start < date("2008-03-05"); start = start.plusDays(1)) {
            const Subscription of = subscription(start.toText().c_str(), zone.constData());
            auto period = periodStartingOn(of, interval, start);
            QVERIFY(period.has_value());
            QVERIFY(period->firstDay == start);
            while (period->firstDay < date("2013-01-01")) {
                QVERIFY(period->firstDay < period->endDay);
                QVERIFY(period->range.start < period->range.end);
                QVERIFY(*periodContaining(of, interval, period->endDay.plusDays(-1)) == *period);
                const auto next = nextPeriod(of, interval, *period);
                QVERIFY(next.has_value());
                QVERIFY(next->firstDay == period->endDay);
                QVERIFY(next->range.start == period->range.end);
                period = next;
            }
        }
    }
}

QTEST_APPLESS_MAIN(BillingPeriodsTest)
#include "tst_billing_periods.moc"
