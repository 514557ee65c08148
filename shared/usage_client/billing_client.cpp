#include "shared/usage_client/billing_client.h"

#include "shared/usage_client/usage_client.h"
#include "shared/wire/usage_json.h"

#include <algorithm>
#include <cstring>

using billing::Decimal;
using billing::Error;
using billing::ErrorCode;
using billing::Instant;
using billing::Result;
using billing::UsageEvent;
namespace client = billing::client;

struct billing_client
{
    client::BillingAPIClient sender;
    std::size_t batchSize;
    std::vector<UsageEvent> waiting = {};
    billing_counts counts = {};
    std::string lastError = {};
};

namespace {

std::string text(const char* given)
{
    return given ? given : "";
}

client::ClientOptions optionsOf(const billing_client_options& given)
{
    client::ClientOptions options;
    options.transport.serverUrl = text(given.server_url);
    options.transport.certificateFile = text(given.certificate_file);
    options.transport.keyFile = text(given.key_file);
    options.transport.authorityFile = text(given.authority_file);
    options.token = client::tokenFromFile(text(given.token_file));
    if (given.batch_size != 0)
        options.batchSize = given.batch_size;
    if (given.give_up_after_s != 0)
        options.backoff.giveUpAfter = std::chrono::seconds(given.give_up_after_s);
    return options;
}

/// Refuses InvalidTenantId, ReservedTenantId, InvalidDecimal, NegativeQuantity, InvalidTimestamp,
/// MissingField. The rest is the server's to say.
Result<UsageEvent> eventOf(const billing_event& given)
{
    auto tenant = billing::parseTenantId(text(given.tenant_id));
    if (!tenant)
        return tenant.error();
    const auto value = Decimal::parse(text(given.value));
    if (!value)
        return value.error();
    if (value->isNegative())
        return Error{ErrorCode::NegativeQuantity, "value"};
    const auto at = Instant::parse(text(given.timestamp));
    if (!at)
        return at.error();
    if (!given.metric_type || (given.dimension_count > 0 && !given.dimensions))
        return Error{ErrorCode::MissingField, given.metric_type ? "dimensions" : "metric_type"};
    UsageEvent event{*tenant, text(given.source), text(given.event_id), text(given.metric_type), *value, *at,
                     {}};
    for (std::size_t index = 0; index < given.dimension_count; ++index)
        event.dimensions.push_back({text(given.dimensions[index].name), text(given.dimensions[index].value)});
    std::sort(event.dimensions.begin(), event.dimensions.end());
    return event;
}

billing_status statusOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NetworkFailed:
        return BILLING_GAVE_UP;
    case ErrorCode::InvalidConfiguration:
    case ErrorCode::FileUnreadable:
        return BILLING_INVALID;
    default:
        return BILLING_REFUSED;
    }
}

billing_status sendWaiting(billing_client& of)
{
    if (of.waiting.empty())
        return BILLING_OK;
    // A copy: after giving up, the same events with the same ids are still there.
    const auto report = of.sender.sendBatch(of.waiting);
    if (!report) {
        of.lastError = toText(report.error());
        return statusOf(report.error().code);
    }
    of.waiting.clear();
    of.counts.accepted += report->accepted;
    of.counts.duplicate += report->duplicate;
    of.counts.conflict += report->conflict;
    of.counts.rejected += report->rejected;
    return BILLING_OK;
}

void copyText(const std::string& from, char* to, std::size_t size)
{
    if (!to || size == 0)
        return;
    const std::size_t length = std::min(from.size(), size - 1);
    std::memcpy(to, from.data(), length);
    to[length] = '\0';
}

} // namespace

billing_client* billing_client_create(const billing_client_options* options, char* error, size_t error_size)
{
    try {
        if (!options) {
            copyText("no options", error, error_size);
            return nullptr;
        }
        client::ClientOptions wanted = optionsOf(*options);
        const std::size_t batchSize = wanted.batchSize;
        auto sender = client::BillingAPIClient::create(std::move(wanted));
        if (sender)
            return new billing_client{std::move(*sender), batchSize};
        copyText(toText(sender.error()), error, error_size);
    } catch (const std::exception& problem) {
        copyText(problem.what(), error, error_size);
    }
    return nullptr;
}

billing_status billing_client_send_event(billing_client* client, const billing_event* event)
{
    try {
        const auto taken = eventOf(*event);
        if (!taken) {
            client->lastError = toText(taken.error());
            return BILLING_INVALID;
        }
        // A full batch that could not be sent is still waiting: it goes first.
        if (client->waiting.size() >= client->batchSize)
            if (const billing_status sent = sendWaiting(*client); sent != BILLING_OK)
                return sent;
        client->waiting.push_back(client->sender.withEventId(*taken));
        return client->waiting.size() < client->batchSize ? BILLING_OK : sendWaiting(*client);
    } catch (const std::exception& problem) {
        client->lastError = problem.what();
        return BILLING_INVALID;
    }
}

size_t billing_client_waiting(const billing_client* client)
{
    return client->waiting.size();
}

billing_status billing_client_flush(billing_client* client, billing_counts* counts)
{
    try {
        const billing_status sent = sendWaiting(*client);
        if (counts)
            *counts = client->counts;
        return sent;
    } catch (const std::exception& problem) {
        client->lastError = problem.what();
        return BILLING_INVALID;
    }
}

const char* billing_client_last_error(const billing_client* client)
{
    return client->lastError.c_str();
}

void billing_client_destroy(billing_client* client)
{
    delete client;
}
