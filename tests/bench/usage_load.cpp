#include "tests/bench/usage_load.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace billing::bench {

namespace {

std::string bodyOf(std::uint64_t number, std::size_t eventsPerRequest, const std::string& now)
{
    const auto event = [&](std::uint64_t id) {
        return eventJson(id, static_cast<int>(number % tenantCount), now);
    };
    if (eventsPerRequest == 0)
        return event(number);
    std::string body = R"({"events":[)";
    for (std::size_t i = 0; i < eventsPerRequest; ++i)
        body.append(i == 0 ? "" : ",").append(event(number * eventsPerRequest + i));
    return body.append("]}");
}

} // namespace

std::string eventId(std::uint64_t number)
{
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "evt-%016llx",
                  static_cast<unsigned long long>(number * 0x9E37'79B9'7F4A'7C15ULL));
    return text.data();
}

std::string eventJson(std::uint64_t number, int tenant, const std::string& timestamp)
{
    std::string json = R"({"event_id":")";
    json.append(eventId(number)).append(R"(","tenant_id":")").append(tenantName(tenant));
    json.append(R"(","metric_type":"api_request","value":"1","timestamp":")").append(timestamp);
    return json.append(R"("})");
}

LoadPlan planOf(const Site& site, const Load& load, std::uint16_t port)
{
    LoadPlan plan;
    plan.port = port;
    plan.pki = site.data().pki();
    plan.token = site.token();
    plan.connections = load.connections;
    plan.requestsPerSecond = load.requestsPerSecond;
    plan.duration = std::chrono::seconds(load.seconds);
    plan.body = [now = site.clock().now().toText(), size = load.eventsPerRequest](std::uint64_t number) {
        return bodyOf(number, size, now);
    };
    return plan;
}

LoadReport checked(LoadReport report)
{
    if (!report.failure.empty() || report.answers == 0) {
        std::fprintf(stderr, "bench_usage: %s\n", report.failure.c_str());
        std::exit(1);
    }
    return report;
}

double acceptedPerSecond(const LoadReport& report)
{
    const double accepted =
        static_cast<double>(report.answers - report.refused) / static_cast<double>(report.answers);
    return report.answersPerSecond() * accepted;
}

} // namespace billing::bench
