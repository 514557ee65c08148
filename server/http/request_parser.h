// Turns a connection's bytes into requests, one after another: the head through the guard, then through
// Boost.Beast, which also unframes the body. The only file that knows Beast is its .cpp. One connection's
// thread.
//
// Refuses what request_head_guard.h and request_target.h list, a head over the limit (431), a body over it
// (413), and chunked framing with extensions or trailers (400): nobody sends them to an API, and they hide
// requests.
#pragma once

#include "server/http/limits.h"
#include "server/http/refusal.h"
#include "server/http/request.h"

#include <memory>
#include <string_view>

namespace billing::http {

class RequestParser
{
public:
    enum class Progress
    {
        NeedHead, ///< nothing, or part of a head: its bytes stay with the caller
        NeedBody,
        Complete,
        Refused,
    };
    struct Step
    {
        Progress progress;
        std::size_t consumed;
    };

    explicit RequestParser(const Limits& limits);
    ~RequestParser();

    /// Reads from the front of `bytes`; the caller drops what was consumed and comes back with more. After
    /// Complete take() the request; after Refused nothing more may be read.
    Step advance(std::string_view bytes);

    Request take();
    /// What has come so far of the body of the request that take() has not taken.
    std::size_t bodyBytes() const;
    /// Gives back what has come of a body; nothing more may be read.
    void discard();
    /// Of the request just completed.
    bool keepAlive() const;
    /// Once, when the client waits for "100 Continue" before it sends the body.
    bool takeContinueDue();
    const Refusal& refusal() const;

private:
    class BodyReader;
    struct State;

    Step readHead(std::string_view bytes);
    Step readBody(std::string_view bytes);
    Step refuse(Refusal refusal);

    std::unique_ptr<State> m_state;
};

} // namespace billing::http
