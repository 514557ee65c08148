// The line on a terminal that shows how far a file has been sent. Draws on standard error, and only if that
// is a terminal. One thread.
#pragma once

#include "shared/usage_client/usage_client.h"

#include <string>

namespace billing::client {

/// "[#########           ]  45 %  12000 events"; with an unknown size only the events. Pure.
std::string progressLine(std::int64_t bytesRead, std::int64_t totalBytes, std::int64_t events);

class ProgressBar
{
public:
    explicit ProgressBar(std::int64_t totalBytes);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void show(std::int64_t bytesRead, std::int64_t events);

private:
    std::int64_t m_totalBytes;
    bool m_onTerminal;
    bool m_drawn = false;
};

} // namespace billing::client
