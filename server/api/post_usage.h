// POST /usage and /usage/batch: one event or a batch, as application/json, application/x-ndjson,
// application/cloudevents+json or application/cloudevents-batch+json; /usage/batch takes batches only. The
// request is answered when its events are in the journal, or with ?wait=settled when they are counted (at
// most 10 s). A batch's own faults are refused whole; an event's fault rejects that event only, named in its
// result.
//
// With an Idempotency-Key the request is done once (server/api/idempotency.h). What is kept is the answer of
// the journal; a copy that says ?wait=settled waits again and adds what became of each event, which is the
// same for ever, so that its bytes are the same too.
#pragma once

#include "server/api/idempotency.h"
#include "server/http/responder.h"
#include "server/intake/intake.h"
#include "server/intake/validate_event.h"
#include "server/metering/settled_waits.h"
#include "server/tenants/tenant_directory.h"

namespace billing::api {

class PostUsage
{
public:
    struct Ports
    {
        Intake& intake;
        SettledWaits& waits;
        TenantDirectory& tenants;
        const MeterIndex& meters;
        const Clock& clock;
        Executor& workers; ///< for the requests that must ask the store first
        Storage& storage;
        const Idempotency& idempotency;
        TimePolicy policy = {};
        /// How many events of a request were accepted into the journal, and how many refused one by one.
        std::function<void(std::int64_t accepted, std::int64_t rejected)> counted = {};
    };

    explicit PostUsage(Ports ports);

    /// Single or batch by media type and form. Refuses, in order: UnknownParameter, UnsupportedMediaType,
    /// InvalidValue (wait), InvalidIdempotencyKey, IdempotencyKeyReused, then as the body's decoder (a single
    /// event without id and Idempotency-Key is MissingField), then BacklogFull. Runs on the io thread, with a
    /// key on a worker.
    void operator()(Call call, const http::Responder& responder) const;

private:
    struct Request;

    using Shared = std::shared_ptr<Request>;

    void begin(const Call& call, Shared request, const http::Responder& responder) const;
    static void prepareResults(Request& request);
    void submit(const Shared& request, const http::Responder& responder) const;
    void nothingTaken(const Shared& request, const http::Responder& responder) const;
    void refused(const Shared& request, const Error& error, const http::Responder& responder) const;
    void answerKept(const Shared& request, http::Response kept, const http::Responder& responder) const;
    void committed(const Shared& request, const http::Responder& responder, JournalPosition position) const;

    Ports m_ports;
};

} // namespace billing::api
