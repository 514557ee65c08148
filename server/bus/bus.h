// Tells the rest of the server that something happened: hints, never the truth. A lost message costs time,
// not data, since whoever is told re-reads the journal. Handlers run on the publisher's thread and must only
// pass the news on.
#pragma once

#include "shared/model/ids.h"

#include <functional>
#include <span>
#include <string>

namespace billing {

/// A request's usage is settled: one character per event, as storage::Outcome.
struct SettledNotice
{
    JournalPosition position;
    std::string outcomes;
};

class Bus
{
public:
    using AcceptedHandler = std::function<void(JournalPosition)>;
    using SettledHandler = std::function<void(std::span<const SettledNotice>)>;

    virtual ~Bus() = default;

    /// Journal rows up to this position are committed. Any thread.
    virtual void publishAccepted(JournalPosition upTo) = 0;
    virtual void publishSettled(std::span<const SettledNotice> notices) = 0;

    /// Before the first publish only.
    virtual void onAccepted(AcceptedHandler handler) = 0;
    virtual void onSettled(SettledHandler handler) = 0;
};

} // namespace billing
