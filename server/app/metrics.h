// What /metrics tells, in Prometheus' text format. Nothing in it names a customer.
//
//     billing_http_requests_total{route,status="2xx"}       answers, by the route's pattern ("" is no route)
//     billing_http_request_duration_seconds{route}          histogram, from the whole request to its answer
//     billing_http_connections{listener}                    open now
//     billing_http_connections_refused_total{listener}      closed for want of room
//     billing_usage_events_total{result}                    accepted | rejected at the door; after that
//                                                           settled | duplicate | conflict | unusable
//     billing_usage_dead_letters_total                      journal rows that can never be settled
//     billing_usage_backlog_rows, _events                   journal that waits to be settled
//     billing_usage_settle_lag_seconds                      age of the oldest waiting row, 0 when none waits
//     billing_storage_refusals_total{code}                  the store's own refusals
//     billing_job_failures_total{job}                       steps of the clockwork that were refused
//     billing_documents_undrawn                             finalised invoices without a PDF: waiting, to
//                                                           1,000, or set aside
//     billing_set_aside{kind}                               what waits for a person: document | period |
//                                                           dead_letter
//     billing_audit_checkpoint_age_seconds                  since a checkpoint was last in order
//     billing_ready, billing_degraded                       1 or 0
//     process_resident_memory_bytes, process_open_fds
//
// Rates are for the reader to take: rate(billing_usage_events_total{result="settled"}[1m]). Any thread.
#pragma once

#include "server/app/health.h"
#include "server/http/server.h"

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace prometheus {
class Counter;
class Histogram;
} // namespace prometheus

namespace billing {

class Metrics
{
public:
    Metrics();
    ~Metrics();

    void answered(std::string_view route, int status, MonotonicTime took);
    /// One of the results named above.
    void events(std::string_view result, std::int64_t count);
    void storageRefused(ErrorCode code);
    void jobFailed(std::string_view job);

    /// What is asked for at the moment of a scrape.
    struct Now
    {
        StoreSample store;
        Duration settleLag;
        Duration checkpointAge;
        std::int64_t deadLetters;
        HealthReport health;
        std::vector<http::ConnectionCounts> connections = {};
    };
    std::string text(const Now& now);

private:
    struct Families;
    /// The series of one route.
    struct Answers
    {
        prometheus::Histogram* latency = nullptr;
        std::array<prometheus::Counter*, 10> byClass = {}; ///< of its status; made when there is one
    };

    Answers answersOf(std::string_view route, std::size_t statusClass);

    std::unique_ptr<Families> m_families;
    std::map<std::string, prometheus::Counter*, std::less<>> m_events; ///< all there are, from the start
    std::mutex m_mutex;                                                ///< guards what follows
    /// Kept, since finding a series in its family costs ten times what counting in it does.
    std::map<std::string, Answers, std::less<>> m_answers;
};

} // namespace billing
