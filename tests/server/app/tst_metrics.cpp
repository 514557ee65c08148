// What /metrics tells, and by which names; that no two lines say different things.
#include "server/app/metrics.h"

#include "tests/support/printing.h"

using namespace billing;
using namespace std::chrono_literals;

class TestMetrics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void counts();
    void namesFollowTheConventions();
    void countersNeverGoBack();
};

namespace {

bool has(const std::string& text, const std::string& line)
{
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

} // namespace

void TestMetrics::counts()
{
    Metrics metrics;
    metrics.answered("/api/v1/usage", 202, 3ms);
    metrics.answered("/api/v1/usage", 204, 3ms);
    metrics.answered("/api/v1/usage", 503, 3ms);
    metrics.answered("", 404, 1us);
    metrics.events("accepted", 5);
    metrics.events("rejected", 0);
    metrics.storageRefused(ErrorCode::StorageFull);
    metrics.jobFailed("checkpoint");
    const std::string text = metrics.text({{2, 30, {}, 4, 5, 6, 7},
                                           1500ms,
                                           7s,
                                           3,
                                           {{"backlog_full"}, {"renderer_missing"}},
                                           {{"listener[0]", 7, 2}, {"listener[1]", 0, 0}}});
    for (const char* line :
         {"billing_http_requests_total{route=\"/api/v1/usage\",status=\"2xx\"} 2",
          "billing_http_requests_total{route=\"/api/v1/usage\",status=\"5xx\"} 1",
          "billing_http_requests_total{route=\"\",status=\"4xx\"} 1",
          "billing_http_request_duration_seconds_count{route=\"/api/v1/usage\"} 3",
          "billing_http_request_duration_seconds_bucket{route=\"/api/v1/usage\",le=\"0.0025\"} 0",
          "billing_http_request_duration_seconds_bucket{route=\"/api/v1/usage\",le=\"0.005\"} 3",
          "billing_http_connections{listener=\"listener[0]\"} 7",
          "billing_http_connections{listener=\"listener[1]\"} 0",
          "billing_http_connections_refused_total{listener=\"listener[0]\"} 2",
          "billing_http_connections_refused_total{listener=\"listener[1]\"} 0",
          "billing_usage_events_total{result=\"accepted\"} 5",
          "billing_usage_events_total{result=\"rejected\"} 0",
          "billing_usage_events_total{result=\"settled\"} 0",
          "billing_storage_refusals_total{code=\"storage_full\"} 1",
          "billing_job_failures_total{job=\"checkpoint\"} 1",
          "billing_usage_dead_letters_total 3",
          "billing_usage_backlog_rows 2",
          "billing_usage_backlog_events 30",
          "billing_documents_undrawn 4",
          "billing_set_aside{kind=\"document\"} 5",
          "billing_set_aside{kind=\"period\"} 6",
          "billing_set_aside{kind=\"dead_letter\"} 7",
          "billing_usage_settle_lag_seconds 1.5",
          "billing_audit_checkpoint_age_seconds 7",
          "billing_ready 0",
          "billing_degraded 1"})
        QVERIFY2(has(text, line), (std::string(line) + " is not in\n" + text).c_str());
    QVERIFY(has(metrics.text({{}, 0s, 0s, 3, {}}), "billing_ready 1"));
}

void TestMetrics::namesFollowTheConventions()
{
    Metrics metrics;
    metrics.answered("/", 200, 1ms);
    metrics.storageRefused(ErrorCode::StorageFull);
    metrics.jobFailed("watch");
    const QString text = QString::fromStdString(metrics.text({{}, 0s, 0s, 0, {}, {{"listener[0]", 1, 1}}}));
    int types = 0;
    for (const QString& line : text.split(QLatin1Char('\n'))) {
        if (!line.startsWith(QLatin1String("# TYPE ")))
            continue;
        ++types;
        const QString name = line.section(QLatin1Char(' '), 2, 2);
        const QString type = line.section(QLatin1Char(' '), 3, 3);
        QVERIFY2(name.startsWith(QLatin1String("billing_")) || name.startsWith(QLatin1String("process_")),
                 qPrintable(name));
        QCOMPARE(name.endsWith(QLatin1String("_total")), type == QLatin1String("counter"));
        QVERIFY(text.contains(QLatin1String("# HELP ") + name + QLatin1Char(' ')));
    }
    QCOMPARE(types, 18);
}

void TestMetrics::countersNeverGoBack()
{
    Metrics metrics;
    QVERIFY(has(metrics.text({{}, 0s, 0s, 5, {}}), "billing_usage_dead_letters_total 5"));
    QVERIFY(has(metrics.text({{}, 0s, 0s, 2, {}}), "billing_usage_dead_letters_total 5"));
    QVERIFY(has(metrics.text({{}, 0s, 0s, 5, {}, {{"a", 1, 4}}}),
                "billing_http_connections_refused_total{listener=\"a\"} 4"));
    QVERIFY(has(metrics.text({{}, 0s, 0s, 5, {}, {{"a", 1, 3}}}),
                "billing_http_connections_refused_total{listener=\"a\"} 4"));
    metrics.events("accepted", -3);
    QVERIFY(has(metrics.text({{}, 0s, 0s, 5, {}}), "billing_usage_events_total{result=\"accepted\"} 0"));
}

QTEST_APPLESS_MAIN(TestMetrics)
#include "tst_metrics.moc"
