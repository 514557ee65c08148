// Who writes next: the highest waiting lane, but no lane waits for ever, and whoever is above waits for at
// most one turn of those below.
#include "server/storage/sqlite/write_lanes.h"

#include <QTest>

#include <thread>

using namespace billing;
using billing::sqlite::WriteLanes;

namespace {

/// Callers that wait in the lanes, one thread each, in the order they were queued.
class Callers
{
public:
    explicit Callers(WriteLanes& lanes)
        : m_lanes(lanes)
    {
    }
    ~Callers()
    {
        for (std::thread& thread : m_threads)
            thread.join();
    }
    void queue(Priority priority, int times = 1)
    {
        for (int i = 0; i < times; ++i) {
            const std::size_t before = m_lanes.waiting();
            m_threads.emplace_back([this, priority] {
                WriteLanes::Job job{&m_scope, priority, &m_nothing};
                BILLING_ASSERT(m_lanes.runOnWriter(job));
            });
            while (m_lanes.waiting() == before)
                std::this_thread::yield();
        }
    }

private:
    WriteLanes& m_lanes;
    const Scope m_scope = Scope::system("test");
    const Storage::Body m_nothing = [](Work&) { return Result<void>(); };
    std::vector<std::thread> m_threads;
};

/// Serves so many jobs: "a" accept, "m" money, "s" settle, "k" maintenance.
std::string serve(WriteLanes& lanes, std::size_t count)
{
    constexpr std::string_view letters = "amsk";
    std::string order;
    for (std::size_t i = 0; i < count; ++i) {
        WriteLanes::Job* job = lanes.next();
        order += letters.at(static_cast<std::size_t>(job->priority));
        lanes.finish(*job, {});
    }
    return order;
}

} // namespace

class TestWriteLanes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLaneThatIsPassedOverGetsItsTurn();
    void owedTurnsDoNotFollowEachOther();
    void settlingProgressesWhileAcceptingNeverStops();
};

void TestWriteLanes::aLaneThatIsPassedOverGetsItsTurn()
{
    WriteLanes lanes;
    lanes.open();
    Callers callers(lanes);
    callers.queue(Priority::Settle, 3);
    callers.queue(Priority::Accept, 12);
    QCOMPARE(serve(lanes, 15), std::string("aaaasaaaasaaaas"));
}

void TestWriteLanes::owedTurnsDoNotFollowEachOther()
{
    WriteLanes lanes;
    lanes.open();
    Callers callers(lanes);
    callers.queue(Priority::Maintenance, 2);
    callers.queue(Priority::Settle, 2);
    callers.queue(Priority::Money, 2);
    callers.queue(Priority::Accept, 12);
    QCOMPARE(serve(lanes, 18), std::string("aaaamasaamasaaaakk"));
}

void TestWriteLanes::settlingProgressesWhileAcceptingNeverStops()
{
    WriteLanes lanes;
    lanes.open();
    Callers callers(lanes);
    callers.queue(Priority::Settle, 5);
    callers.queue(Priority::Accept, 2);
    int settled = 0;
    int served = 0;
    for (; settled < 5 && served < 100; ++served) { // another one arrives before each is served
        callers.queue(Priority::Accept);
        settled += serve(lanes, 1) == "s" ? 1 : 0;
    }
    serve(lanes, lanes.waiting());
    QCOMPARE(settled, 5);
    QCOMPARE(served, 25); // one turn in five
}

QTEST_APPLESS_MAIN(TestWriteLanes)
#include "tst_write_lanes.moc"
