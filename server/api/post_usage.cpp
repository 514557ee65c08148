#include "server/api/post_usage.h"

#include "server/api/error_status.h"
#include "server/storage/journal.h"
#include "shared/wire/usage_answer_json.h"
#include "shared/wire/usage_json.h"

#include <algorithm>

namespace billing::api {

using wire::EventResult;
using wire::EventStatus;

namespace {

constexpr Duration longestWait = std::chrono::seconds(10);

enum class Wait
{
    No,
    Settled
};

Result<Wait> waitOf(const Call& call)
{
    const auto wait = call.parameter("wait");
    if (!wait)
        return Wait::No;
    if (*wait != "settled")
        return Error{ErrorCode::InvalidValue, "wait", "expected settled"};
    return Wait::Settled;
}

EventStatus statusOf(char outcome)
{
    switch (static_cast<storage::Outcome>(outcome)) {
    case storage::Outcome::Settled:
        return EventStatus::Settled;
    case storage::Outcome::Duplicate:
        return EventStatus::Duplicate;
    case storage::Outcome::Conflict:
        return EventStatus::Conflict;
    case storage::Outcome::Rejected:
        return EventStatus::Rejected;
    }
    assertionFailed("a known outcome", __FILE__, __LINE__);
}

} // namespace

/// One request on its way: what was sent, and a result for each of its events.
struct PostUsage::Request
{
    wire::UsageForm form;
    Wait wait;
    Backfill backfill;
    std::optional<TenantId> boundTo;
    std::vector<wire::DecodedEvent> decoded;
    wire::UsageAnswer answer;
    std::vector<std::size_t> taken; ///< indices of the events handed to intake

    void reject(std::size_t index, const Error& error)
    {
        answer.results[index].status = EventStatus::Rejected;
        answer.results[index].error = error;
    }
    /// Events that are still to be taken, by the test given, or rejected with what it refuses.
    template <class F>
    void keep(F&& check)
    {
        for (std::size_t i = 0; i < decoded.size(); ++i) {
            if (!decoded[i] || answer.results[i].error)
                continue;
            const Result<void> allowed = check(*decoded[i]);
            if (!allowed)
                reject(i, allowed.error());
        }
    }
    std::vector<UsageEvent> take()
    {
        std::vector<UsageEvent> events;
        for (std::size_t i = 0; i < decoded.size(); ++i) {
            if (!decoded[i] || answer.results[i].error)
                continue;
            taken.push_back(i);
            events.push_back(std::move(*decoded[i]));
        }
        return events;
    }
    http::Response response() const
    {
        if (form == wire::UsageForm::Batch)
            return json(202, wire::encodeUsageAnswer(answer));
        const EventResult& result = answer.results.front();
        if (result.error)
            return problem(*result.error);
        if (result.status == EventStatus::Conflict)
            return problem(
                Error{ErrorCode::PayloadConflict, "event_id", "another payload has this identity"});
        const auto status =
            result.status == EventStatus::Accepted ? std::nullopt : std::optional<EventStatus>(result.status);
        return json(201, wire::encodeUsageRecorded({result.eventId, *answer.position, status}));
    }
};

PostUsage::PostUsage(Ports ports)
    : m_ports(ports)
{
}

void PostUsage::operator()(Call call, const http::Responder& responder) const
{
    const auto wait =
        call.onlyParameters({"wait"}).and_then([&] { return call.requireJson(); }).and_then([&] {
            return waitOf(call);
        });
    if (!wait)
        return responder(problem(wait.error()));

    const wire::UsageForm form = wire::usageFormOf(call.request.body);
    std::vector<wire::DecodedEvent> decoded;
    if (form == wire::UsageForm::Batch) {
        auto batch = wire::decodeUsageBatch(call.request.body);
        if (!batch)
            return responder(problem(batch.error()));
        decoded = std::move(*batch);
    } else {
        decoded.push_back(wire::decodeUsageEvent(call.request.body, call.request.header("Idempotency-Key")));
        if (!decoded.front())
            return responder(problem(decoded.front().error()));
    }
    const bool backfill = call.principal.allows(access::Scope::BillingBackfill);
    auto request = std::make_shared<Request>(Request{form,
                                                     *wait,
                                                     backfill ? Backfill::Allowed : Backfill::Refused,
                                                     std::move(call.principal.tenant),
                                                     std::move(decoded),
                                                     {},
                                                     {}});
    prepareResults(*request);

    const bool remembered =
        std::all_of(request->decoded.begin(), request->decoded.end(),
                    [&](const auto& event) { return !event || m_ports.tenants.isRemembered(event->tenant); });
    if (remembered)
        return submit(request, responder);
    m_ports.workers.post([this, request, responder] {
        for (const auto& event : request->decoded)
            if (event && !m_ports.tenants.exists(event->tenant))
                return responder(problem(Error{ErrorCode::StorageUnavailable, "tenant_id"}));
        submit(request, responder);
    });
}

void PostUsage::prepareResults(Request& request)
{
    request.answer.results.resize(request.decoded.size());
    for (std::size_t i = 0; i < request.decoded.size(); ++i) {
        if (request.decoded[i])
            request.answer.results[i].eventId = request.decoded[i]->eventId;
        else
            request.reject(i, request.decoded[i].error());
    }
}

void PostUsage::submit(const std::shared_ptr<Request>& request, const http::Responder& responder) const
{
    const Instant now = m_ports.clock.now();
    request->keep([&](const UsageEvent& event) -> Result<void> {
        const bool visible = !request->boundTo || *request->boundTo == event.tenant;
        if (!visible || !m_ports.tenants.isRemembered(event.tenant))
            return Error{ErrorCode::UnknownTenant, "tenant_id"};
        return validateEvent(event, m_ports.meters, m_policy, now, request->backfill);
    });
    std::vector<UsageEvent> events = request->take();
    if (events.empty())
        return responder(request->response());
    const auto submitted =
        m_ports.intake.submit(std::move(events), [this, request, responder](auto position) {
            if (!position)
                return responder(problem(position.error()));
            committed(request, responder, *position);
        });
    if (!submitted)
        responder(problem(submitted.error()));
}

void PostUsage::committed(const std::shared_ptr<Request>& request, const http::Responder& responder,
                          JournalPosition position) const
{
    request->answer.position = position;
    if (request->wait == Wait::No)
        return responder(request->response());
    m_ports.waits.wait(position, longestWait, [request, responder](std::optional<std::string> outcomes) {
        request->answer.settled = outcomes.has_value();
        for (std::size_t i = 0; outcomes && i < request->taken.size(); ++i) {
            EventResult& result = request->answer.results[request->taken[i]];
            result.status = statusOf((*outcomes)[i]);
            if (result.status == EventStatus::Conflict && request->form == wire::UsageForm::Batch)
                result.error = Error{ErrorCode::PayloadConflict, "event_id"};
        }
        responder(request->response());
    });
}

} // namespace billing::api
