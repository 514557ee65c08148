// What the road of usage carries, on a SQLite store that flushes every commit: accepting over mTLS beside
// what the door alone carries with the same bodies, and settling beside a raw insert of the same rows. Load
// generator, server and store share the machine. Prints one JSON line per figure.
//
//     bench_usage [seconds per load, 5] [connections, 64] [events to settle, 200000] [accept | settle | all]
#include "server/access/development_pki.h"
#include "server/access/token_issuer.h"
#include "server/api/error_status.h"
#include "server/app/commands.h"
#include "server/app/server_process.h"
#include "server/app/system_clock.h"
#include "server/tenants/create_tenant.h"
#include "tests/bench/load_generator.h"
#include "tests/bench/settle_bench.h"
#include "tests/support/temporary_directory.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <unistd.h>

using namespace billing;

namespace {

template <class T>
T demanded(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "bench_usage: %s\n", toText(result.error()).c_str());
        std::exit(1);
    }
    return std::move(*result);
}

// Accepting is measured faster than one settler can follow; what is left over is not what is measured.
constexpr std::int64_t noBacklogLimit = 1'000'000'000;

/// A fresh data directory with twenty tenants and a token of the kernel.
struct Site
{
    Site()
    {
        std::fflush(stdout);
        const int kept = ::dup(STDOUT_FILENO); // init speaks to an operator, not into our figures
        const bool muted = std::freopen("/dev/null", "w", stdout) != nullptr;
        const bool made = muted && app::initCommand({"--data-dir", data.root.string()}) == 0;
        std::fflush(stdout);
        ::dup2(kept, STDOUT_FILENO);
        ::close(kept);
        if (!made)
            std::exit(1);
        Configuration configuration(data);
        configuration.listeners.front().address = "127.0.0.1:0";
        configuration.backlogEvents = noBacklogLimit;
        house = demanded(House::open(configuration, {clock, random}));
        for (int i = 0; i < bench::tenantCount; ++i)
            demanded(createTenant(
                {house->storage(), clock, house->ids(), house->tenants()},
                {TenantId(bench::tenantName(i)), "Bench Ltd", "US", *Currency::parse("USD"), "UTC", "en-US"},
                "bench"));
    }
    std::string token() const
    {
        const auto keys = demanded(access::SigningKeys::load(data.keys()));
        access::TokenRequest asked{{"kernel", {}, {}, {}},
                                   demanded(access::certificateThumbprint(data.pki() / "kernel.crt"))};
        asked.principal.scopes.add(access::Scope::BillingWrite);
        return demanded(access::issueToken(asked, keys.youngest(), {}, clock));
    }

    test::TemporaryDirectory directory;
    DataDirectory data{directory.file("data")};
    SystemClock clock;
    SystemRandom random;
    std::unique_ptr<House> house;
};

struct Load
{
    int seconds;
    std::size_t connections;
    std::size_t eventsPerRequest; ///< 0: one event without a batch around it
    double requestsPerSecond;     ///< 0: as fast as it goes
};

std::string bodyOf(std::uint64_t number, std::size_t eventsPerRequest, const std::string& now)
{
    const auto event = [&](std::uint64_t id) {
        return bench::eventJson(id, static_cast<int>(number % bench::tenantCount), now);
    };
    if (eventsPerRequest == 0)
        return event(number);
    std::string body = R"({"events":[)";
    for (std::size_t i = 0; i < eventsPerRequest; ++i)
        body.append(i == 0 ? "" : ",").append(event(number * eventsPerRequest + i));
    return body.append("]}");
}

bench::LoadPlan planOf(const Site& site, const Load& load, std::uint16_t port)
{
    bench::LoadPlan plan;
    plan.port = port;
    plan.pki = site.data.pki();
    plan.token = site.token();
    plan.connections = load.connections;
    plan.requestsPerSecond = load.requestsPerSecond;
    plan.duration = std::chrono::seconds(load.seconds);
    plan.body = [now = site.clock.now().toText(), size = load.eventsPerRequest](std::uint64_t number) {
        return bodyOf(number, size, now);
    };
    return plan;
}

