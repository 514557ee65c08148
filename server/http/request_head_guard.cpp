#include "server/http/request_head_guard.h"

#include "server/http/header_fields.h"

#include <array>
#include <cstdint>

namespace billing::http {

namespace {

using MaybeRefusal = std::optional<Refusal>;

constexpr std::array<std::string_view, 7> allowedMethods = {"GET",   "HEAD",   "POST",   "PUT",
                                                            "PATCH", "DELETE", "OPTIONS"};

constexpr std::array<bool, 256> makeTokenTable()
{
    std::array<bool, 256> table = {};
    for (const char c :
         std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        table[static_cast<unsigned char>(c)] = true;
    return table;
}

constexpr std::array<bool, 256> tokenCharacters = makeTokenTable();

bool isToken(std::string_view text)
{
    for (const char character : text) {
        if (!tokenCharacters[static_cast<unsigned char>(character)])
            return false;
    }
    return !text.empty();
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

constexpr bool isControl(unsigned char byte)
{
    return (byte < 0x20 && byte != '\t') || byte == 0x7F;
}

struct ControlCounts
{
    std::size_t controls = 0;
    std::size_t pairs = 0; ///< CR LF
};

constexpr std::size_t blockBytes = 64;

/// Looks at the block behind the first byte. Without branches and of a fixed length, so that the compiler
/// makes vector code of it: every byte of every request passes here.
void countBlock(const char* first, ControlCounts& counts)
{
    std::uint8_t controls = 0;
    std::uint8_t pairs = 0;
    for (std::size_t i = 0; i < blockBytes; ++i) {
        const auto before = static_cast<unsigned char>(first[i]);
        const auto byte = static_cast<unsigned char>(first[i + 1]);
        controls = static_cast<std::uint8_t>(controls + ((byte < 0x20) & (byte != '\t')) + (byte == 0x7F));
        pairs = static_cast<std::uint8_t>(pairs + ((before == '\r') & (byte == '\n')));
    }
    counts.controls += controls;
    counts.pairs += pairs;
}

bool holdsOnlyPairedLineEndings(std::string_view bytes)
{
    if (bytes.empty())
        return true;
    ControlCounts counts;
    counts.controls = isControl(static_cast<unsigned char>(bytes.front())) ? 1 : 0;
    std::size_t last = 0; // of the bytes looked at
    for (; last + blockBytes < bytes.size(); last += blockBytes)
        countBlock(bytes.data() + last, counts);
    for (++last; last < bytes.size(); ++last) {
        counts.controls += isControl(static_cast<unsigned char>(bytes[last])) ? 1U : 0U;
        counts.pairs += bytes[last - 1] == '\r' && bytes[last] == '\n' ? 1U : 0U;
    }
    return counts.controls == 2 * counts.pairs;
}

/// Every CR is followed by LF, every LF follows a CR, and no other control character but HTAB occurs. A CR at
/// the very end may still get its LF.
MaybeRefusal refuseControlCharacters(std::string_view bytes)
{
    if (holdsOnlyPairedLineEndings(bytes))
        return std::nullopt;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if (byte > 0x20 && byte != 0x7F)
            continue;
        if (byte == ' ' || byte == '\t')
            continue;
        if (byte == '\r' && (i + 1 == bytes.size() || bytes[i + 1] == '\n')) {
            ++i;
            continue;
        }
        return malformed("head", byte == '\n' || byte == '\r' ? "bare line ending" : "control character");
    }
    return std::nullopt;
}

struct RequestLine
{
    std::string_view method;
    std::string_view target;
};

MaybeRefusal readRequestLine(std::string_view line, RequestLine& parts)
{
    const std::size_t first = line.find(' ');
    const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    if (second == std::string_view::npos || line.find(' ', second + 1) != std::string_view::npos)
        return malformed("request line", "not METHOD target HTTP/1.1");
    parts = {line.substr(0, first), line.substr(first + 1, second - first - 1)};
    const std::string_view version = line.substr(second + 1);
    if (!isToken(parts.method) || parts.target.empty() || version.substr(0, 5) != "HTTP/")
        return malformed("request line", "not METHOD target HTTP/1.1");
    if (version != "HTTP/1.1")
        return Refusal{505, {ErrorCode::MalformedRequest, "version", "only HTTP/1.1 is spoken here"}};
    for (const std::string_view method : allowedMethods) {
        if (parts.method == method)
            return std::nullopt;
    }
    return Refusal{501, {ErrorCode::MethodNotAllowed, "method", "not a method of this API"}};
}

/// The fields that decide framing and routing, collected in one pass.
struct FramingFields
{
    unsigned hosts = 0;
    unsigned lengths = 0;
    unsigned transferEncodings = 0;
    unsigned expects = 0;
    bool contentEncoded = false;
    std::string_view host;
    std::string_view length;
    std::string_view transferEncoding;
    std::string_view expect;
};

void noteField(std::string_view name, std::string_view value, FramingFields& fields)
{
    switch (name.size()) {
    case 4:
        if (equalsIgnoringCase(name, "host")) {
            ++fields.hosts;
            fields.host = value;
        }
        break;
    case 6:
        if (equalsIgnoringCase(name, "expect")) {
            ++fields.expects;
            fields.expect = value;
        }
        break;
    case 14:
        if (equalsIgnoringCase(name, "content-length")) {
            ++fields.lengths;
            fields.length = value;
        }
        break;
    case 16:
        fields.contentEncoded = fields.contentEncoded || equalsIgnoringCase(name, "content-encoding");
        break;
    case 17:
        if (equalsIgnoringCase(name, "transfer-encoding")) {
            ++fields.transferEncodings;
            fields.transferEncoding = value;
        }
        break;
    default:
        break;
    }
}

MaybeRefusal readFields(std::string_view lines, const Limits& limits, FramingFields& fields)
{
    std::size_t count = 0;
    while (lines.substr(0, 2) != "\r\n") {
        const std::size_t end = lines.find("\r\n");
        const std::string_view line = lines.substr(0, end);
        if (++count > limits.headerFields)
            return Refusal{431, {ErrorCode::HeaderTooLarge, "header", "too many fields"}};
        if (line.front() == ' ' || line.front() == '\t')
            return malformed("header", "folded line");
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || !isToken(line.substr(0, colon)))
            return malformed("header", "not name: value");
        noteField(line.substr(0, colon), trimmed(line.substr(colon + 1)), fields);
        lines.remove_prefix(end + 2);
    }
    return std::nullopt;
}

std::optional<std::uint64_t> readLength(std::string_view digits)
{
    // 18 digits stay below 2^63; a longer number is above every limit, or padded to fool somebody.
    if (digits.empty() || digits.size() > 18)
        return std::nullopt;
    std::uint64_t value = 0;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9')
            return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    return value;
}

MaybeRefusal refuseFraming(const FramingFields& fields)
{
    if (fields.lengths > 1 || (fields.lengths == 1 && !readLength(fields.length)))
        return malformed("content-length", "not exactly one number");
    if (fields.lengths > 0 && fields.transferEncodings > 0)
        return malformed("transfer-encoding", "beside a content-length");
    if (fields.transferEncodings > 1 ||
        (fields.transferEncodings == 1 && fields.transferEncoding != "chunked"))
        return Refusal{501, {ErrorCode::MalformedRequest, "transfer-encoding", "only chunked is understood"}};
    return std::nullopt;
}

/// Turns an absolute target into origin form; it must name the host that the Host field names.
MaybeRefusal readHost(const FramingFields& fields, std::string_view& target)
{
    if (fields.hosts != 1 || fields.host.empty())
        return malformed("host", "not exactly one");
    for (const char character : fields.host) {
        if (character <= 0x20 || character >= 0x7F ||
            std::string_view("/?#@,\\\"").find(character) != std::string_view::npos)
            return malformed("host", "not a host");
    }
    if (target.front() == '/')
        return std::nullopt;
    const std::size_t start = target.find("://");
    if (start == std::string_view::npos || !equalsIgnoringCase(target.substr(0, start), "https"))
        return malformed("target", "neither a path nor an https address");
    const std::string_view rest = target.substr(start + 3);
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos || !equalsIgnoringCase(rest.substr(0, slash), fields.host))
        return malformed("target", "names another host");
    target = rest.substr(slash);
    return std::nullopt;
}

MaybeRefusal refuseContent(const FramingFields& fields, const Limits& limits)
{
    if (fields.contentEncoded)
        return Refusal{415,
                       {ErrorCode::ContentEncodingRefused, "content-encoding", "send the body as it is"}};
    const bool hasBody =
        fields.transferEncodings > 0 || (fields.lengths > 0 && *readLength(fields.length) > 0);
    if (fields.expects > 1 || (fields.expects == 1 && !equalsIgnoringCase(fields.expect, "100-continue")))
        return Refusal{417, {ErrorCode::MalformedRequest, "expect", "only 100-continue is understood"}};
    if (fields.expects == 1 && !hasBody)
        return malformed("expect", "100-continue without a body");
    if (fields.lengths == 1 && *readLength(fields.length) > limits.bodyBytes)
        return Refusal{413, {ErrorCode::BodyTooLarge, "content-length", "more than the door lets in"}};
    return std::nullopt;
}

MaybeRefusal read(std::string_view bytes, const Limits& limits, RequestHead& head)
{
    if (auto refusal = refuseControlCharacters(bytes))
        return refusal;
    const std::size_t end = bytes.find("\r\n");
    RequestLine line;
    if (auto refusal = readRequestLine(bytes.substr(0, end), line))
        return refusal;
    FramingFields fields;
    if (auto refusal = readFields(bytes.substr(end + 2), limits, fields))
        return refusal;
    if (auto refusal = refuseFraming(fields))
        return refusal;
    if (auto refusal = readHost(fields, line.target))
        return refusal;
    if (auto refusal = refuseContent(fields, limits))
        return refusal;
    head = {line.method, line.target, fields.expects == 1};
    return std::nullopt;
}

} // namespace

HeadReading readRequestHead(std::string_view head, const Limits& limits)
{
    HeadReading reading;
    reading.refusal = read(head, limits, reading.head);
    return reading;
}

std::optional<Refusal> refuseEarly(std::string_view partialHead)
{
    if (auto refusal = refuseControlCharacters(partialHead))
        return refusal;
    const std::size_t end = partialHead.find("\r\n");
    RequestLine line;
    return end == std::string_view::npos ? std::nullopt : readRequestLine(partialHead.substr(0, end), line);
}

} // namespace billing::http
