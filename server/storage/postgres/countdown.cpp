#include "server/storage/postgres/countdown.h"

#include "shared/kernel/assert.h"

#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace billing::postgres {

Countdown::Countdown(std::chrono::milliseconds span)
    : m_timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC))
{
    BILLING_ASSERT(m_timer >= 0 && span.count() > 0);
    itimerspec once = {};
    once.it_value.tv_sec = span.count() / 1'000;
    once.it_value.tv_nsec = span.count() % 1'000 * 1'000'000;
    BILLING_ASSERT(::timerfd_settime(m_timer, 0, &once, nullptr) == 0);
}

Countdown::~Countdown()
{
    ::close(m_timer);
}

bool Countdown::isOver() const
{
    pollfd timer{m_timer, POLLIN, 0};
    return ::poll(&timer, 1, 0) == 1;
}

} // namespace billing::postgres
