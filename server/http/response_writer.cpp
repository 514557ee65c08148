#include "server/http/response_writer.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <span>

namespace billing::http {

namespace {

constexpr std::size_t pieceBytes = 64 * 1024;

std::string_view reasonPhrase(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 304:
        return "Not Modified";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 422:
        return "Unprocessable Content";
    case 428:
        return "Precondition Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    case 507:
        return "Insufficient Storage";
    default:
        return ""; // the phrase is optional and nobody reads it
    }
}

bool isClean(std::string_view text)
{
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if ((byte < 0x20 && byte != '\t') || byte == 0x7F)
            return false;
    }
    return true;
}

void appendNumber(std::uint64_t number, int base, std::string& out)
{
    std::array<char, 24> digits = {};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    out.append(digits.data(), end);
}

class FileStream final : public BodyStream
{
public:
    FileStream(std::ifstream file, std::uint64_t length)
        : m_file(std::move(file))
        , m_left(length)
    {
    }
    Result<bool> append(std::string& out) override
    {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(m_left, pieceBytes));
        const std::size_t start = out.size();
        out.resize(start + wanted);
        m_file.read(out.data() + start, static_cast<std::streamsize>(wanted));
        if (m_file.gcount() != static_cast<std::streamsize>(wanted))
            return Error{ErrorCode::FileUnreadable, "body", "the file ended before its length"};
        m_left -= wanted;
        return m_left > 0;
    }

private:
    std::ifstream m_file;
    std::uint64_t m_left;
};

class ChunkedStream final : public BodyStream
{
public:
    explicit ChunkedStream(PullSource source)
        : m_source(std::move(source))
    {
    }
    Result<bool> append(std::string& out) override
    {
        const Result<std::string> piece = m_source();
        if (!piece)
            return piece.error();
        appendNumber(piece->size(), 16, out);
        out.append("\r\n").append(*piece).append("\r\n");
        return !piece->empty();
    }

private:
    PullSource m_source;
};

struct OpenBody
{
    std::optional<std::uint64_t> length; ///< none: chunked
    std::string bytes;
    std::unique_ptr<BodyStream> stream;
};

Result<OpenBody> open(Body body)
{
    if (auto* bytes = std::get_if<std::string>(&body)) {
        const std::size_t length = bytes->size();
        return OpenBody{length, std::move(*bytes), nullptr};
    }
    if (auto* source = std::get_if<PullSource>(&body))
        return OpenBody{std::nullopt, {}, std::make_unique<ChunkedStream>(std::move(*source))};
    std::error_code failed;
    if (!std::filesystem::is_regular_file(std::get<FileBody>(body).path,
                                          failed)) // a folder opens like a file
        return Error{ErrorCode::FileUnreadable, "body"};
    std::ifstream file(std::get<FileBody>(body).path, std::ios::binary | std::ios::ate);
    const std::streamoff length = file ? static_cast<std::streamoff>(file.tellg()) : -1;
    if (length < 0 || !file.seekg(0))
        return Error{ErrorCode::FileUnreadable, "body", "cannot be opened"};
    OpenBody opened{static_cast<std::uint64_t>(length), {}, nullptr};
    if (length > 0)
        opened.stream = std::make_unique<FileStream>(std::move(file), static_cast<std::uint64_t>(length));
    return opened;
}

bool allClean(const Response& response)
{
    for (const auto& [name, value] : response.headers) {
        if (name.empty() || !isClean(name) || !isClean(value))
            return false;
    }
    return isClean(response.contentType);
}

void appendField(std::string_view name, std::string_view value, std::string& out)
{
    out.append(name).append(": ").append(value).append("\r\n");
}

void appendHead(const Response& response, const OpenBody& body, const AnswerFraming& framing,
                std::string& out)
{
    out.append("HTTP/1.1 ");
    appendNumber(static_cast<std::uint64_t>(response.status), 10, out);
    out.append(" ").append(reasonPhrase(response.status)).append("\r\n");
    if (!framing.date.empty())
        appendField("Date", framing.date, out);
    if (!response.contentType.empty())
        appendField("Content-Type", response.contentType, out);
    if (response.status != 204 && response.status != 304) {
        if (body.length) {
            out.append("Content-Length: ");
            appendNumber(*body.length, 10, out);
            out.append("\r\n");
        } else {
            appendField("Transfer-Encoding", "chunked", out);
        }
    }
    for (const auto& [name, value] : response.headers)
        appendField(name, value, out);
    if (framing.after == ConnectionAfter::Closed)
        appendField("Connection", "close", out);
    out.append("\r\n");
}

} // namespace

Result<std::unique_ptr<BodyStream>> writeResponse(Response response, const AnswerFraming& framing,
                                                  std::string& out)
{
    if (response.status < 200 || response.status > 599 || !allClean(response))
        return Error{ErrorCode::Internal, "response", "not one that can be sent"};
    Result<OpenBody> body = open(std::move(response.body));
    if (!body)
        return body.error();
    appendHead(response, *body, framing, out);
    if (framing.headOnly || response.status == 204 || response.status == 304)
        return std::unique_ptr<BodyStream>();
    out.append(body->bytes);
    return std::move(body->stream);
}

} // namespace billing::http
