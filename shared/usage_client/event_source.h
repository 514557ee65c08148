// Where events to send come from: one after the other, so that a file of any size takes constant memory. One
// thread.
#pragma once

#include "shared/model/usage_event.h"

#include <optional>

namespace billing::client {

class EventSource
{
public:
    virtual ~EventSource() = default;

    /// The next event; nothing at the end. A refusal ends the source too: its subject says where, as
    /// file:line:column.
    virtual Result<std::optional<UsageEvent>> next() = 0;

    /// How much of the input has been read, for progress only.
    virtual std::int64_t bytesRead() const { return 0; }
};

} // namespace billing::client
