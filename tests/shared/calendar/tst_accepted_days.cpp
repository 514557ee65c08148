// The band of days and instants that are accepted from outside, edge by edge.
#include "shared/calendar/accepted_days.h"

#include <QTest>

using namespace billing;

class TestAcceptedDays : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void days_data();
    void days();
    void instants_data();
    void instants();
    void refusalsNameTheFieldAndTheBand();
};

void TestAcceptedDays::days_data()
{
    QTest::addColumn<bool>("asDay");
    QTest::addColumn<bool>("asEnd");
    QTest::newRow("0001-01-01") << false << false;
    QTest::newRow("1582-10-15") << false << false;
    QTest::newRow("1899-12-31") << false << false;
    QTest::newRow("1900-01-01") << true << true;
    QTest::newRow("1924-01-01") << true << true;
    QTest::newRow("1969-12-31") << true << true;
    QTest::newRow("2026-09-15") << true << true;
    QTest::newRow("2999-12-31") << true << true;
    QTest::newRow("3000-01-01") << false << true;
    QTest::newRow("3000-01-02") << false << false;
    QTest::newRow("9998-12-31") << false << false;
    QTest::newRow("9999-12-31") << false << false;
}

void TestAcceptedDays::days()
{
    QFETCH(const bool, asDay);
    QFETCH(const bool, asEnd);
    const LocalDate day = LocalDate::parse(QTest::currentDataTag()).value();
    QCOMPARE(acceptedDay(day, "from").has_value(), asDay);
    QCOMPARE(acceptedEndDay(day, "to").has_value(), asEnd);
}

void TestAcceptedDays::instants_data()
{
    QTest::addColumn<bool>("accepted");
    QTest::newRow("0001-01-01T00:00:00Z") << false;
    QTest::newRow("1899-12-31T23:59:59.999999Z") << false;
    QTest::newRow("1900-01-01T00:00:00Z") << true;
    QTest::newRow("2999-12-31T23:59:59.999999Z") << true;
    QTest::newRow("3000-01-01T00:00:00Z") << true;
    QTest::newRow("3000-01-01T00:00:00.000001Z") << false;
    QTest::newRow("9999-12-31T23:59:59.999999Z") << false;
}

void TestAcceptedDays::instants()
{
    QFETCH(const bool, accepted);
    QCOMPARE(acceptedInstant(Instant::parse(QTest::currentDataTag()).value(), "from").has_value(), accepted);
}

void TestAcceptedDays::refusalsNameTheFieldAndTheBand()
{
    const auto day = acceptedDay(LocalDate::parse("3000-01-01").value(), "starts_on");
    QCOMPARE(toText(day.error()), std::string("invalid_date: starts_on (expected 1900-01-01 to 2999-12-31)"));
    const auto instant = acceptedInstant(Instant::parse("9999-12-31T00:00:00Z").value(), "to");
    QCOMPARE(instant.error().code, ErrorCode::InvalidTimestamp);
    QCOMPARE(instant.error().subject, std::string("to"));
}

QTEST_APPLESS_MAIN(TestAcceptedDays)
#include "tst_accepted_days.moc"
