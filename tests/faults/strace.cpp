#include "tests/faults/strace.h"

#include <QTest>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace billing::test {

namespace {

using namespace std::chrono_literals;

std::vector<std::string> optionsFor(const Injection& injection, const std::filesystem::path& log)
{
    std::vector<std::string> words{"-f", "-o", log.string(), "-e", "trace=" + injection.call};
    if (!injection.effect.empty()) {
        const std::string when = injection.when.empty() ? "" : ":when=" + injection.when;
        words.insert(words.end(), {"-e", "inject=" + injection.call + ':' + injection.effect + when});
    }
    return words;
}

Command attaching(std::int64_t process, const Injection& injection, const std::filesystem::path& log)
{
    std::vector<std::string> words = optionsFor(injection, log);
    words.insert(words.end(), {"-p", std::to_string(process)});
    return {"strace", std::move(words)};
}

std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream stream(file);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

} // namespace

std::string whyNoInjection()
{
    // A directory cannot be made when mkdir is made to fail: so the injection works.
    const Finished version = runToEnd({"strace", {"--version"}}, 10s);
    if (version.exitCode != 0)
        return "strace is not installed";
    const Finished probe = runToEnd(
        {"strace", {"-f", "-e", "trace=chdir", "-e", "inject=chdir:error=EIO", "env", "-C", "/", "true"}},
        10s);
    return probe.errors.find("(INJECTED)") != std::string::npos
               ? std::string()
               : "strace may not inject here: " + probe.errors.substr(0, probe.errors.find('\n'));
}

Strace::Strace(std::int64_t process, const Injection& injection, std::filesystem::path log)
    : m_log(std::move(log))
    , m_process(attaching(process, injection, m_log))
    , m_isAttached(QTest::qWaitFor(
          [this] { return m_process.errors().find(" attached") != std::string::npos; }, 10'000))
{
}

Command Strace::launching(const Command& command, const Injection& injection,
                          const std::filesystem::path& log)
{
    std::vector<std::string> words = optionsFor(injection, log);
    words.insert(words.end(), {"-D", command.program.string()});
    words.insert(words.end(), command.arguments.begin(), command.arguments.end());
    return {"strace", std::move(words), command.environment};
}

void Strace::detach()
{
    m_process.terminate();
    static_cast<void>(m_process.waitForExit(10s));
}

CallCounts Strace::counts() const
{
    return countsOf(m_log);
}

int Strace::injected() const
{
    const std::string text = contentOf(m_log);
    int count = 0;
    for (auto at = text.find("(INJECTED)"); at != std::string::npos; at = text.find("(INJECTED)", at + 1))
        ++count;
    return count;
}

CallCounts countsOf(const std::filesystem::path& log)
{
    std::map<std::pair<std::string, std::string>, int> ofThread;
    std::ifstream lines(log);
    for (std::string line; std::getline(lines, line);) {
        // "4711  fdatasync(12) = 0"; what resumes or ends is no new call.
        std::istringstream words(line);
        std::string thread;
        std::string call;
        words >> thread >> call;
        const auto parenthesis = call.find('(');
        if (parenthesis != std::string::npos && parenthesis > 0)
            ++ofThread[{thread, call.substr(0, parenthesis)}];
    }
    CallCounts counts;
    for (const auto& [key, count] : ofThread)
        counts[key.second] = std::max(counts[key.second], count);
    return counts;
}

} // namespace billing::test
