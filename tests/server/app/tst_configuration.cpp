// The configuration file: every fault is refused by the name of its key and the line it stands on, before
// anything is made.

// Tests: configuration.cpp toml_table.cpp secret_text.cpp socket_address.cpp
#include "server/app/configuration.h"

#include "server/app/socket_address.h"
#include "tests/support/printing.h"
#include "tests/support/temporary_directory.h"

#include <fstream>

using namespace billing;
using namespace std::chrono_literals;

class TestConfiguration : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusals_data();
    void refusals();
    void secretFiles_data();
    void secretFiles();
    void refusesWhatIsNoToml();
    void refusesAMissingFile();
    void theFileOfADirectoryIsItsOwn();
    void readsEverything();
    void defaults();
    void addresses_data();
    void addresses();
    void developmentListenersKeepOpsAtHome();
};

namespace {

namespace fs = std::filesystem;

struct Site
{
    Result<Configuration> read(const std::string& text)
    {
        std::ofstream(directory.file("billing.toml")) << text;
        return readConfiguration(directory.file("billing.toml"));
    }
    void file(const char* name, const std::string& content, fs::perms mode)
    {
        std::ofstream(directory.file(name)) << content;
        fs::permissions(directory.file(name), mode);
    }

    test::TemporaryDirectory directory;
};

constexpr auto ownerOnly = fs::perms::owner_read | fs::perms::owner_write;
const std::string beginning = "data_dir = \"data\"\n";

} // namespace

