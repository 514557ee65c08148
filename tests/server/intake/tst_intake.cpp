// Requests share a transaction, are answered after its commit and not before, and are refused when storage or
// the backlog is full; nothing refused is counted. Whoever comes before a group's turn goes along with it,
// and while one group is written and answered the next stands in line.
#include "server/app/thread_executor.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

#include <condition_variable>
#include <mutex>

using namespace billing;
using namespace billing::test;

namespace {

/// The real store, except that it can be told to refuse every write.
class FailingStorage final : public Storage
{
public:
    explicit FailingStorage(Storage& real)
        : m_real(real)
    {
    }
    Result<void> write(const Scope& scope, Priority priority, const WorkId& id, const Body& body) override
    {
        ++writes;
        if (beforeBody)
            std::exchange(beforeBody, {})();
        if (runsBodyTwice)
            BILLING_ASSERT(!m_real.write(scope, priority, id, [&](Work& work) -> Result<void> {
                BILLING_ASSERT(body(work).has_value());
                std::exchange(runsBodyTwice, {})();
                return Error{ErrorCode::StorageBusy, "run it again"};
            }));
        return refusal ? Result<void>(Error{*refusal, "disk"}) : m_real.write(scope, priority, id, body);
    }
    Result<void> read(const Scope& scope, const Body& body) override
    {
        return refusal ? Result<void>(Error{*refusal, "disk"}) : m_real.read(scope, body);
    }

    std::optional<ErrorCode> refusal = {};
    int writes = 0;
    std::function<void()> beforeBody = {};    ///< once, in the first write
    std::function<void()> runsBodyTwice = {}; ///< undoes the first write's body, then does this

private:
    Storage& m_real;
};

/// The real store, which holds every write after its body has run until it is told how many may end.
class HeldStorage final : public Storage
{
public:
    explicit HeldStorage(Storage& real)
        : m_real(real)
    {
    }
    Result<void> write(const Scope& scope, Priority priority, const WorkId& id, const Body& body) override
    {
        const auto outcome = m_real.write(scope, priority, id, body);
        std::unique_lock lock(m_mutex);
        ++m_written;
        m_changed.notify_all();
        BILLING_ASSERT(m_changed.wait_for(lock, patience, [this] { return m_mayEnd > 0; }));
        --m_mayEnd;
        return outcome;
    }
    Result<void> read(const Scope& scope, const Body& body) override { return m_real.read(scope, body); }

    bool hasWritten(int writes)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, patience, [&] { return m_written == writes; });
    }
    void end(int writes)
    {
        const std::lock_guard lock(m_mutex);
        m_mayEnd += writes;
        m_changed.notify_all();
    }

private:
    static constexpr std::chrono::seconds patience{30};
    Storage& m_real;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_written = 0;
    int m_mayEnd = 0;
};

struct Door : BillingWorld
{
    explicit Door(IntakeOptions options = {})
        : door({failing, clock, ids, executor}, options, [this](JournalPosition upTo) { log("up to", upTo); })
    {
    }
    std::string submit(int events)
    {
        std::vector<UsageEvent> all;
        for (int i = 0; i < events; ++i)
            all.push_back(event("nova", ids.next("evt"), "1", "2023-11-01T08:00:00Z"));
        return said(door.submit(std::move(all), [this](Result<JournalPosition> done) {
            done ? log("answer", *done) : void(answers += std::string(wireName(done.error().code)) + "; ");
        }));
    }
    std::string run()
    {
        executor.runUntilIdle();
        return std::exchange(answers, {});
    }
    std::string submitKeyed(const std::string& key)
    {
        const auto answer = [this](JournalPosition position) {
            return storage::KeptAnswer{std::string(32, 'd'), 201, "at " + std::to_string(position.number()),
                                       clock.now()};
        };
        return said(door.submit({event("nova", ids.next("evt"), "1", "2023-11-01T08:00:00Z")},
                                {{"tenant:nova", key}, answer}, [this](Result<JournalPosition> done) {
                                    done ? log("answer", *done)
                                         : void(answers += std::string(wireName(done.error().code)) + "; ");
                                }));
    }
    std::string kept(const std::string& key)
    {
        const auto found = readValue(storage(), Scope::system("test"), [&](Work& work) {
                               return storage::findKeptAnswer(work, {"tenant:nova", key});
                           }).value();
        return found ? found->sealedBody : "(nothing)";
    }
    void log(const char* what, JournalPosition position)
    {
        answers += std::string(what) + " " + std::to_string(position.number()) + "; ";
    }

