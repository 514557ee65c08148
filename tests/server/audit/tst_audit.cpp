// Tampering with the audit entries: every kind of edit, at the edges and in the middle, is found by the
// server's verifier and by the program, with the first bad entry; an untouched log never raises an alarm.
// The tampering goes past whatever protects the rows, as somebody with the disk in hand would.
// Tests: append_entry.cpp canonical.cpp verify_audit.cpp verify/chains.cpp verify/digest.cpp
#include "server/audit/canonical.h"
#include "tests/server/audit/audit_log.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

namespace {

std::string replaced(std::string text, std::int64_t k)
{
    for (const auto& [word, value] : {std::pair{"{k}", k}, {"{k+1}", k + 1}}) {
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word))
            text.replace(at, std::string(word).size(), std::to_string(value));
    }
    return text;
}

std::string hexLiteral(const std::string& bytes)
{
    return "x'" + QByteArray::fromStdString(bytes).toHex().toStdString() + "'";
}

/// Edits entry k and makes everything after it fit again, as its writer could have.
std::string recomputedFrom(AuditLog& log, std::int64_t k)
{
    log.fixture().reopen();
    auto entries = readValue(log.fixture().storage(), Scope::allTenants("test"),
                             [](Work& work) { return storage::auditEntries(work, "nova", 0, 1000); });
    log.fixture().close();
    std::string script;
    std::string previous = audit::firstPreviousHash();
    for (storage::AuditRow& entry : entries.value()) {
        if (entry.seq == k)
            entry.body = "{}";
        entry.previousHash = previous;
        entry.hash = audit::entryHash(entry);
        previous = entry.hash;
        script += "UPDATE audit_entry SET body = '" + entry.body +
                  "', previous_hash = " + hexLiteral(entry.previousHash) +
                  ", hash = " + hexLiteral(entry.hash) +
                  " WHERE tenant_id = 'nova' AND seq = " + std::to_string(entry.seq) + ";";
    }
    return script;
}

} // namespace

class TestAudit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tampering_data();
    void tampering();
    void everyEntryCounts();
    void recomputedChain_data();
    void recomputedChain();
    void wholeChainGone();
    void entryBeforeTheFirst();
    void cleanLogsRaiseNoAlarm();
    void manyAppendersMakeOneChain();
    void refusedWorkLeavesNoEntry();
    void canonicalTextsDiffer();
};

void TestAudit::tampering_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<qlonglong>("k");
    const std::vector<std::pair<const char*, QByteArray>> kinds{
        {"at", "UPDATE audit_entry SET at = at + 1 WHERE tenant_id = 'nova' AND seq = {k}"},
        {"actor", "UPDATE audit_entry SET actor = 'user:anne' WHERE tenant_id = 'nova' AND seq = {k}"},
        {"action", "UPDATE audit_entry SET action = 'void' WHERE tenant_id = 'nova' AND seq = {k}"},
        {"object", "UPDATE audit_entry SET object = '' WHERE tenant_id = 'nova' AND seq = {k}"},
        {"body", "UPDATE audit_entry SET body = body || ' ' WHERE tenant_id = 'nova' AND seq = {k}"},
        {"a letter moved", "UPDATE audit_entry SET actor = actor || 'f', action = 'inalise'"
                           " WHERE tenant_id = 'nova' AND seq = {k}"},
        {"previous hash",
         "UPDATE audit_entry SET previous_hash = randomblob(32) WHERE tenant_id = 'nova' AND seq = {k}"},
        {"hash", "UPDATE audit_entry SET hash = randomblob(32) WHERE tenant_id = 'nova' AND seq = {k}"},
        {"deleted", "DELETE FROM audit_entry WHERE tenant_id = 'nova' AND seq = {k}"},
        {"cut", "DELETE FROM audit_entry WHERE tenant_id = 'nova' AND seq >= {k}"},
        {"moved to another chain", "UPDATE audit_entry SET tenant_id = 'beta', seq = 4"
                                   " WHERE tenant_id = 'nova' AND seq = {k}"},
        {"inserted", "UPDATE audit_entry SET seq = seq + 1000 WHERE tenant_id = 'nova' AND seq >= {k};"
                     "UPDATE audit_entry SET seq = seq - 999 WHERE tenant_id = 'nova' AND seq > 1000;"
                     "INSERT INTO audit_entry SELECT tenant_id, {k}, at, actor, 'forged', object, body,"
                     " previous_hash, hash FROM audit_entry WHERE tenant_id = 'nova' AND seq = {k+1}"},
        {"swapped", "UPDATE audit_entry SET seq = 1000 WHERE tenant_id = 'nova' AND seq = {k};"
                    "UPDATE audit_entry SET seq = {k} WHERE tenant_id = 'nova' AND seq = {k+1};"
                    "UPDATE audit_entry SET seq = {k+1} WHERE tenant_id = 'nova' AND seq = 1000"},
    };
    for (const auto& [name, script] : kinds) {
        for (const qlonglong k : {1, 2, 20, 39, 40}) {
            if (QByteArray(name) != "swapped" || k < AuditLog::size)
                QTest::addRow("%s %lld", name, k) << script << k;
        }
    }
}

