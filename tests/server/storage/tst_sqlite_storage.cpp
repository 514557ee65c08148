// The storage port on SQLite: what a body refuses leaves nothing, lanes go in order, readers see one
// snapshot while the writer goes on, one process owns the file, and damage is named. Threads are made by the
// test; they meet at locks, never by sleeping.
// Tests: sqlite/sqlite_storage.cpp sqlite/connection.cpp sqlite/transaction.cpp sqlite/write_lanes.cpp
// Tests: sqlite/reader_connections.cpp sqlite/file_lock.cpp
#include "server/storage/sqlite/reader_connections.h"
#include "server/storage/sqlite/write_lanes.h"
#include "tests/server/storage/storage_fixture.h"

#include "server/storage/sql/session.h"

#include <QTest>

#include <sqlite3.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <latch>

#include <sys/resource.h>
#include <sys/stat.h>

using namespace billing;
using namespace billing::test;

namespace {

const Scope scope = Scope::system("test");

Result<void> addRow(Work& work)
{
    const auto added = work.session().execute("INSERT INTO meter (meter_code, version, body)"
                                              " SELECT 'm', count(*) + 1, printf('%100s', 'x') FROM meter",
                                              {});
    return added ? Result<void>() : added.error();
}

Result<std::int64_t> countRows(Work& work)
{
    const auto count = sql::queryOne(work.session(), "SELECT count(*) FROM meter", {},
                                     [](const sql::Row& row) { return row.integer(0); });
    return count ? Result<std::int64_t>(count->value()) : count.error();
}

std::int64_t countRows(Storage& storage)
{
    return readValue(storage, scope, [](Work& work) { return countRows(work); }).value();
}

std::string pragma(Work& work, const char* sql)
{
    std::string answer;
    BILLING_ASSERT(work.session().query(sql, {}, [&](const sql::Row& row) {
        answer = std::to_string(row.integer(0));
        return Result<void>();
    }));
    return answer;
}

ErrorCode refusalOfOpening(const std::filesystem::path& file)
{
    return SqliteStorage::open(file, {}).error().code;
}

} // namespace

class TestSqliteStorage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void secondOwnerIsRefused();
    void missingDirectoryIsRefused();
    void fileThatIsNoDatabaseIsRefused();
    void damagedFileIsRefused();
    void fullDiskIsNamed_data();
    void fullDiskIsNamed();
    void refusedBodyLeavesNothing_data();
    void refusedBodyLeavesNothing();
    void memoryIsNotCounted();
    void writerPragmas();
    void readerPragmas();
    void filesAreTheOwnersOnly();
    void contentOutlivesTheObject();
    void readerKeepsItsSnapshot();
    void lanesGoInOrder();
    void lanesEndWhenNothingWaits();
    void stopBeforeRunEndsTheWriter();
    void writesOfManyThreadsAllArrive_data();
    void writesOfManyThreadsAllArrive();
    void writesContinueInlineAfterTheWriter();
    void aLargeLogIsCopiedBetweenTransactions_data();
    void aLargeLogIsCopiedBetweenTransactions();
    void aLogThatCannotBeCopiedMakesTheStoreSuspect();
    void readerConnectionEndsWithItsThread();
    void valuesComeBackFromWriteAndRead();
};

void TestSqliteStorage::secondOwnerIsRefused()
{
    StorageFixture fixture;
    QCOMPARE(refusalOfOpening(fixture.file()), ErrorCode::DataDirectoryInUse);
    fixture.close();
    QVERIFY(SqliteStorage::open(fixture.file(), {}));
}

void TestSqliteStorage::missingDirectoryIsRefused()
{
    const TemporaryDirectory directory;
    QCOMPARE(refusalOfOpening(directory.file("none/billing.sqlite")), ErrorCode::StorageUnavailable);
}

void TestSqliteStorage::fileThatIsNoDatabaseIsRefused()
{
    const TemporaryDirectory directory;
    std::ofstream(directory.file("billing.sqlite")) << std::string(8192, 'x');
    QCOMPARE(refusalOfOpening(directory.file("billing.sqlite")), ErrorCode::StorageCorrupt);
}

