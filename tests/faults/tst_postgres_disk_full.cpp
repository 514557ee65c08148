// PostgreSQL's disk is full, to its last byte: that of its tables alone, which it says and lives on, or that
// of its log too, upon which it ends itself. Usage and invoices are refused with 503 or 507, nothing that was
// acknowledged is lost and nothing there by half, and once there is room again (and PostgreSQL runs) the
// server takes writes by itself. R4, see README.md.
#include "tests/support/printing.h"

#include "tests/faults/crash_sweep.h"
#include "tests/faults/killer.h"
#include "tests/faults/loop_disk.h"
#include "tests/faults/postgres_behind.h"
#include "tests/support/postgres_rows.h"

#include <QElapsedTimer>

#include <pwd.h>
#include <unistd.h>

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr int tablesMegabytes = 64;
constexpr int clusterMegabytes = 192; ///< what a new cluster takes, and some room
constexpr int mostUntilFull = 400;
constexpr int eventsInABatch = 500;
constexpr auto resumeLimit = 5s;
constexpr int readyAgainMilliseconds = 20'000; ///< so long it is careful

bool isRefusal(const HttpReply& reply)
{
    return reply.status == 503 || reply.status == 507;
}

/// A directory on that disk which only PostgreSQL's user uses, reachable for him.
fs::path roomOn(const LoopDisk& disk, const std::string& name)
{
    fs::permissions(disk.directory().parent_path(), fs::perms::others_exec, fs::perm_options::add);
    const fs::path room = disk.directory() / name;
    fs::create_directory(room);
    fs::permissions(room, fs::perms::owner_all);
    return room;
}

} // namespace

class TestPostgresDiskFull : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void tablesWithoutRoom();
    void nothingWithoutRoom();

private:
    /// Fills, drives until a refusal, makes room, and says what is wrong.
    std::string cycle(LoopDisk& disk, PostgresServer& postgres, PostgresBehind& behind);
    void cycles(const char* name, LoopDisk& disk, PostgresServer& postgres);

    std::string m_readiness;
    std::string m_readinessAfter;
    int m_ended = 0;
    qint64 m_longestResume = 0;
};

void TestPostgresDiskFull::initTestCase()
{
    if (const auto why = PostgresServer::absence())
        QSKIP(why->c_str());
    if (const std::string why = whyNoLoopDisk(); !why.empty())
        QSKIP(why.c_str());
}

std::string TestPostgresDiskFull::cycle(LoopDisk& disk, PostgresServer& postgres, PostgresBehind& behind)
{
    AckLog& usage = behind.usage();
    usage.beginTrial();
    behind.invoices().newTenant();
    disk.fill();
    HttpReply reply;
    for (int request = 0; request < mostUntilFull && (request == 0 || reply.status == 202); ++request)
        reply = usage.sendBatch(eventsInABatch, AckLog::Wait::No);
    const HttpReply draft = behind.invoices().askForDraft();
    m_readiness = behind.readiness();
    if (!isRefusal(reply) || (draft.status != 201 && !isRefusal(draft)))
        return "on the full disk: " + reply.outcome() + ", " + draft.outcome();
    if (behind.server().waitForExit(0ms))
        return "the server ended: " + behind.server().errors();

    disk.freeAgain();
    if (postgres.hasGivenUp()) { // as whoever supervises it would
        ++m_ended;
        postgres.start();
    }
    QElapsedTimer time;
    time.start();
    if (const std::string wrong = behind.takesUsage(resumeLimit); !wrong.empty())
        return wrong;
    m_longestResume = std::max(m_longestResume, time.elapsed());
    const std::string wrong = behind.invoices().repeatDraft();
    return wrong.empty() ? usage.repeat() : wrong;
}

void TestPostgresDiskFull::cycles(const char* name, LoopDisk& disk, PostgresServer& postgres)
{
    PostgresBehind behind(postgres);
    const std::uint64_t trials = trialsOr(1);
    std::vector<std::string> failures;
    m_ended = 0;
    m_longestResume = 0;
    for (std::uint64_t trial = 0; trial < trials; ++trial) {
        if (const std::string wrong = cycle(disk, postgres, behind); !wrong.empty())
            failures.push_back(std::to_string(trial) + ": " + wrong);
    }
    m_readinessAfter = behind.readiness(); // writes succeeded, a moment ago there was no room
    // The control: with room nothing is refused, and what was not acknowledged is found missing.
    behind.usage().beginTrial();
    QCOMPARE(behind.usage().sendBatch(eventsInABatch, AckLog::Wait::No).status, 202);
    behind.usage().claimOneMore();
    QVERIFY(behind.usage().repeat().find("was acknowledged and is settled") != std::string::npos);
    qInfo("PostgreSQL's disk full, %s: trials=%llu ended-itself=%d failures=%zu bound=3/%llu "
          "longest-resume-ms=%lld control=claimOneMore",
          name, static_cast<unsigned long long>(trials), m_ended, failures.size(),
          static_cast<unsigned long long>(trials), static_cast<long long>(m_longestResume));
    QCOMPARE(text(failures), std::string());
    QTRY_COMPARE_WITH_TIMEOUT(behind.readiness(), std::string("200"), readyAgainMilliseconds);
    QCOMPARE(CrashSweep(behind.server()).checkTheStore(), std::string());
    QCOMPARE(behind.server().stop().value_or(-1), 0);
}

void TestPostgresDiskFull::tablesWithoutRoom()
{
    LoopDisk disk(tablesMegabytes);
    PostgresServer postgres(
        {.sync = PostgresServer::Sync::Off, .settings = {{"default_tablespace", "small"}}});
    const PostgresServer::Database any = postgres.newDatabase();
    const fs::path room = roomOn(disk, "tables");
    if (::geteuid() == 0) {
        const passwd* entry = ::getpwnam("postgres");
        entry = entry != nullptr ? entry : ::getpwnam("nobody");
        QVERIFY(::chown(room.c_str(), entry->pw_uid, entry->pw_gid) == 0);
    }
    postgresRows(any.superConnection, "CREATE TABLESPACE small LOCATION '" + room.string() + "'");
    postgresRows(any.superConnection, "GRANT CREATE ON TABLESPACE small TO PUBLIC");
    cycles("that of its tables", disk, postgres);
    QCOMPARE(m_readiness, std::string("503 storage_full"));
    QCOMPARE(m_readinessAfter, std::string("503 storage_full")); // it does not flap
    QCOMPARE(m_ended, 0);
}

void TestPostgresDiskFull::nothingWithoutRoom()
{
    LoopDisk disk(clusterMegabytes);
    PostgresServer postgres({.sync = PostgresServer::Sync::Off,
                             .settings = {{"max_wal_size", "32MB"}, {"min_wal_size", "32MB"}},
                             .data = roomOn(disk, "cluster")});
    cycles("all of it", disk, postgres);
    QVERIFY(m_readiness == "503 storage_full" || m_readiness == "503 storage_away");
}

QTEST_GUILESS_MAIN(TestPostgresDiskFull)

#include "tst_postgres_disk_full.moc"
