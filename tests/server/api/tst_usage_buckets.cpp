// Spans of time cut where local days and months start, whatever the clocks there did.
#include "server/api/usage_buckets.h"

#include "shared/calendar/time_zone.h"
#include "tests/support/printing.h"

#include <QTimeZone>

using namespace billing;
using wire::Granularity;
using Text = std::optional<std::string>;

class TestUsageBuckets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesRanges_data();
    void refusesRanges();
    void datesStartInTheZone();
    void edges_data();
    void edges();
    void bucketsLieEdgeToEdge_data();
    void bucketsLieEdgeToEdge();
    void theEdgesOfTime_data();
    void theEdgesOfTime();
    void everyZoneAtTheEdges();
    void aMonthThatBeganBefore();
    void atMostTwoThousand();
};

namespace {

InstantRange range(const std::string& from, const std::string& to, std::string_view zone = "UTC")
{
    return api::rangeOf(from, to, zone).value();
}

} // namespace

void TestUsageBuckets::refusesRanges_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("refusal");
    QTest::newRow("no from") << QString() << "2026-09-02"
                             << "missing_field: from";
    QTest::newRow("no to") << "2026-09-01" << QString() << "missing_field: to";
    QTest::newRow("no date") << "september"
                             << "2026-09-02"
                             << "invalid_timestamp: from";
    QTest::newRow("no such day") << "2026-09-01"
                                 << "2026-09-31"
                                 << "invalid_timestamp: to";
    QTest::newRow("without offset") << "2026-09-01T00:00:00"
                                    << "2026-09-02"
                                    << "invalid_timestamp: from";
    QTest::newRow("empty span") << "2026-09-01"
                                << "2026-09-01"
                                << "invalid_value: to (must be after from)";
    QTest::newRow("backwards") << "2026-09-02"
                               << "2026-09-01"
                               << "invalid_value: to (must be after from)";
}

void TestUsageBuckets::refusesRanges()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(QString, refusal);
    const auto text = [](const QString& value) {
        return value.isNull() ? Text() : Text(value.toStdString());
    };
    const auto read = api::rangeOf(text(from), text(to), "UTC");
    QVERIFY(!read);
    QVERIFY2(toText(read.error()).starts_with(refusal.toStdString()), toText(read.error()).c_str());
    QCOMPARE(api::rangeOf("2026-09-01", "2026-09-02", "Mars/Olympus").error().code,
             ErrorCode::UnknownTimeZone);
}

void TestUsageBuckets::datesStartInTheZone()
{
    const InstantRange days = range("2026-09-01", "2026-09-02", "Asia/Kolkata"); // +05:30
    QCOMPARE(days.start.toText(), std::string("2026-08-31T18:30:00Z"));
    QCOMPARE(days.end.toText(), std::string("2026-09-01T18:30:00Z"));
    const InstantRange mixed = range("2026-09-01T00:00:00Z", "2026-09-02", "Europe/Berlin");
    QCOMPARE(mixed.start.toText(), std::string("2026-09-01T00:00:00Z"));
    QCOMPARE(mixed.end.toText(), std::string("2026-09-01T22:00:00Z"));
}

