#include "shared/usage_client/usage_client.h"

#include "shared/wire/paths.h"
#include "shared/wire/problem.h"
#include "shared/wire/usage_answer_json.h"
#include "shared/wire/usage_json.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace billing::client {

namespace {

constexpr std::size_t largestBatch = 1'000;
/// The server takes 8 MiB; a byte of text may take six when escaped.
constexpr std::size_t batchBytes = 1 << 20;
constexpr std::size_t tokenLimit = 16 * 1024;

std::size_t bytesOf(const UsageEvent& event)
{
    std::size_t bytes = 128 + event.eventId.size() + event.source.size();
    for (const Dimension& dimension : event.dimensions)
        bytes += dimension.name.size() + dimension.value.size();
    return bytes;
}

/// 128 random bits in hexadecimal.
std::string makeEventId(Random& random)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string id;
    for (int half = 0; half < 2; ++half) {
        std::uint64_t bits = random.next();
        for (int digit = 0; digit < 16; ++digit, bits >>= 4)
            id += digits[bits & 0xF];
    }
    return id;
}

bool isWorthAnotherTry(int status)
{
    return status == 408 || status == 429 || (status >= 502 && status <= 504);
}

/// The server's refusal of a whole request, or of an answer that is none.
Error refusalOf(const HttpAnswer& answer)
{
    const std::string status = "HTTP status " + std::to_string(answer.status);
    const auto problem = wire::problemFromJson(answer.body);
    if (!problem)
        return {ErrorCode::Internal, "server", status};
    const auto code = wire::parseErrorCode(problem->code);
    const std::string detail = problem->detail.empty() ? problem->title : problem->detail;
    return {code.value_or(ErrorCode::Internal), problem->subject,
            status + (detail.empty() ? "" : ", " + detail)};
}

} // namespace

TokenProvider tokenFromFile(std::string path)
{
    return [path = std::move(path)]() -> Result<std::string> {
        std::ifstream file(path, std::ios::binary);
        std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
        if (!file.is_open() || file.bad())
            return Error{ErrorCode::FileUnreadable, path};
        text.erase(text.find_last_not_of(" \t\r\n") + 1);
        text.erase(0, text.find_first_not_of(" \t\r\n"));
        const bool printable =
            std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
        if (text.empty() || text.size() > tokenLimit || !printable)
            return Error{ErrorCode::InvalidToken, path, "the file holds no token"};
        return text;
    };
}

/// What one successful exchange brought.
struct BillingAPIClient::Reply
{
    std::optional<wire::UsageAnswer> answer = {}; ///< absent: worth another try
    std::optional<Duration> retryAfter = {};
    Error reason = {ErrorCode::NetworkFailed}; ///< why it is worth another try
};

Result<BillingAPIClient> BillingAPIClient::create(ClientOptions options, Ports ports)
{
    auto transport = openTransport(options.transport);
    if (!transport)
        return transport.error();
    if (options.batchSize < 1 || options.batchSize > largestBatch)
        return Error{ErrorCode::InvalidConfiguration, "batch_size",
                     "expected 1 to " + std::to_string(largestBatch)};
    return BillingAPIClient(std::move(options), std::move(*transport), ports);
}

BillingAPIClient::BillingAPIClient(ClientOptions options, std::unique_ptr<Transport> transport, Ports ports)
    : m_options(std::move(options))
    , m_transport(std::move(transport))
    , m_ports(ports)
{
    BILLING_ASSERT(m_options.token && m_transport);
    BILLING_ASSERT(m_options.batchSize >= 1 && m_options.batchSize <= largestBatch);
}

Result<SendReport> BillingAPIClient::send(EventSource& source, const ProgressCallback& progress)
{
    SendReport report;
    std::vector<UsageEvent> batch;
    std::size_t bytes = 0;
    while (true) {
        auto event = source.next();
        if (!event)
            return event.error();
        const bool atEnd = !event->has_value();
        if (!atEnd) {
            bytes += bytesOf(**event);
            batch.push_back(std::move(**event));
        }
        if (batch.size() < m_options.batchSize && bytes < batchBytes && !atEnd)
            continue;
        if (auto sent = sendInto(std::move(batch), report); !sent)
            return sent.error();
        if (progress)
            progress(report);
        if (atEnd)
            return report;
        batch = {};
        bytes = 0;
    }
}

Result<SendReport> BillingAPIClient::sendBatch(std::vector<UsageEvent> events)
{
    SendReport report;
    if (auto sent = sendInto(std::move(events), report); !sent)
        return sent.error();
    return report;
}

