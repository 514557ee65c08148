// POST /usage and /usage/batch: one event or a batch. The request is answered when its events are in the
// journal, or with ?wait=settled when they are counted (at most 10 s). A batch's own faults are refused
// whole; an event's fault rejects that event only, named in its result.
#pragma once

#include "server/api/call.h"
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
        Executor& workers; ///< for the rare request that must ask the store first
    };

    explicit PostUsage(Ports ports);

    /// Single or batch by the body's form. Refuses, in order: UnknownParameter, InvalidValue (wait),
    /// UnsupportedMediaType, MissingField (an event without id and Idempotency-Key), then as
    /// wire::decodeUsageBatch or decodeUsageEvent, then BacklogFull. Runs on the io thread.
    void operator()(Call call, const http::Responder& responder) const;

private:
    struct Request;

    static void prepareResults(Request& request);
    void submit(const std::shared_ptr<Request>& request, const http::Responder& responder) const;
    void committed(const std::shared_ptr<Request>& request, const http::Responder& responder,
                   JournalPosition position) const;

    Ports m_ports;
    TimePolicy m_policy;
};

} // namespace billing::api
