#include "shared/usage_client/billing_usage/progress_bar.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <unistd.h>

namespace billing::client {

namespace {

constexpr int barWidth = 30;

} // namespace

std::string progressLine(std::int64_t bytesRead, std::int64_t totalBytes, std::int64_t rows)
{
    std::array<char, 128> line;
    if (totalBytes <= 0) {
        std::snprintf(line.data(), line.size(), "%lld rows", static_cast<long long>(rows));
        return line.data();
    }
    const std::int64_t done = std::clamp<std::int64_t>(bytesRead, 0, totalBytes);
    const std::string filled(static_cast<std::size_t>(done * barWidth / totalBytes), '#');
    std::snprintf(line.data(), line.size(), "[%-*s] %3d %%  %lld rows", barWidth, filled.c_str(),
                  static_cast<int>(done * 100 / totalBytes), static_cast<long long>(rows));
    return line.data();
}

ProgressBar::ProgressBar(std::string what, std::int64_t totalBytes)
    : m_what(std::move(what))
    , m_totalBytes(totalBytes)
    , m_onTerminal(isatty(STDERR_FILENO) == 1)
{
}

ProgressBar::~ProgressBar()
{
    if (m_drawn)
        std::fputs("\n", stderr);
}

void ProgressBar::show(std::int64_t bytesRead, std::int64_t rows)
{
    if (!m_onTerminal)
        return;
    std::fprintf(stderr, "\r%s %s", m_what.c_str(), progressLine(bytesRead, m_totalBytes, rows).c_str());
    std::fflush(stderr);
    m_drawn = true;
}

} // namespace billing::client
