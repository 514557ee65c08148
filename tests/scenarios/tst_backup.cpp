// A backup taken while usage flows and invoices are finalised holds everything that was acknowledged before
// it began, is restored to consistent books, and whatever was done to it meanwhile is refused by name.
// BILLING_TRIALS sets how many backups are taken under load.

// Tests: server/app/backup.cpp server/app/backup_command.cpp server/app/backup_manifest.cpp
// Tests: server/app/durable_files.cpp server/app/restore.cpp server/app/restore_command.cpp
// Tests: server/storage/sqlite/online_copy.cpp
#include "tests/support/printing.h"

#include "tests/scenarios/requests.h"
#include "tests/scenarios/server_fixture.h"
#include "tests/support/environment.h"

#include <atomic>
#include <fstream>
#include <mutex>
#include <thread>

using namespace billing;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

constexpr int senders = 2;
constexpr std::size_t batchSize = 20;

std::size_t trials()
{
    const char* const wanted = std::getenv("BILLING_TRIALS");
    return wanted ? std::stoul(wanted) : 1;
}

test::EventText eventOf(const std::string& trial, int sender, std::size_t number)
{
    return {trial + "-s" + std::to_string(sender) + "-" + std::to_string(number), "busy", "1",
            "agent_execution", "2023-11-10T00:00:00Z"};
}

/// Usage and invoices, without pause, until it is told to end.
class Load
{
public:
    Load(const test::ClientIdentity& identity, std::string trial)
        : m_trial(std::move(trial))
    {
        for (int sender = 0; sender < senders; ++sender)
            m_threads.emplace_back([this, identity, sender] { send(test::HttpsClient(identity), sender); });
        m_threads.emplace_back([this, identity] { invoice(test::HttpsClient(identity)); });
    }
    ~Load() { end(); }
    void end()
    {
        m_ending = true;
        for (std::thread& thread : m_threads)
            thread.join();
        m_threads.clear();
    }
    std::size_t acknowledged(int sender) const { return m_acknowledged[static_cast<std::size_t>(sender)]; }
    std::vector<std::string> finalised()
    {
        const std::lock_guard lock(m_mutex);
        return m_finalised;
    }

private:
    void send(const test::HttpsClient& client, int sender)
    {
        std::size_t next = 1;
        while (!m_ending) {
            std::vector<test::EventText> events;
            for (std::size_t i = 0; i < batchSize; ++i)
                events.push_back(eventOf(m_trial, sender, next + i));
            if (client.post("/api/v1/usage", test::batchOf(events)).status == 202) {
                next += batchSize;
                m_acknowledged[static_cast<std::size_t>(sender)] = next - 1;
            }
        }
    }
    void invoice(const test::HttpsClient& client)
    {
        for (int number = 0; !m_ending; ++number) {
            const std::string tenant = "buyer-" + m_trial + "-" + std::to_string(number);
            test::signUp(client, {.id = tenant});
            const auto draft =
                client.post("/api/v1/invoices", test::invoiceRequest(tenant, "2023-11-01", "2023-12-01"));
            const std::string id = draft.at("invoice_id");
            if (client.post("/api/v1/invoices/" + id + "/finalise", "").status != 200)
                continue; // usage waits to be settled
            const std::lock_guard lock(m_mutex);
            m_finalised.push_back(id);
        }
    }

    const std::string m_trial;
    std::atomic<bool> m_ending = false;
    std::array<std::atomic<std::size_t>, senders> m_acknowledged = {};
    std::mutex m_mutex;
    std::vector<std::string> m_finalised;
    std::vector<std::thread> m_threads;
};

test::Finished restore(const fs::path& backup, const fs::path& target)
{
    return test::runToEnd({test::builtProgram("billing-server"),
                           {"restore", "--from", backup.string(), "--data-dir", target.string()}},
                          180s);
}

/// A target with the keys that a backup needs, and the certificates a server does.
fs::path targetWithKeys(const test::ServerFixture& server, const std::string& name)
{
    const fs::path target = server.scratch(name);
    fs::create_directory(target);
    for (const char* secret : {"keys", "pki"})
        fs::copy(server.dataDirectory() / secret, target / secret, fs::copy_options::recursive);
    return target;
}

struct Mark
{
    std::string trial;
    std::array<std::size_t, senders> acknowledged;
    std::vector<std::string> finalised;
};

