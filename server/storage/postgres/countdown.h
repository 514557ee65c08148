// A span of time that runs out, kept by the kernel: for what may be tried again only so long. One thread at a
// time. Asserts that the kernel has a timer for it.
#pragma once

#include <chrono>

namespace billing::postgres {

class Countdown
{
public:
    /// Runs from now. Longer than nothing.
    explicit Countdown(std::chrono::milliseconds span);
    ~Countdown();
    Countdown(const Countdown&) = delete;
    Countdown& operator=(const Countdown&) = delete;

    bool isOver() const;

private:
    int m_timer;
};

} // namespace billing::postgres
