// How long to wait before trying again: exponential with full jitter, never less than the server asked for,
// and not at all once the time for trying is over. Pure but for the random port. One thread. Source: Brooker,
// "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
#pragma once

#include "shared/kernel/ports.h"

#include <optional>

namespace billing::client {

struct BackoffOptions
{
    Duration base = std::chrono::milliseconds(200); ///< the first wait is at most this
    Duration ceiling = std::chrono::seconds(10);    ///< no wait of ours is longer
    Duration giveUpAfter = std::chrono::seconds(120);
};

class Backoff
{
public:
    /// Starts the time for trying.
    Backoff(const BackoffOptions& options, MonotonicTime now);

    /// The next wait, or nothing when it would end after the time for trying. serverAsked is a Retry-After:
    /// then the jitter comes on top, so that clients sent away together do not come back together.
    std::optional<Duration> next(MonotonicTime now, std::optional<Duration> serverAsked, Random& random);

private:
    BackoffOptions m_options;
    MonotonicTime m_end;
    Duration m_most;
};

} // namespace billing::client