    FailingStorage failing{storage()};
    std::string answers;
    Intake door;
};

} // namespace

class TestIntake : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusedWritesAreAnsweredAndNotCounted();
    void refusesAboveTheBacklog();
    void refusesToStartWithoutStore();
    void requestsShareATransaction();
    void whoeverComesBeforeTheTurnGoesAlong();
    void aGroupStaysWhatItWasWhenItIsWrittenAgain();
    void theNextGroupStandsInLineWhileOneIsWritten();
    void groupsAreLimited();
    void aTakenKeyIsNotWrittenAgain();
    void aRefusedGroupKeepsNoAnswer();
    void countsWhatAFormerProcessLeft();
};

void TestIntake::refusedWritesAreAnsweredAndNotCounted()
{
    Door door;
    door.failing.refusal = ErrorCode::StorageFull;
    QCOMPARE(door.submit(3), std::string("ok"));
    QCOMPARE(door.submit(1), std::string("ok"));
    QCOMPARE(door.door.waitingEvents(), std::int64_t{4});
    QCOMPARE(door.run(), std::string("storage_full; storage_full; "));
    QCOMPARE(door.door.waitingEvents(), std::int64_t{0});
    door.failing.refusal.reset();
    QCOMPARE(door.submit(2), std::string("ok"));
    QCOMPARE(door.run(), std::string("up to 1; answer 1; "));
}

void TestIntake::refusesAboveTheBacklog()
{
    Door door({.backlogEvents = 5});
    QCOMPARE(door.submit(6), std::string("backlog_full usage"));
    QCOMPARE(door.submit(5), std::string("ok"));
    QCOMPARE(door.submit(1), std::string("backlog_full usage"));
    QCOMPARE(door.run(), std::string("up to 1; answer 1; "));
    QCOMPARE(door.submit(1), std::string("backlog_full usage"));
    door.door.settled(1);
    QCOMPARE(door.submit(1), std::string("ok"));
}

void TestIntake::refusesToStartWithoutStore()
{
    Door door;
    door.failing.refusal = ErrorCode::StorageUnavailable;
    QCOMPARE(BillingWorld::said(door.door.start()), std::string("storage_unavailable disk"));
}

void TestIntake::requestsShareATransaction()
{
    Door door;
    for (int i = 0; i < 3; ++i)
        QCOMPARE(door.submit(1), std::string("ok"));
    QVERIFY(door.answers.empty());
    QCOMPARE(door.run(), std::string("up to 3; answer 1; answer 2; answer 3; "));
    QCOMPARE(door.failing.writes, 1);
}

void TestIntake::whoeverComesBeforeTheTurnGoesAlong()
{
    Door door;
    door.failing.beforeBody = [&] { QCOMPARE(door.submit(1), std::string("ok")); };
    QCOMPARE(door.submit(1), std::string("ok"));
    QCOMPARE(door.run(), std::string("up to 2; answer 1; answer 2; "));
    QCOMPARE(door.failing.writes, 1);
}

void TestIntake::aGroupStaysWhatItWasWhenItIsWrittenAgain()
{
    Door door;
    door.failing.runsBodyTwice = [&] { QCOMPARE(door.submit(1), std::string("ok")); };
    QCOMPARE(door.submit(1), std::string("ok"));
    QCOMPARE(QString::fromStdString(door.run()).count(QStringLiteral("answer ")), 2);
    QCOMPARE(door.failing.writes, 2);
    const auto waiting =
        readValue(door.storage(), Scope::system("test"), [](Work& work) { return storage::backlog(work); });
    QCOMPARE(waiting->rows, std::int64_t{2});
    QCOMPARE(door.door.waitingEvents(), std::int64_t{2});
}

