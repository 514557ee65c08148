// Whole requests, in sequences, against the routed API with everything behind it (tests/fuzz/api_world.h),
// and between them what time and the scheduler do. An input's bytes are choices (tests/fuzz/api_grammar.h),
// so that what is tried gets past 404. No input may reach an assertion, a request that is never answered, or
// a 5xx that blames us.
//
// At its end it prints how often each route answered with which status; FUZZ_API_TRACE=1 prints every
// request, which is how a found input is read.
#include "tests/fuzz/fuzz_input.h"

#include "tests/fuzz/api_grammar.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

using namespace billing;
using namespace billing::fuzz;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

const bool isTracing = std::getenv("FUZZ_API_TRACE") != nullptr;

/// How often each route answered with which status; printed when the process ends.
class Counts
{
public:
    Counts()
        : m_began(std::chrono::steady_clock::now())
    {
    }
    ~Counts()
    {
        int reached = 0;
        int listed = 0;
        for (const auto& [route, statuses] : m_routes) {
            bool isReached = false;
            std::string line;
            for (const auto& [status, count] : statuses) {
                line += "  " + std::to_string(status) + ": " + std::to_string(count);
                isReached = isReached || (status >= 200 && status < 300);
            }
            std::printf("route %s%s%s\n", route.c_str(),
                        isReached || route.front() == '(' ? "" : "  NEVER 2xx", line.c_str());
            listed += route.front() == '(' ? 0 : 1;
            reached += route.front() != '(' && isReached ? 1 : 0;
        }
        const auto took =
            std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - m_began);
        std::printf("requests %lld in %lld s; %d of %d routes reached with 2xx\n", m_requests,
                    static_cast<long long>(took.count()), reached, listed);
        std::fflush(stdout);
    }
    void expect(const std::string& route) { m_routes[route]; }
    void add(const std::string& route, int status)
    {
        ++m_routes[route][status];
        ++m_requests;
    }

private:
    std::chrono::steady_clock::time_point m_began;
    std::map<std::string, std::map<int, long long>> m_routes;
    long long m_requests = 0;
};

/// Every route has its words, and no words are without a route. Counts all of them from the start.
void checkGrammar(const World& world, Counts& counts)
{
    const std::vector<std::string> routes = world.routes();
    for (const std::string& route : routes) {
        const auto has = [&](const Grammar& entry) { return entry.route == route; };
        if (std::none_of(grammar().begin(), grammar().end(), has)) {
            std::fprintf(stderr, "tests/fuzz/api_grammar.cpp has no entry for %s\n", route.c_str());
            std::abort();
        }
        counts.expect(route);
    }
    BILLING_ASSERT(routes.size() == grammar().size());
}

Counts& counts()
{
    static Counts all;
    static const bool isChecked = (checkGrammar(World(), all), true);
    static_cast<void>(isChecked);
    return all;
}

/// 500 is our fault. 503 says that something waits or is missing; here only time can be missing.
bool isAllowed(const http::Response& response)
{
    if (response.status < 500)
        return true;
    const auto* const body = std::get_if<std::string>(&response.body);
    if (response.status != 503 || body == nullptr)
        return false;
    for (const char* const code : {"document_not_ready", "usage_not_settled", "backlog_full"})
        if (body->find(code) != std::string::npos)
            return true;
    return false;
}

void print(const Asked& asked, const http::Response* response)
{
    std::string text = asked.method + ' ' + asked.target + '\n';
    for (const auto& [name, value] : asked.headers)
        text.append(name).append(": ").append(value).append("\n");
    text.append(asked.body.substr(0, 2'000)).append("\n");
    if (response != nullptr) {
        const auto* const body = std::get_if<std::string>(&response->body);
        text += "-> " + std::to_string(response->status) + ' ' +
                (body ? body->substr(0, 1'000) : std::string()) + "\n\n";
    }
    std::fwrite(text.data(), 1, text.size(), stderr);
}

void ask(World& world, Choices& choices)
{
    const Asked asked = aRequest(choices, world.known);
    if (isTracing)
        print(asked, nullptr);
    const std::string route = world.routeOf(asked);
    const auto response = world.send(asked);
    if (isTracing && response)
        print(asked, &*response);
    counts().add(!response       ? "(target refused)"
                 : route.empty() ? "(no route)"
                                 : route,
                 response ? response->status : 400);
    if (!response || isAllowed(*response))
        return;
    print(asked, &*response);
    std::fprintf(stderr, "an answer that blames us\n");
    std::abort();
}

void moveClock(World& world, Choices& choices)
{
    constexpr std::string_view moments[] = {
        "2026-10-02T12:00:00Z", "2026-09-15T12:00:00Z", "2026-12-31T23:59:59Z", "2027-02-28T12:00:00Z",
        "2011-12-30T10:00:00Z", "1970-01-02T00:00:00Z", "2038-01-19T03:14:08Z", "2999-12-31T23:59:59Z",
        "3000-06-15T00:00:00Z", "9999-12-31T23:59:59Z"};
    const std::string_view moment = choices.of(moments);
    if (isTracing)
        std::fprintf(stderr, "clock %.*s\n", static_cast<int>(moment.size()), moment.data());
    world.setClock(Instant::parse(moment).value());
}

void step(World& world, Choices& choices)
{
    const std::size_t what = choices.byte();
    if (isTracing && what >= 216)
        std::fprintf(stderr, "step %zu\n", what);
    if (what < 216)
        ask(world, choices);
    else if (what < 226)
        world.settle();
    else if (what < 230)
        world.closePeriods();
    else if (what < 246)
        world.advance(std::chrono::minutes(1 + choices.below(65'536)));
    else
        moveClock(world, choices);
}

} // namespace

void fuzz(std::string_view text)
{
    counts();
    World world;
    Choices choices(text);
    for (int steps = 0; steps < 60 && !choices.atEnd(); ++steps)
        step(world, choices);
}

// libFuzzer's own name for it. Bytes are choices, so half of the time new ones do better than bent old ones.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned seed)
{
    std::minstd_rand random(seed);
    if (random() % 2 == 0)
        return LLVMFuzzerMutate(data, size, most);
    const std::size_t kept = size == 0 || random() % 2 == 0 ? 0 : random() % size;
    const std::size_t wanted = std::min<std::size_t>(most, kept + 64 + random() % 448);
    for (std::size_t at = kept; at < wanted; ++at)
        data[at] = static_cast<std::uint8_t>(random() >> 8U);
    return wanted;
}
