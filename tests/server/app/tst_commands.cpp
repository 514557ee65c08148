// billing-server as an operator meets it: the program's words, exit codes and what they leave behind.

// Tests: check_invariants_command.cpp demo_command.cpp house_commands.cpp init_command.cpp run_command.cpp
// Tests: retry_command.cpp status_command.cpp token_command.cpp verify_audit_command.cpp
#include "tests/support/environment.h"
#include "tests/support/printing.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

#include <filesystem>
#include <fstream>

using namespace billing;
using namespace std::chrono_literals;

class TestCommands : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wrongWordsEndWithTwo_data();
    void wrongWordsEndWithTwo();
    void helpNamesEveryCommand();
    void refusesWhatIsNoDataDirectory_data();
    void refusesWhatIsNoDataDirectory();
    void initMakesAPrivateDirectoryOnce();
    void tokenMintsForACertificate();
    void verifyAuditFindsTampering();
    void runServesUntilToldToStop();
    void runRefusesATakenAddress();
    void aRefusedConfigurationStartsNothing();
    void theDemoIsTheSameEveryTime();
};

namespace {

namespace fs = std::filesystem;

test::Finished server(std::vector<std::string> words)
{
    return test::runToEnd({.program = test::builtProgram("billing-server"), .arguments = std::move(words)},
                          120s);
}

std::string initialised(const test::TemporaryDirectory& directory, const char* name = "data")
{
    const std::string path = directory.file(name).string();
    const auto made = server({"init", "--data-dir", path});
    if (made.exitCode != 0)
        std::fprintf(stderr, "%s\n", made.errors.c_str());
    BILLING_ASSERT(made.exitCode == 0);
    return path;
}

QStringList line(std::initializer_list<const char*> texts)
{
    QStringList list;
    for (const char* text : texts)
        list.append(QString::fromUtf8(text));
    return list;
}

std::vector<std::string> wordsOf(const QStringList& line)
{
    std::vector<std::string> words;
    for (const QString& word : line)
        words.push_back(word.toStdString());
    return words;
}

} // namespace

void TestCommands::wrongWordsEndWithTwo_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::newRow("none") << line({});
    QTest::newRow("unknown command") << line({"dance"});
    QTest::newRow("option before command") << line({"--data-dir", "D", "init"});
    for (const char* command : {"init", "run", "demo", "check-invariants", "verify-audit", "token", "status",
                                "retry", "backup", "restore"})
        QTest::addRow("%s without directory", command) << line({command});
    for (const char* command :
         {"init", "run", "demo", "check-invariants", "verify-audit", "token", "status", "backup", "restore"})
        QTest::addRow("%s with an unknown option", command)
            << line({command, "--data-dir", "D", "--colour", "red"});
    QTest::newRow("token without subject") << line({"token", "--data-dir", "D", "--role", "admin"});
    QTest::newRow("token without rights") << line({"token", "--data-dir", "D", "--subject", "s"});
    QTest::newRow("token with both rights")
        << line({"token", "--data-dir", "D", "--subject", "s", "--role", "admin", "--scope", "billing:read"});
}

void TestCommands::wrongWordsEndWithTwo()
{
    QFETCH(QStringList, words);
    const auto ended = server(wordsOf(words));
    QCOMPARE(ended.exitCode, 2);
    QVERIFY(ended.output.empty());
    QVERIFY(!ended.errors.empty());
}

void TestCommands::helpNamesEveryCommand()
{
    const auto help = server({"--help"});
    QCOMPARE(help.exitCode, 0);
    for (const char* command : {"init", "run", "demo", "token", "check-invariants", "verify-audit", "retry"})
        QVERIFY2(help.output.find(std::string("billing-server ") + command) != std::string::npos, command);
}

void TestCommands::refusesWhatIsNoDataDirectory_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::newRow("run") << line({"run"});
    QTest::newRow("demo") << line({"demo"});
    QTest::newRow("check-invariants") << line({"check-invariants"});
    QTest::newRow("verify-audit") << line({"verify-audit"});
    QTest::newRow("token") << line({"token", "--subject", "s", "--role", "admin"});
}