void TestSqliteStorage::damagedFileIsRefused()
{
    StorageFixture fixture;
    QVERIFY(fixture.storage().write(scope, Priority::Money, anyWork(), [](Work& work) -> Result<void> {
        for (int row = 0; row < 2000; ++row)
            BILLING_ASSERT(addRow(work));
        return {};
    }));
    fixture.close();
    QVERIFY(SqliteStorage::open(fixture.file(), {}));
    {
        std::fstream file(fixture.file(), std::ios::in | std::ios::out | std::ios::binary);
        const auto end = std::filesystem::file_size(fixture.file());
        for (std::uintmax_t page = 4096 * 8; page < end; page += 4096) {
            file.seekp(static_cast<std::streamoff>(page));
            file.write("\xff\xff\xff\xff\xff\xff\xff\xff", 8);
        }
    }
    QCOMPARE(refusalOfOpening(fixture.file()), ErrorCode::StorageCorrupt);
    fixture.close();
}

void TestSqliteStorage::fullDiskIsNamed_data()
{
    QTest::addColumn<bool>("swallowed");
    QTest::newRow("the body passes it on") << false;
    QTest::newRow("the body swallows it") << true;
}

void TestSqliteStorage::fullDiskIsNamed()
{
    QFETCH(bool, swallowed);
    StorageFixture fixture;
    Storage& storage = fixture.storage();
    const auto limit = [](const char* sql) {
        return [sql](Work& work) {
            return work.session().query(sql, {}, [](const sql::Row&) { return Result<void>(); });
        };
    };
    QVERIFY(storage.write(scope, Priority::Money, anyWork(), limit("PRAGMA max_page_count = 100")));
    const auto refused = storage.write(scope, Priority::Money, anyWork(), [&](Work& work) -> Result<void> {
        BILLING_ASSERT(addRow(work));
        const auto tooMuch = work.session().execute(
            "INSERT INTO meter (meter_code, version, body) VALUES ('big', 1, printf('%9000000s', 'x'))", {});
        BILLING_ASSERT(!tooMuch);
        return swallowed ? Result<void>() : tooMuch.error();
    });
    QVERIFY(swallowed || refused.error().code == ErrorCode::StorageFull);
    // What the engine did with the transaction decides, not what the body believed.
    QCOMPARE(countRows(storage), std::int64_t{refused ? 1 : 0});
    QVERIFY(storage.write(scope, Priority::Money, anyWork(), limit("PRAGMA max_page_count = 100000")));
    QVERIFY(storage.write(scope, Priority::Money, anyWork(), [](Work& work) { return addRow(work); }));
}

void TestSqliteStorage::refusedBodyLeavesNothing_data()
{
    QTest::addColumn<bool>("inlineWriter");
    QTest::newRow("writer thread") << false;
    QTest::newRow("inline") << true;
}

void TestSqliteStorage::refusedBodyLeavesNothing()
{
    QFETCH(bool, inlineWriter);
    StorageFixture fixture(inlineWriter ? StorageFixture::Writer::Inline : StorageFixture::Writer::Thread);
    Storage& storage = fixture.storage();
    const auto refused = storage.write(scope, Priority::Money, anyWork(), [](Work& work) -> Result<void> {
        BILLING_ASSERT(addRow(work));
        return Error{ErrorCode::PeriodNotOver, "2026-03"};
    });
    QVERIFY((refused.error() == Error{ErrorCode::PeriodNotOver, "2026-03"}));
    QCOMPARE(countRows(storage), std::int64_t{0});
    QVERIFY(storage.write(scope, Priority::Money, anyWork(), [](Work& work) { return addRow(work); }));
    QCOMPARE(countRows(storage), std::int64_t{1});
}

void TestSqliteStorage::memoryIsNotCounted()
{
    const StorageFixture fixture{StorageFixture::Writer::Inline};
    QCOMPARE(sqlite3_memory_used(),
             sqlite3_int64{0}); // or every allocation would take one lock of the process
}

