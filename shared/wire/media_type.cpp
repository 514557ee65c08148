#include "shared/wire/media_type.h"

#include <algorithm>

namespace billing::wire {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string lowered(std::string_view text)
{
    std::string all(text);
    std::transform(all.begin(), all.end(), all.begin(), lower);
    return all;
}

bool isTokenCharacter(char c)
{
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           others.find(c) != std::string_view::npos;
}

/// Walks over the text and takes one part of the grammar at a time.
class Walk
{
public:
    explicit Walk(std::string_view text)
        : m_rest(text)
    {
    }

    bool atEnd() const { return m_rest.empty(); }
    bool take(char wanted)
    {
        const bool found = m_rest.starts_with(wanted);
        m_rest.remove_prefix(found ? 1 : 0);
        return found;
    }
    void takeSpace()
    {
        while (take(' ') || take('\t')) {
        }
    }
    /// Empty when there is none.
    std::string_view takeToken()
    {
        const auto end = std::find_if_not(m_rest.begin(), m_rest.end(), isTokenCharacter);
        const auto token = m_rest.substr(0, static_cast<std::size_t>(end - m_rest.begin()));
        m_rest.remove_prefix(token.size());
        return token;
    }
    /// A token or a quoted text; nothing when it is neither.
    std::optional<std::string> takeValue()
    {
        if (!take('"')) {
            const std::string_view token = takeToken();
            return token.empty() ? std::nullopt : std::optional(std::string(token));
        }
        std::string value;
        while (!take('"')) {
            take('\\');
            if (m_rest.empty()) // never closed
                return std::nullopt;
            const char c = m_rest.front();
            if ((c >= 0 && c < ' ' && c != '\t') || c == '\x7F')
                return std::nullopt;
            value += c;
            m_rest.remove_prefix(1);
        }
        return value;
    }

private:
    std::string_view m_rest;
};

} // namespace

bool MediaType::isJson() const
{
    return essence.ends_with("/json") || essence.ends_with("+json");
}

std::optional<std::string> MediaType::foreignCharset() const
{
    for (const auto& [name, value] : parameters)
        if (name == "charset" && lowered(value) != "utf-8")
            return value;
    return std::nullopt;
}

std::optional<MediaType> parseMediaType(std::string_view text)
{
    Walk walk(text);
    walk.takeSpace();
    const std::string type = lowered(walk.takeToken());
    if (type.empty() || !walk.take('/'))
        return std::nullopt;
    const std::string subtype = lowered(walk.takeToken());
    if (subtype.empty())
        return std::nullopt;

    MediaType media{type + "/" + subtype};
    for (walk.takeSpace(); !walk.atEnd(); walk.takeSpace()) {
        if (!walk.take(';'))
            return std::nullopt;
        walk.takeSpace();
        std::string name = lowered(walk.takeToken());
        if (name.empty()) // nothing between two semicolons, or behind the last
            continue;
        if (!walk.take('='))
            return std::nullopt;
        auto value = walk.takeValue();
        const bool twice = std::any_of(media.parameters.begin(), media.parameters.end(),
                                       [&](const auto& earlier) { return earlier.first == name; });
        if (!value || twice)
            return std::nullopt;
        media.parameters.emplace_back(std::move(name), std::move(*value));
    }
    return media;
}

} // namespace billing::wire