void TestIntake::theNextGroupStandsInLineWhileOneIsWritten()
{
    BillingWorld world;
    HeldStorage held(world.storage());
    ThreadExecutor threads("commit", 3);
    std::atomic<int> groups = 0;
    std::atomic<int> answers = 0;
    Intake intake({held, world.clock, world.ids, threads}, {}, [&](JournalPosition) { ++groups; });
    auto submit = [&, number = 0]() mutable { // its own ids: the factory's chance is the tasks' now
        const auto taken =
            intake.submit({world.event("nova", "e" + std::to_string(++number), "1", "2023-11-01T08:00:00Z")},
                          [&](Result<JournalPosition> done) { answers += done ? 1 : 100; });
        QVERIFY(taken);
    };
    submit();
    QVERIFY(held.hasWritten(1));
    submit();
    QVERIFY(held.hasWritten(2));
    for (int i = 0; i < 5; ++i) // two are under way: these wait, together
        submit();
    QCOMPARE(answers.load(), 0); // nothing is answered before its commit
    held.end(3);
    threads.stop();
    QCOMPARE(groups.load(), 3);
    QCOMPARE(answers.load(), 7);
}

void TestIntake::groupsAreLimited()
{
    Door door({.groupRows = 2, .groupEvents = 4});
    for (const int events : {1, 1, 1, 4, 9}) // by rows; by events; one request may be larger alone
        QCOMPARE(door.submit(events), std::string("ok"));
    QCOMPARE(door.run(),
             std::string("up to 2; answer 1; answer 2; up to 3; answer 3; up to 4; answer 4; up to 5; "
                         "answer 5; "));
}

void TestIntake::aTakenKeyIsNotWrittenAgain()
{
    Door door;
    QCOMPARE(door.submit(1), std::string("ok"));
    QCOMPARE(door.submitKeyed("k"), std::string("ok"));
    QCOMPARE(door.submitKeyed("k"), std::string("ok")); // its copy in the same transaction
    QCOMPARE(door.submitKeyed("other"), std::string("ok"));
    QCOMPARE(door.run(), std::string("up to 3; answer 1; answer 2; idempotency_key_in_flight; answer 3; "));
    QCOMPARE(door.failing.writes, 1);
    QCOMPARE(door.kept("k"), std::string("at 2"));
    QCOMPARE(door.kept("other"), std::string("at 3"));
    QCOMPARE(door.door.waitingEvents(), std::int64_t{3});
    QCOMPARE(door.submitKeyed("k"), std::string("ok")); // and later, alone
    QCOMPARE(door.run(), std::string("idempotency_key_in_flight; "));
    QCOMPARE(door.door.waitingEvents(), std::int64_t{3});
}

void TestIntake::aRefusedGroupKeepsNoAnswer()
{
    Door door;
    door.failing.refusal = ErrorCode::StorageFull;
    QCOMPARE(door.submitKeyed("k"), std::string("ok"));
    QCOMPARE(door.run(), std::string("storage_full; "));
    door.failing.refusal.reset();
    QCOMPARE(door.kept("k"), std::string("(nothing)"));
    QCOMPARE(door.submitKeyed("k"), std::string("ok"));
    QCOMPARE(door.run(), std::string("up to 1; answer 1; "));
}

void TestIntake::countsWhatAFormerProcessLeft()
{
    Door door;
    QCOMPARE(door.submit(3), std::string("ok"));
    door.run();
    Intake next({door.storage(), door.clock, door.ids, door.executor}, {}, [](JournalPosition) {});
    QVERIFY(next.start());
    QCOMPARE(next.waitingEvents(), std::int64_t{3});
}

QTEST_GUILESS_MAIN(TestIntake)
#include "tst_intake.moc"
