// An input's bytes as choices, for a fuzz target that builds what it tries instead of reading it. When they
// are used up every choice is the first, so that an input ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace billing::fuzz {

class Choices
{
public:
    explicit Choices(std::string_view bytes)
        : m_bytes(bytes)
    {
    }

    bool atEnd() const { return m_bytes.empty(); }
    std::uint8_t byte()
    {
        if (m_bytes.empty())
            return 0;
        const auto first = static_cast<std::uint8_t>(m_bytes.front());
        m_bytes.remove_prefix(1);
        return first;
    }
    /// 0 .. bound - 1; two bytes of the input where one would not reach.
    std::size_t below(std::size_t bound)
    {
        const std::size_t number = bound <= 256 ? byte() : byte() * std::size_t{256} + byte();
        return number % bound;
    }
    /// Once in so many; never when the input is used up.
    bool once(std::size_t in) { return below(in) == in - 1; }
    template <class List>
    const auto& of(const List& list)
    {
        return list[below(std::size(list))];
    }
    /// At most so many bytes as they are.
    std::string raw(std::size_t most)
    {
        std::string text(m_bytes.substr(0, below(most + 1)));
        m_bytes.remove_prefix(text.size());
        return text;
    }

private:
    std::string_view m_bytes;
};

} // namespace billing::fuzz
