#include "server/storage/subscriptions.h"

#include "server/storage/sql/stored.h"

namespace billing::storage {

namespace {

Result<std::optional<LocalDate>> optionalDate(const std::optional<std::string>& text)
{
    if (!text)
        return std::optional<LocalDate>();
    const auto date = LocalDate::parse(*text);
    if (!date)
        return date.error();
    return std::optional<LocalDate>(*date);
}

Result<Subscription> toSubscription(const sql::Row& row)
{
    const auto currency = sql::stored(Currency::parse(row.text(4)), "subscription.currency");
    if (!currency)
        return currency.error();
    const auto startsOn = sql::stored(LocalDate::parse(row.text(6)), "subscription.starts_on");
    if (!startsOn)
        return startsOn.error();
    const auto billFrom = sql::stored(LocalDate::parse(row.text(7)), "subscription.bill_from");
    if (!billFrom)
        return billFrom.error();
    const auto endsOn = sql::stored(optionalDate(row.optionalText(8)), "subscription.ends_on");
    if (!endsOn)
        return endsOn.error();
    return Subscription{.id = SubscriptionId(row.text(1)),
                        .tenant = TenantId(row.text(0)),
                        .plan = PlanCode(row.text(2)),
                        .planVersion = static_cast<int>(row.integer(3)),
                        .currency = *currency,
                        .timeZone = row.text(5),
                        .startsOn = *startsOn,
                        .billFrom = *billFrom,
                        .endsOn = *endsOn,
                        .createdAt = Instant::fromMicros(row.integer(9))};
}

} // namespace

Result<void> insertSubscription(Work& work, const Subscription& subscription)
{
    const std::string startsOn = subscription.startsOn.toText();
    const std::string billFrom = subscription.billFrom.toText();
    const auto endsOn = subscription.endsOn ? std::optional(subscription.endsOn->toText()) : std::nullopt;
    const auto inserted = work.session().execute(
        "INSERT INTO subscription (tenant_id, subscription_id, plan_code, plan_version, currency, time_zone,"
        " starts_on, bill_from, ends_on, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO "
        "NOTHING",
        {subscription.tenant.text(), subscription.id.text(), subscription.plan.text(),
         std::int64_t{subscription.planVersion}, subscription.currency.code(), subscription.timeZone,
         startsOn, billFrom, sql::nullable(endsOn), subscription.createdAt.micros()});
    if (!inserted)
        return inserted.error();
    if (*inserted == 0)
        return Error{ErrorCode::AlreadyExists, subscription.id.text()};
    return {};
}

Result<std::optional<Subscription>> findSubscription(Work& work, const TenantId& tenant,
                                                     const SubscriptionId& id)
{
    return sql::queryFirst(work.session(),
                           "SELECT tenant_id, subscription_id, plan_code, plan_version, currency, time_zone,"
                           " starts_on, bill_from, ends_on, created_at FROM subscription"
                           " WHERE tenant_id = ? AND subscription_id = ?",
                           {tenant.text(), id.text()}, toSubscription);
}

Result<std::vector<Subscription>> subscriptionsOf(Work& work, const TenantId& tenant)
{
    return sql::queryAll(work.session(),
                         "SELECT tenant_id, subscription_id, plan_code, plan_version, currency, time_zone,"
                         " starts_on, bill_from, ends_on, created_at FROM subscription"
                         " WHERE tenant_id = ? ORDER BY starts_on, subscription_id",
                         {tenant.text()}, toSubscription);
}

Result<std::vector<Subscription>> listSubscriptions(Work& work, const std::optional<SubscriptionKey>& after,
                                                    int limit)
{
    const std::string tenant = after ? after->tenant.text() : std::string();
    const std::string id = after ? after->id.text() : std::string();
    return sql::queryAll(
        work.session(),
        "SELECT tenant_id, subscription_id, plan_code, plan_version, currency, time_zone,"
        " starts_on, bill_from, ends_on, created_at FROM subscription"
        " WHERE (tenant_id, subscription_id) > (?, ?) ORDER BY tenant_id, subscription_id LIMIT ?",
        {tenant, id, std::int64_t{limit}}, toSubscription);
}

Result<std::vector<std::optional<PlanInForce>>> plansInForce(Work& work, std::span<const TenantDay> asked)
{
    std::vector<std::string> days;
    days.reserve(asked.size());
    std::vector<sql::Value> values;
    values.reserve(asked.size() * 3);
    for (const TenantDay& one : asked) {
        days.push_back(one.day.toText());
        values.emplace_back(std::string_view(one.tenant.text()));
        values.emplace_back(std::string_view(days.back()));
        values.emplace_back(std::string_view(days.back()));
    }
    std::vector<std::optional<PlanInForce>> plans(asked.size());
    const auto done = work.session().queryMany(
        "SELECT plan_code, plan_version FROM subscription WHERE tenant_id = ? AND starts_on <= ?"
        " AND (ends_on IS NULL OR ends_on > ?) ORDER BY starts_on DESC, subscription_id DESC",
        3, values, [&](std::size_t index, const sql::Row& row) -> Result<void> {
            plans[index] = PlanInForce{PlanCode(row.text(0)), static_cast<int>(row.integer(1))};
            return {};
        });
    if (!done)
        return done.error();
    return plans;
}

} // namespace billing::storage
