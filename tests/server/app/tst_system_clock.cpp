// The machine's clocks and dice: only what can be said of them without another clock.
#include "server/app/system_clock.h"

#include "tests/support/printing.h"

#include <QDateTime>

#include <set>

using namespace billing;

class TestSystemClock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nowLiesBetweenTwoLooksAtAnotherClock();
    void monotonicNeverGoesBack();
    void diceDoNotRepeat();
};

void TestSystemClock::nowLiesBetweenTwoLooksAtAnotherClock()
{
    const SystemClock clock;
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    const std::int64_t now = clock.now().micros();
    const qint64 after = QDateTime::currentMSecsSinceEpoch();
    QVERIFY(before * 1'000 <= now && now < (after + 1) * 1'000);
}

void TestSystemClock::monotonicNeverGoesBack()
{
    const SystemClock clock;
    const MonotonicTime first = clock.monotonic();
    MonotonicTime last = first;
    for (int i = 0; i < 1'000 || last == first; ++i) { // and it moves
        const MonotonicTime next = clock.monotonic();
        QVERIFY(next >= last);
        last = next;
    }
}

void TestSystemClock::diceDoNotRepeat()
{
    SystemRandom one;
    SystemRandom other;
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 1'000; ++i) {
        seen.insert(one.next());
        seen.insert(other.next());
    }
    QCOMPARE(seen.size(), std::size_t{2'000});
}

QTEST_APPLESS_MAIN(TestSystemClock)
#include "tst_system_clock.moc"
