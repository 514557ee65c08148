#include "server/api/post_usage.h"

#include "server/api/error_status.h"
#include "server/storage/journal.h"
#include "shared/wire/cloud_event_json.h"
#include "shared/wire/paths.h"
#include "shared/wire/usage_answer_json.h"
#include "shared/wire/usage_lines.h"
#include "shared/wire/usage_media.h"

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

Result<wire::UsageMedia> mediaOf(const Call& call)
{
    const auto contentType = call.request.header("Content-Type");
    const auto media = contentType && call.request.headers.count("Content-Type") == 1
                           ? wire::parseUsageMedia(*contentType)
                           : std::nullopt;
    const bool batchOnly = call.request.path == wire::paths::usageBatch;
    if (!media || (batchOnly && media == wire::UsageMedia::CloudEvent))
        return Error{ErrorCode::UnsupportedMediaType, "Content-Type",
                     "expected application/json, application/x-ndjson, application/cloudevents+json or "
                     "application/cloudevents-batch+json, in utf-8"};
    return *media;
}

/// One or many, as the body means to be.
struct Decoded
{
    wire::UsageForm form;
    std::vector<wire::DecodedEvent> events;
};

Result<Decoded> single(Result<UsageEvent> event)
{
    if (!event)
        return event.error();
    return Decoded{wire::UsageForm::Single, {std::move(*event)}};
}

Result<Decoded> batch(Result<std::vector<wire::DecodedEvent>> events)
{
    if (!events)
        return events.error();
    return Decoded{wire::UsageForm::Batch, std::move(*events)};
}

Result<Decoded> decode(const Call& call, wire::UsageMedia media, const MeterIndex& meters)
{
    const std::string& body = call.request.body;
    const auto key = call.request.header("Idempotency-Key");
    switch (media) {
    case wire::UsageMedia::Lines:
        return batch(wire::decodeUsageLines(body));
    case wire::UsageMedia::CloudEvent:
        return single(wire::decodeCloudEvent(body, meters, key));
    case wire::UsageMedia::CloudEventBatch:
        return batch(wire::decodeCloudEventBatch(body, meters));
    case wire::UsageMedia::Json:
        break;
    }
    const bool isBatch =
        call.request.path == wire::paths::usageBatch || wire::usageFormOf(body) == wire::UsageForm::Batch;
    return isBatch ? batch(wire::decodeUsageBatch(body)) : single(wire::decodeUsageEvent(body, key));
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
    return EventStatus::Accepted; // an outcome that only a newer server knows: it is in the journal
}

Error payloadConflict()
{
    return {ErrorCode::PayloadConflict, "event_id",
            "another payload has this identity; GET /conflicts shows both"};
}

} // namespace

/// One request on its way: what was sent, and a result for each of its events.
struct PostUsage::Request
{
    Wait wait;
    wire::UsageMedia media;
    Backfill backfill;
    std::optional<TenantId> boundTo;
    std::optional<KeyedRequest> keyed;
    wire::UsageForm form = wire::UsageForm::Single;
    std::vector<wire::DecodedEvent> decoded = {};
    wire::UsageAnswer answer = {};
    std::vector<std::size_t> taken = {}; ///< indices of the events handed to intake

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
            return problem(payloadConflict());
        const auto status =
            result.status == EventStatus::Accepted ? std::nullopt : std::optional<EventStatus>(result.status);
        return json(201, wire::encodeUsageRecorded({result.eventId, *answer.position, status}));
    }
    /// What is answered once the events are in the journal.
    http::Response recorded(JournalPosition position) const
    {
        Request accepted{wait, media, backfill, {}, {}, form};
        accepted.answer = answer;
        accepted.answer.position = position;
        return accepted.response();
    }
    void settle(const std::optional<std::string>& outcomes)
    {
        answer.settled = outcomes.has_value();
        for (std::size_t i = 0; outcomes && i < taken.size(); ++i) {
            EventResult& result = answer.results[taken[i]];
            result.status = statusOf((*outcomes)[i]);
            if (result.status == EventStatus::Conflict && form == wire::UsageForm::Batch)
                result.error = payloadConflict();
        }
    }
    /// Becomes what it was when this answer was recorded. Refuses as the decoders of answers.
    Result<void> recall(const http::Response& kept)
    {
        const std::string& body = std::get<std::string>(kept.body);
        if (kept.status == 202) {
            auto read = wire::decodeUsageAnswer(body);
            if (!read)
                return read.error();
            form = wire::UsageForm::Batch;
            answer = std::move(*read);
        } else {
            const auto read = wire::decodeUsageRecorded(body);
            if (!read)
                return read.error();
            answer.results = {{read->eventId}};
            answer.position = read->position;
        }
        for (std::size_t i = 0; i < answer.results.size(); ++i)
            if (answer.results[i].status == EventStatus::Accepted)
                taken.push_back(i);
        return {};
    }
};

PostUsage::PostUsage(Ports ports)
    : m_ports(ports)
{
}

