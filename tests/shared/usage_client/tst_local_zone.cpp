// Zones of the system's database: the same offsets and local times as Qt finds, far behind the file's last
// listed change too, and no file of any content is believed without being understood.
// Tests: local_zone.cpp zone_rule.cpp
#include "shared/usage_client/local_zone.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/trials.h"

#include <QTest>
#include <QTimeZone>

#include <fstream>
#include <iterator>

using namespace billing;
using namespace billing::client;
using namespace billing::test;

namespace {

constexpr std::int64_t year1960 = -315'619'200;
constexpr std::int64_t year2090 = 3'786'912'000;

std::string bytesOf(const std::string& zone)
{
    std::ifstream file(std::string(LocalZone::systemDirectory) + "/" + zone, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::int64_t wall(const char* text)
{
    return Instant::parse(std::string(text) + "Z")->micros() / 1'000'000;
}

} // namespace

class TestLocalZone : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isLikeQts_data();
    void isLikeQts();
    void readsRulesAlone_data();
    void readsRulesAlone();
    void findsLocalTimes_data();
    void findsLocalTimes();
    void everyInstantIsFoundAgain();
    void refusesNames_data();
    void refusesNames();
    void refusesRules_data();
    void refusesRules();
    void survivesDamage();
};

void TestLocalZone::isLikeQts_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char* name : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
                             "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "Europe/Dublin",
                             "America/Sao_Paulo", "Antarctica/Troll", "Asia/Gaza", "Etc/GMT+5"})
        QTest::newRow(name) << QByteArray(name);
}

