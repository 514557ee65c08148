#include "server/http/header_fields.h"

#include "shared/kernel/assert.h"

namespace billing::http {

namespace {

char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

} // namespace

bool equalsIgnoringCase(std::string_view left, std::string_view right)
{
    if (left.size() != right.size())
        return false;
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (lower(left[i]) != lower(right[i]))
            return false;
    }
    return true;
}

void HeaderFields::add(std::string_view name, std::string_view value)
{
    if (m_spans.empty()) {
        m_bytes.reserve(512);
        m_spans.reserve(12);
    }
    m_spans.push_back({static_cast<std::uint32_t>(m_bytes.size()), static_cast<std::uint32_t>(name.size()),
                       static_cast<std::uint32_t>(value.size())});
    m_bytes.append(name).append(value);
}

HeaderField HeaderFields::at(std::size_t index) const
{
    BILLING_ASSERT(index < m_spans.size());
    const Span& span = m_spans[index];
    const std::string_view bytes(m_bytes);
    return {bytes.substr(span.start, span.nameLength),
            bytes.substr(span.start + span.nameLength, span.valueLength)};
}

std::optional<std::string_view> HeaderFields::find(std::string_view name) const
{
    for (std::size_t i = 0; i < m_spans.size(); ++i) {
        const HeaderField field = at(i);
        if (equalsIgnoringCase(field.name, name))
            return field.value;
    }
    return std::nullopt;
}

std::size_t HeaderFields::count(std::string_view name) const
{
    std::size_t found = 0;
    for (std::size_t i = 0; i < m_spans.size(); ++i)
        found += static_cast<std::size_t>(equalsIgnoringCase(at(i).name, name));
    return found;
}

} // namespace billing::http