void TestCommands::refusesWhatIsNoDataDirectory()
{
    QFETCH(QStringList, words);
    const test::TemporaryDirectory directory;
    std::vector<std::string> all = wordsOf(words);
    all.insert(all.end(), {"--data-dir", directory.path().string()});
    const auto ended = server(all);
    QCOMPARE(ended.exitCode, 1);
    QVERIFY(ended.output.empty());
    QVERIFY(fs::is_empty(directory.path())); // and nothing is made there
}

void TestCommands::initMakesAPrivateDirectoryOnce()
{
    const test::TemporaryDirectory directory;
    const fs::path data = initialised(directory);
    for (const char* file : {"billing.sqlite", "issuer.toml", "keys/sealing.keys", "keys/audit-ed25519.pem",
                             "pki/ca.crt", "pki/server.key", "pki/kernel.crt", "pki/console.key"})
        QVERIFY2(fs::exists(data / file), file);
    for (const auto& entry : fs::recursive_directory_iterator(data)) {
        const bool secret = entry.path().extension() == ".key" || entry.path().extension() == ".keys" ||
                            entry.path().extension() == ".jwk" ||
                            entry.path().filename() == "audit-ed25519.pem";
        if (secret)
            QVERIFY2((entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
                         fs::perms::none,
                     entry.path().c_str());
    }
    QCOMPARE(fs::status(data).permissions() & fs::perms::others_all, fs::perms::none);

    const auto second = server({"init", "--data-dir", data.string()});
    QCOMPARE(second.exitCode, 1);
    QVERIFY2(second.errors.find("already_exists") != std::string::npos, second.errors.c_str());
}

void TestCommands::tokenMintsForACertificate()
{
    const test::TemporaryDirectory directory;
    const std::string data = initialised(directory);
    const auto mint = [&](std::vector<std::string> more) {
        std::vector<std::string> words{"token", "--data-dir", data, "--subject", "kernel"};
        words.insert(words.end(), more.begin(), more.end());
        return server(words);
    };
    const auto token = mint({"--scope", "billing:write billing:read"});
    QCOMPARE(token.exitCode, 0);
    QCOMPARE(std::count(token.output.begin(), token.output.end(), '.'), 2);
    QCOMPARE(std::count(token.output.begin(), token.output.end(), '\n'), 1);
    QCOMPARE(mint({"--role", "finance", "--tenant", "acme"}).exitCode, 0);
    QCOMPARE(mint({"--scope", "billing:write", "--cert", data + "/pki/console.crt"}).exitCode, 0);

    QCOMPARE(mint({"--scope", "billing:everything"}).exitCode, 1);
    QCOMPARE(mint({"--role", "king"}).exitCode, 1);
    QCOMPARE(mint({"--role", "admin", "--tenant", "A"}).exitCode, 1);
    QCOMPARE(mint({"--role", "admin", "--cert", data + "/issuer.toml"}).exitCode, 1);
}

void TestCommands::verifyAuditFindsTampering()
{
    const test::TemporaryDirectory directory;
    const std::string data = initialised(directory);
    const auto whole = server({"verify-audit", "--data-dir", data});
    QCOMPARE(whole.exitCode, 0);
    QVERIFY(whole.output.find("intact") != std::string::npos);

    std::ofstream(data + "/checkpoints/checkpoints.jsonl", std::ios::app) << "{\"forged\":true}\n";
    const auto broken = server({"verify-audit", "--data-dir", data});
    QCOMPARE(broken.exitCode, 1);
    QVERIFY2(broken.output.find("intact") == std::string::npos, broken.output.c_str());
}

void TestCommands::runServesUntilToldToStop()
{
    const test::TemporaryDirectory directory;
    const std::string data = initialised(directory);
    for (int round = 0; round < 2; ++round) { // what it left behind opens again
        test::Process process({.program = test::builtProgram("billing-server"),
                               .arguments = {"run", "--data-dir", data, "--listen", "127.0.0.1:0"}});
        QVERIFY(process.readLineWith("listening on https://127.0.0.1:", 30s));
        const auto beside = server({"verify-audit", "--data-dir", data});
        QCOMPARE(beside.exitCode, 0);
        QCOMPARE(beside.output, std::string("audit: every chain and checkpoint is intact\n"));
        const auto second = server({"run", "--data-dir", data, "--listen", "127.0.0.1:0"});
        QCOMPARE(second.exitCode, 1);
        QVERIFY2(second.errors.find("data_directory_in_use") != std::string::npos, second.errors.c_str());
        process.terminate();
        QVERIFY(process.readLineWith("stopping", 30s));
        QCOMPARE(process.waitForExit(30s), std::optional(0));
    }
    QCOMPARE(server({"verify-audit", "--data-dir", data}).exitCode, 0);
}

void TestCommands::runRefusesATakenAddress()
{
    const test::TemporaryDirectory directory;
    const std::string one = initialised(directory, "one");
    const std::string two = initialised(directory, "two");
    test::Process first({.program = test::builtProgram("billing-server"),
                         .arguments = {"run", "--data-dir", one, "--listen", "127.0.0.1:0"}});
    const auto said = first.readLineWith("listening on https://", 30s);
    QVERIFY(said);
    const std::string address = said->substr(said->find("https://") + 8);
    const auto second = server({"run", "--data-dir", two, "--listen", address});
    QCOMPARE(second.exitCode, 1);
    QVERIFY2(second.errors.find("listen_failed") != std::string::npos, second.errors.c_str());
}

void TestCommands::aRefusedConfigurationStartsNothing()
{
    const test::TemporaryDirectory directory;
    const std::string data = initialised(directory);
    std::ofstream(data + "/billing.toml") << "[usage]\nbacklog = 1\n";
    for (const char* command :
         {"run", "demo", "token", "check-invariants", "verify-audit", "retry", "status"}) {
        std::vector<std::string> words{command, "--data-dir", data};
        if (words.front() == "token")
            words.insert(words.end(), {"--subject", "s", "--role", "admin"});
        const auto refused = server(words);
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(refused.errors.find("usage.backlog") != std::string::npos &&
                     refused.errors.find("line 2") != std::string::npos,
                 refused.errors.c_str());
        QVERIFY(refused.output.empty());
    }
    QVERIFY(!fs::exists(data + "/admin.sock"));
    const std::string config = directory.file("elsewhere.toml").string();
    std::ofstream(config) << "data_dir = \"new\"\n[log]\nlevel = 1\n";
    QCOMPARE(server({"init", "--config", config}).exitCode, 1);
    QVERIFY(!fs::exists(directory.file("new")));
    QCOMPARE(server({"init", "--config", directory.file("none.toml").string()}).exitCode, 1);
    QCOMPARE(server({"run", "--config", config, "--data-dir", data}).exitCode, 2); // one of them
}

void TestCommands::theDemoIsTheSameEveryTime()
{
    const test::TemporaryDirectory directory;
    std::vector<std::string> reports;
    for (const char* name : {"one", "two"}) {
        const std::string data = initialised(directory, name);
        const auto demo = server({"demo", "--data-dir", data});
        QVERIFY2(demo.exitCode == 0, demo.errors.c_str());
        std::string report = demo.output;
        report.replace(report.find(data), data.size(), "D");
        reports.push_back(report);
        int documents = 0;
        for (const auto& entry : fs::directory_iterator(fs::path(data) / "invoices"))
            documents += entry.path().extension() == ".pdf" ? 1 : 0;
        QCOMPARE(documents, 24); // eight customers, three months
        QCOMPARE(server({"verify-audit", "--data-dir", data}).exitCode, 0);
        const auto books = server({"check-invariants", "--data-dir", data});
        QVERIFY2(books.exitCode == 0, (books.output + books.errors).c_str());
    }
    QCOMPARE(reports[0], reports[1]);
}

QTEST_GUILESS_MAIN(TestCommands)
#include "tst_commands.moc"