Result<void> BillingAPIClient::sendInto(std::vector<UsageEvent> events, SendReport& report)
{
    if (m_options.oldest) {
        const Instant oldest = m_ports.clock.now().minus(*m_options.oldest);
        const auto tooOld = std::stable_partition(
            events.begin(), events.end(), [&](const UsageEvent& event) { return event.at >= oldest; });
        report.rejected += events.end() - tooOld;
        for (auto event = tooOld; event != events.end(); ++event)
            keep(*event,
                 {ErrorCode::TimestampTooOld, "timestamp", "not sent: only a backfill sends events this old"},
                 report);
        events.erase(tooOld, events.end());
    }
    for (UsageEvent& event : events)
        event = withEventId(std::move(event));
    if (events.empty())
        return {};
    const auto results = sendForResults(events);
    if (!results)
        return results.error();
    count(events, *results, report);
    return {};
}

UsageEvent BillingAPIClient::withEventId(UsageEvent event) const
{
    if (event.eventId.empty())
        event.eventId = makeEventId(m_ports.random);
    return event;
}

Result<std::vector<wire::EventResult>> BillingAPIClient::sendForResults(std::span<const UsageEvent> events)
{
    BILLING_ASSERT(!events.empty());
    const std::string body = wire::encodeUsageBatch(events);
    Backoff backoff(m_options.backoff, m_ports.clock.monotonic());
    while (true) {
        auto reply = attempt(body);
        if (!reply)
            return reply.error();
        auto& answer = reply->answer;
        if (answer && answer->results.size() != events.size())
            return Error{ErrorCode::Internal, "server", "the answer has another number of results"};
        if (answer && answer->settled.value_or(true))
            return std::move(answer->results);
        const auto wait = backoff.next(m_ports.clock.monotonic(), reply->retryAfter, m_ports.random);
        if (!wait)
            return Error{ErrorCode::NetworkFailed, "server", "gave up: " + toText(reply->reason)};
        m_ports.waiter.waitFor(*wait);
    }
}

Result<BillingAPIClient::Reply> BillingAPIClient::attempt(std::string_view body)
{
    Reply reply;
    static const std::string target =
        std::string(wire::paths::usageBatch) + "?" + std::string(wire::paths::waitSettled);
    const auto answer =
        withToken([&](const std::string& token) { return m_transport->post(target, body, token); });
    if (!answer) {
        if (answer.error().code != ErrorCode::NetworkFailed)
            return answer.error();
        reply.reason = answer.error();
        return reply;
    }
    if (isWorthAnotherTry(answer->status)) {
        reply.retryAfter = answer->retryAfter;
        reply.reason = refusalOf(*answer);
        return reply;
    }
    if (answer->status != 200 && answer->status != 202)
        return refusalOf(*answer);
    auto decoded = wire::decodeUsageAnswer(answer->body);
    if (!decoded)
        return Error{ErrorCode::Internal, "server",
                     "the answer is not understood: " + toText(decoded.error())};
    reply.answer = std::move(*decoded);
    reply.reason = Error{ErrorCode::UsageNotSettled};
    return reply;
}

Result<HttpAnswer> BillingAPIClient::get(std::string_view target)
{
    return withToken([&](const std::string& token) { return m_transport->get(target, token); });
}

/// A token may have run out since it was read, so a first 401 is answered with a fresh one.
template <class Call>
Result<HttpAnswer> BillingAPIClient::withToken(Call call)
{
    if (m_token.empty())
        if (auto refreshed = refreshToken(); !refreshed)
            return refreshed.error();
    auto answer = call(m_token);
    if (!answer || answer->status != 401)
        return answer;
    if (auto refreshed = refreshToken(); !refreshed)
        return refreshed.error();
    return call(m_token);
}

Result<void> BillingAPIClient::refreshToken()
{
    auto token = m_options.token();
    if (!token)
        return token.error();
    m_token = std::move(*token);
    return {};
}

void BillingAPIClient::count(std::span<const UsageEvent> events, std::span<const wire::EventResult> results,
                             SendReport& report) const
{
    for (std::size_t index = 0; index < events.size(); ++index) {
        const wire::EventResult& result = results[index];
        switch (result.status) {
        case wire::EventStatus::Accepted:
        case wire::EventStatus::Settled:
            ++report.accepted;
            break;
        case wire::EventStatus::Duplicate:
            ++report.duplicate;
            break;
        case wire::EventStatus::Conflict:
            ++report.conflict;
            keep(events[index], result.error.value_or(Error{ErrorCode::PayloadConflict}), report);
            break;
        case wire::EventStatus::Rejected:
            ++report.rejected;
            keep(events[index], result.error.value_or(Error{ErrorCode::Internal}), report);
            break;
        }
    }
}

void BillingAPIClient::keep(const UsageEvent& event, Error error, SendReport& report) const
{
    if (report.rejections.size() < m_options.rejectionsKept)
        report.rejections.push_back({event.eventId, std::move(error)});
}

} // namespace billing::client
