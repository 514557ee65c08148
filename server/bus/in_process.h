// The bus of a server that is one process: calls its handlers.
#pragma once

#include "server/bus/bus.h"

#include <vector>

namespace billing {

class InProcessBus final : public Bus
{
public:
    void publishAccepted(JournalPosition upTo) override;
    void publishSettled(std::span<const SettledNotice> notices) override;
    void onAccepted(AcceptedHandler handler) override;
    void onSettled(SettledHandler handler) override;

private:
    std::vector<AcceptedHandler> m_accepted;
    std::vector<SettledHandler> m_settled;
};

} // namespace billing
