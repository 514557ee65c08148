#include "server/api/idempotency.h"

#include "server/api/error_status.h"
#include "server/secrets/sha256.h"

#include <algorithm>

namespace billing::api {

namespace {

constexpr std::string_view headerName = "Idempotency-Key";
constexpr std::size_t longestKey = 255;

bool isKey(std::string_view text)
{
    return !text.empty() && text.size() <= longestKey &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

/// Every part behind its length, so that no two requests look alike.
std::string digestOf(const http::Request& request)
{
    std::string mediaType(request.header("Content-Type").value_or(""));
    mediaType.erase(std::min(mediaType.find(';'), mediaType.size()));
    mediaType.erase(std::remove(mediaType.begin(), mediaType.end(), ' '), mediaType.end());
    std::transform(mediaType.begin(), mediaType.end(), mediaType.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::string framed = "enis-billing request v1";
    for (const std::string_view part : {std::string_view(request.method), std::string_view(request.path),
                                        std::string_view(mediaType), std::string_view(request.body)})
        framed.append(1, '\n').append(std::to_string(part.size())).append(1, ':').append(part);
    return secrets::toBytes(secrets::sha256(framed));
}

secrets::SealContext placeOf(const storage::AnswerKey& key)
{
    return {key.owner, "idempotency_key", "sealed_body", key.key};
}

} // namespace

Idempotency::Idempotency(Ports ports)
    : m_ports(ports)
{
}

Result<std::optional<KeyedRequest>> Idempotency::keyedRequestOf(const Call& call) const
{
    const std::size_t given = call.request.headers.count(headerName);
    if (given == 0)
        return std::optional<KeyedRequest>();
    const std::string key(call.request.header(headerName).value_or(""));
    if (given > 1 || !isKey(key))
        return Error{ErrorCode::InvalidIdempotencyKey, std::string(headerName),
                     given > 1 ? "given twice" : "expected 1 to 255 printable ASCII characters"};
    const access::Principal& caller = call.principal;
    const std::string owner = caller.tenant ? "tenant:" + caller.tenant->text() : "subject:" + caller.subject;
    return std::optional(KeyedRequest{{owner, key}, digestOf(call.request), m_ports.clock.now()});
}

Result<std::optional<http::Response>> Idempotency::find(const KeyedRequest& request) const
{
    const auto kept = readValue(m_ports.storage, Scope::system("idempotency"),
                                [&](Work& work) { return storage::findKeptAnswer(work, request.key); });
    if (!kept)
        return kept.error();
    if (!kept->has_value())
        return std::optional<http::Response>();
    const storage::KeptAnswer& answer = **kept;
    if (answer.requestDigest != request.digest)
        return Error{ErrorCode::IdempotencyKeyReused, std::string(headerName),
                     "another request was answered under this key"};
    auto body = m_ports.sealer.open(answer.sealedBody, placeOf(request.key));
    if (!body)
        return body.error();
    return std::optional(json(static_cast<int>(answer.status), std::move(*body)));
}

storage::KeptAnswer Idempotency::sealed(const KeyedRequest& request, const http::Response& response) const
{
    const auto* const body = std::get_if<std::string>(&response.body);
    BILLING_ASSERT(body && response.status >= 200 && response.status < 300);
    return {request.digest, response.status, m_ports.sealer.seal(*body, placeOf(request.key)), request.at};
}

Result<http::Response> Idempotency::keepAlone(const KeyedRequest& request, http::Response response) const
{
    const storage::KeptAnswer answer = sealed(request, response);
    const auto kept =
        m_ports.storage.write(Scope::system("idempotency"), Priority::Money, WorkId(m_ports.ids.next("wrk")),
                              [&](Work& work) { return storage::keepAnswer(work, request.key, answer); });
    if (kept)
        return response;
    if (kept.error().code != ErrorCode::IdempotencyKeyInFlight)
        return kept.error();
    auto first = find(request);
    if (!first)
        return first.error();
    return first->has_value() ? Result<http::Response>(std::move(**first)) : kept.error();
}

Result<http::Response> Idempotency::once(const Call& call, const Endpoint& endpoint) const
{
    const auto keyed = keyedRequestOf(call);
    if (!keyed)
        return keyed.error();
    if (!keyed->has_value())
        return endpoint(call);
    const KeyedRequest& request = **keyed;
    auto first = find(request);
    if (!first)
        return first.error();
    if (first->has_value())
        return std::move(**first);

    Call marked = call;
    marked.keyed = request;
    auto response = endpoint(marked);
    // Whatever the endpoint says, an answer kept meanwhile is the answer: its own, or, when a copy was
    // quicker and this one was refused for it (the key, the id or the period is taken), the copy's.
    auto kept = find(request);
    if (!kept)
        return kept.error();
    if (kept->has_value())
        return std::move(**kept);
    const bool isKept = response && response->status >= 200 && response->status < 300 &&
                        std::holds_alternative<std::string>(response->body);
    return isKept ? keepAlone(request, std::move(*response)) : response;
}

} // namespace billing::api
