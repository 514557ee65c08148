#include "shared/usage_client/backoff.h"

#include "shared/kernel/assert.h"

#include <algorithm>

namespace billing::client {

Backoff::Backoff(const BackoffOptions& options, MonotonicTime now)
    : m_options(options)
    , m_end(now + options.giveUpAfter)
    , m_most(options.base)
{
    BILLING_ASSERT(options.base > Duration::zero() && options.ceiling >= options.base);
}

std::optional<Duration> Backoff::next(MonotonicTime now, std::optional<Duration> serverAsked, Random& random)
{
    const auto range = static_cast<std::uint64_t>(m_most.count()) + 1;
    const Duration jitter(static_cast<Duration::rep>(random.next() % range));
    m_most = std::min(m_most * 2, m_options.ceiling);
    const Duration wait = serverAsked.value_or(Duration::zero()) + jitter;
    if (now + wait >= m_end)
        return std::nullopt;
    return wait;
}

} // namespace billing::client
