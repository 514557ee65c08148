// What the road of usage carries, on either engine, every commit flushed: accepting over mTLS beside what the
// door alone carries with the same bodies; settling beside an insert of the rows alone; both together at a
// fixed rate; and asking meanwhile. Load generator, server and store share the machine. Prints one JSON line
// per figure.
//
//     bench_usage [accept | settle | together | ask | all | single | fixed] [--engine sqlite | postgresql]
//                 [--seconds 5] [--connections 64] [--events 200000] [--rate 90000]
//
// single and fixed are for profiles: single events alone, as fast as it goes or --rate requests a second.
#include "server/access/authenticator.h"
#include "server/api/error_status.h"
#include "tests/bench/settle_bench.h"
#include "tests/bench/together_bench.h"

#include <map>
#include <thread>

using namespace billing;
using namespace billing::bench;

namespace {

struct Wish
{
    std::string what = "all";
    Engine engine = Engine::Sqlite;
    int seconds = 5;
    std::size_t connections = 64;
    int events = 200'000;
    int rate = 90'000;
};

LoadReport loadServer(Engine engine, const Load& load)
{
    Site site(engine);
    const auto server = site.serve();
    auto report = checked(runLoad(planOf(site, load, Site::portOf(*server))));
    server->stop();
    return report;
}

/// The same requests against the same door with a handler that authenticates and answers a constant.
LoadReport loadTrivial(const Load& load)
{
    const Site site(Engine::Sqlite);
    const auto keys =
        std::make_shared<access::SigningKeys>(demanded(access::SigningKeys::load(site.data().keys())));
    access::TokenVerifier verifier({}, keys, site.clock());
    const access::Authenticator authenticator(verifier);
    const auto handler = [&](http::Request&& request, const http::Responder& respond) {
        const auto principal = authenticator.authenticate(request);
        respond(principal ? api::json(201, R"({"event_id":"evt-00000000","recorded":true})")
                          : api::problem(principal.error()));
    };
    const auto pki = site.data().pki();
    const http::ListenerConfig listener{
        "service", "127.0.0.1:0", {pki / "server.crt", pki / "server.key", pki / "ca.crt"}};
    const auto server = demanded(
        http::Server::create({{listener}, {}, &site.clock()}, handler,
                             [](const Error& error, int status) { return api::problem(error, status); }));
    std::thread serving([&] { server->run(); });
    auto report = checked(runLoad(planOf(site, load, server->endpoints().front().port)));
    server->stop(std::chrono::seconds(1));
    serving.join();
    return report;
}

LoadReport compare(const char* name, Engine engine, const Load& load)
{
    const auto report = loadServer(engine, load);
    const auto limit = loadTrivial(load);
    const double events = static_cast<double>(std::max<std::size_t>(load.eventsPerRequest, 1));
    std::printf("{\"bench\":\"%s\",\"engine\":\"%s\",\"events_per_s\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,"
                "\"refused\":%llu,\"limit\":\"door_trivial\",\"limit_requests_per_s\":%.0f,\"ratio\":%.2f}\n",
                name, nameOf(engine), acceptedPerSecond(report) * events, report.latency.quantileMs(0.5),
                report.latency.quantileMs(0.99), static_cast<unsigned long long>(report.refused),
                limit.answersPerSecond(), acceptedPerSecond(report) / limit.answersPerSecond());
    std::fflush(stdout);
    return report;
}

void accept(const Wish& wish)
{
    const auto single = compare("accept_single", wish.engine, {wish.seconds, wish.connections, 0, 0});
    compare("accept_batch_100", wish.engine, {wish.seconds, wish.connections, 100, 0});
    const double half = single.answersPerSecond() / 2;
    const auto report = loadServer(wish.engine, {wish.seconds, wish.connections, 0, half});
    std::printf("{\"bench\":\"accept_half_load\",\"engine\":\"%s\",\"requests_per_s\":%.0f,"
                "\"answered_per_s\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f}\n",
                nameOf(wish.engine), half, report.answersPerSecond(), report.latency.quantileMs(0.5),
                report.latency.quantileMs(0.99), report.latency.maxMs());
    std::fflush(stdout);
}

/// One load, and no limit beside it.
void report(const char* name, const Wish& wish, const Load& load)
{
    const auto report = loadServer(wish.engine, load);
    std::printf("{\"bench\":\"%s\",\"engine\":\"%s\",\"requests_per_s\":%.0f,\"answered_per_s\":%.0f,"
                "\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f}\n",
                name, nameOf(wish.engine), load.requestsPerSecond, acceptedPerSecond(report),
                report.latency.quantileMs(0.5), report.latency.quantileMs(0.99), report.latency.maxMs());
}

Wish wishOf(int count, char** words)
{
    Wish wish;
    std::map<std::string, std::string> options;
    for (int i = 1; i < count; ++i) {
        const std::string word = words[i];
        if (!word.starts_with("--"))
            wish.what = word;
        else if (i + 1 < count)
            options[word] = words[++i];
    }
    const auto number = [&](const char* name, int otherwise) {
        return options.contains(name) ? std::stoi(options[name]) : otherwise;
    };
    wish.engine = options["--engine"] == "postgresql" ? Engine::Postgresql : Engine::Sqlite;
    wish.seconds = number("--seconds", wish.seconds);
    wish.connections = static_cast<std::size_t>(number("--connections", static_cast<int>(wish.connections)));
    wish.events = number("--events", wish.events);
    wish.rate = number("--rate", wish.rate);
    return wish;
}

} // namespace

int main(int count, char** words)
{
    const Wish wish = wishOf(count, words);
    const auto wanted = [&](const char* what) { return wish.what == "all" || wish.what == what; };
    if (wanted("accept"))
        accept(wish);
    if (wish.what == "single")
        report("accept_single", wish, {wish.seconds, wish.connections, 0, 0});
    if (wish.what == "fixed")
        report("accept_fixed", wish, {wish.seconds, wish.connections, 0, static_cast<double>(wish.rate)});
    if (wanted("settle"))
        for (const int duplicatePercent : {0, 25})
            benchSettling(wish.engine, wish.events, duplicatePercent);
    if (wanted("together"))
        for (const double rate : {20'000.0, static_cast<double>(wish.rate)})
            benchTogether(wish.engine, wish.seconds, rate);
    if (wanted("ask"))
        benchAsking(wish.engine, wish.seconds, 20'000);
    return 0;
}