void PostUsage::operator()(Call call, const http::Responder& responder) const
{
    const auto media = call.onlyParameters({"wait"}).and_then([&] { return mediaOf(call); });
    if (!media)
        return responder(problem(media.error()));
    const auto wait = waitOf(call);
    if (!wait)
        return responder(problem(wait.error()));
    auto keyed = m_ports.idempotency.keyedRequestOf(call);
    if (!keyed)
        return responder(problem(keyed.error()));

    const bool backfill = call.principal.allows(access::Scope::BillingBackfill);
    auto request =
        std::make_shared<Request>(Request{*wait, *media, backfill ? Backfill::Allowed : Backfill::Refused,
                                          std::move(call.principal.tenant), std::move(*keyed)});
    if (!request->keyed)
        return begin(call, std::move(request), responder);
    m_ports.workers.post([this, call = std::move(call), request, responder] {
        auto kept = m_ports.idempotency.find(*request->keyed);
        if (!kept)
            return responder(problem(kept.error()));
        if (kept->has_value())
            return answerKept(request, std::move(**kept), responder);
        begin(call, request, responder);
    });
}

void PostUsage::begin(const Call& call, Shared request, const http::Responder& responder) const
{
    auto decoded = decode(call, request->media, m_ports.meters);
    if (!decoded)
        return responder(problem(decoded.error()));
    request->form = decoded->form;
    request->decoded = std::move(decoded->events);
    prepareResults(*request);

    const bool remembered =
        std::all_of(request->decoded.begin(), request->decoded.end(),
                    [&](const auto& event) { return !event || m_ports.tenants.isRemembered(event->tenant); });
    if (remembered)
        return submit(request, responder);
    m_ports.workers.post([this, request, responder] {
        std::vector<TenantId> named;
        for (const auto& event : request->decoded)
            if (event)
                named.push_back(event->tenant);
        if (!m_ports.tenants.lookUp(named))
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

void PostUsage::submit(const Shared& request, const http::Responder& responder) const
{
    const Instant now = m_ports.clock.now();
    request->keep([&](const UsageEvent& event) -> Result<void> {
        const bool visible = !request->boundTo || *request->boundTo == event.tenant;
        if (!visible || !m_ports.tenants.isRemembered(event.tenant))
            return Error{ErrorCode::UnknownTenant, "tenant_id"};
        return validateEvent(event, m_ports.meters, m_ports.policy, now, request->backfill);
    });
    std::vector<UsageEvent> events = request->take();
    if (m_ports.counted)
        m_ports.counted(0, static_cast<std::int64_t>(request->decoded.size() - events.size()));
    if (events.empty())
        return nothingTaken(request, responder);
    const auto done = [this, request, responder](auto position) {
        if (position && m_ports.counted)
            m_ports.counted(static_cast<std::int64_t>(request->taken.size()), 0);
        if (position)
            committed(request, responder, *position);
        else
            refused(request, position.error(), responder);
    };
    const auto answer = [this, request](JournalPosition position) {
        return m_ports.idempotency.sealed(*request->keyed, request->recorded(position));
    };
    const auto submitted = request->keyed
                               ? m_ports.intake.submit(std::move(events), {request->keyed->key, answer}, done)
                               : m_ports.intake.submit(std::move(events), done);
    if (!submitted)
        responder(problem(submitted.error()));
}

void PostUsage::nothingTaken(const Shared& request, const http::Responder& responder) const
{
    http::Response response = request->response();
    if (!request->keyed || response.status >= 300)
        return responder(std::move(response));
    auto kept = m_ports.idempotency.keepAlone(*request->keyed, std::move(response)); // on a worker, see begin
    responder(kept ? std::move(*kept) : problem(kept.error()));
}

void PostUsage::refused(const Shared& request, const Error& error, const http::Responder& responder) const
{
    if (error.code != ErrorCode::IdempotencyKeyInFlight)
        return responder(problem(error));
    m_ports.workers.post([this, request, error, responder] { // a copy was quicker: its answer is ours
        auto kept = m_ports.idempotency.find(*request->keyed);
        if (!kept)
            return responder(problem(kept.error()));
        if (!kept->has_value())
            return responder(problem(error));
        const auto again =
            std::make_shared<Request>(Request{request->wait, request->media, {}, {}, request->keyed});
        answerKept(again, std::move(**kept), responder);
    });
}

void PostUsage::answerKept(const Shared& request, http::Response kept, const http::Responder& responder) const
{
    if (request->wait == Wait::No)
        return responder(std::move(kept));
    const auto recalled = request->recall(kept);
    if (!recalled)
        return responder(problem(Error{ErrorCode::Internal}));
    if (!request->answer.position) // nothing was taken
        return responder(std::move(kept));
    const JournalPosition position = *request->answer.position;
    const auto outcomes = readValue(m_ports.storage, Scope::system("outcomes"),
                                    [&](Work& work) { return storage::outcomesOf(work, position); });
    if (!outcomes)
        return responder(problem(outcomes.error()));
    if (!outcomes->has_value())
        return committed(request, responder, position);
    request->settle(*outcomes);
    responder(request->response());
}

void PostUsage::committed(const Shared& request, const http::Responder& responder,
                          JournalPosition position) const
{
    request->answer.position = position;
    if (request->wait == Wait::No)
        return responder(request->response());
    m_ports.waits.wait(position, longestWait, [request, responder](const auto& outcomes) {
        request->settle(outcomes);
        responder(request->response());
    });
}

} // namespace billing::api
