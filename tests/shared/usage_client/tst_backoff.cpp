// Waiting before another try: bounded, jittered, obedient to the server, and over when the time is.
#include "shared/usage_client/backoff.h"
#include "tests/support/seeded_random.h"

#include <QTest>

using namespace billing;
using namespace billing::client;
using namespace std::chrono_literals;

namespace {

/// The largest jitter there is, so that the bounds show.
class Largest final : public Random
{
public:
    std::uint64_t next() override { return ~std::uint64_t{0}; }
};

} // namespace

class TestBackoff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void staysWithinGrowingBounds();
    void usesTheWholeRange();
    void waitsAtLeastAsLongAsAsked();
    void givesUp();
};

void TestBackoff::staysWithinGrowingBounds()
{
    test::SeededRandom random(1);
    for (int run = 0; run < 200; ++run) {
        Backoff backoff({200ms, 10s, 24h}, 0us);
        for (const Duration most : {200ms, 400ms, 800ms, 1600ms, 3200ms, 6400ms, 10000ms, 10000ms}) {
            const auto wait = backoff.next(0us, std::nullopt, random);
            QVERIFY(wait.has_value());
            QVERIFY(*wait >= 0us && *wait <= most);
        }
    }
}

void TestBackoff::usesTheWholeRange()
{
    test::SeededRandom random(2);
    Duration least = 1h;
    Duration most = 0us;
    for (int run = 0; run < 500; ++run) {
        Backoff backoff({200ms, 10s, 24h}, 0us);
        const Duration wait = backoff.next(0us, std::nullopt, random).value();
        least = std::min(least, wait);
        most = std::max(most, wait);
    }
    QVERIFY(least < 10ms && most > 190ms);
}

void TestBackoff::waitsAtLeastAsLongAsAsked()
{
    test::SeededRandom random(3);
    Backoff backoff({200ms, 10s, 120s}, 0us);
    const Duration wait = backoff.next(0us, 30s, random).value();
    QVERIFY(wait >= 30s && wait <= 30s + 200ms);
}

void TestBackoff::givesUp()
{
    Largest random;
    Backoff backoff({200ms, 10s, 120s}, 1h);
    QVERIFY(backoff.next(1h + 119s, std::nullopt, random).has_value());
    QVERIFY(!backoff.next(1h + 120s, std::nullopt, random));
    QVERIFY(!Backoff({200ms, 10s, 120s}, 1h).next(1h, 120s, random));
}

QTEST_APPLESS_MAIN(TestBackoff)
#include "tst_backoff.moc"