void TestSqliteStorage::writerPragmas()
{
    StorageFixture fixture;
    QVERIFY(fixture.storage().write(scope, Priority::Money, anyWork(), [](Work& work) -> Result<void> {
        BILLING_ASSERT(pragma(work, "PRAGMA synchronous") == "2");
        BILLING_ASSERT(pragma(work, "PRAGMA foreign_keys") == "1");
        BILLING_ASSERT(pragma(work, "PRAGMA trusted_schema") == "0");
        BILLING_ASSERT(pragma(work, "PRAGMA wal_autocheckpoint") == "0");
        BILLING_ASSERT(pragma(work, "PRAGMA mmap_size") == "0");
        return {};
    }));
    QVERIFY(std::filesystem::exists(fixture.file().string() + "-wal"));
}

void TestSqliteStorage::readerPragmas()
{
    StorageFixture fixture;
    QVERIFY(fixture.storage().read(scope, [](Work& work) -> Result<void> {
        BILLING_ASSERT(pragma(work, "PRAGMA query_only") == "1");
        BILLING_ASSERT(pragma(work, "PRAGMA wal_autocheckpoint") == "0");
        BILLING_ASSERT(pragma(work, "PRAGMA foreign_keys") == "1");
        return {};
    }));
}

void TestSqliteStorage::filesAreTheOwnersOnly()
{
    StorageFixture fixture;
    QVERIFY(
        fixture.storage().write(scope, Priority::Money, anyWork(), [](Work& work) { return addRow(work); }));
    for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
        struct stat status
        {
        };
        QCOMPARE(::stat((fixture.file().string() + suffix).c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777, mode_t{0600});
    }
}

void TestSqliteStorage::contentOutlivesTheObject()
{
    StorageFixture fixture;
    QVERIFY(
        fixture.storage().write(scope, Priority::Accept, anyWork(), [](Work& work) { return addRow(work); }));
    fixture.close();
    QVERIFY(!std::filesystem::exists(fixture.file().string() +
                                     "-shm")); // closed in order: nothing left to recover
    fixture.reopen();
    QCOMPARE(countRows(fixture.storage()), std::int64_t{1});
}

void TestSqliteStorage::readerKeepsItsSnapshot()
{
    StorageFixture fixture;
    Storage& storage = fixture.storage();
    QVERIFY(storage.read(scope, [&](Work& work) -> Result<void> {
        BILLING_ASSERT(countRows(work).value() == 0);
        std::thread other([&] {
            BILLING_ASSERT(
                storage.write(scope, Priority::Accept, anyWork(), [](Work& inner) { return addRow(inner); }));
            BILLING_ASSERT(countRows(storage) == 1);
        });
        other.join();
        BILLING_ASSERT(countRows(work).value() == 0);
        return {};
    }));
    QCOMPARE(countRows(storage), std::int64_t{1});
}

void TestSqliteStorage::lanesGoInOrder()
{
    sqlite::WriteLanes lanes;
    lanes.open();
    const Storage::Body nothing = [](Work&) { return Result<void>(); };
    constexpr std::array arrivals{Priority::Maintenance, Priority::Settle, Priority::Money,
                                  Priority::Accept,      Priority::Settle, Priority::Accept};
    std::vector<std::thread> callers;
    for (const Priority priority : arrivals) {
        const std::size_t before = callers.size();
        callers.emplace_back([&lanes, &nothing, priority] {
            sqlite::WriteLanes::Job job{&scope, priority, &nothing};
            BILLING_ASSERT(lanes.runOnWriter(job));
            BILLING_ASSERT(job.outcome.has_value());
        });
        while (lanes.waiting() == before)
            std::this_thread::yield();
    }
    std::vector<Priority> order;
    for (std::size_t taken = 0; taken < arrivals.size(); ++taken) {
        sqlite::WriteLanes::Job* job = lanes.next();
        order.push_back(job->priority);
        lanes.finish(*job, {});
    }
    for (std::thread& caller : callers)
        caller.join();
    QVERIFY((order == std::vector{Priority::Accept, Priority::Accept, Priority::Money, Priority::Settle,
                                  Priority::Settle, Priority::Maintenance}));
}

