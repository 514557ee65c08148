// Remembers which unlisted values (server/storage/unlisted_values.h) are noted, so that metering asks the
// store about each once and a steady stream costs nothing. What is forgotten is only asked again. Any thread.
#pragma once

#include "server/rating/listed_values.h"
#include "server/storage/unlisted_values.h"

#include <mutex>
#include <set>
#include <span>

namespace billing {

class UnlistedWatch
{
public:
    explicit UnlistedWatch(const Catalog& catalog);

    /// Whether the value is unlisted and not known to be noted, nor one of a meter with too many of them.
    bool isNews(const storage::UnlistedKey& key) const;
    /// The store holds these now.
    void noted(std::span<const storage::UnlistedKey> keys);

    const ListedValues& listed() const noexcept { return m_listed; }

private:
    /// Beyond it all are forgotten; each takes about 150 bytes.
    static constexpr std::size_t mostRemembered = 50'000;

    ListedValues m_listed;
    mutable std::mutex m_mutex; ///< guards m_noted
    std::set<storage::UnlistedKey> m_noted;
};

} // namespace billing
