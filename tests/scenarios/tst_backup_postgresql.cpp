// The server on PostgreSQL by its configuration file: init, run, the commands beside it, and a backup by
// pg_dump that is restored into another database with other directories.

// Tests: server/app/postgres_dump.cpp
#include "tests/support/printing.h"

#include "tests/scenarios/requests.h"
#include "tests/scenarios/server_fixture.h"
#include "tests/support/environment.h"
#include "tests/support/postgres_server.h"

#include <fstream>

using namespace billing;
using namespace std::chrono_literals;

class TestBackupPostgresql : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { test::PostgresServer::skipTestIfAbsent(); }
    void initRefusesAnothersDatabase();
    void backupNeedsARoleThatSeesEverything();
    void thereAndBack();
};

namespace {

namespace fs = std::filesystem;

/// A configuration file for a database, its secrets beside it, its data directory below it.
class Site
{
public:
    Site(const test::PostgresServer::Database& database, std::string backupConnection)
    {
        secret("app.password", database.password);
        secret("owner.password", database.ownerPassword);
        std::ofstream(config()) << "data_dir = \"data\"\n[storage]\nengine = \"postgresql\"\nconnection = \""
                                << database.connection << "\"\nowner_connection = \""
                                << database.ownerConnection << "\"\nbackup_connection = \""
                                << backupConnection
                                << "\"\npassword_file = \"app.password\"\nowner_password_file = "
                                   "\"owner.password\"\nconnections = 4\n";
    }
    void secret(const char* name, const std::string& text) const
    {
        std::ofstream(m_directory.file(name)) << text << "\n";
        fs::permissions(m_directory.file(name), fs::perms::owner_read | fs::perms::owner_write);
    }
    void append(const std::string& text) const { std::ofstream(config(), std::ios::app) << text; }
    test::Finished run(const std::string& command, std::vector<std::string> more = {}) const
    {
        std::vector<std::string> words{command, "--config", config().string()};
        words.insert(words.end(), more.begin(), more.end());
        return test::runToEnd({test::builtProgram("billing-server"), words}, 120s);
    }
    fs::path config() const { return m_directory.file("billing.toml"); }
    fs::path data() const { return m_directory.file("data"); }
    fs::path scratch(const char* name) const { return m_directory.file(name); }

private:
    test::TemporaryDirectory m_directory;
};

/// A server of a site and a client of it.
class Running
{
public:
    explicit Running(const Site& site)
        : m_process({test::builtProgram("billing-server"),
                     {"run", "--config", site.config().string(), "--listen", "127.0.0.1:0"}})
    {
        const auto said = m_process.readLineWith("listening on ", 60s);
        if (!said)
            std::fprintf(stderr, "%s\n", m_process.errors().c_str());
        BILLING_ASSERT(said.has_value());
        const auto pki = site.data() / "pki";
        std::string token = site.run("token", {"--subject", "kernel", "--scope",
                                               "billing:write billing:read billing:backfill"})
                                .output;
        token.erase(token.find_last_not_of('\n') + 1);
        client = std::make_unique<test::HttpsClient>(
            test::ClientIdentity{said->substr(said->find("https://")), pki / "ca.crt", pki / "kernel.crt",
                                 pki / "kernel.key", token});
    }
    bool stop()
    {
        m_process.terminate();
        return m_process.waitForExit(30s) == std::optional(0);
    }

    std::unique_ptr<test::HttpsClient> client;

private:
    test::Process m_process;
};

std::string usageBatch(int events)
{
    std::vector<test::EventText> all;
    for (int i = 0; i < events; ++i)
        all.push_back({"e-" + std::to_string(i), "acme", "1", "agent_execution", "2023-11-10T00:00:00Z"});
    return test::batchOf(all);
}

} // namespace