void TestLocalZone::isLikeQts()
{
    QFETCH(QByteArray, name);
    const auto zone = LocalZone::find(name.toStdString());
    QVERIFY(zone.has_value());
    const QTimeZone qts(name);
    SeededRandom random(1);
    for (int trial = 0; trial < trials(3'000); ++trial) {
        const std::int64_t at = year1960 + static_cast<std::int64_t>(
                                               random.below(static_cast<std::uint64_t>(year2090 - year1960)));
        QCOMPARE(zone->offsetAt(at),
                 std::int64_t{qts.offsetFromUtc(QDateTime::fromSecsSinceEpoch(at, Qt::UTC))});
    }
}

void TestLocalZone::readsRulesAlone_data()
{
    QTest::addColumn<QByteArray>("rule");
    QTest::addColumn<QByteArray>("utc");
    QTest::addColumn<qint64>("offset");
    const auto row = [](const char* rule, const char* utc, qint64 offset) {
        QTest::addRow("%s %s", rule, utc) << QByteArray(rule) << QByteArray(utc) << offset;
    };
    row("UTC0", "2040-07-01T00:00:00", 0);
    row("<+0530>-5:30", "2040-07-01T00:00:00", 19'800);
    row("CET-1CEST,M3.5.0,M10.5.0/3", "2040-03-25T00:59:59", 3'600);
    row("CET-1CEST,M3.5.0,M10.5.0/3", "2040-03-25T01:00:00", 7'200);
    row("CET-1CEST,M3.5.0,M10.5.0/3", "2040-10-28T00:59:59", 7'200);
    row("CET-1CEST,M3.5.0,M10.5.0/3", "2040-10-28T01:00:00", 3'600);
    row("EST5EDT,M3.2.0,M11.1.0", "2040-03-11T07:00:00", -14'400);
    row("AEST-10AEDT,M10.1.0,M4.1.0/3", "2040-01-01T00:00:00", 39'600); // south of the equator
    row("AEST-10AEDT,M10.1.0,M4.1.0/3", "2040-07-01T00:00:00", 36'000);
    row("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2040-03-25T00:59:59", -7'200); // 23:00 of the day before
    row("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2040-03-25T01:00:00", -3'600);
    row("XXX3EDT4,0/0,J365/23", "2040-06-01T00:00:00", -14'400); // summer all year, as RFC 8536 writes it
    row("XXX3EDT4,0/0,J365/23", "2040-01-01T03:30:00", -14'400);
    row("A0B,J60,J61", "2040-02-29T12:00:00", 0);
    row("AAA0BBB,J60,J61", "2040-03-01T12:00:00", 3'600); // J60 is 1 March in a leap year too
    row("AAA0BBB,59,61", "2040-02-29T12:00:00", 3'600);   // 59 is 29 February in one
}

void TestLocalZone::readsRulesAlone()
{
    QFETCH(QByteArray, rule);
    QFETCH(QByteArray, utc);
    QFETCH(qint64, offset);
    const auto parsed = ZoneRule::parse(rule.toStdString());
    if (rule.startsWith("A0B")) { // names have three letters at least
        QVERIFY(!parsed);
        return;
    }
    QVERIFY(parsed.has_value());
    QCOMPARE(parsed->offsetAt(wall(utc.constData())), offset);
}

void TestLocalZone::findsLocalTimes_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("local");
    QTest::addColumn<QByteArray>("first"); ///< empty: it never was
    QTest::addColumn<QByteArray>("second");
    const auto row = [](const char* name, const char* local, const char* first, const char* second) {
        QTest::addRow("%s %s", name, local)
            << QByteArray(name) << QByteArray(local) << QByteArray(first) << QByteArray(second);
    };
    row("UTC", "2026-10-25T02:30:00", "2026-10-25T02:30:00", "2026-10-25T02:30:00");
    row("-03:30", "2026-10-25T02:30:00", "2026-10-25T06:00:00", "2026-10-25T06:00:00");
    row("Europe/Berlin", "2026-10-25T01:59:59", "2026-10-24T23:59:59", "2026-10-24T23:59:59");
    row("Europe/Berlin", "2026-10-25T02:00:00", "2026-10-25T00:00:00", "2026-10-25T01:00:00");
    row("Europe/Berlin", "2026-10-25T02:59:59", "2026-10-25T00:59:59", "2026-10-25T01:59:59");
    row("Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00", "2026-10-25T02:00:00");
    row("Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59", "2026-03-29T00:59:59");
    row("Europe/Berlin", "2026-03-29T02:00:00", "", "");
    row("Europe/Berlin", "2026-03-29T02:59:59", "", "");
    row("Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00", "2026-03-29T01:00:00");
    row("Europe/Berlin", "2060-10-31T02:30:00", "2060-10-31T00:30:00", "2060-10-31T01:30:00");
    row("Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00", "2026-04-04T15:15:00");
    row("America/Sao_Paulo", "2018-11-04T00:30:00", "", "");
    row("Pacific/Apia", "2011-12-30T12:00:00", "", ""); // a whole day that never was
    row("Pacific/Apia", "2011-12-31T00:00:00", "2011-12-30T10:00:00", "2011-12-30T10:00:00");
    row("Asia/Manila", "1844-12-31T12:00:00", "", "");
}

void TestLocalZone::findsLocalTimes()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, local);
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, second);
    const LocalZone zone = LocalZone::find(name.toStdString()).value();
    const std::int64_t at = wall(local.constData());
    const auto refusing = zone.toUtc(at, Ambiguous::Refuse);
    QCOMPARE(refusing.has_value(), !first.isEmpty() && first == second);
    if (first.isEmpty()) {
        QVERIFY(!zone.toUtc(at, Ambiguous::First) && !zone.toUtc(at, Ambiguous::Second));
        QVERIFY(refusing.error().detail.find("put forward") != std::string::npos);
        return;
    }
    QCOMPARE(zone.toUtc(at, Ambiguous::First).value(), wall(first.constData()));
    QCOMPARE(zone.toUtc(at, Ambiguous::Second).value(), wall(second.constData()));
}

void TestLocalZone::everyInstantIsFoundAgain()
{
    SeededRandom random(2);
    for (const char* name :
         {"Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "America/St_Johns"}) {
        const LocalZone zone = LocalZone::find(name).value();
        for (int trial = 0; trial < trials(2'000); ++trial) {
            const std::int64_t at =
                year1960 +
                static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(year2090 - year1960)));
            const std::int64_t local = at + zone.offsetAt(at);
            const auto first = zone.toUtc(local, Ambiguous::First);
            const auto second = zone.toUtc(local, Ambiguous::Second);
            QVERIFY(first && second && (*first == at || *second == at));
        }
    }
}

void TestLocalZone::refusesNames_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char* name : {"", "Europe", "Europe/", "/etc/localtime", "../zoneinfo/UTC", "Europe/../UTC",
                             "Europe/Nowhere", "zone.tab", "leapseconds", "+25:00", "+2", "+02:60", "CEST?"})
        QTest::newRow(name) << QByteArray(name);
    QTest::newRow("counts leap seconds") << QByteArray("right/Europe/Berlin");
}

void TestLocalZone::refusesNames()
{
    QFETCH(QByteArray, name);
    const auto zone = LocalZone::find(name.toStdString());
    QVERIFY(!zone);
    QCOMPARE(int(zone.error().code), int(ErrorCode::UnknownTimeZone));
    // Its twin is one.
    QVERIFY(LocalZone::find("Europe/Berlin").has_value());
}

void TestLocalZone::refusesRules_data()
{
    QTest::addColumn<QByteArray>("rule");
    for (const char* rule :
         {"", "CET", "C1", "CET-", "CET-25", "CET-1CEST", "CET-1CEST,", "CET-1CEST,M3.5.0",
          "CET-1CEST,M0.5.0,M10.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
          "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/168", "CET-1CEST,M3.5.0,M10.5.0x",
          "CET-1CEST,J0,J365", "CET-1CEST,366,1", "<+03-3", "CET-1:60"})
        QTest::newRow(rule) << QByteArray(rule);
}

void TestLocalZone::refusesRules()
{
    QFETCH(QByteArray, rule);
    QVERIFY(!ZoneRule::parse(rule.toStdString()));
}

void TestLocalZone::survivesDamage()
{
    const std::string whole = bytesOf("Europe/Berlin");
    QVERIFY(LocalZone::fromTzif(whole).has_value());
    for (std::size_t size = 0; size < whole.size() - 30; ++size)
        QVERIFY(!LocalZone::fromTzif(std::string_view(whole).substr(0, size)));
    SeededRandom random(3);
    for (int trial = 0; trial < trials(5'000); ++trial) {
        std::string damaged = whole;
        for (std::uint64_t hits = 1 + random.below(4); hits > 0; --hits)
            damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
        if (const auto zone = LocalZone::fromTzif(damaged)) {
            static_cast<void>(zone->toUtc(0, Ambiguous::First));
            static_cast<void>(zone->offsetAt(year2090));
        }
    }
}

QTEST_APPLESS_MAIN(TestLocalZone)
#include "tst_local_zone.moc"
