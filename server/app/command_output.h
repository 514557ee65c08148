// Where a command's words go: to this process's own streams, or through D/admin.sock to those of the process
// that asked. One thread.
#pragma once

#include "shared/kernel/error.h"

#include <cstdio>
#include <string>
#include <string_view>

namespace billing::app {

class CommandOutput
{
public:
    virtual ~CommandOutput() = default;
    /// A finding; the line feed is added.
    virtual void line(std::string_view text) = 0;
    /// Why it was refused.
    virtual void complain(std::string_view text) = 0;
};

/// Standard output and standard error.
class StandardOutput final : public CommandOutput
{
public:
    void line(std::string_view text) override
    {
        std::fwrite(text.data(), 1, text.size(), stdout);
        std::fputc('\n', stdout);
    }
    void complain(std::string_view text) override
    {
        std::fwrite(text.data(), 1, text.size(), stderr);
        std::fputc('\n', stderr);
    }
};

} // namespace billing::app
