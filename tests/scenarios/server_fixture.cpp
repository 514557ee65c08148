#include "tests/scenarios/server_fixture.h"

#include "shared/kernel/assert.h"
#include "tests/support/environment.h"

#include <QTest>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace billing::test {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view saidWhenListening = "listening on https://";

Finished mustSucceed(Finished finished)
{
    if (finished.exitCode != 0)
        std::fprintf(stderr, "%s%s\n", finished.output.c_str(), finished.errors.c_str());
    BILLING_ASSERT(finished.exitCode == 0);
    return finished;
}

std::uint16_t portOf(const std::string& line)
{
    const std::size_t colon = line.rfind(':');
    std::uint16_t port = 0;
    const auto read = std::from_chars(line.data() + colon + 1, line.data() + line.size(), port);
    BILLING_ASSERT(read.ec == std::errc() && port != 0);
    return port;
}

} // namespace

ServerFixture::ServerFixture()
    : m_data(m_directory.file("data"))
{
    const char* const engine = std::getenv("BILLING_TEST_ENGINE");
    if (engine != nullptr && std::string_view(engine) == "postgresql")
        useDatabase(sharedPostgres());
    mustSucceed(run("init"));
}

ServerFixture::ServerFixture(PostgresServer& postgres)
    : m_data(m_directory.file("data"))
{
    useDatabase(postgres);
    mustSucceed(run("init"));
}

ServerFixture::ServerFixture(std::filesystem::path dataDirectory)
    : m_data(std::move(dataDirectory))
{
    if (!std::filesystem::exists(m_data / "billing.sqlite"))
        mustSucceed(run("init"));
}

void ServerFixture::useDatabase(PostgresServer& postgres)
{
    m_database = postgres.newDatabase();
    std::filesystem::create_directories(m_data);
    const auto secret = [&](std::string_view name, const std::string& password) {
        const auto file = m_data / name;
        std::ofstream(file) << password << '\n';
        std::filesystem::permissions(file, std::filesystem::perms::owner_read |
                                               std::filesystem::perms::owner_write);
        return file.string();
    };
    std::ofstream(m_data / "billing.toml")
        << "[storage]\nengine = \"postgresql\"\nconnection = \"" << m_database->connection
        << "\"\nowner_connection = \"" << m_database->ownerConnection << "\"\npassword_file = \""
        << secret("password", m_database->password) << "\"\nowner_password_file = \""
        << secret("owner-password", m_database->ownerPassword) << "\"\n";
}

bool ServerFixture::startWithin(Process::Limit limit)
{
    m_server = std::make_unique<Process>(Command{
        builtProgram("billing-server"),
        {"run", "--data-dir", dataDirectory().string(), "--listen", "127.0.0.1:" + std::to_string(m_port)}});
    const auto line = m_server->readLineWith(saidWhenListening, limit);
    if (line)
        m_port = portOf(*line);
    return line.has_value();
}

void ServerFixture::start()
{
    // While the server is away, its port may serve for a moment as the near end of somebody's connection.
    const bool listening = QTest::qWaitFor([this] { return startWithin(30s); }, 60'000);
    if (!listening)
        std::fprintf(stderr, "%s\n", errors().c_str());
    BILLING_ASSERT(listening);
}

void ServerFixture::kill()
{
    BILLING_ASSERT(m_server != nullptr);
    m_server->kill();
    BILLING_ASSERT(m_server->waitForExit(30s).has_value());
}

void ServerFixture::askToStop()
{
    BILLING_ASSERT(m_server != nullptr);
    m_server->terminate();
}

std::optional<int> ServerFixture::waitForExit(Process::Limit limit)
{
    BILLING_ASSERT(m_server != nullptr);
    return m_server->waitForExit(limit);
}

std::optional<int> ServerFixture::stop()
{
    askToStop();
    return waitForExit();
}

std::string ServerFixture::errors() const
{
    return m_server ? m_server->errors() : std::string();
}

std::string ServerFixture::token(const TokenWish& wish) const
{
    const auto certificate = dataDirectory() / "pki" / (wish.certificate + ".crt");
    std::vector<std::string> arguments{"--subject", "kernel-7", "--scope",
                                       wish.scope,  "--cert",   certificate.string()};
    if (!wish.tenant.empty())
        arguments.insert(arguments.end(), {"--tenant", wish.tenant});
    std::string text = mustSucceed(run("token", std::move(arguments))).output;
    text.erase(text.find_last_not_of('\n') + 1);
    return text;
}

ClientIdentity ServerFixture::identity(const TokenWish& wish) const
{
    const auto pki = dataDirectory() / "pki";
    return {url(), pki / "ca.crt", pki / (wish.certificate + ".crt"), pki / (wish.certificate + ".key"),
            token(wish)};
}

Finished ServerFixture::run(std::string_view command, std::vector<std::string> arguments) const
{
    std::vector<std::string> words{std::string(command), "--data-dir", dataDirectory().string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return runToEnd({builtProgram("billing-server"), std::move(words)}, 180s);
}

Finished ServerFixture::verifyAuditAlone() const
{
    const auto data = dataDirectory();
    const bool isSqlite = !m_database.has_value();
    Command command{builtProgram("billing-audit-verify"),
                    {isSqlite ? "--database" : "--connection",
                     isSqlite ? (data / "billing.sqlite").string() : m_database->connection, "--checkpoints",
                     (data / "checkpoints" / "checkpoints.jsonl").string(), "--public-key",
                     (data / "keys" / "audit-ed25519.pub.pem").string()}};
    if (!isSqlite)
        command.environment["PGPASSWORD"] = m_database->password;
    return runToEnd(command);
}

Command ServerFixture::sender(std::vector<std::string> arguments) const
{
    const ClientIdentity kernel = identity();
    const auto tokenFile = scratch("sender.token");
    std::ofstream(tokenFile) << kernel.token << '\n';
    std::vector<std::string> words{"send",
                                   "--server",
                                   kernel.server,
                                   "--cert",
                                   kernel.certificate.string(),
                                   "--key",
                                   kernel.key.string(),
                                   "--ca",
                                   kernel.authority.string(),
                                   "--token-file",
                                   tokenFile.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return {builtProgram("billing-usage"), std::move(words)};
}

Finished ServerFixture::sqlite(const std::string& statement) const
{
    return runToEnd({"sqlite3", {"-bail", (dataDirectory() / "billing.sqlite").string(), statement}});
}

std::string complaint(const Finished& finished, int expected)
{
    if (finished.exitCode == expected)
        return {};
    return "exit code " + std::to_string(finished.exitCode) + "\n" + finished.output + finished.errors;
}

} // namespace billing::test
