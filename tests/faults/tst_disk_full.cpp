// The disk is full, to its last byte: usage and invoices are refused with 503 or 507, reads are answered, the
// server goes on, and once there is room again it takes writes by itself. Nothing is there by half. R4, see
// README.md.
#include "tests/support/printing.h"

#include "tests/faults/ack_log.h"
#include "tests/faults/crash_sweep.h"
#include "tests/faults/invoice_acks.h"
#include "tests/faults/killer.h"
#include "tests/faults/loop_disk.h"

#include <QElapsedTimer>

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

constexpr int diskMegabytes = 64;
/// What the log already has room for is written without a new block.
constexpr int mostUntilFull = 400;
constexpr int eventsInABatch = 200;
constexpr int resumeMilliseconds = 5'000;
constexpr int readMilliseconds = 1'000;

bool isRefusal(const HttpReply& reply)
{
    const auto type = reply.headers.find("content-type");
    return (reply.status == 503 || reply.status == 507) && type != reply.headers.end() &&
           type->second == "application/problem+json";
}

} // namespace

class TestDiskFull : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void writesAreRefusedUntilThereIsRoom();
    void aDiskWithRoomRefusesNothing();
    void theBooksHold();

private:
    /// Empty, or what went wrong.
    std::string cycle();
    std::string readsAreAnswered();

    std::optional<LoopDisk> m_disk;
    std::unique_ptr<ServerFixture> m_server;
    std::optional<AckLog> m_usage;
    std::optional<InvoiceAcks> m_invoices;
    std::int64_t m_longestRead = 0;
    std::int64_t m_longestResume = 0;
    int m_refused = 0;
};

void TestDiskFull::initTestCase()
{
    if (const std::string why = whyNoLoopDisk(); !why.empty())
        QSKIP(why.c_str());
    m_disk.emplace(diskMegabytes);
    m_server = std::make_unique<ServerFixture>(m_disk->directory() / "data");
    m_server->start();
    m_usage.emplace(m_server->identity(), "reporter");
    m_invoices.emplace(m_server->identity());
}

std::string TestDiskFull::readsAreAnswered()
{
    for (int read = 0; read < 20; ++read) {
        QElapsedTimer clock;
        clock.start();
        const HttpReply list = m_usage->client().get("/api/v1/invoices");
        m_longestRead = std::max(m_longestRead, std::int64_t{clock.elapsed()});
        if (list.status != 200)
            return "a read on the full disk: " + list.outcome() + ' ' + list.failure;
    }
    return {};
}

std::string TestDiskFull::cycle()
{
    m_usage->beginTrial();
    m_invoices->newTenant();
    m_disk->fill();
    HttpReply reply;
    for (int request = 0; request < mostUntilFull && (request == 0 || reply.status == 202); ++request)
        reply = m_usage->sendBatch(eventsInABatch, AckLog::Wait::No);
    const HttpReply draft = m_invoices->askForDraft();
    if (!isRefusal(reply) || (draft.status != 201 && !isRefusal(draft)))
        return "on the full disk: " + reply.outcome() + ", " + draft.outcome();
    m_refused += isRefusal(draft) ? 2 : 1;
    if (const std::string wrong = readsAreAnswered(); !wrong.empty())
        return wrong;
    if (m_server->waitForExit(0ms))
        return "the server ended: " + m_server->errors();

    m_disk->freeAgain();
    QElapsedTimer clock;
    clock.start();
    const bool isBack =
        QTest::qWaitFor([this] { return m_usage->sendSingles(1).status == 201; }, resumeMilliseconds);
    m_longestResume = std::max(m_longestResume, std::int64_t{clock.elapsed()});
    if (!isBack)
        return "no writes after there was room again";
    const std::string wrong = m_invoices->repeatDraft();
    return wrong.empty() ? m_usage->repeat() : wrong;
}

void TestDiskFull::writesAreRefusedUntilThereIsRoom()
{
    const std::uint64_t trials = trialsOr(2);
    std::vector<std::string> failures;
    for (std::uint64_t trial = 0; trial < trials; ++trial) {
        if (const std::string wrong = cycle(); !wrong.empty())
            failures.push_back(std::to_string(trial) + ": " + wrong);
    }
    qInfo("disk full: trials=%llu refused=%d failures=%zu bound=3/%llu longest-read-ms=%lld "
          "longest-resume-ms=%lld control=aDiskWithRoomRefusesNothing",
          static_cast<unsigned long long>(trials), m_refused, failures.size(),
          static_cast<unsigned long long>(trials), static_cast<long long>(m_longestRead),
          static_cast<long long>(m_longestResume));
    QCOMPARE(text(failures), std::string());
    QVERIFY(m_longestRead <= readMilliseconds);
}

/// The control: without a full disk the same requests are all taken, and a refused one that is claimed to be
/// acknowledged is found missing.
void TestDiskFull::aDiskWithRoomRefusesNothing()
{
    m_usage->beginTrial();
    for (int request = 0; request < 5; ++request)
        QCOMPARE(m_usage->sendBatch(eventsInABatch, AckLog::Wait::No).status, 202);
    QCOMPARE(m_usage->repeat(), std::string());

    m_usage->beginTrial();
    m_disk->fill();
    HttpReply reply;
    for (int request = 0; request < mostUntilFull && (request == 0 || reply.status == 202); ++request)
        reply = m_usage->sendBatch(eventsInABatch, AckLog::Wait::No);
    QVERIFY(isRefusal(reply));
    m_usage->claimWhatWasSent();
    m_disk->freeAgain();
    QVERIFY(m_usage->repeat().find("was acknowledged and is settled") != std::string::npos);
}

void TestDiskFull::theBooksHold()
{
    QCOMPARE(CrashSweep(*m_server).checkTheStore(), std::string());
    QCOMPARE(m_server->stop().value_or(-1), 0);
}

QTEST_GUILESS_MAIN(TestDiskFull)

#include "tst_disk_full.moc"
