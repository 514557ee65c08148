// What the door itself can carry: mTLS, HTTP, a verified token, and a handler that answers 201 with a
// constant. The limit that the figures of real endpoints stand beside. Prints one JSON line.
//
//     bench_door [seconds] [connections] [pipelining] [requests per second, 0: as fast as it goes]
#include "server/access/authenticator.h"
#include "server/access/development_pki.h"
#include "server/access/token_issuer.h"
#include "server/http/server.h"
#include "tests/bench/load_generator.h"
#include "tests/support/temporary_directory.h"

#include <cstdio>
#include <cstdlib>
#include <thread>

using namespace billing;

namespace {

class SystemClock final : public Clock
{
public:
    Instant now() const override
    {
        using namespace std::chrono;
        return Instant::fromMicros(
            duration_cast<microseconds>(system_clock::now().time_since_epoch()).count());
    }
    MonotonicTime monotonic() const override
    {
        using namespace std::chrono;
        return duration_cast<MonotonicTime>(steady_clock::now().time_since_epoch());
    }
};

template <class T>
T demanded(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "bench_door: %s\n", toText(result.error()).c_str());
        std::exit(1);
    }
    return std::move(*result);
}

http::Response refusal(const Error& error, int status)
{
    return {status, {}, "application/problem+json", std::string(wireName(error.code))};
}

double argument(int count, char** values, int index, double otherwise)
{
    return index < count ? std::atof(values[index]) : otherwise;
}

} // namespace

int main(int count, char** values)
{
    const test::TemporaryDirectory directory;
    const SystemClock clock;
    const auto pki = directory.file("pki");
    if (auto made = access::createDevelopmentPki(pki, clock); !made)
        return 1;
    demanded(access::createSigningKey(directory.file("keys"), clock));
    const auto keys =
        std::make_shared<access::SigningKeys>(demanded(access::SigningKeys::load(directory.file("keys"))));
    access::TokenVerifier verifier({}, keys, clock);
    const access::Authenticator authenticator(verifier);
    access::TokenRequest asked{{}, demanded(access::certificateThumbprint(pki / "kernel.crt"))};
    asked.principal.subject = "kernel";
    asked.principal.scopes.add(access::Scope::BillingWrite);

    auto handler = [&](http::Request&& request, http::Responder respond) {
        const auto principal = authenticator.authenticate(request);
        if (!principal)
            respond(refusal(principal.error(), 401));
        else
            respond(
                {201, {}, "application/json", R"({"event_id":"evt-00000000-000000000000","recorded":true})"});
    };
    const http::ListenerConfig listener = {
        "service", "127.0.0.1:0", {pki / "server.crt", pki / "server.key", pki / "ca.crt"}};
    const auto server = demanded(http::Server::create({{listener}, {}, &clock}, handler, refusal));
    std::thread serving([&] { server->run(); });

    bench::LoadPlan plan;
    plan.port = server->endpoints().front().port;
    plan.pki = pki;
    plan.token = demanded(access::issueToken(asked, keys->youngest(), {}, clock));
    plan.duration = std::chrono::milliseconds(static_cast<int>(argument(count, values, 1, 5) * 1000));
    plan.connections = static_cast<std::size_t>(argument(count, values, 2, 64));
    plan.pipelining = static_cast<std::size_t>(argument(count, values, 3, 1));
    plan.requestsPerSecond = argument(count, values, 4, 0);
    plan.body = [](std::uint64_t number) {
        std::string body = R"({"event_id":"evt-)";
        return body.append(std::to_string(number))
            .append(R"(","tenant_id":"acme-corp","metric_type":"api_request","value":"1",)"
                    R"("timestamp":"2026-01-01T00:00:00Z"})");
    };
    const bench::LoadReport report = bench::runLoad(plan);
    server->stop(std::chrono::seconds(1));
    serving.join();

    std::printf("{\"bench\":\"door_trivial\",\"connections\":%zu,\"pipelining\":%zu,\"requests_per_s\":%.0f,"
                "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"refused\":%llu}\n",
                plan.connections, plan.pipelining, report.answersPerSecond(), report.latency.quantileMs(0.5),
                report.latency.quantileMs(0.99), report.latency.maxMs(),
                static_cast<unsigned long long>(report.refused));
    if (!report.failure.empty())
        std::fprintf(stderr, "bench_door: %s\n", report.failure.c_str());
    return report.failure.empty() && report.refused == 0 && report.answers > 0 ? 0 : 1;
}
