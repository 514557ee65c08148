#include "shared/usage_client/row_identity.h"

#include "shared/usage_client/digest.h"

#include <algorithm>

namespace billing::client {

namespace {

constexpr std::size_t firstCapacity = 64 * 1024;
constexpr std::size_t bitsPerDigest = 12;
constexpr unsigned rounds = 5;

/// Four bytes of length, big-endian, then the bytes: no two different lists of parts make the same text.
void appendPart(std::string& text, std::string_view part)
{
    const auto size = static_cast<std::uint32_t>(part.size());
    for (int shift = 24; shift >= 0; shift -= 8)
        text += static_cast<char>(size >> shift & 0xFF);
    text += part;
}

} // namespace

std::string ContentDigest::toHex() const
{
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const std::uint64_t half : {high, low})
        for (int shift = 60; shift >= 0; shift -= 4)
            hex += digits[half >> shift & 0xF];
    return hex;
}

ContentDigest contentDigest(const UsageEvent& event)
{
    std::string text;
    text.reserve(256);
    appendPart(text, event.tenant.text());
    appendPart(text, event.source);
    appendPart(text, event.metricType);
    appendPart(text, event.value.toText());
    appendPart(text, std::to_string(event.at.micros()));
    BILLING_ASSERT(std::is_sorted(event.dimensions.begin(), event.dimensions.end()));
    for (const Dimension& dimension : event.dimensions) {
        appendPart(text, dimension.name);
        appendPart(text, dimension.value);
    }
    const auto digest = digestOf(text);
    return {digest[0], digest[1]};
}

std::string contentEventId(std::string_view prefix, const ContentDigest& digest, std::int64_t occurrence)
{
    return (prefix.empty() ? "row" : std::string(prefix)) + "-" + digest.toHex() + "-" +
           std::to_string(occurrence);
}

Occurrences::Filter::Filter(std::size_t capacity)
    : words(capacity * bitsPerDigest / 64)
    , room(capacity)
{
}

std::size_t Occurrences::Filter::bitOf(const ContentDigest& digest, unsigned round) const
{
    return static_cast<std::size_t>((digest.high + round * (digest.low | 1)) % (words.size() * 64));
}

bool Occurrences::Filter::mayHold(const ContentDigest& digest) const
{
    for (unsigned round = 0; round < rounds; ++round) {
        const std::size_t bit = bitOf(digest, round);
        if ((words[bit / 64] >> bit % 64 & 1) == 0)
            return false;
    }
    return true;
}

void Occurrences::Filter::add(const ContentDigest& digest)
{
    for (unsigned round = 0; round < rounds; ++round) {
        const std::size_t bit = bitOf(digest, round);
        words[bit / 64] |= std::uint64_t{1} << bit % 64;
    }
    --room;
}

void Occurrences::learn(const ContentDigest& digest)
{
    const auto mayHold = [&](const Filter& filter) { return filter.mayHold(digest); };
    if (std::any_of(m_filters.begin(), m_filters.end(), mayHold)) {
        m_counts.emplace(digest, 0);
        return;
    }
    if (m_filters.empty() || m_filters.back().room == 0)
        m_filters.emplace_back(firstCapacity << 2 * m_filters.size());
    m_filters.back().add(digest);
}

std::int64_t Occurrences::number(const ContentDigest& digest)
{
    const auto found = m_counts.find(digest);
    return found == m_counts.end() ? 1 : ++found->second;
}

} // namespace billing::client