void TestUsageBuckets::edges_data()
{
    QTest::addColumn<QString>("zone");
    QTest::addColumn<int>("granularity");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("edges"); // of every bucket, in order
    const auto row = [](const char* name, const char* zone, Granularity granularity, const char* from,
                        const char* to, const char* edges) {
        QTest::newRow(name) << QString::fromUtf8(zone) << static_cast<int>(granularity)
                            << QString::fromUtf8(from) << QString::fromUtf8(to) << QString::fromUtf8(edges);
    };
    row("total is one", "Europe/Berlin", Granularity::Total, "2026-03-28", "2026-03-31",
        "2026-03-27T23:00:00Z 2026-03-30T22:00:00Z");
    row("hours cut at both ends", "UTC", Granularity::Hour, "2026-09-01T10:30:00Z", "2026-09-01T12:15:00Z",
        "2026-09-01T10:30:00Z 2026-09-01T11:00:00Z 2026-09-01T12:00:00Z 2026-09-01T12:15:00Z");
    row("within one hour", "UTC", Granularity::Hour, "2026-09-01T10:30:00Z", "2026-09-01T10:31:00Z",
        "2026-09-01T10:30:00Z 2026-09-01T10:31:00Z");
    row("days, one of 23 hours", "Europe/Berlin", Granularity::Day, "2026-03-28", "2026-03-31",
        "2026-03-27T23:00:00Z 2026-03-28T23:00:00Z 2026-03-29T22:00:00Z 2026-03-30T22:00:00Z");
    row("days, one of 25 hours", "Europe/Berlin", Granularity::Day, "2026-10-25", "2026-10-27",
        "2026-10-24T22:00:00Z 2026-10-25T23:00:00Z 2026-10-26T23:00:00Z");
    row("days of a half-hour zone", "Asia/Kolkata", Granularity::Day, "2026-09-01", "2026-09-03",
        "2026-08-31T18:30:00Z 2026-09-01T18:30:00Z 2026-09-02T18:30:00Z");
    row("days where the clock moves 30 minutes", "Australia/Lord_Howe", Granularity::Day, "2026-10-03",
        "2026-10-06", "2026-10-02T13:30:00Z 2026-10-03T13:30:00Z 2026-10-04T13:00:00Z 2026-10-05T13:00:00Z");
    row("a day that never was", "Pacific/Apia", Granularity::Day, "2011-12-29", "2012-01-01",
        "2011-12-29T10:00:00Z 2011-12-30T10:00:00Z 2011-12-31T10:00:00Z");
    row("days cut at both ends", "America/New_York", Granularity::Day, "2026-09-01T12:00:00Z",
        "2026-09-02T12:00:00Z", "2026-09-01T12:00:00Z 2026-09-02T04:00:00Z 2026-09-02T12:00:00Z");
    row("months", "Europe/Berlin", Granularity::Month, "2026-01-31", "2026-04-01",
        "2026-01-30T23:00:00Z 2026-01-31T23:00:00Z 2026-02-28T23:00:00Z 2026-03-31T22:00:00Z");
    row("month over the year", "UTC", Granularity::Month, "2026-12-15", "2027-01-02",
        "2026-12-15T00:00:00Z 2027-01-01T00:00:00Z 2027-01-02T00:00:00Z");
}

void TestUsageBuckets::edges()
{
    QFETCH(QString, zone);
    QFETCH(int, granularity);
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(QString, edges);
    const auto buckets = api::bucketsOf(range(from.toStdString(), to.toStdString(), zone.toStdString()),
                                        static_cast<Granularity>(granularity), zone.toStdString());
    QVERIFY(buckets);
    std::string text = buckets->front().start.toText();
    for (const InstantRange& bucket : *buckets)
        text += " " + bucket.end.toText();
    QCOMPARE(text, edges.toStdString());
}

void TestUsageBuckets::bucketsLieEdgeToEdge_data()
{
    QTest::addColumn<QString>("zone");
    for (const char* zone : {"UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia",
                             "Asia/Beirut", "America/St_Johns", "Africa/Casablanca"})
        QTest::newRow(zone) << QString::fromUtf8(zone);
}

void TestUsageBuckets::bucketsLieEdgeToEdge()
{
    QFETCH(QString, zone);
    const InstantRange years{Instant::parse("2009-06-15T07:03:00Z").value(),
                             Instant::parse("2014-06-15T07:03:00Z").value()};
    for (const Granularity granularity : {Granularity::Day, Granularity::Month}) {
        const auto buckets = api::bucketsOf(years, granularity, zone.toStdString()).value();
        QCOMPARE(buckets.front().start, years.start);
        QCOMPARE(buckets.back().end, years.end);
        for (std::size_t i = 0; i < buckets.size(); ++i) {
            QVERIFY(buckets[i].start < buckets[i].end);
            QVERIFY(i == 0 || buckets[i].start == buckets[i - 1].end);
        }
    }
}