void TestAudit::tampering()
{
    QFETCH(QByteArray, script);
    QFETCH(qlonglong, k);
    AuditLog log;
    log.tamper(replaced(script.toStdString(), k));
    const std::string moved = script.contains("'beta'") ? "beta:4 " : "";
    QCOMPARE(log.findings(), moved + "nova:" + std::to_string(k) + " ");
}

void TestAudit::everyEntryCounts()
{
    AuditLog log;
    for (std::int64_t k = 1; k <= AuditLog::size; ++k) {
        log.tamper(replaced("UPDATE audit_entry SET action = 'x' WHERE tenant_id = 'nova' AND seq = {k}", k));
        QCOMPARE(log.findings(), "nova:" + std::to_string(k) + " ");
        log.tamper(
            replaced("UPDATE audit_entry SET action = 'finalise' WHERE tenant_id = 'nova' AND seq = {k}", k));
    }
    QCOMPARE(log.findings(), "");
}

void TestAudit::recomputedChain_data()
{
    QTest::addColumn<qlonglong>("k");
    QTest::addColumn<qlonglong>("firstUnproven"); // right behind the last checkpoint before k
    QTest::newRow("first") << 1LL << 1LL;
    QTest::newRow("at a checkpoint") << 10LL << 1LL;
    QTest::newRow("behind a checkpoint") << 11LL << 11LL;
    QTest::newRow("in the middle") << 15LL << 11LL;
    QTest::newRow("near the end") << 39LL << 21LL;
    QTest::newRow("last") << 40LL << 21LL;
}

void TestAudit::recomputedChain()
{
    QFETCH(qlonglong, k);
    QFETCH(qlonglong, firstUnproven);
    AuditLog log;
    log.tamper(recomputedFrom(log, k));
    QCOMPARE(log.findings(), "nova:" + std::to_string(firstUnproven) + " ");
}

void TestAudit::wholeChainGone()
{
    AuditLog log;
    log.tamper("DELETE FROM audit_entry WHERE tenant_id = ''");
    QCOMPARE(log.findings(), "(system):1 ");
}

void TestAudit::entryBeforeTheFirst()
{
    AuditLog log;
    log.tamper(
        "INSERT INTO audit_entry SELECT tenant_id, -7, at, actor, action, object, body, previous_hash, hash"
        " FROM audit_entry WHERE tenant_id = 'nova' AND seq = 3");
    QCOMPARE(log.findings(), "nova:1 ");
}