void TestConfiguration::refusals_data()
{
    QTest::addColumn<QString>("text"); // behind the first line, which names the directory
    QTest::addColumn<QString>("subject");
    QTest::addColumn<int>("line");
    const auto row = [](const char* name, const char* text, const char* subject, int line) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(subject) << line;
    };
    row("unknown key", "colour = \"red\"\n", "colour", 2);
    row("unknown table", "[paint]\ncolour = 1\n", "paint", 2);
    row("unknown key in a table", "[usage]\nbacklog_events = 5000\nbacklog = 1\n", "usage.backlog", 4);
    row("unknown key in a listener",
        "[[listener]]\naddress = \"127.0.0.1:1\"\nroutes = [\"ops\"]\nname = \"x\"\n", "listener[0].name", 5);
    row("a table's key at the root", "backlog_events = 5000\n", "backlog_events", 2);
    row("wrong type: text for a number", "[usage]\nbacklog_events = \"5000\"\n", "usage.backlog_events", 3);
    row("wrong type: float for a number", "[usage]\nbacklog_events = 5000.0\n", "usage.backlog_events", 3);
    row("wrong type: number for a text", "keys_dir = 7\n", "keys_dir", 2);
    row("wrong type: value for a table", "usage = 7\n", "usage", 2);
    row("wrong type: table for listeners", "[listener]\naddress = \"127.0.0.1:1\"\n", "listener", 2);
    row("wrong type: text for routes", "[[listener]]\naddress = \"127.0.0.1:1\"\nroutes = \"ops\"\n",
        "listener[0].routes", 4);
    row("too small", "[usage]\nbacklog_events = 999\n", "usage.backlog_events", 3);
    row("too large", "[usage]\nbacklog_events = 1000000001\n", "usage.backlog_events", 3);
    row("negative tolerance", "[usage]\nfuture_tolerance_seconds = -1\n", "usage.future_tolerance_seconds",
        3);
    row("no past", "[usage]\npast_tolerance_days = 0\n", "usage.past_tolerance_days", 3);
    row("retention", "[usage]\nretention_months = 241\n", "usage.retention_months", 3);
    row("grace", "[invoicing]\ngrace_hours = 721\n", "invoicing.grace_hours", 3);
    row("connections", "[limits]\nconnections = 0\n", "limits.connections", 3);
    row("stuck", "[health]\nsettle_stuck_seconds = 0\n", "health.settle_stuck_seconds", 3);
    row("log level", "[log]\nlevel = \"chatty\"\n", "log.level", 3);
    row("log format", "[log]\nformat = \"xml\"\n", "log.format", 3);
    row("engine", "[storage]\nengine = \"oracle\"\n", "storage.engine", 3);
    row("SQLite with a connection", "[storage]\nconnection = \"host=x\"\n", "storage.connection", 3);
    row("PostgreSQL without a connection", "[storage]\nengine = \"postgresql\"\n", "storage.connection", 2);
    row("a password in the connection",
        "[storage]\nengine = \"postgresql\"\nconnection = \"host=x password=y\"\n", "storage.connection", 4);
    row("a connection as a URI", "[storage]\nengine = \"postgresql\"\nconnection = \"postgres://u@h/d\"\n",
        "storage.connection", 4);
    row("a connection of two lines", "[storage]\nengine = \"postgresql\"\nconnection = \"host=x\\nuser=y\"\n",
        "storage.connection", 4);
    row("PostgreSQL with one connection",
        "[storage]\nengine = \"postgresql\"\nconnection = \"host=x\"\nconnections = 1\n",
        "storage.connections", 5);
    row("password file missing",
        "[storage]\nengine = \"postgresql\"\nconnection = \"host=x\"\npassword_file = \"nothing\"\n",
        "storage.password_file", 5);
    row("certificate missing", "[tls]\ncertificate_file = \"nothing.crt\"\n", "tls.certificate_file", 3);
    row("key missing", "[tls]\nkey_file = \"nothing.key\"\n", "tls.key_file", 3);
    row("CA missing", "[tls]\nclient_ca_file = \"nothing.crt\"\n", "tls.client_ca_file", 3);
    row("no address", "[[listener]]\nroutes = [\"ops\"]\n", "listener[0].address", 2);
    row("a name for an address", "[[listener]]\naddress = \"localhost:1\"\nroutes = [\"ops\"]\n",
        "listener[0].address", 3);
    row("no port", "[[listener]]\naddress = \"127.0.0.1\"\nroutes = [\"ops\"]\n", "listener[0].address", 3);
    row("a port too high", "[[listener]]\naddress = \"127.0.0.1:65536\"\nroutes = [\"ops\"]\n",
        "listener[0].address", 3);
    row("no routes", "[[listener]]\naddress = \"127.0.0.1:1\"\nroutes = []\n", "listener[0].routes", 4);
    row("unknown routes", "[[listener]]\naddress = \"127.0.0.1:1\"\nroutes = [\"all\"]\n",
        "listener[0].routes", 4);
    row("unknown client_cert",
        "[[listener]]\naddress = \"127.0.0.1:1\"\nroutes = [\"ops\"]\nclient_cert = \"maybe\"\n",
        "listener[0].client_cert", 5);
    row("no certificate for people",
        "[[listener]]\naddress = \"127.0.0.1:1\"\nroutes = [\"user\"]\nclient_cert = \"none\"\n",
        "listener[0].client_cert", 5);
    row("optional certificate for services",
        "[[listener]]\naddress = \"127.0.0.1:1\"\nroutes = [\"service\"]\nclient_cert = \"optional\"\n",
        "listener[0].client_cert", 5);
    row("ops for everybody", "[[listener]]\naddress = \"0.0.0.0:1\"\nroutes = [\"ops\"]\n",
        "listener[0].address", 3);
    row("ops on a network address",
        "[[listener]]\naddress = \"192.0.2.1:1\"\nroutes = [\"service\", \"ops\"]\n", "listener[0].address",
        3);
    row("ops for everybody, IPv6", "[[listener]]\naddress = \"[::]:1\"\nroutes = [\"ops\"]\n",
        "listener[0].address", 3);
    row("duplicate address",
        "[[listener]]\naddress = \"127.0.0.1:1\"\nroutes = [\"ops\"]\n"
        "[[listener]]\naddress = \"127.0.0.1:1\"\nroutes = [\"user\"]\n",
        "listener[1].address", 5);
    row("duplicate address, other words",
        "[[listener]]\naddress = \"127.0.0.1:1\"\nroutes = [\"ops\"]\n"
        "[[listener]]\naddress = \"[::ffff:127.0.0.1]:01\"\nroutes = [\"user\"]\n",
        "listener[1].address", 5);
}

void TestConfiguration::refusals()
{
    QFETCH(QString, text);
    QFETCH(QString, subject);
    QFETCH(int, line);
    Site site;
    const auto read = site.read(beginning + text.toStdString());
    QVERIFY(!read);
    const Error& error = read.error();
    QCOMPARE(error.code, ErrorCode::InvalidConfiguration);
    QCOMPARE(error.subject, subject.toStdString());
    const std::string where = "billing.toml: line " + std::to_string(line) + ": ";
    QVERIFY2(error.detail.find(where) != std::string::npos, error.detail.c_str());
    QVERIFY(!fs::exists(site.directory.file("data"))); // nothing was made
}

