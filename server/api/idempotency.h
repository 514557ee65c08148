// Requests that name an Idempotency-Key are done once: the first answer of class 2xx is kept, sealed, in the
// transaction that had the effect, and every later copy of the same request gets those bytes, also after a
// restart and also when the copies run at once on several servers. What is refused had no effect, so its key
// stays free and the next attempt is judged anew; only 4xx and 5xx are never kept.
//
// A key belongs to the token's tenant when it is bound to one, else to the caller's subject: the same key of
// another is another key. "The same request" is method, path, media type and body, byte for byte; the query
// (?wait=) only says how to wait and is not part of it. Any thread; what asks the store blocks on it.
#pragma once

#include "server/api/call.h"
#include "server/http/response.h"
#include "server/secrets/sealing.h"
#include "server/storage/also_write.h"
#include "shared/kernel/id_factory.h"

#include <functional>

namespace billing::api {

class Idempotency
{
public:
    struct Ports
    {
        Storage& storage;
        const Clock& clock;
        IdFactory& ids;
        const secrets::Sealer& sealer;
    };
    using Endpoint = std::function<Result<http::Response>(const Call&)>;

    explicit Idempotency(Ports ports);

    /// What the call's header names; nothing without one. Refuses InvalidIdempotencyKey: given twice, or not
    /// 1 to 255 printable ASCII characters.
    Result<std::optional<KeyedRequest>> keyedRequestOf(const Call& call) const;

    /// The answer kept for the key, or nothing. Refuses IdempotencyKeyReused (another request has the key)
    /// and as storage.
    Result<std::optional<http::Response>> find(const KeyedRequest& request) const;

    /// The answer as it is kept.
    storage::KeptAnswer sealed(const KeyedRequest& request, const http::Response& response) const;

    /// Keeps an answer whose request had no transaction of its own, and returns it; the other's answer if a
    /// copy was first. Refuses as storage.
    Result<http::Response> keepAlone(const KeyedRequest& request, http::Response response) const;

    /// What a use case writes besides, so that the answer respond(result) is kept with its effect. Nothing
    /// for a call without a key.
    template <class T, class F>
    AlsoWrite<T> keeping(const Call& call, F respond) const
    {
        if (!call.keyed)
            return {};
        return [this, keyed = *call.keyed, respond](Work& work, const T& result) {
            return storage::keepAnswer(work, keyed.key, sealed(keyed, respond(result)));
        };
    }

    /// Runs the endpoint, which must keep its answer by keeping(), for the first copy of a request; the
    /// others get the first one's answer. Without a key it just runs. Refuses as keyedRequestOf, find and the
    /// endpoint; IdempotencyKeyInFlight when a copy on another server is not finished.
    Result<http::Response> once(const Call& call, const Endpoint& endpoint) const;

private:
    Ports m_ports;
};

} // namespace billing::api
