// Identifiers that cannot be mixed up: a TenantId is not an InvoiceId and not a string. Built explicitly,
// compared and hashed, nothing else. There is no default and no "invalid" value: absence is
// std::optional<TenantId>.
#pragma once

#include <cstdint>
#include <functional>
#include <string> // and with it <compare>, which moc cannot read when it comes first
#include <utility>

namespace billing {

/// A textual identifier; the text's rules belong to whoever makes it.
template <class Tag>
class StrongId
{
public:
    explicit StrongId(std::string text)
        : m_text(std::move(text))
    {
    }
    const std::string& text() const noexcept { return m_text; }

    friend auto operator<=>(const StrongId&, const StrongId&) = default;
    friend bool operator==(const StrongId&, const StrongId&) = default;

private:
    std::string m_text;
};

/// A numbered position in some sequence that only grows (a journal, a tenant's settle numbers).
template <class Tag>
class StrongNumber
{
public:
    explicit constexpr StrongNumber(std::int64_t number)
        : m_number(number)
    {
    }
    constexpr std::int64_t number() const noexcept { return m_number; }

    friend constexpr auto operator<=>(const StrongNumber&, const StrongNumber&) = default;
    friend constexpr bool operator==(const StrongNumber&, const StrongNumber&) = default;

private:
    std::int64_t m_number;
};

} // namespace billing

template <class Tag>
struct std::hash<billing::StrongId<Tag>>
{
    std::size_t operator()(const billing::StrongId<Tag>& id) const noexcept
    {
        return std::hash<std::string>{}(id.text());
    }
};

template <class Tag>
struct std::hash<billing::StrongNumber<Tag>>
{
    std::size_t operator()(const billing::StrongNumber<Tag>& id) const noexcept
    {
        return std::hash<std::int64_t>{}(id.number());
    }
};
