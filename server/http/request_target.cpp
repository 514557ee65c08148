#include "server/http/request_target.h"

#include <cstdint>
#include <optional>

namespace billing::http {

namespace {

Error refused(std::string_view what)
{
    return {ErrorCode::MalformedRequest, "target", std::string(what)};
}

std::optional<unsigned> hexDigit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return static_cast<unsigned>(digit - '0');
    if (digit >= 'a' && digit <= 'f')
        return static_cast<unsigned>(digit - 'a' + 10);
    if (digit >= 'A' && digit <= 'F')
        return static_cast<unsigned>(digit - 'A' + 10);
    return std::nullopt;
}

/// Length of the UTF-8 sequence at the start of `text`, 0 when it is not one (overlong, surrogate, beyond
/// U+10FFFF).
std::size_t sequenceLength(std::string_view text)
{
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
    };
    const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const std::uint8_t first = byte(0);
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return continues(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const bool fits = (first != 0xE0 || byte(1) >= 0xA0) && (first != 0xED || byte(1) <= 0x9F);
        return fits && continues(1) && continues(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const bool fits = (first != 0xF0 || byte(1) >= 0x90) && (first != 0xF4 || byte(1) <= 0x8F);
        return fits && continues(1) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

bool isUtf8(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

enum class Part
{
    Path,
    Query,
};

Result<std::string> percentDecoded(std::string_view text, Part part)
{
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        const auto high = i + 2 < text.size() ? hexDigit(text[i + 1]) : std::nullopt;
        const auto low = i + 2 < text.size() ? hexDigit(text[i + 2]) : std::nullopt;
        if (!high || !low)
            return refused("broken percent escape");
        const unsigned value = *high * 16 + *low;
        if (value < 0x20 || value == 0x7F)
            return refused("escaped control character");
        if (part == Part::Path && (value == '/' || value == '\\'))
            return refused("escaped slash in the path");
        decoded += static_cast<char>(static_cast<unsigned char>(value));
        i += 2;
    }
    if (!isUtf8(decoded))
        return refused("not UTF-8");
    return decoded;
}

bool hasUnsafeSegment(std::string_view path)
{
    path.remove_prefix(1);
    while (true) {
        const std::size_t slash = path.find('/');
        const std::string_view segment = path.substr(0, slash);
        if (segment.empty() || segment == "." || segment == "..")
            return true;
        if (slash == std::string_view::npos)
            return false;
        path.remove_prefix(slash + 1);
    }
}

} // namespace

Result<RequestTarget> parseRequestTarget(std::string_view target)
{
    if (target.empty() || target.front() != '/')
        return refused("does not start with a slash");
    for (const char character : target) {
        if (character <= 0x20 || character >= 0x7F || character == '#')
            return refused("character outside the target's alphabet");
    }
    const std::size_t mark = target.find('?');
    Result<std::string> path = percentDecoded(target.substr(0, mark), Part::Path);
    if (!path)
        return path.error();
    if (path->size() > 1 && hasUnsafeSegment(*path))
        return refused("empty or dot segment in the path");

    RequestTarget parsed{std::move(*path), {}};
    std::string_view rest = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
    while (!rest.empty()) {
        const std::size_t end = rest.find('&');
        const std::string_view pair = rest.substr(0, end);
        const std::size_t equals = pair.find('=');
        Result<std::string> name = percentDecoded(pair.substr(0, equals), Part::Query);
        if (!name)
            return name.error();
        Result<std::string> value = percentDecoded(
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), Part::Query);
        if (!value)
            return value.error();
        if (!pair.empty())
            parsed.query.emplace_back(std::move(*name), std::move(*value));
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return parsed;
}

} // namespace billing::http
