#include "tests/bench/together_bench.h"

#include "server/storage/journal.h"

#include <semaphore>
#include <thread>

namespace billing::bench {

namespace {

constexpr std::size_t eventsPerRequest = 100;
constexpr std::size_t connections = 64;

storage::Backlog backlogOf(const Site& site)
{
    return demanded(readValue(site.house().storage(), Scope::system("bench"),
                              [](Work& work) { return storage::backlog(work); }));
}

/// Looks every tenth of a second how old the oldest waiting usage is, on a thread of its own.
class LagWatch
{
public:
    explicit LagWatch(const Site& site)
        : m_thread([this, &site] {
            do {
                const auto waiting = backlogOf(site);
                if (waiting.oldest)
                    m_greatest = std::max(m_greatest, site.clock().now().micros() - waiting.oldest->micros());
            } while (!m_stop.try_acquire_for(std::chrono::milliseconds(100)));
        })
    {
    }

    /// Once; answers the greatest it saw.
    double stop()
    {
        m_stop.release();
        m_thread.join();
        return static_cast<double>(m_greatest) / 1e6;
    }

private:
    std::binary_semaphore m_stop{0};
    std::int64_t m_greatest = 0;
    std::thread m_thread;
};

double secondsUntilSettled(const Site& site)
{
    const MonotonicTime start = site.clock().monotonic();
    std::binary_semaphore never{0};
    while (backlogOf(site).rows > 0)
        (void)never.try_acquire_for(std::chrono::milliseconds(20));
    return static_cast<double>((site.clock().monotonic() - start).count()) / 1e6;
}

} // namespace

void benchTogether(Engine engine, int seconds, double eventsPerSecond)
{
    Site site(engine);
    const auto server = site.serve();
    LagWatch watch(site);
    const auto report = checked(runLoad(planOf(
        site,
        {seconds, connections, eventsPerRequest, eventsPerSecond / static_cast<double>(eventsPerRequest)},
        Site::portOf(*server))));
    const double greatestLag = watch.stop();
    const double rest = secondsUntilSettled(site);
    server->stop();
    std::printf("{\"bench\":\"together\",\"engine\":\"%s\",\"offered_events_per_s\":%.0f,"
                "\"accepted_events_per_s\":%.0f,\"refused\":%llu,\"p50_ms\":%.2f,\"p99_ms\":%.2f,"
                "\"greatest_lag_s\":%.2f,\"settled_after_s\":%.2f}\n",
                nameOf(engine), eventsPerSecond,
                acceptedPerSecond(report) * static_cast<double>(eventsPerRequest),
                static_cast<unsigned long long>(report.refused), report.latency.quantileMs(0.5),
                report.latency.quantileMs(0.99), greatestLag, rest);
    std::fflush(stdout);
}

void benchAsking(Engine engine, int seconds, double eventsPerSecond)
{
    constexpr double asksPerSecond = 500;
    Site site(engine);
    const auto server = site.serve();
    const std::uint16_t port = Site::portOf(*server);
    LoadPlan asking = planOf(site, {seconds, 8, 0, asksPerSecond}, port);
    asking.method = "GET";
    asking.path =
        "/api/v1/usage/current?tenant_id=" + tenantName(3) + "&metric_type=api_request&period=current_month";
    asking.body = [](std::uint64_t) { return std::string(); };

    LoadReport arrived;
    std::thread arriving([&] {
        arrived = runLoad(planOf(
            site,
            {seconds, connections, eventsPerRequest, eventsPerSecond / static_cast<double>(eventsPerRequest)},
            port));
    });
    const auto asked = runLoad(asking);
    arriving.join();
    server->stop();
    checked(arrived);
    const auto report = checked(asked);
    std::printf("{\"bench\":\"ask\",\"engine\":\"%s\",\"arriving_events_per_s\":%.0f,\"asks_per_s\":%.0f,"
                "\"refused\":%llu,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f}\n",
                nameOf(engine), acceptedPerSecond(arrived) * static_cast<double>(eventsPerRequest),
                report.answersPerSecond(), static_cast<unsigned long long>(report.refused),
                report.latency.quantileMs(0.5), report.latency.quantileMs(0.99), report.latency.maxMs());
    std::fflush(stdout);
}

} // namespace billing::bench
