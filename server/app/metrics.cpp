#include "server/app/metrics.h"

#include "shared/kernel/assert.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace billing {

namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;

const prometheus::Histogram::BucketBoundaries latencyBuckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                             0.1,   0.25,   0.5,   1.0,  2.5,   10.0};

double seconds(Duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

double residentBytes()
{
    std::ifstream file("/proc/self/statm");
    double pages = 0;
    double resident = 0;
    file >> pages >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

/// What others counted; never back.
void raise(prometheus::Counter& counter, std::int64_t known)
{
    if (static_cast<double>(known) > counter.Value())
        counter.Increment(static_cast<double>(known) - counter.Value());
}

double openFiles()
{
    std::error_code none;
    double count = 0;
    for (std::filesystem::directory_iterator entry("/proc/self/fd", none), end; entry != end;
         entry.increment(none))
        ++count;
    return count;
}

} // namespace

struct Metrics::Families
{
    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& requests = BuildCounter()
                                                            .Name("billing_http_requests_total")
                                                            .Help("Answers by route and class of status.")
                                                            .Register(registry);
    prometheus::Family<prometheus::Histogram>& latency =
        BuildHistogram()
            .Name("billing_http_request_duration_seconds")
            .Help("From the whole request to its answer, by route.")
            .Register(registry);
    prometheus::Family<prometheus::Gauge>& connections = BuildGauge()
                                                             .Name("billing_http_connections")
                                                             .Help("Open connections by listener.")
                                                             .Register(registry);
    prometheus::Family<prometheus::Counter>& refused =
        BuildCounter()
            .Name("billing_http_connections_refused_total")
            .Help("Connections closed for want of room, by listener.")
            .Register(registry);
    prometheus::Family<prometheus::Counter>& events = BuildCounter()
                                                          .Name("billing_usage_events_total")
                                                          .Help("Usage events by what became of them.")
                                                          .Register(registry);
    prometheus::Family<prometheus::Counter>& storage = BuildCounter()
                                                           .Name("billing_storage_refusals_total")
                                                           .Help("The store's own refusals by code.")
                                                           .Register(registry);
    prometheus::Family<prometheus::Counter>& jobs = BuildCounter()
                                                        .Name("billing_job_failures_total")
                                                        .Help("Refused steps of the clockwork by job.")
                                                        .Register(registry);
    prometheus::Family<prometheus::Gauge>& aside =
        BuildGauge()
            .Name("billing_set_aside")
            .Help("What could not be done and waits for a person, by kind.")
            .Register(registry);
    prometheus::Counter& deadLetters = BuildCounter()
                                           .Name("billing_usage_dead_letters_total")
                                           .Help("Journal rows that can never be settled.")
                                           .Register(registry)
                                           .Add({});

    prometheus::Gauge& backlogRows =
        gauge("billing_usage_backlog_rows", "Journal rows waiting to be settled.");
    prometheus::Gauge& backlogEvents =
        gauge("billing_usage_backlog_events", "Usage events waiting to be settled.");
    prometheus::Gauge& lag =
        gauge("billing_usage_settle_lag_seconds", "Age of the oldest waiting journal row.");
    prometheus::Gauge& undrawn = gauge("billing_documents_undrawn", "Finalised invoices without a PDF.");
    prometheus::Gauge& checkpoint =
        gauge("billing_audit_checkpoint_age_seconds", "Since a checkpoint was last in order.");
    prometheus::Gauge& ready = gauge("billing_ready", "1 when the server can do its work.");
    prometheus::Gauge& degraded = gauge("billing_degraded", "1 when something is missing that can wait.");
    prometheus::Gauge& memory = gauge("process_resident_memory_bytes", "Resident memory.");
    prometheus::Gauge& files = gauge("process_open_fds", "Open file descriptors.");

    prometheus::Gauge& gauge(const char* name, const char* help)
    {
        return BuildGauge().Name(name).Help(help).Register(registry).Add({});
    }
};

Metrics::Metrics()
    : m_families(std::make_unique<Families>())
{
    for (const char* result : {"accepted", "rejected", "settled", "duplicate", "conflict", "unusable"})
        m_events.emplace(result, &m_families->events.Add({{"result", result}})); // told as 0 from the start
}

Metrics::~Metrics() = default;

void Metrics::answered(std::string_view route, int status, MonotonicTime took)
{
    const auto statusClass = static_cast<std::size_t>(status / 100);
    const Answers answers = answersOf(route, statusClass);
    answers.byClass.at(statusClass)->Increment();
    answers.latency->Observe(std::chrono::duration<double>(took).count());
}

Metrics::Answers Metrics::answersOf(std::string_view route, std::size_t statusClass)
{
    const std::lock_guard lock(m_mutex);
    auto found = m_answers.find(route);
    if (found == m_answers.end())
        found = m_answers.emplace(std::string(route), Answers{}).first;
    Answers& answers = found->second;
    if (answers.latency == nullptr)
        answers.latency = &m_families->latency.Add({{"route", found->first}}, latencyBuckets);
    auto*& counter = answers.byClass.at(statusClass);
    if (counter == nullptr)
        counter = &m_families->requests.Add(
            {{"route", found->first}, {"status", std::to_string(statusClass) + "xx"}});
    return answers;
}

void Metrics::events(std::string_view result, std::int64_t count)
{
    const auto known = m_events.find(result);
    BILLING_ASSERT(known != m_events.end());
    known->second->Increment(static_cast<double>(count));
}

void Metrics::storageRefused(ErrorCode code)
{
    m_families->storage.Add({{"code", std::string(wireName(code))}}).Increment();
}

void Metrics::jobFailed(std::string_view job)
{
    m_families->jobs.Add({{"job", std::string(job)}}).Increment();
}

std::string Metrics::text(const Now& now)
{
    Families& all = *m_families;
    all.backlogRows.Set(static_cast<double>(now.store.waitingRows));
    all.backlogEvents.Set(static_cast<double>(now.store.waitingEvents));
    all.undrawn.Set(static_cast<double>(now.store.undrawnDocuments));
    const auto aside = [&](const char* kind, std::int64_t count) {
        all.aside.Add({{"kind", kind}}).Set(static_cast<double>(count));
    };
    aside("document", now.store.documentsAside);
    aside("period", now.store.periodsAside);
    aside("dead_letter", now.store.deadLetters);
    all.lag.Set(seconds(now.settleLag));
    all.checkpoint.Set(seconds(now.checkpointAge));
    all.ready.Set(now.health.reasons.empty() ? 1 : 0);
    all.degraded.Set(now.health.degraded.empty() ? 0 : 1);
    all.memory.Set(residentBytes());
    all.files.Set(openFiles());
    raise(all.deadLetters, now.deadLetters);
    for (const http::ConnectionCounts& counts : now.connections) {
        const prometheus::Labels listener{{"listener", counts.listener}};
        all.connections.Add(listener).Set(static_cast<double>(counts.open));
        raise(all.refused.Add(listener), counts.refused);
    }
    return prometheus::TextSerializer().Serialize(all.registry.Collect());
}

} // namespace billing
