// Tasks on real threads: order, delay, and what a stop finishes and forgets. Latches and promises decide,
// never time.
#include "server/app/thread_executor.h"

#include "tests/support/printing.h"

#include <atomic>
#include <future>
#include <latch>
#include <pthread.h>

using namespace billing;
using namespace std::chrono_literals;

class TestThreadExecutor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneThreadKeepsTheOrder();
    void severalThreadsRunTogether();
    void laterTasksComeByTheirMoment();
    void thousandsMayWait();
    void aTaskMayPost();
    void stopFinishesWhatWasPosted();
    void stopForgetsWhatWasForLater();
    void afterStopNothingRuns();
    void threadsCarryTheirName();
    void whatATaskHoldsIsReleased();
};

namespace {

/// Returns when everything posted before it on a one-thread executor has run.
void waitFor(ThreadExecutor& executor)
{
    std::promise<void> reached;
    executor.post([&] { reached.set_value(); });
    reached.get_future().get();
}

} // namespace

void TestThreadExecutor::oneThreadKeepsTheOrder()
{
    ThreadExecutor executor("test", 1);
    std::vector<int> order; // without a lock: one thread, and the wait below joins it
    std::vector<int> expected;
    for (int i = 0; i < 1'000; ++i) {
        executor.post([&order, i] { order.push_back(i); });
        expected.push_back(i);
    }
    waitFor(executor);
    QCOMPARE(order, expected);
}

void TestThreadExecutor::severalThreadsRunTogether()
{
    ThreadExecutor executor("test", 3);
    std::latch all(3);
    std::latch done(3);
    for (int i = 0; i < 3; ++i)
        executor.post([&] {
            all.arrive_and_wait(); // ends only when three run at once
            done.count_down();
        });
    done.wait();
}

void TestThreadExecutor::laterTasksComeByTheirMoment()
{
    ThreadExecutor executor("test", 1);
    std::string order;
    std::promise<void> last;
    executor.postAfter(60ms, [&] {
        order += "c";
        last.set_value();
    });
    executor.postAfter(1ms, [&] { order += "a"; });
    executor.postAfter(30ms, [&] { order += "b"; });
    executor.postAfter(1h, [&] { order += "never"; });
    last.get_future().get();
    QCOMPARE(order, std::string("abc"));
}

void TestThreadExecutor::thousandsMayWait()
{
    // While the thread sleeps until the first of them is due, the others make the heap grow and move under
    // it: it must not look at the moment where it was. Only the address sanitizer is sure to see it.
    ThreadExecutor executor("test", 1);
    for (int round = 0; round < 20; ++round) {
        for (int i = 0; i < 100; ++i)
            executor.postAfter(1h, [] {});
        std::promise<void> soon;
        executor.postAfter(1ms, [&] { soon.set_value(); });
        soon.get_future().get();
    }
}

void TestThreadExecutor::aTaskMayPost()
{
    ThreadExecutor executor("test", 1);
    std::promise<void> last;
    executor.post([&] { executor.post([&] { executor.postAfter(1us, [&] { last.set_value(); }); }); });
    last.get_future().get();
}

void TestThreadExecutor::stopFinishesWhatWasPosted()
{
    ThreadExecutor executor("test", 1);
    std::latch started(1);
    std::latch release(1);
    int ran = 0;
    executor.post([&] {
        started.count_down();
        release.wait();
    });
    started.wait();
    for (int i = 0; i < 10; ++i)
        executor.post([&] { ++ran; });
    release.count_down();
    executor.stop();
    QCOMPARE(ran, 10);
}

void TestThreadExecutor::stopForgetsWhatWasForLater()
{
    std::atomic<int> ran = 0;
    {
        ThreadExecutor executor("test", 2);
        executor.postAfter(1h, [&] { ++ran; });
        executor.stop(); // does not wait for the hour
    }
    QCOMPARE(ran.load(), 0);
}

void TestThreadExecutor::afterStopNothingRuns()
{
    ThreadExecutor executor("test", 1);
    executor.stop();
    std::atomic<int> ran = 0;
    executor.post([&] { ++ran; });
    executor.postAfter(0us, [&] { ++ran; });
    executor.stop(); // a second time is harmless
    QCOMPARE(ran.load(), 0);
}

void TestThreadExecutor::threadsCarryTheirName()
{
    ThreadExecutor executor("a name longer than fits", 1);
    std::promise<std::string> name;
    executor.post([&] {
        std::array<char, 16> text{};
        pthread_getname_np(pthread_self(), text.data(), text.size());
        name.set_value(text.data());
    });
    QCOMPARE(name.get_future().get(), std::string("a name longer t"));
}

void TestThreadExecutor::whatATaskHoldsIsReleased()
{
    ThreadExecutor executor("test", 1);
    auto held = std::make_shared<int>(7);
    const std::weak_ptr<int> watched = held;
    executor.post([held = std::move(held)] {});
    waitFor(executor);
    QVERIFY(watched.expired());
}

QTEST_APPLESS_MAIN(TestThreadExecutor)
#include "tst_thread_executor.moc"
