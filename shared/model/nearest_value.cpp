#include "shared/model/nearest_value.h"

#include <algorithm>

namespace billing {

namespace {

/// Walks a text without what people add or leave out, in lower case; 0 at its end.
class Gist
{
public:
    explicit Gist(std::string_view text)
        : m_rest(text)
    {
    }

    char next()
    {
        constexpr std::string_view passedOver = " \t-_.";
        const std::size_t at = m_rest.find_first_not_of(passedOver);
        if (at == std::string_view::npos)
            return 0;
        const char c = m_rest[at];
        m_rest.remove_prefix(at + 1);
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }

private:
    std::string_view m_rest;
};

bool hasSameGist(std::string_view a, std::string_view b)
{
    Gist left(a);
    Gist right(b);
    for (;;) {
        const char one = left.next();
        if (one != right.next())
            return false;
        if (one == 0)
            return true;
    }
}

} // namespace

const std::string* nearestValue(std::span<const std::string> values, std::string_view asked)
{
    const auto found = std::find_if(values.begin(), values.end(),
                                    [&](const std::string& value) { return hasSameGist(value, asked); });
    return found == values.end() ? nullptr : &*found;
}

} // namespace billing