void TestUsageBuckets::theEdgesOfTime_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("said"); // of the range, in UTC
    const auto row = [](const char* from, const char* to, const char* said) {
        QTest::addRow("%s %s", from, to)
            << QString::fromUtf8(from) << QString::fromUtf8(to) << QString::fromUtf8(said);
    };
    row("9999-12-31T00:00:00Z", "9999-12-31T12:00:00Z", "invalid_timestamp from");
    row("9999-12-31T00:00:00Z", "9999-12-31T23:59:59.999999Z", "invalid_timestamp from");
    row("0001-01-01", "0001-01-02", "invalid_date from");
    row("0001-01-01T00:00:00Z", "2026-01-01", "invalid_timestamp from");
    row("1582-10-04", "1582-10-15", "invalid_date from");
    row("1899-12-31", "2026-01-01", "invalid_date from");
    row("1899-12-31T23:59:59.999999Z", "2026-01-01", "invalid_timestamp from");
    row("1900-01-01", "1900-01-02", "ok");
    row("1900-01-01T00:00:00Z", "1900-01-02T00:00:00Z", "ok");
    row("2999-12-31", "3000-01-01", "ok");
    row("2999-12-31T23:00:00Z", "3000-01-01T00:00:00Z", "ok");
    row("2999-12-31", "3000-01-02", "invalid_date to");
    row("2999-12-31", "3000-01-01T00:00:00.000001Z", "invalid_timestamp to");
    row("3000-01-01", "3000-01-01", "invalid_date from");
    row("2026-01-01", "9999-12-31", "invalid_date to");
    row("10000-01-01", "2026-01-01", "invalid_timestamp from"); // no date at all
}

void TestUsageBuckets::theEdgesOfTime()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(QString, said);
    const auto read = api::rangeOf(from.toStdString(), to.toStdString(), "UTC");
    const std::string refusal =
        read ? "ok" : std::string(wireName(read.error().code)) + " " + read.error().subject;
    QCOMPARE(refusal, said.toStdString());
}

/// Whatever the zone and the granularity: an answer without gap, or a refusal by name. The ranges are also
/// such as never come in from outside.
void TestUsageBuckets::everyZoneAtTheEdges()
{
    const std::pair<const char*, const char*> spans[] = {
        {"9999-12-31T00:00:00Z", "9999-12-31T12:00:00Z"},
        {"9999-12-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"},
        {"9998-06-15T10:30:00Z", "9999-12-31T23:59:59.999999Z"},
        {"0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z"},
        {"0001-01-01T00:00:00Z", "0003-03-01T00:00:00Z"},
        {"1900-01-01T00:00:00Z", "1900-03-01T00:00:00Z"},
        {"2999-12-01T00:00:00Z", "3000-01-01T00:00:00Z"}};
    int zones = 0;
    for (const QByteArray& zone : QTimeZone::availableTimeZoneIds()) {
        if (!TimeZone::find(zone.constData()))
            continue;
        ++zones;
        for (const auto& [from, to] : spans) {
            const InstantRange span{Instant::parse(from).value(), Instant::parse(to).value()};
            for (const Granularity granularity :
                 {Granularity::Total, Granularity::Hour, Granularity::Day, Granularity::Month}) {
                const auto buckets = api::bucketsOf(span, granularity, zone.constData());
                if (!buckets) {
                    QCOMPARE(buckets.error().code, ErrorCode::RangeTooLarge);
                    continue;
                }
                QVERIFY(buckets->front().start == span.start && buckets->back().end == span.end);
                for (std::size_t i = 0; i < buckets->size(); ++i)
                    QVERIFY((*buckets)[i].start < (*buckets)[i].end &&
                            (i == 0 || (*buckets)[i].start == (*buckets)[i - 1].end));
            }
        }
    }
    QVERIFY(zones > 300);
}

/// St. John's went from 00:01 on 1 November back to 23:01 on 31 October: that hour is November's.
void TestUsageBuckets::aMonthThatBeganBefore()
{
    const auto months = api::bucketsOf(range("2009-11-01T02:45:00Z", "2009-12-15T00:00:00Z"),
                                       Granularity::Month, "America/St_Johns");
    QCOMPARE(months->size(), std::size_t{2});
    QCOMPARE(months->front().end.toText(), std::string("2009-12-01T03:30:00Z"));
    const auto days = api::bucketsOf(range("2009-11-01T02:45:00Z", "2009-11-02T12:00:00Z"), Granularity::Day,
                                     "America/St_Johns");
    QCOMPARE(days->size(), std::size_t{2});
    QCOMPARE(days->front().end.toText(), std::string("2009-11-02T03:30:00Z"));
}

void TestUsageBuckets::atMostTwoThousand()
{
    const Instant start = Instant::parse("2026-01-01T00:00:00Z").value();
    const auto hours = [&](int count) {
        return api::bucketsOf({start, start.plus(std::chrono::hours(count))}, Granularity::Hour, "UTC");
    };
    QCOMPARE(hours(2'000).value().size(), std::size_t{2'000});
    QCOMPARE(hours(2'001).error().code, ErrorCode::RangeTooLarge);
}

QTEST_APPLESS_MAIN(TestUsageBuckets)
#include "tst_usage_buckets.moc"
