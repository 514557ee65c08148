// D/admin.sock: how commands reach the server that owns the data directory. Only the user the server runs as
// may speak: the file is mode 0600, and the kernel says who is at the other end (SO_PEERCRED). The file of a
// killed server is replaced; whoever opens the socket holds the directory's lock.
//
// One thread accepts and answers, one client after the other; a client that sends nothing for five seconds or
// more than its frame allows is cut.
#pragma once

#include "server/app/command_output.h"
#include "server/app/log.h"
#include "shared/kernel/result.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

namespace billing::app {

class AdminSocket
{
public:
    /// Runs a command and answers its exit code; on the socket's thread.
    using Run = std::function<int(const std::vector<std::string>& words, CommandOutput& output)>;

    /// Refuses ListenFailed.
    static Result<std::unique_ptr<AdminSocket>> open(const std::filesystem::path& file, Log& log, Run run);
    /// Lets a command that runs end, then removes the file.
    ~AdminSocket();

private:
    AdminSocket(std::filesystem::path file, Log& log, Run run);
    Result<void> listen();
    void serve();
    void welcome(int client);

    std::filesystem::path m_file;
    Log& m_log;
    Run m_run;
    int m_listener = -1;
    int m_wake = -1; ///< readable once it shall stop
    std::thread m_thread;
};

/// Asks the server that owns the directory to run a command, passing its words on as they come. The exit
/// code, or nothing when no server listens there. Refuses NetworkFailed when it went away meanwhile.
Result<std::optional<int>> askServer(const std::filesystem::path& file, const std::vector<std::string>& words,
                                     CommandOutput& output);

} // namespace billing::app
