#include "tests/bench/site.h"

#include "server/access/development_pki.h"
#include "server/access/token_issuer.h"
#include "server/app/commands.h"
#include "server/tenants/create_tenant.h"

#include <fstream>
#include <unistd.h>

namespace billing::bench {

namespace {

// Accepting is measured faster than one settler can follow; what is left over is not what is measured.
constexpr std::int64_t noBacklogLimit = 1'000'000'000;

void writePrivately(const std::filesystem::path& file, const std::string& text)
{
    std::ofstream(file) << text;
    std::filesystem::permissions(file,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

} // namespace

std::string tenantName(int index)
{
    return "bench-" + std::to_string(index);
}

const char* nameOf(Engine engine)
{
    return engine == Engine::Sqlite ? "sqlite" : "postgresql";
}

Site::Site(Engine engine)
{
    configure(engine);
    initialise();
    m_house = demanded(House::open(*m_configuration, {m_clock, m_random}));
    for (int i = 0; i < tenantCount; ++i)
        demanded(createTenant(
            {m_house->storage(), m_clock, m_house->ids(), m_house->tenants()},
            {TenantId(tenantName(i)), "Bench Ltd", "US", *Currency::parse("USD"), "UTC", "en-US"}, "bench"));
}

void Site::configure(Engine engine)
{
    std::string text = "data_dir = \"" + m_directory.file("data").string() + "\"\n";
    text += "[[listener]]\naddress = \"127.0.0.1:0\"\nroutes = [\"service\", \"user\", \"ops\"]\n";
    text += "[usage]\nbacklog_events = " + std::to_string(noBacklogLimit) + "\n";
    if (engine == Engine::Postgresql) {
        // As the sketch whose figures are held against it: a gigabyte of buffers, no checkpoint inside a run.
        m_postgres = std::make_unique<test::PostgresServer>(test::PostgresServer::Options{
            .settings = {{"shared_buffers", "1GB"}, {"max_wal_size", "8GB"}, {"checkpoint_timeout", "1h"}}});
        const auto database = m_postgres->newDatabase();
        writePrivately(m_directory.file("app.password"), database.password);
        writePrivately(m_directory.file("owner.password"), database.ownerPassword);
        text += "[storage]\nengine = \"postgresql\"\nconnection = \"" + database.connection +
                "\"\nowner_connection = \"" + database.ownerConnection +
                "\"\npassword_file = \"app.password\"\nowner_password_file = \"owner.password\"\n";
    }
    const auto file = m_directory.file("billing.toml");
    writePrivately(file, text);
    m_configuration = std::make_unique<Configuration>(demanded(readConfiguration(file)));
}

void Site::initialise() const
{
    std::fflush(stdout);
    const int kept = ::dup(STDOUT_FILENO); // init speaks to an operator, not into our figures
    const bool muted = std::freopen("/dev/null", "w", stdout) != nullptr;
    const bool made = muted && app::initCommand({"--config", m_configuration->file.string()}) == 0;
    std::fflush(stdout);
    ::dup2(kept, STDOUT_FILENO);
    ::close(kept);
    if (!made)
        std::exit(1);
}

std::string Site::token() const
{
    const auto keys = demanded(access::SigningKeys::load(data().keys()));
    access::TokenRequest asked{{"kernel", {}, {}, {}},
                               demanded(access::certificateThumbprint(data().pki() / "kernel.crt"))};
    asked.principal.scopes.add(access::Scope::BillingWrite);
    asked.principal.scopes.add(access::Scope::BillingRead);
    return demanded(access::issueToken(asked, keys.youngest(), {}, m_clock));
}

std::unique_ptr<ServerProcess> Site::serve()
{
    return demanded(ServerProcess::start(*m_house, {"/nonexistent/billing-render", m_log}));
}

std::uint16_t Site::portOf(const ServerProcess& server)
{
    const std::string address = server.address();
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

} // namespace billing::bench
