// GET /usage/{tenant_id} and GET /usage/current: exact decimals as text, with how fresh they are and how far
// the tenant is into its limit. They may be asked to be fresh (server/api/usage_at_least.h).
// Refuse UnknownParameter, NotFound, MissingField, UnknownMetric, InvalidTimestamp, InvalidDate,
// InvalidValue, RangeTooLarge (buckets, then as usageSeries).
#include "server/api/endpoints.h"
#include "server/api/error_status.h"
#include "server/api/limits_now.h"
#include "server/api/usage_buckets.h"
#include "server/metering/usage_series.h"
#include "server/storage/journal_state.h"
#include "server/storage/subscriptions.h"
#include "shared/calendar/billing_periods.h"

#include <algorithm>

namespace billing::api {

namespace {

struct Question
{
    std::string metricType;
    InstantRange range;
    wire::Granularity granularity = wire::Granularity::Total;
    std::vector<std::string> groupBy = {};
};

Result<const Meter*> meterOf(const Services& services, const std::string& metricType)
{
    const auto listening = services.invoicing.meters.ofMetric(metricType);
    if (listening.empty())
        return Error{metricType.empty() ? ErrorCode::MissingField : ErrorCode::UnknownMetric, "metric_type"};
    return listening.front();
}

Result<std::vector<std::string>> groupByOf(const Call& call, const Meter& meter)
{
    std::vector<std::string> names;
    std::string text = call.parameter("group_by").value_or("");
    while (!text.empty()) {
        const std::string name = text.substr(0, text.find(','));
        text.erase(0, name.size() + 1);
        if (std::find(meter.dimensions.begin(), meter.dimensions.end(), name) == meter.dimensions.end())
            return Error{ErrorCode::InvalidValue, "group_by", "the meter is not split by " + name};
        names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

wire::UsageGroup groupOf(const UsageSeries& series, const std::vector<InstantRange>& buckets)
{
    wire::UsageGroup group{series.group, series.total.quantity, series.total.events, {}};
    for (std::size_t i = 0; i < buckets.size(); ++i)
        group.buckets.push_back({buckets[i], series.slices[i].quantity, series.slices[i].events});
    return group;
}

std::optional<wire::UsageLimit> furthest(const std::vector<LimitStanding>& limits, Instant asOf)
{
    std::optional<wire::UsageLimit> furthest;
    for (const LimitStanding& limit : limits) {
        const wire::LimitState state = wireState(limit.state);
        if (!furthest || state > furthest->state)
            furthest = {limit.included, limit.used, asOf, state};
    }
    return furthest;
}

std::chrono::milliseconds lagOf(const storage::JournalState& journal, Instant asOf)
{
    if (!journal.oldestWaiting || *journal.oldestWaiting >= asOf)
        return {};
    return std::chrono::milliseconds((asOf.micros() - journal.oldestWaiting->micros()) / 1'000);
}

Result<http::Response> answer(const Services& services, const Tenant& tenant, const Question& question)
{
    const auto meter = meterOf(services, question.metricType);
    if (!meter)
        return meter.error();
    const auto buckets = bucketsOf(question.range, question.granularity, tenant.timeZone);
    if (!buckets)
        return buckets.error();
    wire::UsageReport report{tenant.id, question.metricType, question.range, question.granularity, {}};
    report.asOf = services.invoicing.clock.now();
    const auto read =
        services.invoicing.storage.read(Scope::tenant(tenant.id), [&](Work& work) -> Result<void> {
            const auto journal = storage::journalState(work);
            if (!journal)
                return journal.error();
            const auto limits =
                limitsNow(work, services.invoicing, tenant.id, report.asOf, question.metricType);
            if (!limits)
                return limits.error();
            const auto all = usageSeries(work, {tenant.id, **meter, *buckets, question.groupBy});
            if (!all)
                return all.error();
            report.position = journal->settledUpTo;
            report.lag = lagOf(*journal, report.asOf);
            report.limit = furthest(*limits, report.asOf);
            report.groups.clear();
            for (const UsageSeries& series : *all)
                report.groups.push_back(groupOf(series, *buckets));
            return {};
        });
    return read ? Result<http::Response>(json(200, wire::encodeUsageReport(report))) : read.error();
}

Result<InstantRange> billingPeriodNow(const Services& services, const Tenant& tenant, Instant now)
{
    const auto all = readValue(services.invoicing.storage, Scope::tenant(tenant.id),
                               [&](Work& work) { return storage::subscriptionsOf(work, tenant.id); });
    if (!all)
        return all.error();
    for (const Subscription& subscription : *all) {
        const auto zone = TimeZone::find(subscription.timeZone);
        const auto plan =
            planVersion(services.invoicing.catalog, subscription.plan, subscription.planVersion);
        if (!zone || !plan)
            return Error{ErrorCode::Internal};
        const auto period = periodContaining(subscription, plan->interval, zone->dateOf(now));
        if (period)
            return period->range;
    }
    return Error{ErrorCode::NoSubscription, "period", "no subscription holds now"};
}

Result<InstantRange> currentRange(const Services& services, const Tenant& tenant, const std::string& period)
{
    const Instant now = services.invoicing.clock.now();
    if (period == "current_billing_period")
        return billingPeriodNow(services, tenant, now);
    const auto zone = TimeZone::find(tenant.timeZone);
    if (!zone)
        return zone.error();
    const LocalDate today = zone->dateOf(now);
    const LocalDate month = today.plusDays(1 - today.day());
    if (period == "current_month")
        return InstantRange{zone->startOfDay(month), zone->startOfDay(month.plusMonths(1))};
    if (period != "current_year")
        return Error{ErrorCode::InvalidValue, "period",
                     "expected current_month, current_year or current_billing_period"};
    const LocalDate year = month.plusMonths(1 - month.month());
    return InstantRange{zone->startOfDay(year), zone->startOfDay(year.plusMonths(12))};
}

} // namespace

Result<http::Response> getUsage(const Services& services, const Call& call)
{
    const auto tenant =
        call.onlyParameters({"metric_type", "from", "to", "granularity", "group_by", "at_least", "wait"})
            .and_then([&] { return tenantOfPath(services, call); });
    if (!tenant)
        return tenant.error();
    const auto meter = meterOf(services, call.parameter("metric_type").value_or(""));
    if (!meter)
        return meter.error();
    const auto range = rangeOf(call.parameter("from"), call.parameter("to"), tenant->timeZone);
    if (!range)
        return range.error();
    const auto granularity = wire::parseGranularity(call.parameter("granularity").value_or("total"));
    if (!granularity)
        return granularity.error();
    const auto groupBy = groupByOf(call, **meter);
    if (!groupBy)
        return groupBy.error();
    return answer(services, *tenant, {(*meter)->metricType, *range, *granularity, *groupBy});
}

Result<http::Response> getCurrentUsage(const Services& services, const Call& call)
{
    const auto allowed = call.onlyParameters({"tenant_id", "metric_type", "period", "at_least", "wait"});
    if (!allowed)
        return allowed.error();
    Call named = call;
    named.path = {call.parameter("tenant_id").value_or("")};
    const auto tenant = tenantOfPath(services, named);
    if (!tenant)
        return tenant.error();
    const auto range =
        currentRange(services, *tenant, call.parameter("period").value_or("current_billing_period"));
    if (!range)
        return range.error();
    return answer(services, *tenant,
                  {call.parameter("metric_type").value_or(""), *range, wire::Granularity::Total, {}});
}

} // namespace billing::api