bench::LoadReport checked(bench::LoadReport report)
{
    if (!report.failure.empty() || report.answers == 0) {
        std::fprintf(stderr, "bench_usage: %s\n", report.failure.c_str());
        std::exit(1);
    }
    return report;
}

bench::LoadReport loadServer(const Load& load)
{
    const Site site;
    const auto log = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
    const auto server = demanded(ServerProcess::start(*site.house, {"/nonexistent/billing-render", log}));
    const std::string address = server->address();
    const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    auto report = checked(bench::runLoad(planOf(site, load, port)));
    server->stop();
    return report;
}

/// The same requests against the same door with a handler that authenticates and answers a constant.
bench::LoadReport loadTrivial(const Load& load)
{
    const Site site;
    const auto keys =
        std::make_shared<access::SigningKeys>(demanded(access::SigningKeys::load(site.data.keys())));
    access::TokenVerifier verifier({}, keys, site.clock);
    const access::Authenticator authenticator(verifier);
    const auto handler = [&](http::Request&& request, const http::Responder& respond) {
        const auto principal = authenticator.authenticate(request);
        respond(principal ? api::json(201, R"({"event_id":"evt-00000000","recorded":true})")
                          : api::problem(principal.error()));
    };
    const auto pki = site.data.pki();
    const http::ListenerConfig listener{
        "service", "127.0.0.1:0", {pki / "server.crt", pki / "server.key", pki / "ca.crt"}};
    const auto server = demanded(
        http::Server::create({{listener}, {}, &site.clock}, handler,
                             [](const Error& error, int status) { return api::problem(error, status); }));
    std::thread serving([&] { server->run(); });
    auto report = checked(bench::runLoad(planOf(site, load, server->endpoints().front().port)));
    server->stop(std::chrono::seconds(1));
    serving.join();
    return report;
}

/// What was accepted; a refusal costs next to nothing and is not a figure.
double acceptedPerSecond(const bench::LoadReport& report)
{
    const double accepted =
        static_cast<double>(report.answers - report.refused) / static_cast<double>(report.answers);
    return report.answersPerSecond() * accepted;
}

bench::LoadReport compare(const char* name, const Load& load)
{
    const auto report = loadServer(load);
    const auto limit = loadTrivial(load);
    const double events = static_cast<double>(std::max<std::size_t>(load.eventsPerRequest, 1));
    std::printf("{\"bench\":\"%s\",\"events_per_s\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"refused\":%llu,"
                "\"limit\":\"door_trivial\",\"limit_requests_per_s\":%.0f,\"ratio\":%.2f}\n",
                name, acceptedPerSecond(report) * events, report.latency.quantileMs(0.5),
                report.latency.quantileMs(0.99), static_cast<unsigned long long>(report.refused),
                limit.answersPerSecond(), acceptedPerSecond(report) / limit.answersPerSecond());
    std::fflush(stdout);
    return report;
}

void accept(int seconds, std::size_t connections)
{
    const auto single = compare("accept_single", {seconds, connections, 0, 0});
    compare("accept_batch_100", {seconds, connections, 100, 0});
    const double half = single.answersPerSecond() / 2;
    const auto report = loadServer({seconds, connections, 0, half});
    std::printf(
        "{\"bench\":\"accept_half_load\",\"requests_per_s\":%.0f,\"answered_per_s\":%.0f,\"p50_ms\":%.2f,"
        "\"p99_ms\":%.2f,\"max_ms\":%.2f}\n",
        half, report.answersPerSecond(), report.latency.quantileMs(0.5), report.latency.quantileMs(0.99),
        report.latency.maxMs());
    std::fflush(stdout);
}

void settle(int events)
{
    for (const int duplicatePercent : {0, 25}) {
        Site site;
        bench::benchSettling(*site.house, events, duplicatePercent);
    }
}

} // namespace

int main(int count, char** values)
{
    const auto number = [&](int index, int otherwise) {
        return index < count ? std::atoi(values[index]) : otherwise;
    };
    const std::string what = count > 4 ? values[4] : "all";
    if (what != "settle")
        accept(number(1, 5), static_cast<std::size_t>(number(2, 64)));
    if (what != "accept")
        settle(number(3, 200'000));
    return 0;
}