void TestAudit::cleanLogsRaiseNoAlarm()
{
    AuditLog log;
    QCOMPARE(log.findings(), "");
    log.fixture().reopen();
    for (int round = 0; round < 100; ++round) {
        log.append(round % 3 == 0 ? "" : "gamma", "\xc3\xa9 'quoted' \n");
        if (round % 7 == 0)
            log.checkpoint();
        const auto found =
            audit::verifyAudit(log.fixture().storage(), log.checkpoints(), log.key().publicKey());
        QVERIFY(found.value().empty());
    }
    log.fixture().close();
    QCOMPARE(log.findings(), "");
}

void TestAudit::manyAppendersMakeOneChain()
{
    StorageFixture fixture;
    std::vector<std::thread> appenders;
    for (int appender = 0; appender < 8; ++appender) {
        appenders.emplace_back([&fixture, appender] {
            for (int entry = 0; entry < 25; ++entry) {
                const auto done = fixture.storage().write(
                    Scope::allTenants("test"), Priority::Money, anyWork(), [&](Work& work) -> Result<void> {
                        const audit::Entry what{TenantId("nova"), "thread:" + std::to_string(appender), "add",
                                                "x"};
                        const auto appended = audit::appendEntry(work, what, Instant::fromMicros(entry));
                        return appended ? Result<void>() : appended.error();
                    });
                BILLING_ASSERT(done.has_value());
            }
        });
    }
    for (std::thread& appender : appenders)
        appender.join();
    const auto key =
        secrets::AuditKey::create(fixture.directory().file("a.pem"), fixture.directory().file("b.pem"));
    const auto file = fixture.directory().file("checkpoints.jsonl");
    const auto unsignedYet = audit::verifyAudit(fixture.storage(), file, key->publicKey());
    QVERIFY(unsignedYet.value() ==
            std::vector<audit::Finding>({{"nova", 1, "no signed checkpoint is left"}}));
    audit::Checkpointer checkpointer(file, *key);
    QCOMPARE(checkpointer.write(fixture.storage(), Instant::fromMicros(1)).error().code,
             ErrorCode::CheckpointBroken); // it was never founded
    QVERIFY(checkpointer.found(fixture.storage(), Instant::fromMicros(1)));
    QVERIFY(audit::verifyAudit(fixture.storage(), file, key->publicKey()).value().empty());
    const auto head = readValue(fixture.storage(), Scope::allTenants("test"),
                                [](Work& work) { return storage::lastAuditEntry(work, "nova"); });
    QCOMPARE(head.value()->seq, std::int64_t{200});
}

void TestAudit::refusedWorkLeavesNoEntry()
{
    StorageFixture fixture;
    const auto refused = fixture.storage().write(
        Scope::system("test"), Priority::Money, anyWork(), [](Work& work) -> Result<void> {
            BILLING_ASSERT(
                audit::appendEntry(work, {std::nullopt, "a", "b", "c"}, Instant::fromMicros(1)).value() == 1);
            return ErrorCode::PeriodNotOver;
        });
    QVERIFY(!refused);
    const auto head = readValue(fixture.storage(), Scope::system("test"),
                                [](Work& work) { return storage::lastAuditEntry(work, ""); });
    QVERIFY(!head.value());
}

void TestAudit::canonicalTextsDiffer()
{
    storage::AuditRow one{"a1", 2, Instant::fromMicros(0), "b", "", "c", "", std::string(32, '\0'), ""};
    storage::AuditRow two = one;
    two.actor = "";
    two.action = "b";
    QVERIFY(audit::entryHash(one) != audit::entryHash(two));
    // The published form, by hand: any change of it breaks every stored chain.
    audit::CanonicalText text("d");
    text.add(std::int64_t{-2});
    QCOMPARE(QByteArray::fromStdString(text.bytes()).toHex(),
             QByteArray("0000000000000001640000000000000008fffffffffffffffe"));
}

QTEST_GUILESS_MAIN(TestAudit)

#include "tst_audit.moc"
