// A thousand audit entries, appended by eight threads at once, and somebody with the disk in hand: each
// column of an entry changed, entries deleted, swapped, inserted, cut off, a chain made to fit again from
// some entry on, checkpoints edited or taken away. Both verifiers, which share no code, name the first bad
// entry; on untouched logs they say nothing. On both engines. R13, see README.md.
#include "tests/support/printing.h"

#include "server/audit/append_entry.h"
#include "server/audit/canonical.h"
#include "server/audit/checkpoints.h"
#include "server/storage/postgres/postgres_storage.h"
#include "server/storage/sqlite/sqlite_storage.h"
#include "tests/faults/crash_sweep.h"
#include "tests/faults/killer.h"
#include "tests/support/postgres_rows.h"
#include "tests/support/seeded_random.h"

#include <QElapsedTimer>
#include <QRegularExpression>

#include <fstream>
#include <functional>
#include <iterator>
#include <thread>

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t entries = 1'000;
constexpr std::int64_t betweenCheckpoints = 100;
constexpr int appenders = 8;
constexpr std::int64_t fewEntries = 5; ///< of a quick run
constexpr auto chain = "nova";

struct Tampering
{
    const char* name;
    /// The statements that do it to entry k, and the entry that is then the first bad one.
    std::function<std::string(std::int64_t k)> script;
    std::function<std::int64_t(std::int64_t k)> firstBad = [](std::int64_t k) { return k; };
};

std::string at(std::int64_t seq)
{
    return " WHERE tenant_id = 'nova' AND seq = " + std::to_string(seq) + ';';
}

Tampering changed(const char* name, const std::string& assignment)
{
    return {name, [assignment](std::int64_t k) {
                return std::string("UPDATE audit_entry SET ") + assignment + at(k);
            }};
}

std::string moved(std::int64_t from, std::int64_t to)
{
    return "UPDATE audit_entry SET seq = " + std::to_string(to) + at(from);
}

/// As SQLite writes it; tamper() knows how PostgreSQL does.
std::string hexLiteral(const std::string& bytes)
{
    return "x'" + QByteArray::fromStdString(bytes).toHex().toStdString() + "'";
}

const std::string anyHash = hexLiteral(std::string(32, '\x5a'));

std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void setContent(const std::filesystem::path& file, const std::string& content)
{
    std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
}

