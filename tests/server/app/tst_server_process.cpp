// A whole server in this process: usage over TLS is accepted, settled and there after a restart; a stop is
// graceful, at any moment, and once.

// Tests: server_health.cpp
#include "server/app/server_process.h"

#include "server/access/development_pki.h"
#include "server/access/token_issuer.h"
#include "server/app/admin_socket.h"
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
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

#include <QJsonDocument>

#include <fstream>
#include <mutex>

using namespace billing;

class TestServerProcess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesToStart();
    void takesUsageAndKeepsIt();
    void readinessNamesWhatIsWrong_data();
    void readinessNamesWhatIsWrong();
    void listenersOfferWhatTheyAreFor();
    void theLogHoldsNothingOfAClient();
    void whatIsSetAsideIsTold();
    void stopsAtOnceAndOnce();
};

namespace {

struct Spoken final : app::CommandOutput
{
    void line(std::string_view words) override { text.append(words).append("\n"); }
    void complain(std::string_view words) override { text.append(words).append("\n"); }
    std::string text;
};

struct Site
{
    Site() { BILLING_ASSERT(app::initCommand({"--data-dir", data.root.string()}) == 0); }
    void open(const std::string& listen = "127.0.0.1:0")
    {
        Configuration configuration(data);
        configuration.listeners.front().address = listen;
        house = std::move(House::open(configuration, {clock, random}).value());
    }
    Result<std::unique_ptr<ServerProcess>> start(const std::filesystem::path& renderer = {})
    {
        return ServerProcess::start(*house,
                                    {renderer.empty() ? "/nonexistent/billing-render" : renderer, log});
    }
    /// A renderer that answers everything with a refusal.
    std::filesystem::path refusingRenderer() const
    {
        const std::filesystem::path program = directory.file("billing-render");
        std::ofstream(program) << "#!/usr/bin/env python3\nimport struct, sys\n"
                                  "while head := sys.stdin.buffer.read(4):\n"
                                  "    sys.stdin.buffer.read(struct.unpack('>I', head)[0])\n"
                                  "    answer = b'{\"code\":\"missing_glyph\",\"subject\":\"document\",'"
                                  "b'\"detail\":\"no glyph for U+682A\"}'\n"
                                  "    sys.stdout.buffer.write(struct.pack('>BI', 1, len(answer)) + answer)\n"
                                  "    sys.stdout.buffer.flush()\n";
        std::filesystem::permissions(program, std::filesystem::perms::owner_all);
        return program;
    }
    /// From two months ago, so that one month and more are over whatever day it is.
    void subscribe(const char* tenant)
    {
        const LocalDate day =
            LocalDate::fromDaysSinceEpoch(static_cast<int>(clock.now().micros() / 86'400'000'000) - 45);
        const auto made = createSubscription(
            {house->storage(), clock, house->ids(), house->catalog()},
            {.tenant = TenantId(tenant), .plan = PlanCode("lite"), .startsOn = day, .billFrom = day}, "test");
        BILLING_ASSERT(made.has_value());
    }
    int linesOf(const char* event)
    {
        const std::lock_guard lock(mutex);
        int count = 0;
        for (std::size_t at = lines.find(event); at != std::string::npos; at = lines.find(event, at + 1))
            ++count;
        return count;
    }
    void addTenant()
    {
        Tenant tenant{TenantId("acme"), "Acme GmbH", "DE", *Currency::parse("EUR"), "Europe/Berlin", "en-DE"};
        // The server's writer is not running yet: this thread writes.
        BILLING_ASSERT(createTenant({house->storage(), clock, house->ids(), house->tenants()}, tenant, "test")
                           .has_value());
    }
    /// A tenant whose profile is sealed with key 2, where the ring has only key 1.
    void sealWithAKeyThatIsLost()
    {
        std::ifstream ring(data.sealingKeys());
        const std::string first{std::istreambuf_iterator<char>(ring), std::istreambuf_iterator<char>()};
        std::ofstream(data.sealingKeys(), std::ios::app) << "2 " << std::string(64, 'a') << '\n';
        open();
        addTenant();
        house.reset();
        std::ofstream(data.sealingKeys(), std::ios::trunc) << first;
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
    /// With curl, which does not know our wire.
    test::Finished get(const std::string& address, const std::string& path, bool certificate = true) const
    {
        const auto file = [&](const char* name) { return (data.pki() / name).string(); };
        std::vector<std::string> words{"-s", "-S", "-w", "\n%{http_code}", "--cacert", file("ca.crt")};
        if (certificate)
            words.insert(words.end(), {"--cert", file("kernel.crt"), "--key", file("kernel.key")});
        words.push_back("https://" + address + path);
        return test::runToEnd({"curl", words});
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
    std::mutex mutex; ///< guards the lines, which every thread writes
    std::string lines;
    Log log{clock, {}, [this](const std::string& line) {
                const std::lock_guard lock(mutex);
                lines += line;
            }};
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

void TestServerProcess::readinessNamesWhatIsWrong_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<QString>("answer");
    QTest::newRow("renderer missing") << ""
                                      << "\"degraded\":[\"renderer_missing\"]";
    QTest::newRow("checkpoints broken") << "checkpoints"
                                        << "checkpoint_failing";
    QTest::newRow("key missing") << "keys"
                                 << "keys_missing";
    QTest::newRow("writer gone") << "writer"
                                 << "storage_away";
    QTest::newRow("backlog full") << "backlog"
                                  << "backlog_full";
}

void TestServerProcess::readinessNamesWhatIsWrong()
{
    QFETCH(QString, fault);
    QFETCH(QString, answer);
    Site site;
    if (fault == QLatin1String("checkpoints"))
        std::ofstream(site.data.checkpointFile()) << "{}\n";
    if (fault == QLatin1String("keys"))
        site.sealWithAKeyThatIsLost();
    if (fault == QLatin1String("backlog")) {
        Configuration configuration(site.data);
        configuration.listeners.front().address = "127.0.0.1:0";
        configuration.backlogEvents = 0;
        site.house = std::move(House::open(configuration, {site.clock, site.random}).value());
    } else {
        site.open();
    }
    const auto server = site.start();
    QVERIFY(server);
    if (fault == QLatin1String("writer"))
        site.house->sqlite()->stopWriter();
    const std::string address = (*server)->address();
    std::string said;
    const bool told = QTest::qWaitFor(
        [&] {
            said = site.get(address, "/health/ready").output;
            return said.find(answer.toStdString()) != std::string::npos;
        },
        10'000);
    QVERIFY2(told, said.c_str());
    QCOMPARE(said.ends_with("\n503"), !fault.isEmpty());
    QVERIFY(site.get(address, "/health/live").output.ends_with("\n200")); // the process runs
    const std::string metrics = site.get(address, "/metrics").output;
    QVERIFY2(metrics.find(fault.isEmpty() ? "billing_ready 1" : "billing_ready 0") != std::string::npos,
             metrics.c_str());
}

void TestServerProcess::listenersOfferWhatTheyAreFor()
{
    Site site;
    Configuration configuration(site.data);
    const auto required = http::ClientCertificate::Required;
    configuration.listeners = {{"127.0.0.1:0", required, {api::RouteGroup::Service}},
                               {"127.0.0.1:0", required, {api::RouteGroup::User}},
                               {"127.0.0.1:0", http::ClientCertificate::None, {api::RouteGroup::Ops}}};
    site.house = std::move(House::open(configuration, {site.clock, site.random}).value());
    const auto server = site.start();
    QVERIFY(server);
    const auto addresses = (*server)->addresses();
    const auto status = [&](std::size_t listener, const char* path) {
        const std::string said = site.get(addresses.at(listener), path, listener != 2).output;
        return said.substr(said.rfind('\n') + 1);
    };
    // Where a route is offered it asks for a token; where it is not it looks absent.
    QCOMPARE(status(0, "/api/v1/usage/acme"), std::string("401"));
    QCOMPARE(status(0, "/api/v1/tenants/acme/standing"), std::string("401"));
    QCOMPARE(status(0, "/api/v1/tenants"), std::string("404"));
    QCOMPARE(status(0, "/health/ready"), std::string("404"));
    QCOMPARE(status(1, "/api/v1/tenants"), std::string("401"));
    QCOMPARE(status(1, "/metrics"), std::string("404"));
    QCOMPARE(status(2, "/metrics"), std::string("200"));
    QCOMPARE(status(2, "/health/live"), std::string("200"));
    QCOMPARE(status(2, "/api/v1/tenants"), std::string("404"));
    QCOMPARE(status(2, "/api/v1/usage/acme"), std::string("404"));
}

void TestServerProcess::theLogHoldsNothingOfAClient()
{
    constexpr std::string_view canary = "canary-4f1c";
    Site site;
    site.open();
    site.addTenant();
    const auto server = site.start();
    QVERIFY(server);
    const std::string address = (*server)->address();
    const std::string hostile = std::string(canary) + "\r\n{\"event\":\"forged\"}";
    QCOMPARE(site.post(address, wire::paths::usage,
                       R"({"events":[{"event_id":")" + std::string(canary) +
                           R"(","tenant_id":"acme","metric_type":"canary-4f1c"}]})")
                 .status,
             202);
    QCOMPARE(site.post(address, wire::paths::usage, hostile).status, 400);
    QCOMPARE(site.post(address, wire::paths::invoices, R"({"tenant_id":"canary-4f1c"})").status, 400);
    (void)site.get(address, "/canary-4f1c");
    (*server)->stop();
    const std::string token = site.token();
    QVERIFY(!site.lines.empty());
    QVERIFY2(site.lines.find(canary) == std::string::npos, site.lines.c_str());
    QVERIFY(site.lines.find("forged") == std::string::npos);
    QVERIFY(site.lines.find(token.substr(0, 20)) == std::string::npos);
    for (const QByteArray& line : QByteArray::fromStdString(site.lines).trimmed().split('\n'))
        QVERIFY2(QJsonDocument::fromJson(line).isObject(), line.constData());
}

void TestServerProcess::whatIsSetAsideIsTold()
{
    Site site;
    site.open();
    site.addTenant();
    site.subscribe("acme");
    Tenant untaxed{TenantId("untaxed"), "Andes SA", "AR", *Currency::parse("USD"), "UTC", "en-US"};
    untaxed.taxCategory = TaxCategory::Standard;
    QVERIFY(createTenant({site.house->storage(), site.clock, site.house->ids(), site.house->tenants()},
                         untaxed, "test"));
    site.subscribe("untaxed");
    const auto server = site.start(site.refusingRenderer());
    QVERIFY(server);
    const std::string address = (*server)->address();
    std::string said;
    const bool told = QTest::qWaitFor(
        [&] {
            said = site.get(address, "/health/ready").output;
            return said.find(R"("degraded":["documents_set_aside","periods_set_aside"])") !=
                   std::string::npos;
        },
        60'000);
    QVERIFY2(told, said.c_str());
    QVERIFY(said.ends_with("\n200"));
    const std::string metrics = site.get(address, "/metrics").output;
    for (const char* line : {"billing_set_aside{kind=\"document\"} 1", "billing_set_aside{kind=\"period\"} 1",
                             "billing_documents_undrawn 1"})
        QVERIFY2(metrics.find(line) != std::string::npos, metrics.c_str());
    QCOMPARE(site.linesOf("document_not_drawn"), 1);
    QCOMPARE(site.linesOf("period_not_closed"), 1);

    Spoken output;
    QCOMPARE(app::askServer(site.data.adminSocket(), {"status"}, output).value(), std::optional(0));
    for (const char* words : {"set aside: documents 1, periods 1", "  document inv_", ": missing_glyph, ",
                              "no font of this server", "  period sub_", " of untaxed since ",
                              ": no_tax_rate, No tax rate is known"})
        QVERIFY2(output.text.find(words) != std::string::npos, output.text.c_str());
    Spoken again;
    QCOMPARE(app::askServer(site.data.adminSocket(), {"retry"}, again).value(), std::optional(0));
    QCOMPARE(again.text, std::string("due at once: 2; a running server tries them within moments (see "
                                     "status). issuer.toml is read when it starts.\n"));
    QVERIFY(QTest::qWaitFor([&] { return site.linesOf("document_not_drawn") == 2; }, 60'000));
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
