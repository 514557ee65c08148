// BillingAPIClient: sends usage events to a billing server and knows afterwards what became of each. For the
// kernel and for programs: no Qt, no event loop, calls block. Event ids are fixed before the first byte is
// sent and a batch is resent as the same bytes, so that trying again never counts anything twice.
//
// One consequence: after a lost reply, or a reply that came before settlement, the server answers the
// repetition with "duplicate" for events it took the first time. That cannot be told from a true duplicate;
// the report counts what the server said last.
//
// One thread at a time per client.
#pragma once

#include "shared/usage_client/backoff.h"
#include "shared/usage_client/event_source.h"
#include "shared/usage_client/ports.h"
#include "shared/usage_client/transport.h"
#include "shared/wire/usage_answer_json.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace billing::client {

/// Gives the token; asked once at first and again whenever the server no longer takes the last one (401).
using TokenProvider = std::function<Result<std::string>()>;

/// Reads the file anew each time, without white space around. Refuses FileUnreadable, InvalidToken (empty, or
/// with characters a token cannot have).
TokenProvider tokenFromFile(std::string path);

struct ClientOptions
{
    TransportOptions transport;
    TokenProvider token;
    std::size_t batchSize = 1'000; ///< events, 1 to 1,000
    BackoffOptions backoff = {};   ///< the time for trying is per batch
    /// Older events are rejected here, unsent: a guard against sending an archive by mistake. Nothing: send
    /// every event; whether the server takes it depends on the token.
    std::optional<Duration> oldest = {};
    std::size_t rejectionsKept = 20;
};

/// An event that was not taken, and why.
struct Rejection
{
    std::string eventId;
    Error error;

    friend bool operator==(const Rejection&, const Rejection&) = default;
};

struct SendReport
{
    std::int64_t accepted = 0; ///< settled, or accepted where the server does not wait
    std::int64_t duplicate = 0;
    std::int64_t conflict = 0;
    std::int64_t rejected = 0;
    std::vector<Rejection> rejections = {}; ///< the first conflicts and rejections

    std::int64_t total() const { return accepted + duplicate + conflict + rejected; }
    friend bool operator==(const SendReport&, const SendReport&) = default;
};

/// Called after each batch with everything so far.
using ProgressCallback = std::function<void(const SendReport&)>;

class BillingAPIClient
{
public:
    /// Refuses what openTransport refuses, then InvalidConfiguration for a batch size out of range.
    static Result<BillingAPIClient> create(ClientOptions options, Ports ports = systemPorts());
    /// With a transport of the caller's own.
    BillingAPIClient(ClientOptions options, std::unique_ptr<Transport> transport, Ports ports);

    /// Sends everything of the source. Refuses, and stops at: what the source refuses; what sendBatch
    /// refuses. What the progress callback was told until then has been sent.
    Result<SendReport> send(EventSource& source, const ProgressCallback& progress = {});

    /// Sends the events as one request and waits until they are settled. Events without an id get one first.
    /// Refuses FileUnreadable and InvalidToken (the token provider), InvalidConfiguration, NetworkFailed
    /// (gave up after trying for as long as allowed), and the code of the server's problem for any other
    /// refusal of the whole request.
    Result<SendReport> sendBatch(std::vector<UsageEvent> events);

    /// The same, with what the server said last to each event, in the order given; of whatever age.
    Result<std::vector<wire::EventResult>> sendForResults(std::span<const UsageEvent> events);

    /// One GET, not tried again, for what a sender may look up (wire::paths::plans). Refuses what the token
    /// provider and Transport::get refuse; any status is an answer.
    Result<HttpAnswer> get(std::string_view target);

    /// The event with an id of its own if it has none, for callers that keep events until they are sent.
    UsageEvent withEventId(UsageEvent event) const;

private:
    struct Reply;

    Result<void> sendInto(std::vector<UsageEvent> events, SendReport& report);
    Result<Reply> attempt(std::string_view body);
    template <class Call>
    Result<HttpAnswer> withToken(Call call);
    Result<void> refreshToken();
    void count(std::span<const UsageEvent> events, std::span<const wire::EventResult> results,
               SendReport& report) const;
    void keep(const UsageEvent& event, Error error, SendReport& report) const;

    ClientOptions m_options;
    std::unique_ptr<Transport> m_transport;
    Ports m_ports;
    std::string m_token;
};

} // namespace billing::client