void TestConfiguration::secretFiles_data()
{
    QTest::addColumn<QString>("content");
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("good");
    QTest::newRow("as it should be") << "secret\n" << 0600 << true;
    QTest::newRow("without a line feed") << "secret" << 0400 << true;
    QTest::newRow("readable by everybody") << "secret\n" << 0604 << false;
    QTest::newRow("readable by the group") << "secret\n" << 0640 << false;
    QTest::newRow("writable by the group") << "secret\n" << 0620 << false;
    QTest::newRow("empty") << "" << 0600 << false;
    QTest::newRow("a line feed alone") << "\n" << 0600 << false;
    QTest::newRow("two lines") << "secret\nsslmode=disable\n" << 0600 << false;
    QTest::newRow("a control character") << "sec\tret" << 0600 << false;
    QTest::newRow("too long") << QString(1'025, QLatin1Char('x')) << 0600 << false;
}

void TestConfiguration::secretFiles()
{
    QFETCH(QString, content);
    QFETCH(int, mode);
    QFETCH(bool, good);
    Site site;
    site.file("password", content.toStdString(), static_cast<fs::perms>(mode));
    const auto read = site.read(beginning + "[storage]\nengine = \"postgresql\"\nconnection = \"host=x\"\n"
                                            "password_file = \"password\"\n");
    QCOMPARE(read.has_value(), good);
    if (good) {
        QCOMPARE(read->storage.password, std::string("secret"));
        QCOMPARE(read->storage.ownerPassword, std::string("secret"));
        QCOMPARE(read->storage.ownerConnection, std::string("host=x"));
    } else {
        QCOMPARE(read.error().subject, std::string("storage.password_file"));
        QVERIFY(content.size() < 5 ||
                read.error().detail.find(content.toStdString()) == std::string::npos); // it stays a secret
    }
}

void TestConfiguration::refusesWhatIsNoToml()
{
    Site site;
    const auto read = site.read(beginning + "[usage\n");
    QCOMPARE(read.error().code, ErrorCode::InvalidConfiguration);
    QVERIFY2(read.error().detail.starts_with("line 2"), read.error().detail.c_str());
    const auto twice = site.read(beginning + beginning);
    QCOMPARE(twice.error().code, ErrorCode::InvalidConfiguration);
    QVERIFY2(twice.error().detail.starts_with("line 2"), twice.error().detail.c_str());
    QCOMPARE(site.read("").error().subject, std::string("data_dir"));
}

void TestConfiguration::refusesAMissingFile()
{
    const Site site;
    QCOMPARE(readConfiguration(site.directory.file("billing.toml")).error().code, ErrorCode::FileUnreadable);
}

void TestConfiguration::theFileOfADirectoryIsItsOwn()
{
    Site site;
    std::ofstream(site.directory.file("billing.toml")) << "[usage]\nbacklog_events = 5000\n";
    const auto found = configurationOf(site.directory.path());
    QVERIFY2(found, found ? "" : toText(found.error()).c_str());
    QCOMPARE(found->backlogEvents, std::int64_t{5'000});
    QCOMPARE(found->directory.root, site.directory.path());
    std::ofstream(site.directory.file("billing.toml")) << "data_dir = \"..\"\n";
    QCOMPARE(configurationOf(site.directory.path()).error().subject, std::string("data_dir"));
    std::ofstream(site.directory.file("billing.toml")) << "data_dir = \".\"\n";
    QVERIFY(configurationOf(site.directory.path()));
    fs::remove(site.directory.file("billing.toml"));
    QCOMPARE(configurationOf(site.directory.path())->backlogEvents, std::int64_t{2'000'000});
}

void TestConfiguration::readsEverything()
{
    Site site;
    site.file("tls.key", "key", ownerOnly);
    site.file("tls.crt", "certificate", ownerOnly);
    site.file("owner", "owner secret\n", ownerOnly);
    site.file("app", "app secret\n", ownerOnly);
    const auto read = site.read(beginning + R"(keys_dir = "/etc/keys"
issuer_file = "who.toml"
[tls]
certificate_file = "tls.crt"
key_file = "tls.key"
client_ca_file = "tls.crt"
[storage]
engine = "postgresql"
connection = "host=/run/pg user=app"
owner_connection = "host=/run/pg user=owner"
password_file = "app"
owner_password_file = "owner"
connections = 3
[usage]
backlog_events = 1000
future_tolerance_seconds = 0
past_tolerance_days = 1
retention_months = 12
[invoicing]
grace_hours = 0
[limits]
connections = 10
[health]
settle_stuck_seconds = 5
[log]
level = "warning"
format = "text"
[[listener]]
address = "0.0.0.0:8443"
routes = ["service"]
[[listener]]
address = "[::1]:0"
client_cert = "none"
routes = ["ops", "public"]
)");
    QVERIFY2(read, read ? "" : toText(read.error()).c_str());
    const fs::path here = site.directory.path();
    QCOMPARE(read->directory.root, here / "data");
    QCOMPARE(read->directory.keys(), fs::path("/etc/keys"));
    QCOMPARE(read->directory.issuer(), here / "who.toml");
    QCOMPARE(read->directory.checkpointFile(), here / "data/checkpoints/checkpoints.jsonl");
    QCOMPARE(read->tls.key, here / "tls.key");
    QVERIFY(read->storage.engine == Engine::Postgresql);
    QCOMPARE(read->storage.ownerConnection, std::string("host=/run/pg user=owner"));
    QCOMPARE(read->storage.password, std::string("app secret"));
    QCOMPARE(read->storage.ownerPassword, std::string("owner secret"));
    QCOMPARE(read->storage.connections, 3);
    QCOMPARE(read->backlogEvents, std::int64_t{1'000});
    QVERIFY(read->timePolicy.futureTolerance == 0s && read->timePolicy.pastTolerance == 24h);
    QCOMPARE(read->timePolicy.retentionMonths, 12);
    QVERIFY(read->grace == 0h);
    QCOMPARE(read->connections, std::size_t{10});
    QVERIFY(read->settleStuck == 5s);
    QVERIFY(read->log.level == LogLevel::Warning && read->log.format == LogFormat::Text);
    QCOMPARE(read->listeners.size(), std::size_t{2});
    QVERIFY(read->listeners[0].routes == api::RouteGroups{api::RouteGroup::Service});
    QVERIFY(read->listeners[0].clientCertificate == http::ClientCertificate::Required);
    QVERIFY((read->listeners[1].routes == api::RouteGroups{api::RouteGroup::Ops, api::RouteGroup::Public}));
    QVERIFY(read->listeners[1].clientCertificate == http::ClientCertificate::None);
}

void TestConfiguration::defaults()
{
    Site site;
    const auto read = site.read(beginning);
    QVERIFY(read);
    QVERIFY(read->storage.engine == Engine::Sqlite);
    QCOMPARE(read->listeners.size(), std::size_t{1});
    QCOMPARE(read->listeners[0].address, std::string("127.0.0.1:8443"));
    QVERIFY(read->listeners[0].routes == api::RouteGroups::all());
    QCOMPARE(read->tls.clientCa, site.directory.path() / "data/pki/ca.crt");
    QVERIFY(read->grace == 12h);
}

void TestConfiguration::addresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("what");
    QTest::newRow("loopback") << "127.9.0.1:80"
                              << "loopback";
    QTest::newRow("loopback 6") << "[::1]:80"
                                << "loopback";
    QTest::newRow("mapped loopback") << "[::ffff:127.0.0.1]:80"
                                     << "loopback";
    QTest::newRow("any") << "0.0.0.0:80"
                         << "network";
    QTest::newRow("any 6") << "[::]:0"
                           << "network";
    for (const char* text :
         {"", ":", "127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:+8", "127.0.0.1:8 ", "::1:80", "[::1]",
          "[]:80", "127.1:80", "host:80", "127.0.0.1:-1", "127.0.0.1:99999"})
        QTest::addRow("'%s'", text) << QString::fromUtf8(text) << "none";
}

void TestConfiguration::addresses()
{
    QFETCH(QString, text);
    QFETCH(QString, what);
    const auto address = app::parseSocketAddress(text.toStdString());
    QCOMPARE(address.has_value(), what != QLatin1String("none"));
    if (address)
        QCOMPARE(address->loopback, what == QLatin1String("loopback"));
}

void TestConfiguration::developmentListenersKeepOpsAtHome()
{
    QVERIFY(developmentListener("127.0.0.1:0")->routes.has(api::RouteGroup::Ops));
    QVERIFY(!developmentListener("0.0.0.0:0")->routes.has(api::RouteGroup::Ops));
    QVERIFY(developmentListener("0.0.0.0:0")->routes.has(api::RouteGroup::Service));
    QCOMPARE(developmentListener("here").error().code, ErrorCode::InvalidConfiguration);
}

QTEST_APPLESS_MAIN(TestConfiguration)
#include "tst_configuration.moc"
