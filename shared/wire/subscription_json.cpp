#include "shared/wire/subscription_json.h"

#include "shared/wire/form.h"
#include "shared/wire/json_write.h"

#include <limits>

namespace billing::wire {

namespace {

int readVersion(ObjectReader& reader)
{
    const std::int64_t version = reader.requiredInteger("plan_version");
    if (version < 1 || version > std::numeric_limits<int>::max()) {
        reader.refuse(ErrorCode::InvalidValue, "plan_version");
        return 1;
    }
    return static_cast<int>(version);
}

} // namespace

Result<SubscriptionRequest> decodeSubscriptionRequest(std::string_view body)
{
    const auto document = JsonDocument::parse(body);
    if (!document)
        return document.error();
    ObjectReader reader(document->root());
    SubscriptionRequest request{readTenantId(reader), PlanCode(readCode(reader, "plan")),
                                reader.requiredDate("starts_on"), reader.optionalDate("bill_from")};
    const std::int64_t confirmed = reader.optionalInteger("confirm_periods", 0);
    if (reader.has("confirm_periods"))
        request.confirmPeriods = confirmed;
    if (auto finished = reader.finish(); !finished)
        return finished.error();
    return request;
}

std::string encodeSubscriptionRequest(const SubscriptionRequest& request)
{
    OrderedJson json{{"tenant_id", request.tenant.text()},
                     {"plan", request.plan.text()},
                     {"starts_on", request.startsOn.toText()}};
    if (request.billFrom)
        json["bill_from"] = request.billFrom->toText();
    if (request.confirmPeriods)
        json["confirm_periods"] = *request.confirmPeriods;
    return dump(json);
}

std::string encodeSubscription(const Subscription& subscription, std::optional<std::int64_t> periodsDue)
{
    OrderedJson json{{"subscription_id", subscription.id.text()},
                     {"tenant_id", subscription.tenant.text()},
                     {"plan", subscription.plan.text()},
                     {"plan_version", subscription.planVersion},
                     {"currency", subscription.currency.code()},
                     {"time_zone", subscription.timeZone},
                     {"starts_on", subscription.startsOn.toText()},
                     {"bill_from", subscription.billFrom.toText()}};
    if (subscription.endsOn)
        json["ends_on"] = subscription.endsOn->toText();
    json["created_at"] = subscription.createdAt.toText();
    if (periodsDue)
        json["periods_due"] = *periodsDue;
    return dump(json);
}

Result<Subscription> decodeSubscription(std::string_view text)
{
    const auto document = JsonDocument::parse(text);
    if (!document)
        return document.error();
    ObjectReader reader(document->root());
    Subscription subscription{.id = SubscriptionId(readText(reader, "subscription_id", Presence::Required)),
                              .tenant = readTenantId(reader),
                              .plan = PlanCode(readCode(reader, "plan")),
                              .planVersion = readVersion(reader),
                              .currency = readCurrency(reader),
                              .timeZone = readText(reader, "time_zone", Presence::Required),
                              .startsOn = reader.requiredDate("starts_on"),
                              .billFrom = reader.requiredDate("bill_from"),
                              .endsOn = reader.optionalDate("ends_on"),
                              .createdAt = reader.requiredInstant("created_at")};
    reader.optionalInteger("periods_due", 0);
    if (auto finished = reader.finish(); !finished)
        return finished.error();
    return subscription;
}

} // namespace billing::wire
