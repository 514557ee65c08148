#include "tests/scenarios/requests.h"

#include "shared/kernel/assert.h"

#include <QDateTime>

#include <cstdio>

namespace billing::test {

namespace {

void mustCreate(const HttpReply& reply)
{
    if (reply.status != 201)
        std::fprintf(stderr, "%d %s %s\n", reply.status, reply.failure.c_str(), reply.body.c_str());
    BILLING_ASSERT(reply.status == 201);
}

std::string jsonText(std::string_view text)
{
    return std::string(1, '"').append(text).append(1, '"');
}

} // namespace

std::string tenantRequest(const TenantWish& wish)
{
    return R"({"tenant_id":)" + jsonText(wish.id) + R"(,"legal_name":)" + jsonText(wish.id + " Inc.") +
           R"(,"country":)" + jsonText(wish.country) + R"(,"currency":)" + jsonText(wish.currency) +
           R"(,"time_zone":"UTC","locale":"en-US"})";
}

std::string subscriptionRequest(const TenantWish& wish)
{
    return R"({"tenant_id":)" + jsonText(wish.id) + R"(,"plan":)" + jsonText(wish.plan) + R"(,"starts_on":)" +
           jsonText(wish.startsOn) + "}";
}

void signUp(const HttpsClient& client, const TenantWish& wish)
{
    mustCreate(client.post("/api/v1/tenants", tenantRequest(wish)));
    if (!wish.plan.empty())
        mustCreate(client.post("/api/v1/subscriptions", subscriptionRequest(wish)));
}

std::string jsonOf(const EventText& event)
{
    const std::string now = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toStdString();
    return R"({"event_id":)" + jsonText(event.id) + R"(,"tenant_id":)" + jsonText(event.tenant) +
           R"(,"metric_type":)" + jsonText(event.metric) + R"(,"value":)" + jsonText(event.value) +
           R"(,"timestamp":)" + jsonText(event.timestamp.empty() ? now : event.timestamp) +
           R"(,"dimensions":)" + (event.dimensions.empty() ? "{}" : event.dimensions) + "}";
}

std::string batchOf(const std::vector<EventText>& events)
{
    std::string json = R"({"events":[)";
    for (const EventText& event : events)
        json += (json.back() == '[' ? "" : ",") + jsonOf(event);
    return json + "]}";
}

std::string invoiceRequest(std::string_view tenant, std::string_view periodStart, std::string_view periodEnd,
                           std::string_view extra)
{
    return R"({"tenant_id":)" + jsonText(tenant) + R"(,"period_start":)" + jsonText(periodStart) +
           R"(,"period_end":)" + jsonText(periodEnd) + std::string(extra) + "}";
}

TokenTotals novemberTokens(const HttpsClient& client, std::string_view tenant)
{
    const HttpReply reply =
        client.get("/api/v1/usage/" + std::string(tenant) +
                   "?metric_type=llm_tokens&from=2023-11-01&to=2023-12-01&group_by=direction");
    TokenTotals totals{"(absent)", "(absent)"};
    for (std::size_t i = 0; i < reply.count("groups"); ++i) {
        const std::string group = "groups/" + std::to_string(i);
        const std::string direction = reply.at(group + "/dimensions/direction");
        (direction == "input" ? totals.input : totals.output) = reply.at(group + "/quantity");
    }
    return totals;
}

} // namespace billing::test
