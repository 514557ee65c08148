// New identifiers: the layout of ULID behind a prefix, sorted by time, told apart by chance.
#include "shared/kernel/id_factory.h"

#include "tests/support/manual_clock.h"
#include "tests/support/printing.h"
#include "tests/support/seeded_random.h"

#include <QTest>

#include <set>

using namespace billing;
using namespace std::chrono_literals;

namespace {

/// Alternates between no bit and every bit.
class Extremes final : public Random
{
public:
    std::uint64_t next() override { return m_last = ~m_last; }

private:
    std::uint64_t m_last = ~std::uint64_t{0};
};

} // namespace

class TestIdFactory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void layout()
    {
        // The moment of the example in the ULID specification: 1469918176385 ms is written 01ARYZ6S41.
        const test::ManualClock clock(Instant::fromMicros(1469918176385'999));
        Extremes random;
        QCOMPARE(IdFactory(clock, random).next("inv"), "inv_01ARYZ6S4100000000ZZZZZZZZ");
    }
    void sortsByTime()
    {
        test::ManualClock clock("2023-11-16T18:15:46.999Z");
        test::SeededRandom random(7);
        IdFactory ids(clock, random);
        std::string earlier = ids.next("inv");
        for (const Duration step : {Duration(1ms), Duration(1s), Duration(1h), Duration(24h * 365)}) {
            clock.advance(step);
            const std::string later = ids.next("inv");
            QVERIFY2(earlier < later, (earlier + ' ' + later).c_str());
            earlier = later;
        }
    }
    void differsAtOneMoment()
    {
        const test::ManualClock clock("2023-11-16T18:15:46Z");
        test::SeededRandom random(7);
        IdFactory ids(clock, random);
        std::set<std::string> made;
        for (int n = 0; n < 10'000; ++n)
            made.insert(ids.next("evt"));
        QCOMPARE(made.size(), std::size_t{10'000});
    }
};

QTEST_APPLESS_MAIN(TestIdFactory)

#include "tst_id_factory.moc"
