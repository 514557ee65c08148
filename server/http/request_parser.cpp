#include "server/http/request_parser.h"

#include "server/http/request_head_guard.h"
#include "server/http/request_target.h"
#include "shared/kernel/assert.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <optional>

namespace billing::http {

namespace {

namespace beast = boost::beast;

/// More is only set aside as the bytes arrive: a promised length costs the sender nothing.
constexpr std::size_t bodyReserveMax = 256 * 1024;

/// The end of one chunk, 16 digits, and the two line ends behind the last one.
constexpr std::size_t chunkHeaderBytesMax = 2 + 16 + 4;

/// What Beast waits for the rest of: a size between line ends and nothing else. Beast itself would wait for
/// the end of a quoted extension, beyond the line.
bool mayBecomeChunkHeader(std::string_view bytes)
{
    return bytes.size() <= chunkHeaderBytesMax &&
           bytes.find_first_not_of("\r\n0123456789abcdefABCDEF") == std::string_view::npos;
}

} // namespace

/// Beast's callbacks, written straight into a Request.
class RequestParser::BodyReader : public beast::http::basic_parser<true>
{
public:
    explicit BodyReader(Request& request)
        : m_request(request)
    {
    }

private:
    using Text = beast::string_view;
    using ErrorCode = beast::error_code;

    void on_request_impl(beast::http::verb, Text method, Text, int, ErrorCode&) override
    {
        m_request.method.assign(method.data(), method.size());
    }
    void on_response_impl(int, Text, int, ErrorCode&) override {}
    void on_field_impl(beast::http::field, Text name, Text value, ErrorCode& error) override
    {
        if (m_headDone) { // a trailer
            error = beast::http::error::bad_field;
            return;
        }
        m_request.headers.add({name.data(), name.size()}, {value.data(), value.size()});
    }
    void on_header_impl(ErrorCode&) override { m_headDone = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) override
    {
        if (length)
            m_request.body.reserve(
                static_cast<std::size_t>(std::min<std::uint64_t>(*length, bodyReserveMax)));
    }
    std::size_t on_body_impl(Text body, ErrorCode&) override
    {
        m_request.body.append(body.data(), body.size());
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t, Text extensions, ErrorCode& error) override
    {
        if (!extensions.empty())
            error = beast::http::error::bad_chunk_extension;
    }
    std::size_t on_chunk_body_impl(std::uint64_t, Text body, ErrorCode&) override
    {
        m_request.body.append(body.data(), body.size());
        return body.size();
    }
    void on_finish_impl(ErrorCode&) override {}

    Request& m_request;
    bool m_headDone = false;
};

struct RequestParser::State
{
    explicit State(const Limits& given)
        : limits(given)
    {
    }

    const Limits& limits;
    Request request;
    std::optional<BodyReader> reader; ///< empty between requests
    std::size_t scanned = 0;          ///< bytes of a partial head already looked at
    bool keepAlive = true;
    bool continueDue = false;
    std::optional<Refusal> refusal;
};

RequestParser::RequestParser(const Limits& limits)
    : m_state(std::make_unique<State>(limits))
{
}

RequestParser::~RequestParser() = default;

RequestParser::Step RequestParser::advance(std::string_view bytes)
{
    BILLING_ASSERT(!m_state->refusal);
    return m_state->reader ? readBody(bytes) : readHead(bytes);
}

RequestParser::Step RequestParser::readHead(std::string_view bytes)
{
    State& state = *m_state;
    const std::size_t from = state.scanned < 3 ? 0 : state.scanned - 3; // the end may straddle two reads
    const std::size_t end = bytes.find("\r\n\r\n", from);
    if (end == std::string_view::npos ? bytes.size() >= state.limits.headerBytes
                                      : end + 4 > state.limits.headerBytes)
        return refuse({431, {ErrorCode::HeaderTooLarge, "header", "more bytes than the door lets in"}});
    if (end == std::string_view::npos) {
        state.scanned = bytes.size();
        if (auto refusal = refuseEarly(bytes))
            return refuse(std::move(*refusal));
        return {Progress::NeedHead, 0};
    }
    state.scanned = 0;

    HeadReading reading = readRequestHead(bytes.substr(0, end + 4), state.limits);
    if (reading.refusal)
        return refuse(std::move(*reading.refusal));
    Result<RequestTarget> target = parseRequestTarget(reading.head.target);
    if (!target)
        return refuse({400, target.error()});
    state.request.path = std::move(target->path);
    state.request.query = std::move(target->query);

    state.reader.emplace(state.request);
    state.reader->header_limit(static_cast<std::uint32_t>(state.limits.headerBytes));
    state.reader->body_limit(state.limits.bodyBytes);
    state.reader->eager(true);
    Step step = readBody(bytes);
    state.continueDue = step.progress == Progress::NeedBody && reading.head.expectsContinue;
    return step;
}

RequestParser::Step RequestParser::readBody(std::string_view bytes)
{
    State& state = *m_state;
    std::size_t consumed = 0;
    // Beast gives back what it cannot use yet (half a chunk header), so it is asked again only with more
    // bytes.
    if (!bytes.empty()) {
        beast::error_code error;
        consumed = state.reader->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
        if (error == beast::http::error::body_limit)
            return refuse({413, {ErrorCode::BodyTooLarge, "body", "more than the door lets in"}});
        if (error == beast::http::error::header_limit)
            return refuse({431, {ErrorCode::HeaderTooLarge, "header", "more bytes than the door lets in"}});
        if (error && error != beast::http::error::need_more)
            return refuse(malformed("request", error.message()));
    }
    if (state.reader->is_done()) {
        state.keepAlive = state.reader->keep_alive();
        return {Progress::Complete, consumed};
    }
    if (!mayBecomeChunkHeader(bytes.substr(consumed)))
        return refuse(malformed("body", "not a chunk"));
    return {Progress::NeedBody, consumed};
}

RequestParser::Step RequestParser::refuse(Refusal refusal)
{
    m_state->refusal = std::move(refusal);
    return {Progress::Refused, 0};
}

Request RequestParser::take()
{
    BILLING_ASSERT(m_state->reader && m_state->reader->is_done());
    m_state->reader.reset();
    m_state->continueDue = false;
    return std::exchange(m_state->request, Request{});
}

std::size_t RequestParser::bodyBytes() const
{
    return m_state->request.body.size();
}

void RequestParser::discard()
{
    m_state->request.body = std::string();
}

bool RequestParser::keepAlive() const
{
    return m_state->keepAlive;
}

bool RequestParser::takeContinueDue()
{
    return std::exchange(m_state->continueDue, false);
}

const Refusal& RequestParser::refusal() const
{
    BILLING_ASSERT(m_state->refusal.has_value());
    return *m_state->refusal;
}

} // namespace billing::http
