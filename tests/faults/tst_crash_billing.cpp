// The server killed at its n-th write, flush, rename or send while an invoice is drafted, finalised (number,
// postings and audit entry in one transaction) and drawn: what was acknowledged is there, asked again nothing
// happens twice, and the books hold. R1, see README.md.
#include "tests/support/printing.h"

#include "tests/faults/crash_sweep.h"
#include "tests/faults/invoice_acks.h"
#include "tests/faults/killer.h"

using namespace billing;
using namespace billing::test;

namespace {

constexpr auto storeCalls = "pwrite64,fdatasync,fsync,ftruncate,sendto,sendmsg,writev";
constexpr auto fileCalls = "pwrite64,fdatasync,fsync,ftruncate,sendto,sendmsg,writev,write,rename,mkdir";

} // namespace

class TestCrashBilling : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void draft();
    void finalise();
    void document();
    void theCheckSeesALoss();

private:
    void sweep(const CrashPhase& phase, std::uint64_t fewPoints);
    ServerFixture m_server;
    std::optional<InvoiceAcks> m_acks;
};

void TestCrashBilling::initTestCase()
{
    if (const std::string why = whyNoInjection(); !why.empty())
        QSKIP(why.c_str());
    m_server.start();
    m_acks.emplace(m_server.identity());
}

void TestCrashBilling::sweep(const CrashPhase& phase, std::uint64_t fewPoints)
{
    const SweepReport report = CrashSweep(m_server).run(phase, trialsOr(fewPoints));
    qInfo("%s", report.line("crash while " + phase.name, "theCheckSeesALoss").c_str());
    QVERIFY(report.hit > 0);
    QCOMPARE(text(report.failures), std::string());
}

void TestCrashBilling::draft()
{
    sweep({"draft", storeCalls, [this] { m_acks->newTenant(); }, [this] { m_acks->askForDraft(); },
           [this] { return m_acks->repeatDraft(); }},
          8);
}

void TestCrashBilling::finalise()
{
    const auto prepare = [this] {
        m_acks->newTenant();
        m_acks->askForDraft();
    };
    sweep({"finalise", storeCalls, prepare, [this] { m_acks->askToFinalise(); },
           [this] { return m_acks->repeatFinalise(); }},
          12);
}

void TestCrashBilling::document()
{
    const auto prepare = [this] {
        m_acks->newTenant();
        m_acks->askForDraft();
    };
    const auto drive = [this] {
        if (m_acks->askToFinalise().status == 200)
            m_acks->waitForDocument();
    };
    const auto repeat = [this] {
        const std::string wrong = m_acks->repeatFinalise();
        return wrong.empty() ? m_acks->waitForDocument() : wrong;
    };
    sweep({"document", fileCalls, prepare, drive, repeat}, 6);
}

void TestCrashBilling::theCheckSeesALoss()
{
    m_acks->newTenant();
    m_acks->claimDraft("inv_claimed");
    QVERIFY(m_acks->repeatDraft().find("was acknowledged") != std::string::npos);
    m_acks->claimNumber("claimed-1");
    QVERIFY(m_acks->repeatFinalise().find("was acknowledged; repeated: 200") != std::string::npos);

    QCOMPARE(m_server.stop().value_or(-1), 0);
    QCOMPARE(
        complaint(m_server.sqlite("DELETE FROM invoice_line WHERE invoice_id = '" + m_acks->draft() + "'")),
        std::string());
    m_server.start();
    QVERIFY(CrashSweep(m_server).checkTheStore().find(m_acks->draft()) != std::string::npos);
}

QTEST_GUILESS_MAIN(TestCrashBilling)

#include "tst_crash_billing.moc"
