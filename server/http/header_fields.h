// The header fields of a message in arrival order: one block of bytes and the spans in it, so that a request
// costs two allocations however many fields it has. Names compare without case. Values carry no surrounding
// white space.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace billing::http {

struct HeaderField
{
    std::string_view name;
    std::string_view value;
};

class HeaderFields
{
public:
    void add(std::string_view name, std::string_view value);

    /// The first value under this name; ask count() where a repeat must be refused.
    std::optional<std::string_view> find(std::string_view name) const;
    std::size_t count(std::string_view name) const;

    std::size_t size() const noexcept { return m_spans.size(); }
    HeaderField at(std::size_t index) const;

private:
    struct Span
    {
        std::uint32_t start;
        std::uint32_t nameLength;
        std::uint32_t valueLength; ///< the value follows its name in m_bytes
    };

    std::string m_bytes;
    std::vector<Span> m_spans;
};

/// ASCII only, as header names, methods and codings are.
bool equalsIgnoringCase(std::string_view left, std::string_view right);

} // namespace billing::http