void TestSqliteStorage::lanesEndWhenNothingWaits()
{
    sqlite::WriteLanes lanes;
    const Storage::Body nothing = [](Work&) { return Result<void>(); };
    sqlite::WriteLanes::Job job{&scope, Priority::Accept, &nothing};
    QVERIFY(!lanes.runOnWriter(job));
    lanes.open();
    std::thread caller([&] { BILLING_ASSERT(lanes.runOnWriter(job)); });
    while (lanes.waiting() == 0)
        std::this_thread::yield();
    lanes.stop();
    QCOMPARE(lanes.next(), &job);
    lanes.finish(job, ErrorCode::StorageFull);
    caller.join();
    QCOMPARE(job.outcome.error().code, ErrorCode::StorageFull);
    QVERIFY(lanes.next() == nullptr);
    QVERIFY(!lanes.isOpen());
}

void TestSqliteStorage::stopBeforeRunEndsTheWriter()
{
    StorageFixture fixture(StorageFixture::Writer::Inline);
    fixture.sqlite().stopWriter();
    fixture.sqlite().runWriter();
    QVERIFY(!fixture.sqlite().hasWriter());
}

void TestSqliteStorage::writesOfManyThreadsAllArrive_data()
{
    refusedBodyLeavesNothing_data();
}

void TestSqliteStorage::writesOfManyThreadsAllArrive()
{
    QFETCH(bool, inlineWriter);
    StorageFixture fixture(inlineWriter ? StorageFixture::Writer::Inline : StorageFixture::Writer::Thread);
    Storage& storage = fixture.storage();
    constexpr int threads = 6;
    constexpr int perThread = 20;
    std::vector<std::thread> writers;
    for (int thread = 0; thread < threads; ++thread) {
        writers.emplace_back([&storage, thread] {
            const auto priority = static_cast<Priority>(thread % 4);
            for (int row = 0; row < perThread; ++row) {
                const bool isRefused = row % 5 == 4;
                const auto done = storage.write(scope, priority, anyWork(), [&](Work& work) -> Result<void> {
                    BILLING_ASSERT(addRow(work));
                    return isRefused ? Result<void>(ErrorCode::NotFound) : Result<void>();
                });
                BILLING_ASSERT(done.has_value() != isRefused);
                BILLING_ASSERT(countRows(storage) > 0);
            }
        });
    }
    for (std::thread& writer : writers)
        writer.join();
    QCOMPARE(countRows(storage), std::int64_t{threads * perThread * 4 / 5});
}

void TestSqliteStorage::writesContinueInlineAfterTheWriter()
{
    StorageFixture fixture(StorageFixture::Writer::Inline);
    SqliteStorage& storage = fixture.sqlite();
    const auto add = [&] {
        return storage.write(scope, Priority::Money, anyWork(), [](Work& work) { return addRow(work); });
    };
    QVERIFY(add());
    std::thread writer([&] { storage.runWriter(); });
    while (!storage.hasWriter())
        std::this_thread::yield();
    QVERIFY(add());
    storage.stopWriter();
    writer.join();
    QVERIFY(add());
    QCOMPARE(countRows(storage), std::int64_t{3});
}

void TestSqliteStorage::aLargeLogIsCopiedBetweenTransactions_data()
{
    QTest::addColumn<bool>("onWriterThread");
    QTest::newRow("by the writer thread") << true;
    QTest::newRow("by its caller") << false;
}

