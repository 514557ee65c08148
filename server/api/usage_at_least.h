// ?at_least=position on the questions about usage: the answer waits until everything accepted up to that
// position is settled and so in the figures. It waits at most 10 s, or ?wait= whole seconds from 0 to 10;
// then it is given as it is, with 200 and the true, smaller position beside the figures, as ?wait=settled on
// POST says settled:false: what is known is told, and how fresh it is. What the endpoint refuses is refused
// at once. A position that was never given is PositionNotAccepted: no wait would ever reach it.
#pragma once

#include "server/api/endpoints.h"
#include "server/http/responder.h"

namespace billing::api {

struct AnsweringEndpoint
{
    Result<http::Response> (*function)(const Services&, const Call&);
    Pool pool;
};

/// Answers through the responder, from a worker of the endpoint's pool. Refuses TooManyRequests, InvalidValue
/// (at_least, wait), UnknownParameter (wait without at_least), PositionNotAccepted, then as the endpoint. Any
/// thread; blocks none while it waits.
void answerAtLeast(const Services& services, Call call, const http::Responder& responder,
                   AnsweringEndpoint endpoint);

} // namespace billing::api
