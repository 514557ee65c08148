// How many periods would be billed at once: by table, and for every day around edges the same as counting
// them one by one.
#include "server/subscriptions/periods_due.h"

#include "shared/calendar/billing_periods.h"

#include <QTest>

using namespace billing;

class TestPeriodsDue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void counts_data();
    void counts();
    void isWhatCountingOneByOneFinds();
    void theDayIsTheSubscriptionsOwn();
};

namespace {

LocalDate day(std::string_view text)
{
    return LocalDate::parse(text).value();
}

Subscription subscription(const char* startsOn, const char* billFrom, const char* endsOn)
{
    Subscription made{.id = SubscriptionId("sub_1"),
                      .tenant = TenantId("nova"),
                      .plan = PlanCode("lite"),
                      .planVersion = 1,
                      .currency = Currency::parse("EUR").value(),
                      .timeZone = "Europe/Berlin",
                      .startsOn = day(startsOn),
                      .billFrom = day(billFrom)};
    if (*endsOn != 0)
        made.endsOn = day(endsOn);
    return made;
}

} // namespace

void TestPeriodsDue::counts_data()
{
    QTest::addColumn<QByteArray>("startsOn");
    QTest::addColumn<QByteArray>("billFrom");
    QTest::addColumn<QByteArray>("endsOn");
    QTest::addColumn<bool>("isYearly");
    QTest::addColumn<QByteArray>("due");
    const auto row = [](const char* name, const char* startsOn, const char* billFrom, const char* due,
                        const char* endsOn = "", bool isYearly = false) {
        QTest::newRow(name) << QByteArray(startsOn) << QByteArray(billFrom) << QByteArray(endsOn) << isYearly
                            << QByteArray(due);
    };
    // Today is 2026-09-15.
    row("a century of months", "1924-08-01", "1924-08-01", "1225 1924-08-01 2026-09-01");
    row("since year 1", "0001-01-01", "0001-01-01", "24308 0001-01-01 2026-09-01");
    row("a century of years", "1924-09-15", "1924-09-15", "102 1924-09-15 2026-09-15", "", true);
    row("a year that is not over", "2025-09-16", "2025-09-16", "0", "", true);
    row("one that is over today", "2026-08-15", "2026-08-15", "1 2026-08-15 2026-09-15");
    row("one that is over tomorrow", "2026-08-16", "2026-08-16", "0");
    row("this period", "2020-01-01", "2026-09-01", "0");
    row("from within a period", "2026-01-01", "2026-05-20", "3 2026-06-01 2026-09-01");
    row("from within the last", "2026-01-01", "2026-08-20", "0");
    row("the 31st", "2026-01-31", "2026-01-31", "7 2026-01-31 2026-08-31");
    row("today", "2026-09-15", "2026-09-15", "0");
    row("ahead", "2026-12-01", "2026-12-01", "0");
    row("billed from far ahead", "2020-01-01", "9999-12-31", "0");
    row("ended within a period", "2026-01-01", "2026-06-01", "2 2026-06-01 2026-07-10", "2026-07-10");
    row("ended at a period's end", "2026-01-01", "2026-06-01", "1 2026-06-01 2026-07-01", "2026-07-01");
    row("ended before it is billed", "2026-01-01", "2026-08-01", "0", "2026-07-01");
    row("ends today", "2026-01-01", "2026-08-01", "2 2026-08-01 2026-09-15", "2026-09-15");
    row("ends tomorrow", "2026-01-01", "2026-08-01", "1 2026-08-01 2026-09-01", "2026-09-16");
    row("ended, billed from within the last", "2026-01-01", "2026-07-05", "0", "2026-07-10");
}

void TestPeriodsDue::counts()
{
    QFETCH(QByteArray, startsOn);
    QFETCH(QByteArray, billFrom);
    QFETCH(QByteArray, endsOn);
    QFETCH(bool, isYearly);
    QFETCH(QByteArray, due);
    const PeriodsDue found =
        periodsDue(subscription(startsOn.constData(), billFrom.constData(), endsOn.constData()),
                   isYearly ? Interval::Year : Interval::Month, day("2026-09-15"));
    std::string text = std::to_string(found.count);
    if (found.firstDay)
        text += " " + found.firstDay->toText() + " " + found.endDay->toText();
    QCOMPARE(text, due.toStdString());
}

void TestPeriodsDue::isWhatCountingOneByOneFinds()
{
    for (const char* startsOn : {"2022-01-31", "2022-02-28", "2020-02-29", "2022-12-01"})
        for (const Interval interval : {Interval::Month, Interval::Year})
            for (int shift = 0; shift < 900; shift += 7)
                for (const char* endsOn : {"", "2023-03-01", "2024-02-29"}) {
                    Subscription of = subscription(startsOn, startsOn, endsOn);
                    of.billFrom = of.startsOn.plusDays(shift / 2);
                    const LocalDate today = of.startsOn.plusDays(shift);
                    std::int64_t count = 0;
                    auto period = periodContaining(of, interval, of.billFrom);
                    if (period && period->firstDay < of.billFrom)
                        period = nextPeriod(of, interval, *period);
                    for (; period && period->endDay <= today; period = nextPeriod(of, interval, *period))
                        ++count;
                    if (periodsDue(of, interval, today).count != count)
                        QFAIL((std::string(startsOn) + " " + of.billFrom.toText() + " " + today.toText() +
                               " " + endsOn)
                                  .c_str());
                }
}

void TestPeriodsDue::theDayIsTheSubscriptionsOwn()
{
    Catalog catalog;
    PlanVersion plan{.code = PlanCode("lite"), .name = "Lite"};
    catalog.plans.push_back(plan);
    Subscription of = subscription("2026-08-15", "2026-08-15", "");
    const Instant lateInBerlin = Instant::parse("2026-09-14T22:00:00Z").value(); // midnight there
    QCOMPARE(periodsDue(of, catalog, lateInBerlin)->count, 1);
    QCOMPARE(periodsDue(of, catalog, lateInBerlin.minus(Duration(1)))->count, 0);
    of.timeZone = "Mars/Utopia";
    QCOMPARE(periodsDue(of, catalog, lateInBerlin).error().code, ErrorCode::UnknownTimeZone);
    of.planVersion = 2;
    QCOMPARE(periodsDue(of, catalog, lateInBerlin).error().code, ErrorCode::UnknownPlan);
}

QTEST_APPLESS_MAIN(TestPeriodsDue)
#include "tst_periods_due.moc"
