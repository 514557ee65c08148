#include "server/api/usage_at_least.h"

#include "server/api/error_status.h"
#include "server/storage/journal_state.h"

#include <charconv>

namespace billing::api {

namespace {

constexpr std::int64_t longestWaitSeconds = 10;
/// How long a hint may be lost before the journal is looked at anyway.
constexpr Duration lookAgainAfter = std::chrono::seconds(1);

Result<std::int64_t> numberIn(const Call& call, std::string_view name, std::int64_t least, std::int64_t most)
{
    const std::string text = *call.parameter(name);
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size() || number < least || number > most)
        return Error{ErrorCode::InvalidValue, std::string(name),
                     "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most)};
    return number;
}

/// One question on its way.
class Asking : public std::enable_shared_from_this<Asking>
{
public:
    Asking(const Services& services, Call call, http::Responder responder, AnsweringEndpoint endpoint)
        : m_services(services)
        , m_call(std::move(call))
        , m_responder(std::move(responder))
        , m_endpoint(endpoint)
    {
    }

    void start()
    {
        const auto read = readParameters();
        if (!read)
            return m_responder(problem(read.error()));
        if (!m_atLeast)
            return answer();
        look(Look::First);
    }

private:
    enum class Look
    {
        First,
        Again
    };

    Result<void> readParameters()
    {
        const bool waits = m_call.parameter("wait").has_value();
        if (!m_call.parameter("at_least"))
            return waits ? Result<void>(Error{ErrorCode::UnknownParameter, "wait", "only with at_least"})
                         : Result<void>();
        const auto position = numberIn(m_call, "at_least", 1, std::numeric_limits<std::int64_t>::max());
        if (!position)
            return position.error();
        const auto seconds = waits ? numberIn(m_call, "wait", 0, longestWaitSeconds)
                                   : Result<std::int64_t>(longestWaitSeconds);
        if (!seconds)
            return seconds.error();
        m_atLeast = JournalPosition(*position);
        m_until = m_services.invoicing.clock.monotonic() + std::chrono::seconds(*seconds);
        return {};
    }

    void look(Look which)
    {
        const std::uint64_t progress = m_services.waits.progress(); // before looking, so that none is missed
        const auto state = readValue(m_services.invoicing.storage, Scope::system("at_least"),
                                     [](Work& work) { return storage::journalState(work); });
        if (!state)
            return m_responder(problem(state.error()));
        if (*m_atLeast > state->acceptedUpTo)
            return m_responder(problem(Error{ErrorCode::PositionNotAccepted, "at_least",
                                             "nothing was accepted at that position yet"}));
        const MonotonicTime left = m_until - m_services.invoicing.clock.monotonic();
        if (state->settledUpTo >= *m_atLeast || left <= MonotonicTime::zero())
            return answer();
        if (which == Look::First) { // what is refused need not wait
            auto response = m_endpoint.function(m_services, m_call);
            if (!response)
                return m_responder(problem(response.error()));
        }
        m_services.waits.afterProgress(
            {progress, *m_atLeast, std::min<Duration>(left, lookAgainAfter)}, [self = shared_from_this()] {
                self->m_services.workers.of(self->m_endpoint.pool).post([self] { self->look(Look::Again); });
            });
    }

    void answer() const
    {
        auto response = m_endpoint.function(m_services, m_call);
        m_responder(response ? std::move(*response) : problem(response.error()));
    }

    const Services& m_services;
    Call m_call;
    http::Responder m_responder;
    AnsweringEndpoint m_endpoint;
    std::optional<JournalPosition> m_atLeast = {};
    MonotonicTime m_until = {};
};

} // namespace

void answerAtLeast(const Services& services, Call call, const http::Responder& responder,
                   AnsweringEndpoint endpoint)
{
    const auto asking = std::make_shared<Asking>(services, std::move(call), responder, endpoint);
    const auto taken = services.workers.take(endpoint.pool, [asking] { asking->start(); });
    if (!taken)
        responder(problem(taken.error()));
}

} // namespace billing::api