/// The store of a stopped server, on SQLite with a thread that writes.
class OpenStore
{
public:
    explicit OpenStore(const ServerFixture& server)
    {
        if (server.database()) {
            const PostgresServer::Database& database = *server.database();
            m_storage = PostgresStorage::open({.connection = database.connection,
                                               .ownerConnection = database.ownerConnection,
                                               .password = database.password,
                                               .ownerPassword = database.ownerPassword},
                                              m_random, Instant::fromMicros(1'700'000'000'000'000))
                            .value();
            return;
        }
        auto embedded = SqliteStorage::open(server.dataDirectory() / "billing.sqlite", {}).value();
        m_embedded = embedded.get();
        m_storage = std::move(embedded);
        m_writer = std::thread([this] { m_embedded->runWriter(); });
    }
    ~OpenStore()
    {
        if (m_embedded == nullptr)
            return;
        m_embedded->stopWriter();
        m_writer.join();
    }
    OpenStore(const OpenStore&) = delete;
    OpenStore& operator=(const OpenStore&) = delete;
    Storage& storage() { return *m_storage; }

    void append(const std::string& actor, std::int64_t count)
    {
        const auto done = m_storage->write(
            Scope::allTenants("test"), Priority::Money, WorkId("wrk_" + actor), [&](Work& work) {
                Result<void> answer;
                for (std::int64_t entry = 0; entry < count && answer; ++entry) {
                    const auto noted = audit::appendEntry(
                        work, {TenantId(chain), actor, "finalise", "invoice:inv_" + std::to_string(entry)},
                        Instant::fromMicros(1'700'000'000'000'000 + entry));
                    answer = noted ? Result<void>() : noted.error();
                }
                return answer;
            });
        BILLING_ASSERT(done.has_value());
    }

private:
    SeededRandom m_random{13};
    std::unique_ptr<Storage> m_storage;
    SqliteStorage* m_embedded = nullptr;
    std::thread m_writer;
};

} // namespace

class TestAuditTampering : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void entriesAreVouchedFor();
    void checkpointsAreVouchedFor_data();
    void checkpointsAreVouchedFor();
    void untouchedLogsRaiseNoAlarm();
    void manyEntries();

private:
    std::vector<Tampering> tamperings() const;
    /// Empty when both verifiers name that entry as the first bad one.
    std::string unlessFound(std::int64_t firstBad) const;
    std::string unlessClean() const;
    void tamper(const std::string& script) const;
    void restore() const;
    std::filesystem::path database() const { return m_server.dataDirectory() / "billing.sqlite"; }
    std::filesystem::path checkpoints() const
    {
        return m_server.dataDirectory() / "checkpoints" / "checkpoints.jsonl";
    }
    void checkpoint(OpenStore& store) const;
    std::string madeToFitFrom(std::int64_t k) const;

    ServerFixture m_server;
    std::vector<storage::AuditRow> m_rows;
    std::string m_wholeDatabase;
    std::string m_wholeCheckpoints;
};

void TestAuditTampering::checkpoint(OpenStore& store) const
{
    const auto key = secrets::AuditKey::load(m_server.dataDirectory() / "keys" / "audit-ed25519.pem");
    audit::Checkpointer checkpointer(checkpoints(), key.value());
    BILLING_ASSERT(checkpointer.write(store.storage(), Instant::fromMicros(1'700'000'000'000'000)));
}

void TestAuditTampering::initTestCase()
{
    QCOMPARE(unlessClean(), std::string());
    {
        OpenStore store(m_server);
        for (std::int64_t done = 0; done < entries; done += betweenCheckpoints) {
            std::vector<std::thread> threads;
            for (int appender = 0; appender < appenders; ++appender) {
                // 100 = 4 threads with 12 entries and 4 with 13
                threads.emplace_back([&store, appender] {
                    for (int entry = 0; entry < 12 + appender % 2; ++entry)
                        store.append("user:" + std::to_string(appender), 1);
                });
            }
            for (std::thread& thread : threads)
                thread.join();
            checkpoint(store);
        }
        m_rows = readValue(store.storage(), Scope::allTenants("test"), [](Work& work) {
                     return storage::auditEntries(work, chain, 0, entries + 1);
                 }).value();
    }
    QCOMPARE(static_cast<std::int64_t>(m_rows.size()), entries);
    QCOMPARE(unlessClean(), std::string());
    if (m_server.database())
        postgresRows(m_server.database()->superConnection,
                     "CREATE TABLE whole_audit AS SELECT * FROM audit_entry");
    else
        m_wholeDatabase = contentOf(database());
    m_wholeCheckpoints = contentOf(checkpoints());
}

std::string TestAuditTampering::madeToFitFrom(std::int64_t k) const
{
    std::string script = "BEGIN;";
    std::string previous = audit::firstPreviousHash();
    for (storage::AuditRow row : m_rows) {
        if (row.seq == k)
            row.body = R"({"net":"1.00"})";
        if (row.seq >= k) {
            row.previousHash = previous;
            row.hash = audit::entryHash(row);
            script += "UPDATE audit_entry SET body = '" + row.body +
                      "', previous_hash = " + hexLiteral(row.previousHash) +
                      ", hash = " + hexLiteral(row.hash) + at(row.seq);
        }
        previous = row.hash;
    }
    return script + "COMMIT;";
}

std::vector<Tampering> TestAuditTampering::tamperings() const
{
    return {
        changed("chain", "tenant_id = 'other'"),
        changed("seq", "seq = seq + 5000"),
        changed("at", "at = at + 1"),
        changed("actor", "actor = 'user:9'"),
        changed("action", "action = 'void'"),
        changed("object", "object = object || ' '"),
        changed("body", "body = '{ }'"),
        changed("a letter moved", "actor = actor || 'f', action = 'inalise'"),
        changed("previous hash", "previous_hash = " + anyHash),
        changed("hash", "hash = " + anyHash),
        {"deleted", [](std::int64_t k) { return "DELETE FROM audit_entry" + at(k); }},
        {"cut",
         [](std::int64_t k) {
             return "DELETE FROM audit_entry WHERE tenant_id = 'nova' AND seq >= " + std::to_string(k) + ';';
         }},
        {"swapped",
         [](std::int64_t k) {
             const std::int64_t other = k < entries ? k + 1 : k - 1;
             return moved(k, 9'999) + moved(other, k) + moved(9'999, other);
         },
         [](std::int64_t k) { return k < entries ? k : k - 1; }},
        {"inserted",
         [](std::int64_t k) {
             const std::string where = " WHERE tenant_id = 'nova' AND seq ";
             const std::string number = std::to_string(k);
             return "UPDATE audit_entry SET seq = seq + 5000" + where + ">= " + number +
                    ";UPDATE audit_entry SET seq = seq - 4999" + where + "> 5000;" +
                    "INSERT INTO audit_entry SELECT tenant_id, " + number +
                    ", at, actor, 'forged', object, body, previous_hash, hash FROM audit_entry" + at(k + 1);
         }},
        {"made to fit", [this](std::int64_t k) { return madeToFitFrom(k); },
         // What is proved is the last entry a checkpoint signed before it.
         [](std::int64_t k) { return (k - 1) / betweenCheckpoints * betweenCheckpoints + 1; }}};
}

void TestAuditTampering::tamper(const std::string& script) const
{
    if (m_server.database()) {
        const QString bytes = QString::fromStdString(script).replace(
            QRegularExpression(QStringLiteral("\\bx'([0-9a-f]*)'")), QStringLiteral("'\\x\\1'"));
        postgresRows(m_server.database()->superConnection,
                     "SET session_replication_role = replica;" + bytes.toStdString());
        return;
    }
    const std::string triggers = "DROP TRIGGER audit_entry_no_update; DROP TRIGGER audit_entry_no_delete;";
    const Finished done = runToEnd({"sqlite3", {"-bail", database().string()}}, 60s, triggers + script);
    if (done.exitCode != 0)
        std::fprintf(stderr, "%s\n", done.errors.c_str());
    BILLING_ASSERT(done.exitCode == 0);
}

void TestAuditTampering::restore() const
{
    setContent(checkpoints(), m_wholeCheckpoints);
    if (m_server.database()) {
        tamper("TRUNCATE audit_entry; INSERT INTO audit_entry SELECT * FROM whole_audit");
        return;
    }
    for (const char* leftover : {"billing.sqlite-wal", "billing.sqlite-shm"})
        std::filesystem::remove(m_server.dataDirectory() / leftover);
    setContent(database(), m_wholeDatabase);
}

std::string TestAuditTampering::unlessFound(std::int64_t firstBad) const
{
    const Finished command = m_server.run("verify-audit");
    const Finished program = m_server.verifyAuditAlone();
    const std::string bad = std::to_string(firstBad);
    const bool isFound =
        command.output.find("chain nova: first bad entry " + bad + ":") != std::string::npos &&
        program.output.find("chain=nova first_bad=" + bad + " ") != std::string::npos;
    return isFound && command.exitCode == 1 && program.exitCode == 1
               ? std::string()
               : "not found at " + bad + ": " + command.output + command.errors + program.output;
}

std::string TestAuditTampering::unlessClean() const
{
    return complaint(m_server.run("verify-audit")) + complaint(m_server.verifyAuditAlone());
}

void TestAuditTampering::entriesAreVouchedFor()
{
    const auto sampled = std::min(entries, static_cast<std::int64_t>(trialsOr(fewEntries)));
    std::vector<std::string> failures;
    int trials = 0;
    for (const Tampering& tampering : tamperings()) {
        for (std::int64_t sample = 0; sample < sampled; ++sample) {
            // Always the first and the last entry.
            const std::int64_t k = sampled == 1 ? 1 : 1 + sample * (entries - 1) / (sampled - 1);
            tamper(tampering.script(k));
            ++trials;
            const std::string wrong = unlessFound(tampering.firstBad(k));
            if (!wrong.empty())
                failures.push_back(std::string(tampering.name) + ' ' + std::to_string(k) + ": " + wrong);
            restore();
        }
    }
    qInfo("audit tampering: trials=%d failures=%zu bound=3/%d control=untouchedLogsRaiseNoAlarm", trials,
          failures.size(), trials);
    QCOMPARE(text(failures), std::string());
    QCOMPARE(unlessClean(), std::string()); // what was found was the tampering
}

void TestAuditTampering::checkpointsAreVouchedFor_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<int>("exitCodeAlone");
    QTest::newRow("a digit changed") << QStringLiteral("digit") << 1;
    QTest::newRow("a line deleted") << QStringLiteral("line") << 1;
    QTest::newRow("two lines swapped") << QStringLiteral("swap") << 1;
    QTest::newRow("all lines deleted") << QStringLiteral("lines") << 1;
    QTest::newRow("the file deleted") << QStringLiteral("file") << 2; // it cannot be read
}

void TestAuditTampering::checkpointsAreVouchedFor()
{
    QFETCH(QString, what);
    QFETCH(int, exitCodeAlone);
    const std::size_t second = m_wholeCheckpoints.find('\n') + 1;
    const std::size_t third = m_wholeCheckpoints.find('\n', second) + 1;
    std::string lines = m_wholeCheckpoints;
    if (what == QStringLiteral("digit"))
        lines[second + 40] = lines[second + 40] == '1' ? '2' : '1';
    else if (what == QStringLiteral("line"))
        lines.erase(second, third - second);
    else if (what == QStringLiteral("swap"))
        lines = lines.substr(second, third - second) + lines.substr(0, second) + lines.substr(third);
    else
        lines.clear();
    if (what == QStringLiteral("file"))
        std::filesystem::remove(checkpoints());
    else
        setContent(checkpoints(), lines);
    const Finished command = m_server.run("verify-audit");
    const Finished program = m_server.verifyAuditAlone();
    restore();
    QVERIFY2(command.exitCode == 1, command.output.c_str());
    QVERIFY2(program.exitCode == exitCodeAlone, program.output.c_str());
    QCOMPARE(unlessClean(), std::string());
}

void TestAuditTampering::untouchedLogsRaiseNoAlarm()
{
    const std::uint64_t rounds = std::min<std::uint64_t>(100, trialsOr(10));
    for (std::uint64_t round = 0; round < rounds; ++round) {
        {
            OpenStore store(m_server);
            store.append("user:'\xc3\xa9' \n", 3);
            if (round % 3 == 0)
                checkpoint(store);
        }
        QCOMPARE(unlessClean(), std::string());
    }
    qInfo("audit untouched: trials=%llu false-alarms=0", static_cast<unsigned long long>(rounds));
}

/// A figure: how long the verifiers need. A million entries in a full run.
void TestAuditTampering::manyEntries()
{
    const std::int64_t many = trialsOr(fewEntries) >= 1'000 ? 1'000'000 : 20'000;
    {
        OpenStore store(m_server);
        for (std::int64_t done = 0; done < many; done += 1'000)
            store.append("user:1", 1'000);
        checkpoint(store);
    }
    QElapsedTimer clock;
    clock.start();
    QCOMPARE(complaint(m_server.run("verify-audit")), std::string());
    const qint64 command = clock.restart();
    QCOMPARE(complaint(m_server.verifyAuditAlone()), std::string());
    qInfo("audit entries verified: %lld, verify-audit-ms=%lld billing-audit-verify-ms=%lld",
          static_cast<long long>(many), static_cast<long long>(command),
          static_cast<long long>(clock.elapsed()));
}

QTEST_GUILESS_MAIN(TestAuditTampering)

#include "tst_audit_tampering.moc"