/// A server on what was restored: everything of the mark is there, once.
QString missingFrom(const fs::path& restored, const test::ServerFixture& original, const Mark& mark)
{
    test::Process process({test::builtProgram("billing-server"),
                           {"run", "--data-dir", restored.string(), "--listen", "127.0.0.1:0"}});
    const auto said = process.readLineWith("listening on ", 30s);
    if (!said)
        return QStringLiteral("the server does not start");
    test::ClientIdentity identity = original.identity();
    identity.server = said->substr(said->find("https://"));
    const test::HttpsClient client(identity);
    for (int sender = 0; sender < senders; ++sender) {
        const std::size_t last = mark.acknowledged[static_cast<std::size_t>(sender)];
        for (std::size_t at = 1; at <= last; at += 1'000) {
            std::vector<test::EventText> events;
            for (std::size_t number = at; number < at + 1'000 && number <= last; ++number)
                events.push_back(eventOf(mark.trial, sender, number));
            const auto reply = client.post("/api/v1/usage?wait=settled", test::batchOf(events));
            for (std::size_t i = 0; i < events.size(); ++i)
                if (reply.at("results/" + std::to_string(i) + "/status") != "duplicate")
                    return QString::fromStdString(events[i].id + ": " + reply.body.substr(0, 300));
        }
    }
    for (const std::string& id : mark.finalised) {
        const auto reply = client.get("/api/v1/invoices/" + id);
        if (reply.at("status") != "finalised" && reply.at("status") != "final")
            return QString::fromStdString(id + ": " + reply.body.substr(0, 300));
        const bool drawn = QTest::qWaitFor(
            [&] { return client.get("/api/v1/invoices/" + id + "/pdf").status == 200; }, 30'000);
        if (!drawn)
            return QString::fromStdString(id + ": no document");
    }
    process.terminate();
    return process.waitForExit(30s) == std::optional(0) ? QString() : QStringLiteral("does not stop");
}

void flipAByte(const fs::path& file)
{
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    const auto middle = static_cast<std::streamoff>(fs::file_size(file) / 2);
    stream.seekg(middle);
    const int byte = stream.get();
    stream.seekp(middle);
    stream.put(static_cast<char>(byte ^ 1));
}

} // namespace

class TestBackup : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void underLoad();
    void refusals_data();
    void refusals();
    void targets();
    void besideAndWithoutAServerItIsTheSame();

private:
    test::ServerFixture m_small; ///< just initialised, never started
    fs::path m_backup = m_small.scratch("backup");
    int m_rows = 0;
};

void TestBackup::initTestCase()
{
    std::ofstream(m_small.dataDirectory() / "billing.toml") << "[log]\nlevel = \"info\"\n";
    QCOMPARE(test::complaint(m_small.run("backup", {"--to", m_backup.string()})), std::string());
}

