#include "server/bus/in_process.h"

namespace billing {

void InProcessBus::publishAccepted(JournalPosition upTo)
{
    for (const AcceptedHandler& handler : m_accepted)
        handler(upTo);
}

void InProcessBus::publishSettled(std::span<const SettledNotice> notices)
{
    for (const SettledHandler& handler : m_settled)
        handler(notices);
}

void InProcessBus::onAccepted(AcceptedHandler handler)
{
    m_accepted.push_back(std::move(handler));
}

void InProcessBus::onSettled(SettledHandler handler)
{
    m_settled.push_back(std::move(handler));
}

} // namespace billing
