// The line on a terminal that shows how far a file has been read. Draws on standard error, and only if that
// is a terminal. One thread.
#pragma once

#include <cstdint>
#include <string>

namespace billing::client {

/// "[#########           ]  45 %  12000 rows"; with an unknown size only the rows. Pure.
std::string progressLine(std::int64_t bytesRead, std::int64_t totalBytes, std::int64_t rows);

class ProgressBar
{
public:
    /// what: "sending", before the line.
    ProgressBar(std::string what, std::int64_t totalBytes);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void show(std::int64_t bytesRead, std::int64_t rows);

private:
    std::string m_what;
    std::int64_t m_totalBytes;
    bool m_onTerminal;
    bool m_drawn = false;
};

} // namespace billing::client
