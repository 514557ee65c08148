// The requests that every scenario begins with, and the JSON of an event. Pure text, and calls over a client
// that assert success with the server's words on stderr.
#pragma once

#include "tests/scenarios/https_client.h"

#include <vector>

namespace billing::test {

struct TenantWish
{
    std::string id;
    std::string plan = "lite"; ///< empty: no subscription
    std::string startsOn = "2023-11-01";
    std::string country = "US";
    std::string currency = "USD";
};

/// Bodies of POST /tenants (in UTC, without a tax category of its own) and POST /subscriptions.
std::string tenantRequest(const TenantWish& wish);
std::string subscriptionRequest(const TenantWish& wish);
/// Both, sent.
void signUp(const HttpsClient& client, const TenantWish& wish);

struct EventText
{
    std::string id;
    std::string tenant;
    std::string value;
    std::string metric = "agent_execution";
    std::string timestamp = {};  ///< empty: now
    std::string dimensions = {}; ///< JSON object; empty: none
};

std::string jsonOf(const EventText& event);
/// {"events":[...]}
std::string batchOf(const std::vector<EventText>& events);

std::string invoiceRequest(std::string_view tenant, std::string_view periodStart, std::string_view periodEnd,
                           std::string_view extra = "");

struct TokenTotals
{
    std::string input;
    std::string output;

    friend bool operator==(const TokenTotals&, const TokenTotals&) = default;
};

/// The gpt4 tokens of November 2023 by direction, as GET /usage tells them; "(absent)" for what is not told.
TokenTotals novemberTokens(const HttpsClient& client, std::string_view tenant);

} // namespace billing::test