void TestBackupPostgresql::initRefusesAnothersDatabase()
{
    const auto database = test::sharedPostgres().newDatabase();
    const Site first(database, database.superConnection);
    const Site second(database, database.superConnection);
    QCOMPARE(test::complaint(first.run("init")), std::string());
    QCOMPARE(first.run("init").exitCode, 1);
    const auto refused = second.run("init");
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.errors.find("already_exists: storage.connection") != std::string::npos,
             refused.errors.c_str());
    QVERIFY(!fs::exists(second.data() / "keys" / "sealing.keys"));
    QCOMPARE(test::complaint(first.run("verify-audit")), std::string());
}

void TestBackupPostgresql::backupNeedsARoleThatSeesEverything()
{
    const auto database = test::sharedPostgres().newDatabase();
    const Site site(database, database.ownerConnection); // row-level security binds the owner too
    site.secret("backup.password", database.ownerPassword);
    std::string text = "backup_password_file = \"backup.password\"\n";
    site.append(text);
    QCOMPARE(test::complaint(site.run("init")), std::string());
    const auto refused = site.run("backup", {"--to", site.scratch("backup").string()});
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.errors.find("row-level security") != std::string::npos, refused.errors.c_str());
    QVERIFY(refused.errors.find(database.ownerPassword) == std::string::npos);
    QVERIFY(!fs::exists(site.scratch("backup")));
    QVERIFY(!fs::exists(site.scratch("backup.partial")));
}

void TestBackupPostgresql::thereAndBack()
{
    const auto database = test::sharedPostgres().newDatabase();
    const Site site(database, database.superConnection);
    QCOMPARE(test::complaint(site.run("init")), std::string());
    Running server(site);
    test::signUp(*server.client, {.id = "acme"});
    QCOMPARE(server.client->post("/api/v1/usage?wait=settled", usageBatch(300)).at("settled"),
             std::string("true"));
    const std::string id =
        server.client->post("/api/v1/invoices", test::invoiceRequest("acme", "2023-11-01", "2023-12-01"))
            .at("invoice_id");
    QCOMPARE(server.client->post("/api/v1/invoices/" + id + "/finalise", "").status, 200);
    const std::string invoice = server.client->get("/api/v1/invoices/" + id).body;
    QVERIFY(QTest::qWaitFor(
        [&] { return server.client->get("/api/v1/invoices/" + id + "/pdf").status == 200; }, 60'000));
    const std::string pdf = server.client->get("/api/v1/invoices/" + id + "/pdf").body;
    QCOMPARE(test::complaint(site.run("check-invariants")), std::string()); // beside it
    QCOMPARE(site.run("run", {"--listen", "127.0.0.1:0"}).exitCode, 1);     // one owner of the directory
    const fs::path backup = site.scratch("backup");
    QCOMPARE(test::complaint(site.run("backup", {"--to", backup.string()})), std::string());
    QVERIFY(server.stop());

    const auto other = test::sharedPostgres().newDatabase();
    const Site target(other, other.superConnection);
    fs::create_directory(target.data());
    for (const char* secret : {"keys", "pki"})
        fs::copy(site.data() / secret, target.data() / secret, fs::copy_options::recursive);
    const auto restored = target.run("restore", {"--from", backup.string()});
    QCOMPARE(test::complaint(restored), std::string());
    QVERIFY2(restored.output.find("restore: good\n") != std::string::npos, restored.output.c_str());
    QCOMPARE(target.run("restore", {"--from", backup.string()}).exitCode, 1); // it is not empty any more

    Running again(target);
    QCOMPARE(again.client->get("/api/v1/invoices/" + id).body, invoice);
    QVERIFY(again.client->get("/api/v1/invoices/" + id + "/pdf").body == pdf);
    const auto repeat = again.client->post("/api/v1/usage?wait=settled", usageBatch(300));
    QCOMPARE(repeat.at("results/0/status"), std::string("duplicate"));
    QCOMPARE(repeat.at("results/299/status"), std::string("duplicate"));
    QVERIFY(again.stop());
}

QTEST_GUILESS_MAIN(TestBackupPostgresql)

#include "tst_backup_postgresql.moc"
