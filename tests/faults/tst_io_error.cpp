// A flush or a write of the store fails with EIO, once or for good, while usage comes in and an invoice is
// drafted: the request is refused with 503 and never acknowledged by a later flush, reads go on, the server
// says what is wrong, and what was acknowledged is there. R3, see README.md.
#include "tests/support/printing.h"

#include "tests/faults/ack_log.h"
#include "tests/faults/crash_sweep.h"
#include "tests/faults/killer.h"

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

/// Empty, or how an answer differs from one of success or 503 as a problem document.
std::string unexpected(const HttpReply& reply)
{
    if (reply.status >= 200 && reply.status < 300)
        return {};
    const auto type = reply.headers.find("content-type");
    const bool isProblem = type != reply.headers.end() && type->second == "application/problem+json";
    return reply.status == 503 && isProblem ? std::string() : reply.outcome() + ' ' + reply.failure;
}

} // namespace

class TestIoError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void oneErrorCostsOnlyTheRequest_data();
    void oneErrorCostsOnlyTheRequest();
    void flushesThatKeepFailing();
    void refusedEventsAreNotThere();
    void theBooksHold();

private:
    std::string trial(const Injection& injection);

    ServerFixture m_server;
    std::optional<AckLog> m_acks;
    int m_tenants = 0;
    int m_injected = 0;
    int m_refused = 0;
};

void TestIoError::initTestCase()
{
    if (const std::string why = whyNoInjection(); !why.empty())
        QSKIP(why.c_str());
    m_server.start();
    m_acks.emplace(m_server.identity(), "reporter");
}

std::string TestIoError::trial(const Injection& injection)
{
    m_acks->beginTrial();
    const std::string tenant = "client-" + std::to_string(++m_tenants);
    signUp(m_acks->client(), {.id = tenant});
    const std::string draft = invoiceRequest(tenant, "2023-11-01", "2023-12-01");
    HttpReply usage;
    HttpReply invoice;
    {
        Strace strace(m_server.processId(), injection, m_server.scratch("strace.log"));
        usage = m_acks->sendSingles(3);
        invoice = m_acks->client().post("/api/v1/invoices", draft);
        strace.detach();
        m_injected += strace.injected() > 0 ? 1 : 0;
    }
    m_refused += (usage.status == 503 ? 1 : 0) + (invoice.status == 503 ? 1 : 0);
    if (m_server.waitForExit(0ms))
        return "the server ended: " + m_server.errors();
    if (const std::string wrong = unexpected(usage) + unexpected(invoice); !wrong.empty())
        return wrong;
    const HttpReply again =
        m_acks->client().sendUntilReady({.method = "POST", .target = "/api/v1/invoices", .body = draft});
    const bool wasDrafted = invoice.status == 201;
    if (again.outcome() != "409 period_already_invoiced" && (wasDrafted || again.outcome() != "201"))
        return "the draft, repeated: " + again.outcome();
    return m_acks->repeat();
}

void TestIoError::oneErrorCostsOnlyTheRequest_data()
{
    QTest::addColumn<QString>("call");
    QTest::newRow("a flush") << QStringLiteral("fdatasync");
    QTest::newRow("a write") << QStringLiteral("pwrite64");
}

void TestIoError::oneErrorCostsOnlyTheRequest()
{
    QFETCH(QString, call);
    const std::uint64_t most = trialsOr(6);
    std::vector<std::string> failures;
    m_injected = m_refused = 0;
    for (std::uint64_t number = 1; number <= most; ++number) {
        const std::string wrong = trial({call.toStdString(), "error=EIO", std::to_string(number)});
        if (!wrong.empty())
            failures.push_back(std::to_string(number) + ": " + wrong);
    }
    qInfo("%s error: trials=%llu hit=%d refused=%d failures=%zu bound=3/%d control=refusedEventsAreNotThere",
          qPrintable(call), static_cast<unsigned long long>(most), m_injected, m_refused, failures.size(),
          std::max(m_injected, 1));
    QCOMPARE(text(failures), std::string());
    QVERIFY(m_injected > 0 && m_refused > 0);
}

/// When even the writing again cannot be flushed, nothing is acknowledged until a restart has recovered the
/// whole log: a later flush that succeeds proves nothing.
void TestIoError::flushesThatKeepFailing()
{
    m_acks->beginTrial();
    {
        Strace strace(m_server.processId(), {"fdatasync,fsync", "error=EIO", "1+"},
                      m_server.scratch("strace.log"));
        for (int attempt = 0; attempt < 3; ++attempt)
            QCOMPARE(m_acks->sendSingles(1).outcome(), std::string("503 storage_unavailable"));
        strace.detach();
        QVERIFY(strace.injected() > 1);
    }
    QCOMPARE(m_acks->sendSingles(1).outcome(), std::string("503 storage_unavailable"));
    QCOMPARE(m_acks->client().get("/api/v1/invoices").status, 200);
    QCOMPARE(m_acks->client().get("/health/ready").status, 503);
    QCOMPARE(m_server.stop().value_or(-1), 0);
    m_server.start();
    QCOMPARE(m_acks->client().get("/health/ready").status, 200);
    QCOMPARE(m_acks->repeat(), std::string());
}

/// The control: the refusals were real, so a reporter that takes them for acknowledgements is proved wrong.
void TestIoError::refusedEventsAreNotThere()
{
    m_acks->beginTrial();
    Strace strace(m_server.processId(), {"pwrite64", "error=EIO", "1+"}, m_server.scratch("strace.log"));
    QCOMPARE(m_acks->sendSingles(1).status, 503);
    m_acks->claimWhatWasSent();
    strace.detach();
    QVERIFY(m_acks->repeat().find("was acknowledged and is settled") != std::string::npos);
}

void TestIoError::theBooksHold()
{
    QCOMPARE(CrashSweep(m_server).checkTheStore(), std::string());
}

QTEST_GUILESS_MAIN(TestIoError)

#include "tst_io_error.moc"
