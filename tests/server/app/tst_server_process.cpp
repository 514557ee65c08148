// A whole server in this process: usage over TLS is accepted, settled and there after a restart; a stop is
// graceful, at any moment, and once.
#include "server/app/server_process.h"

#include "server/access/development_pki.h"
#include "server/access/token_issuer.h"
#include "server/app/commands.h"
#include "server/app/system_clock.h"
#include "server/storage/journal.h"
#include "server/subscriptions/create_subscription.h"
#include "server/tenants/create_tenant.h"
#include "shared/usage_client/transport.h"
#include "shared/wire/paths.h"
#include "shared/wire/usage_answer_json.h"
#include "shared/wire/usage_json.h"
#include "tests/support/printing.h"
#include "tests/support/temporary_directory.h"

using namespace billing;

class TestServerProcess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesToStart();
    void takesUsageAndKeepsIt();
    void stopsAtOnceAndOnce();
};

namespace {

struct Site
{
    Site() { BILLING_ASSERT(app::initCommand({"--data-dir", data.root.string()}) == 0); }
    void open(const std::string& listen = "127.0.0.1:0")
    {
        Configuration configuration(data);
        configuration.listeners.front().address = listen;
        house = std::move(House::open(configuration, {clock, random}).value());
    }
    Result<std::unique_ptr<ServerProcess>> start()
    {
        return ServerProcess::start(*house, {"/nonexistent/billing-render", log});
    }
    void addTenant()
    {
        Tenant tenant{TenantId("acme"), "Acme GmbH", "DE", *Currency::parse("EUR"), "Europe/Berlin", "en-DE"};
        // The server's writer is not running yet: this thread writes.
        BILLING_ASSERT(createTenant({house->storage(), clock, house->ids(), house->tenants()}, tenant, "test")
                           .has_value());
    }
    std::string token() const
    {
        const auto keys = access::SigningKeys::load(data.keys()).value();
        access::TokenRequest request{{"kernel", {}, {}, {}},
                                     access::certificateThumbprint(data.pki() / "kernel.crt").value()};
        request.principal.scopes.add(access::Scope::BillingWrite);
        return access::issueToken(request, keys.youngest(), {}, clock).value();
    }
    client::HttpAnswer post(const std::string& address, std::string_view target, const std::string& body)
    {
        const auto file = [&](const char* name) { return (data.pki() / name).string(); };
        const auto transport = client::openTransport(
            {"https://" + address, file("kernel.crt"), file("kernel.key"), file("ca.crt")});
        return (*transport)->post(target, body, token()).value();
    }
    std::string events(int count) const
    {
        std::vector<UsageEvent> all;
        for (int i = 0; i < count; ++i)
            all.push_back({TenantId("acme"),
                           "",
                           "e" + std::to_string(i),
                           "api_request",
                           Decimal::fromInteger(i),
                           clock.now(),
                           {}});
        return wire::encodeUsageBatch(all);
    }

    test::TemporaryDirectory directory;
    DataDirectory data{directory.file("data")};
    SystemClock clock;
    SystemRandom random;
    Log log{clock, {}, [](const std::string&) {}};
    std::unique_ptr<House> house;
};

} // namespace

void TestServerProcess::refusesToStart()
{
    Site site;
    site.open("no address");
    QCOMPARE(site.start().error().code, ErrorCode::InvalidConfiguration);
    std::filesystem::remove(site.data.pki() / "server.key");
    QVERIFY(!site.start());
    std::filesystem::remove_all(site.data.keys());
    QVERIFY(!site.start());
}

void TestServerProcess::takesUsageAndKeepsIt()
{
    Site site;
    site.open();
    site.addTenant();
    const std::string body = site.events(100);
    const std::string target = std::string(wire::paths::usage) + "?" + std::string(wire::paths::waitSettled);
    {
        const auto server = site.start();
        QVERIFY2(server, server ? "" : toText(server.error()).c_str());
        const auto answer = site.post((*server)->address(), target, body);
        QCOMPARE(answer.status, 202);
        const auto read = wire::decodeUsageAnswer(answer.body).value();
        QCOMPARE(read.settled, std::optional(true));
        for (const wire::EventResult& result : read.results)
            QCOMPARE(result.status, wire::EventStatus::Settled);
        (*server)->stop();
    }
    site.house.reset(); // as another process would find it
    site.open();
    const auto server = site.start();
    QVERIFY(server);
    const auto again = wire::decodeUsageAnswer(site.post((*server)->address(), target, body).body).value();
    for (const wire::EventResult& result : again.results)
        QCOMPARE(result.status, wire::EventStatus::Duplicate);
}

void TestServerProcess::stopsAtOnceAndOnce()
{
    Site site;
    site.open();
    {
        const auto server = site.start();
        QVERIFY(server);
        (*server)->stop();
        (*server)->stop();
    } // and once more by its end
    QVERIFY(!site.house->sqlite()->hasWriter());
}

QTEST_GUILESS_MAIN(TestServerProcess)
#include "tst_server_process.moc"
