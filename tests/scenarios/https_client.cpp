#include "tests/scenarios/https_client.h"

#include "shared/kernel/assert.h"

#include <QTest>

#include <algorithm>
#include <curl/curl.h>
#include <nlohmann/json.hpp>

namespace billing::test {

namespace {

using Json = nlohmann::json;

constexpr long requestSeconds = 60;
constexpr int patienceMilliseconds = 60'000;

struct HeaderList
{
    curl_slist* first = nullptr;

    HeaderList() = default;
    ~HeaderList() { curl_slist_free_all(first); }
    HeaderList(const HeaderList&) = delete;
    HeaderList& operator=(const HeaderList&) = delete;
    void add(const std::string& line) { first = curl_slist_append(first, line.c_str()); }
};

std::size_t takeBody(char* bytes, std::size_t size, std::size_t count, void* reply)
{
    static_cast<HttpReply*>(reply)->body.append(bytes, size * count);
    return size * count;
}

std::size_t takeHeader(char* bytes, std::size_t size, std::size_t count, void* reply)
{
    const std::string_view line(bytes, size * count);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return line.size();
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    static_cast<HttpReply*>(reply)->headers[name] = value.substr(0, value.find('\r'));
    return line.size();
}

/// Nothing when the body is no JSON or has nothing there.
std::optional<Json> find(const std::string& body, std::string_view place)
{
    const Json document = Json::parse(body, nullptr, false);
    const Json::json_pointer pointer(std::string(1, '/').append(place));
    if (document.is_discarded() || !document.contains(pointer))
        return std::nullopt;
    return document.at(pointer);
}

} // namespace

std::string HttpReply::at(std::string_view place) const
{
    const auto value = find(body, place);
    if (!value)
        return "(absent)";
    return value->is_string() ? value->get<std::string>() : value->dump();
}

std::size_t HttpReply::count(std::string_view place) const
{
    const auto value = find(body, place);
    return value && value->is_array() ? value->size() : 0;
}

std::string HttpReply::outcome() const
{
    const auto code = find(body, "code");
    return std::to_string(status) + (code && code->is_string() ? ' ' + code->get<std::string>() : "");
}

struct HttpsClient::Handle
{
    CURL* curl = curl_easy_init();

    Handle() = default;
    ~Handle() { curl_easy_cleanup(curl); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    template <class Value>
    void set(CURLoption option, Value value)
    {
        BILLING_ASSERT(curl_easy_setopt(curl, option, value) == CURLE_OK);
    }
};

HttpsClient::HttpsClient(ClientIdentity identity)
    : m_identity(std::move(identity))
    , m_handle(std::make_unique<Handle>())
{
}

HttpsClient::~HttpsClient() = default;
HttpsClient::HttpsClient(HttpsClient&&) noexcept = default;

HttpReply HttpsClient::send(const HttpRequest& request) const
{
    HeaderList headers;
    for (const auto& [name, value] : request.headers)
        headers.add(name + ": " + value);
    if (!m_identity.token.empty())
        headers.add("Authorization: Bearer " + m_identity.token);
    headers.add("Expect:"); // curl would wait for a 100 before a large body

    HttpReply reply;
    curl_easy_reset(m_handle->curl); // keeps the connection
    m_handle->set(CURLOPT_URL, (m_identity.server + request.target).c_str());
    m_handle->set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    m_handle->set(CURLOPT_CAINFO, m_identity.authority.c_str());
    if (!m_identity.certificate.empty()) {
        m_handle->set(CURLOPT_SSLCERT, m_identity.certificate.c_str());
        m_handle->set(CURLOPT_SSLKEY, m_identity.key.c_str());
    }
    if (request.method != "GET") {
        m_handle->set(CURLOPT_POSTFIELDS, request.body.data());
        m_handle->set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    }
    m_handle->set(CURLOPT_HTTPHEADER, headers.first);
    m_handle->set(CURLOPT_NOSIGNAL, 1L);
    m_handle->set(CURLOPT_NOPROXY, "*");
    m_handle->set(CURLOPT_TIMEOUT, requestSeconds);
    m_handle->set(CURLOPT_WRITEFUNCTION, takeBody);
    m_handle->set(CURLOPT_WRITEDATA, static_cast<void*>(&reply));
    m_handle->set(CURLOPT_HEADERFUNCTION, takeHeader);
    m_handle->set(CURLOPT_HEADERDATA, static_cast<void*>(&reply));
    const CURLcode done = curl_easy_perform(m_handle->curl);
    if (done != CURLE_OK) {
        reply.failure = curl_easy_strerror(done);
        return reply;
    }
    long status = 0;
    curl_easy_getinfo(m_handle->curl, CURLINFO_RESPONSE_CODE, &status);
    reply.status = static_cast<int>(status);
    return reply;
}

HttpReply HttpsClient::get(std::string_view target) const
{
    return send({.method = "GET", .target = std::string(target), .headers = {}});
}

HttpReply HttpsClient::post(std::string_view target, std::string_view body) const
{
    return send({.method = "POST", .target = std::string(target), .body = std::string(body)});
}

HttpReply HttpsClient::sendUntilReady(const HttpRequest& request) const
{
    HttpReply reply = send(request);
    const auto ready = [&] {
        if (reply.status == 503)
            reply = send(request);
        return reply.status != 503;
    };
    static_cast<void>(QTest::qWaitFor(ready, patienceMilliseconds)); // the caller sees the last status
    return reply;
}

} // namespace billing::test
