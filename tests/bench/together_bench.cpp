#include "tests/bench/together_bench.h"

#include "server/storage/journal.h"

#include <atomic>
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
            while (!m_stopped) {
                const auto waiting = backlogOf(site);
                if (waiting.oldest)
                    m_lags.push_back(site.clock().now().micros() - waiting.oldest->micros());
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
            }
        })
    {
    }
    ~LagWatch() { stop(); }
    LagWatch(const LagWatch&) = delete;
    LagWatch& operator=(const LagWatch&) = delete;

    void stop()
    {
        m_stopped = true;
        if (m_thread.joinable())
            m_thread.join();
    }
    /// After stop().
    double greatestSeconds() const
    {
        const auto greatest = std::max_element(m_lags.begin(), m_lags.end());
        return greatest == m_lags.end() ? 0 : static_cast<double>(*greatest) / 1e6;
    }

private:
    std::atomic<bool> m_stopped = false;
    std::vector<std::int64_t> m_lags;
    std::thread m_thread;
};

double secondsUntilSettled(const Site& site)
{
    const MonotonicTime start = site.clock().monotonic();
    while (backlogOf(site).rows > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
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
    watch.stop();
    const double rest = secondsUntilSettled(site);
    server->stop();
    std::printf("{\"bench\":\"together\",\"engine\":\"%s\",\"offered_events_per_s\":%.0f,"
                "\"accepted_events_per_s\":%.0f,\"refused\":%llu,\"p50_ms\":%.2f,\"p99_ms\":%.2f,"
                "\"greatest_lag_s\":%.2f,\"settled_after_s\":%.2f}\n",
                nameOf(engine), eventsPerSecond,
                acceptedPerSecond(report) * static_cast<double>(eventsPerRequest),
                static_cast<unsigned long long>(report.refused), report.latency.quantileMs(0.5),
                report.latency.quantileMs(0.99), watch.greatestSeconds(), rest);
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
