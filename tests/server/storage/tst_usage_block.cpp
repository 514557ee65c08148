// Blocks of events: what is written is what is read, and what was not written is refused.
#include "server/storage/usage_block.h"

#include <QTest>

using namespace billing;
using namespace billing::storage;

namespace {

const TenantId nova("nova");

UsageEvent eventOf(std::string source, std::string id, std::int64_t at)
{
    return {nova,
            std::move(source),
            std::move(id),
            "calls",
            Decimal::parse("1.000000000001").value(),
            Instant::fromMicros(at),
            {{"model", "a,b=c%"}}};
}

std::string blockOf(const std::vector<UsageEvent>& events)
{
    std::string text = "[";
    for (const UsageEvent& event : events) {
        text += text.size() == 1 ? "" : ",";
        appendBlockEvent(text, event, JournalPosition(7));
    }
    return text + "]";
}

} // namespace

class TestUsageBlock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void damageIsRefused_data();
    void damageIsRefused();
    void oddTextsComeBack();
    void readAsAnAuditorWould();
    void daysBeginAtMidnight_data();
    void daysBeginAtMidnight();
};

void TestUsageBlock::damageIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qlonglong>("count");
    QTest::addColumn<qlonglong>("first");
    QTest::addColumn<qlonglong>("last");
    const auto row = [](const char* name, const char* text, qlonglong count = 1, qlonglong first = 5,
                        qlonglong last = 5) {
        QTest::newRow(name) << QByteArray(text) << count << first << last;
    };
    row("empty", "");
    row("no JSON", "[[5,");
    row("no array", "{}");
    row("no events", "[]", 0);
    row("event is no array", "[5]");
    row("part missing", R"([[5,"","e","m","1",""]])");
    row("part too much", R"([[5,"","e","m","1","",1,1]])");
    row("number as text", R"([["5","","e","m","1","",1]])");
    row("text as number", R"([[5,"","e","m",1,"",1]])");
    row("no decimal", R"([[5,"","e","m","1e","",1]])");
    row("no dimensions", R"([[5,"","e","m","1","=",1]])");
    row("one too few", R"([[5,"","e","m","1","",1]])", 2);
    row("begins elsewhere", R"([[5,"","e","m","1","",1]])", 1, 4);
    row("ends elsewhere", R"([[5,"","e","m","1","",1]])", 1, 5, 6);
}

void TestUsageBlock::damageIsRefused()
{
    QFETCH(const QByteArray, text);
    QFETCH(const qlonglong, count);
    QFETCH(const qlonglong, first);
    QFETCH(const qlonglong, last);
    const auto events = decodeBlock(nova, {{text.data(), static_cast<std::size_t>(text.size())},
                                           count,
                                           Instant::fromMicros(first),
                                           Instant::fromMicros(last)});
    QCOMPARE(events.error().code, ErrorCode::StorageCorrupt);
    QCOMPARE(events.error().subject, std::string("usage_block"));
    const std::string good = R"([[5,"","e","m","1","",1]])";
    QVERIFY(decodeBlock(nova, {good, 1, Instant::fromMicros(5), Instant::fromMicros(5)}));
}

void TestUsageBlock::oddTextsComeBack()
{
    const std::vector<UsageEvent> events{eventOf("", "quote \" backslash \\ slash /", -5),
                                         eventOf("\x01\x1f\x7f\n\t", "\xE2\x80\xA8\xF0\x9F\x9F\xA4", 0),
                                         eventOf("kernel", std::string(256, 'e'), 0),
                                         eventOf("kernel", "[1,2],{}", 9'223'372'036'854'775)};
    const std::string text = blockOf(events);
    const auto read = decodeBlock(nova, {text, 4, events.front().at, events.back().at});
    QVERIFY(*read == events);
}

void TestUsageBlock::readAsAnAuditorWould()
{
    QCOMPARE(blockOf({eventOf("kernel", "e\n1", 5)}),
             std::string(R"([[5,"kernel","e\u000a1","calls","1.000000000001","model=a%2Cb%3Dc%25",7]])"));
}

void TestUsageBlock::daysBeginAtMidnight_data()
{
    QTest::addColumn<qlonglong>("at");
    QTest::addColumn<qlonglong>("midnight");
    const qlonglong day = 86'400'000'000LL;
    QTest::newRow("epoch") << 0LL << 0LL;
    QTest::newRow("last of a day") << day - 1 << 0LL;
    QTest::newRow("next day") << day << day;
    QTest::newRow("before the epoch") << -1LL << -day;
    QTest::newRow("a midnight before it") << -day << -day;
    QTest::newRow("first instant") << std::numeric_limits<qlonglong>::min()
                                   << std::numeric_limits<qlonglong>::min();
}

void TestUsageBlock::daysBeginAtMidnight()
{
    QFETCH(const qlonglong, at);
    QFETCH(const qlonglong, midnight);
    QCOMPARE(qlonglong{dayOf(Instant::fromMicros(at)).micros()}, midnight);
}

QTEST_APPLESS_MAIN(TestUsageBlock)
#include "tst_usage_block.moc"