void TestBackup::underLoad()
{
    test::ServerFixture server;
    server.start();
    const test::ClientIdentity identity = server.identity();
    test::signUp(test::HttpsClient(identity), {.id = "busy"});
    for (std::size_t trial = 0; trial < trials(); ++trial) {
        const std::string name = std::to_string(trial);
        Mark mark{name, {}, {}};
        std::size_t later = 0;
        {
            Load load(identity, name);
            QVERIFY(QTest::qWaitFor(
                [&] { return load.finalised().size() >= 3 && load.acknowledged(0) >= 200; }, 60'000));
            const test::HttpsClient client(identity);
            const std::string drawn = "/api/v1/invoices/" + load.finalised().front() + "/pdf";
            QVERIFY(QTest::qWaitFor([&] { return client.get(drawn).status == 200; }, 60'000));
            for (int sender = 0; sender < senders; ++sender)
                mark.acknowledged[static_cast<std::size_t>(sender)] = load.acknowledged(sender);
            mark.finalised = load.finalised();
            const auto made = server.run("backup", {"--to", server.scratch("backup-" + name).string()});
            QCOMPARE(test::complaint(made), std::string());
            load.end();
            later = load.acknowledged(0) + load.acknowledged(1) - mark.acknowledged[0] - mark.acknowledged[1];
        }
        QVERIFY(later > 0); // it went on meanwhile
        const fs::path target = targetWithKeys(server, "restored-" + name);
        const auto restored = restore(server.scratch("backup-" + name), target);
        QCOMPARE(test::complaint(restored), std::string());
        QVERIFY2(restored.output.find("restore: good\n") != std::string::npos, restored.output.c_str());
        const QString missing = missingFrom(target, server, mark);
        QVERIFY2(missing.isEmpty(), qPrintable(missing));
        qInfo("trial %zu: %zu events and %zu invoices acknowledged before, %zu events while the backup ran",
              trial, mark.acknowledged[0] + mark.acknowledged[1], mark.finalised.size(), later);
    }
    QCOMPARE(server.stop().value_or(-1), 0);
}

void TestBackup::refusals_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("named");
    const auto row = [](const char* fault, const char* file, const char* named) {
        QTest::addRow("%s %s", fault, file)
            << QString::fromUtf8(fault) << QString::fromUtf8(file) << QString::fromUtf8(named);
    };
    for (const char* file : {"database/billing.sqlite", "checkpoints/checkpoints.jsonl",
                             "configuration/issuer.toml", "configuration/billing.toml"}) {
        row("flip", file, file);
        row("cut", file, file);
        row("remove", file, file);
        row("lengthen", file, file);
    }
    row("flip", "backup.json", "backup.json");
    row("cut", "backup.json", "backup.json");
    row("remove", "backup.json", "backup.json"); // as an interrupted backup is
    row("empty", "backup.json", "backup.json");
    row("other keys", "keys/sealing.keys", "sealing.keys");
    row("other signer", "keys/audit-ed25519.pub.pem", "backup.json");
    row("without", "keys/sealing.keys", "sealing.keys");
    row("without", "keys/audit-ed25519.pem", "audit-ed25519.pem");
    row("without", "keys/audit-ed25519.pub.pem", "audit-ed25519.pub.pem");
}

void TestBackup::refusals()
{
    QFETCH(QString, fault);
    QFETCH(QString, file);
    QFETCH(QString, named);
    const std::string row = std::to_string(++m_rows);
    const fs::path backup = m_small.scratch("backup-" + row);
    fs::copy(m_backup, backup, fs::copy_options::recursive);
    const fs::path target = targetWithKeys(m_small, "target-" + row);
    const fs::path victim =
        (fault.startsWith(QLatin1String("other")) || fault == QLatin1String("without") ? target : backup) /
        file.toStdString();
    QVERIFY2(fs::exists(victim), victim.c_str());
    if (fault == QLatin1String("flip"))
        flipAByte(victim);
    else if (fault == QLatin1String("cut"))
        fs::resize_file(victim, fs::file_size(victim) - 1);
    else if (fault == QLatin1String("empty"))
        fs::resize_file(victim, 0);
    else if (fault == QLatin1String("lengthen"))
        std::ofstream(victim, std::ios::app) << "\n";
    else if (fault.startsWith(QLatin1String("other"))) {
        const test::ServerFixture stranger;
        fs::copy(stranger.dataDirectory() / file.toStdString(), victim, fs::copy_options::overwrite_existing);
    } else
        fs::remove(victim);

    const auto refused = restore(backup, target);
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.errors.find(named.toStdString()) != std::string::npos, refused.errors.c_str());
    QVERIFY(refused.output.find("good") == std::string::npos);
    QVERIFY(!fs::exists(target / "billing.sqlite"));
    QVERIFY(!fs::exists(target / "documents")); // nothing was made at all
}

void TestBackup::targets()
{
    const test::ServerFixture& server = m_small;
    const fs::path& backup = m_backup;
    QCOMPARE(server.run("backup", {"--to", backup.string()}).exitCode, 1); // never over another
    fs::create_directory(server.scratch("next.partial"));
    const auto interrupted = server.run("backup", {"--to", server.scratch("next").string()});
    QCOMPARE(interrupted.exitCode, 1);
    QVERIFY(interrupted.errors.find("interrupted") != std::string::npos);
    QCOMPARE(restore(server.scratch("next.partial"), targetWithKeys(server, "a")).exitCode, 1);

    const fs::path full = targetWithKeys(server, "full");
    std::ofstream(full / "billing.sqlite") << "mine";
    const auto refused = restore(backup, full);
    QCOMPARE(refused.exitCode, 1);
    QVERIFY(refused.errors.find("already_exists") != std::string::npos);
    QCOMPARE(fs::file_size(full / "billing.sqlite"), std::uintmax_t{4});

    for (const auto& entry : fs::recursive_directory_iterator(backup)) {
        const auto others = fs::perms::group_all | fs::perms::others_all;
        if (entry.is_regular_file())
            QVERIFY2((entry.status().permissions() & others) == fs::perms::none, entry.path().c_str());
        QVERIFY2(entry.path().string().find("/keys/") == std::string::npos, entry.path().c_str());
    }
    QCOMPARE(fs::status(backup).permissions() & fs::perms::others_all, fs::perms::none);
}

void TestBackup::besideAndWithoutAServerItIsTheSame()
{
    test::ServerFixture server;
    const auto plain = [&](const std::string& command) {
        const auto ended = server.run(command);
        return std::to_string(ended.exitCode) + "\n" + ended.output + ended.errors;
    };
    const std::string books = plain("check-invariants");
    const std::string audit = plain("verify-audit");
    QCOMPARE(server.run("status").exitCode, 1);
    QCOMPARE(server.run("status").output, std::string("stopped\n"));
    server.start();
    QCOMPARE(plain("check-invariants"), books);
    QCOMPARE(plain("verify-audit"), audit);
    const auto status = server.run("status");
    QCOMPARE(test::complaint(status), std::string());
    QVERIFY2(status.output.starts_with("ready\nlistening on https://127.0.0.1:"), status.output.c_str());
    QCOMPARE(server.run("backup", {"--to", server.scratch("b").string()}).exitCode, 0);
    QCOMPARE(server.run("backup", {"--to", server.scratch("b").string()}).exitCode, 1);

    // Findings come through as they are, and the exit code with them.
    std::ofstream(server.dataDirectory() / "checkpoints" / "checkpoints.jsonl", std::ios::app) << "{}\n";
    const std::string broken = plain("verify-audit");
    QVERIFY2(broken.starts_with("1\n") && broken.find("checkpoint_broken") != std::string::npos,
             broken.c_str());
    server.kill(); // its socket stays behind
    QVERIFY(fs::exists(server.dataDirectory() / "admin.sock"));
    QCOMPARE(plain("verify-audit"), broken);
    server.start();
    QCOMPARE(server.run("check-invariants").exitCode, 0);
    QCOMPARE(server.stop().value_or(-1), 0);
    QVERIFY(!fs::exists(server.dataDirectory() / "admin.sock"));
}

QTEST_GUILESS_MAIN(TestBackup)

#include "tst_backup.moc"
