// A child program of a test: started with arguments, its standard output read line by line, killed as hard as
// the test wants. The child is killed when the object goes. Lives on one thread, the one that made it; needs
// a QCoreApplication (QTEST_GUILESS_MAIN). Waiting always has a limit.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

class QProcess;

namespace billing::test {

struct Command
{
    std::filesystem::path program; ///< a path, or a name looked up in PATH
    std::vector<std::string> arguments = {};
    std::map<std::string, std::string> environment = {}; ///< on top of the test's own
};

class Process
{
public:
    using Limit = std::chrono::milliseconds;

    explicit Process(const Command& command);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    bool started() const;
    std::int64_t processId() const; ///< 0 when it does not run

    void write(std::string_view text);
    void closeInput();

    /// The next line of standard output without its line feed; the last one may lack it. Nothing when the
    /// limit is over or the output has ended.
    std::optional<std::string> readLine(Limit limit);
    /// The first line from here on that holds the text; the lines before it are dropped.
    std::optional<std::string> readLineWith(std::string_view text, Limit limit);
    /// Everything of standard output that was not read as a line; call it after waitForExit.
    std::string restOfOutput();
    /// Everything on standard error so far.
    std::string errors();

    void terminate(); ///< SIGTERM: asks
    void kill();      ///< SIGKILL: as a power cut for the process

    /// The exit code, or minus the signal that ended it; nothing when it still runs at the limit.
    std::optional<int> waitForExit(Limit limit);

private:
    std::unique_ptr<QProcess> m_process;
};

/// What a program that ran to its end left behind.
struct Finished
{
    int exitCode; ///< as Process::waitForExit; -1000 when it did not start or was still running at the limit
    std::string output;
    std::string errors;
};

Finished runToEnd(const Command& command, Process::Limit limit = std::chrono::seconds(60),
                  std::string_view input = {});

/// The lines of standard output of a python3 script of the source tree, e.g.
/// "tests/shared/kernel/decimal_oracle.py". Asserts that it ends with exit code 0.
std::vector<std::string> pythonLines(std::string_view script, std::vector<std::string> arguments = {},
                                     Process::Limit limit = std::chrono::seconds(60));

} // namespace billing::test