void TestSqliteStorage::aLargeLogIsCopiedBetweenTransactions()
{
    QFETCH(const bool, onWriterThread);
    const TemporaryDirectory directory;
    const auto storage =
        std::move(SqliteStorage::open(directory.file("a.sqlite"), {.largeLog = 100}).value());
    std::thread writer;
    if (onWriterThread)
        writer = std::thread([&] { storage->runWriter(); });
    const auto log = directory.file("a.sqlite-wal");
    std::uintmax_t largest = 0;
    for (int i = 0; i < 300; ++i) { // about 2 pages each
        QVERIFY(storage->write(scope, Priority::Money, anyWork(), [](Work& work) { return addRow(work); }));
        largest = std::max(largest, std::filesystem::file_size(log));
    }
    const std::int64_t rows = countRows(*storage);
    if (onWriterThread) {
        storage->stopWriter();
        writer.join();
    }
    QCOMPARE(rows, std::int64_t{300});
    QVERIFY(largest > 90 * 4096);
    QVERIFY2(largest < 110 * 4120, std::to_string(largest).c_str());
}

void TestSqliteStorage::aLogThatCannotBeCopiedMakesTheStoreSuspect()
{
    const TemporaryDirectory directory;
    QVERIFY(SqliteStorage::open(directory.file("a.sqlite"), {})); // so that the next finds an empty log
    const auto storage = std::move(SqliteStorage::open(directory.file("a.sqlite"), {.largeLog = 20}).value());
    // Nothing is written behind this place of any file: the log stays below it, the data file cannot.
    const auto inTheWay = std::signal(SIGXFSZ, SIG_IGN);
    rlimit usual{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &usual), 0);
    const rlimit small{std::filesystem::file_size(directory.file("a.sqlite")) + 10 * 4096, usual.rlim_max};
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
    int answered = 0;
    while (storage->health() && answered < 5'000) {
        const auto done =
            storage->write(scope, Priority::Money, anyWork(), [](Work& work) { return addRow(work); });
        if (!done)
            break;
        ++answered;
    }
    const auto health = storage->health();
    const auto refused =
        storage->write(scope, Priority::Money, anyWork(), [](Work& work) { return addRow(work); });
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &usual), 0);
    std::signal(SIGXFSZ, inTheWay);
    // The write that made the log large was answered, and is there; the next was not let in.
    QVERIFY2(answered > 20 && answered < 5'000, std::to_string(answered).c_str());
    QVERIFY(!health);
    QVERIFY(!refused);
    QCOMPARE(countRows(*storage), std::int64_t{answered});
    QVERIFY(storage->write(scope, Priority::Money, anyWork(), [](Work& work) { return addRow(work); }));
    QVERIFY(storage->health());
    QCOMPARE(countRows(*storage), std::int64_t{answered} + 1);
}

void TestSqliteStorage::readerConnectionEndsWithItsThread()
{
    StorageFixture fixture;
    sqlite::ReaderConnections readers(fixture.file());
    QVERIFY(readers.ofThisThread());
    QCOMPARE(readers.ofThisThread().value(), readers.ofThisThread().value());
    std::thread other([&] {
        BILLING_ASSERT(readers.ofThisThread());
        BILLING_ASSERT(readers.count() == 2);
    });
    other.join();
    QCOMPARE(readers.count(), std::size_t{1});

    // and a thread that outlives the object has nothing left to close
    std::latch isRead(1);
    std::latch isGone(1);
    auto shortLived = std::make_unique<sqlite::ReaderConnections>(fixture.file());
    std::thread late([&] {
        BILLING_ASSERT(shortLived->ofThisThread());
        isRead.count_down();
        isGone.wait();
    });
    isRead.wait();
    shortLived.reset();
    isGone.count_down();
    late.join();
}

void TestSqliteStorage::valuesComeBackFromWriteAndRead()
{
    StorageFixture fixture;
    const auto key = writeValue(fixture.storage(), scope, Priority::Money, anyWork(),
                                [](Work& work) -> Result<std::int64_t> {
                                    if (const auto added = addRow(work); !added)
                                        return added.error();
                                    return countRows(work);
                                });
    QCOMPARE(key.value(), std::int64_t{1});
    const auto refused =
        readValue(fixture.storage(), scope, [](Work&) -> Result<int> { return ErrorCode::NotFound; });
    QCOMPARE(refused.error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(TestSqliteStorage)

#include "tst_sqlite_storage.moc"
