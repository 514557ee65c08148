// The handle through which one request is answered: once, from any thread. Copies share the one answer; a
// second one is our own mistake and asserts. When the last copy goes without having answered, the client gets
// a 500, so that no request can be forgotten. Answered on the io thread, it costs no hop to it.
#pragma once

#include "server/http/response.h"

#include <cstdint>
#include <functional>
#include <memory>

namespace billing::http {

/// Where answers go; any thread.
class ResponseSink
{
public:
    virtual ~ResponseSink() = default;
    virtual void answer(std::uint64_t sequence, Response response) = 0;
    /// Nobody will answer this one.
    virtual void abandon(std::uint64_t sequence) = 0;
};

class Responder
{
public:
    Responder(std::shared_ptr<ResponseSink> sink, std::uint64_t sequence);

    /// Hands the answer to a function instead of a connection; an abandoned request gives it an empty 500.
    static Responder toFunction(std::function<void(Response)> take);

    void operator()(Response response) const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace billing::http
