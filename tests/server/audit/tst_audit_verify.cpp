// The program that checks the audit log of a SQLite file without a line of the server's code: what it says of
// a sound log, of spoilt checkpoints, and when it refuses to check at all. That it finds what the server's
// verifier finds is asked in tst_audit, with every finding there.
// Tests: verify/checkpoints.cpp verify/main.cpp verify/sqlite_entries.cpp
#include "tests/server/audit/audit_log.h"

#include <QTest>

#include <fstream>
#include <iterator>

using namespace billing;
using namespace billing::test;

namespace {

std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void setContent(const std::filesystem::path& file, const std::string& content)
{
    std::ofstream(file, std::ios::binary) << content;
}

} // namespace

class TestAuditVerify : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesToCheck();
    void changedByteOfACheckpointIsFound();
    void removedCheckpointIsFound();
    void soundLogIsCounted();
};

void TestAuditVerify::refusesToCheck()
{
    AuditLog log;
    const auto program = builtProgram("billing-audit-verify");
    const auto database = log.fixture().file();
    QCOMPARE(runToEnd({program}).exitCode, 2);
    QCOMPARE(runToEnd({program, {"--database", database.string()}}).exitCode, 2);
    QCOMPARE(log.runProgram(database.string() + ".none").exitCode, 2);
    QCOMPARE(log.runProgram(log.checkpoints()).exitCode, 2); // no database at all
    log.fixture().reopen();
    const Finished beside = log.runProgram();
    QCOMPARE(beside.exitCode, 2);
    QVERIFY(beside.errors.find("the server is running") != std::string::npos);
    log.fixture().close();
    std::filesystem::remove(log.checkpoints());
    QCOMPARE(log.runProgram().exitCode, 2);
}

void TestAuditVerify::changedByteOfACheckpointIsFound()
{
    const AuditLog log;
    const std::string good = contentOf(log.checkpoints());
    for (std::size_t place = 0; place + 1 < good.size();
         place += 41) { // the last byte only ends the last line
        std::string changed = good;
        changed[place] = static_cast<char>(changed[place] ^ 1);
        setContent(log.checkpoints(), changed);
        const Finished program = log.runProgram();
        QCOMPARE(program.exitCode, 1);
        QVERIFY2(program.output.starts_with("finding checkpoint="), std::to_string(place).c_str());
    }
}

void TestAuditVerify::removedCheckpointIsFound()
{
    const AuditLog log;
    const std::string good = contentOf(log.checkpoints());
    setContent(log.checkpoints(), good.substr(good.find('\n') + 1));
    QVERIFY(log.runProgram().output.starts_with("finding checkpoint=1 "));
}

void TestAuditVerify::soundLogIsCounted()
{
    const AuditLog log;
    const Finished program = log.runProgram();
    QCOMPARE(program.exitCode, 0);
    QCOMPARE(program.output, std::string("checked entries=44 chains=3 checkpoints=3 findings=0\n"));
}

QTEST_GUILESS_MAIN(TestAuditVerify)

#include "tst_audit_verify.moc"
