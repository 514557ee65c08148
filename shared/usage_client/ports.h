// What the client needs from the world beside the network: time, chance, and a way to wait. A program hands
// in the system's; a test hands in its own, so that minutes of retrying pass at once.
#pragma once

#include "shared/kernel/ports.h"

namespace billing::client {

class Waiter
{
public:
    virtual ~Waiter() = default;
    /// Blocks the calling thread for that long.
    virtual void waitFor(Duration duration) = 0;
};

/// The ports live at least as long as whoever holds this.
struct Ports
{
    const Clock& clock;
    Random& random;
    Waiter& waiter;
};

/// The system's clock, the kernel's random bytes, and sleeping. Any thread, for the program's whole life.
Ports systemPorts();

} // namespace billing::client
