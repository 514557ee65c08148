// What makes the usage of a file's row the same when the file is sent again: its content, and its number
// among equal ones. Other rows, their order, the columns' order, delimiters, quotes, line ends and the
// spelling of numbers and times have no part in it. Pure; Occurrences is for one thread.
//
// The canonical form is published by what has been sent with it: changing it would count every file anew.
#pragma once

#include "shared/model/usage_event.h"

#include <array>
#include <unordered_map>
#include <vector>

namespace billing::client {

/// The first 16 bytes of the SHA-256 of tenant, source, metric type, value (shortest exact text), instant
/// (microseconds) and dimensions by name; each part behind its length.
struct ContentDigest
{
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    std::string toHex() const; ///< 32 lower-case digits
    friend bool operator==(const ContentDigest&, const ContentDigest&) = default;
};

ContentDigest contentDigest(const UsageEvent& event);

/// "row-<32 hex digits>-<occurrence>", with the prefix for "row".
std::string contentEventId(std::string_view prefix, const ContentDigest& digest, std::int64_t occurrence);

/// Numbers equal digests in the order of a file that is read twice. Between the readings only those are kept
/// that may be there more than once: about 2 bytes for any other one, 60 for each of these.
class Occurrences
{
public:
    /// On the first reading.
    void learn(const ContentDigest& digest);
    /// On the second reading, in the same order: 1 for the first of its kind.
    std::int64_t number(const ContentDigest& digest);

    std::size_t kept() const noexcept { return m_counts.size(); }

private:
    /// A Bloom filter: says "perhaps seen" or "never seen".
    struct Filter
    {
        std::vector<std::uint64_t> words;
        std::size_t room; ///< how many more it takes at its rate of errors

        explicit Filter(std::size_t capacity);
        bool mayHold(const ContentDigest& digest) const;
        void add(const ContentDigest& digest);
        std::size_t bitOf(const ContentDigest& digest, unsigned round) const;
    };
    struct Hash
    {
        std::size_t operator()(const ContentDigest& digest) const noexcept
        {
            return static_cast<std::size_t>(digest.high);
        }
    };

    std::vector<Filter> m_filters; ///< each four times as large as the one before
    std::unordered_map<ContentDigest, std::int64_t, Hash> m_counts;
};

} // namespace billing::client
