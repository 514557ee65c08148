// billing-server run --data-dir D | --config F.toml [--listen 127.0.0.1:8443]
#include "server/app/commands.h"

#include "server/app/server_process.h"
#include "server/app/system_clock.h"

#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace billing::app {

namespace {

/// SIGINT and SIGTERM are blocked before any thread starts, so that every thread inherits that and one place
/// waits for them.
sigset_t blockStopSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return signals;
}

std::filesystem::path besideThisProgram(const char* name)
{
    std::error_code failed;
    return std::filesystem::read_symlink("/proc/self/exe", failed).parent_path() / name;
}

} // namespace

int runCommand(const std::vector<std::string>& words)
{
    const auto options = Options::parse(words, {"data-dir", "config", "listen"}, {});
    if (!options)
        return refuse("run", options.error());
    auto configuration = configurationOf(*options);
    if (!configuration)
        return refuse("run", configuration.error());
    if (options->has("listen")) {
        const auto listener = developmentListener(options->value("listen"));
        if (!listener)
            return refuse("run", listener.error());
        configuration->listeners = {*listener};
    }
    const sigset_t signals = blockStopSignals();
    const SystemClock clock;
    SystemRandom random;
    const auto house = House::open(*configuration, {clock, random});
    if (!house)
        return refuse("run", house.error());
    Log log(clock, configuration->log);
    const auto server = ServerProcess::start(**house, {besideThisProgram("billing-render"), log});
    if (!server)
        return refuse("run", server.error());
    for (const std::string& address : (*server)->addresses())
        std::printf("listening on https://%s\n", address.c_str());
    std::fflush(stdout);

    int received = 0;
    sigwait(&signals, &received);
    std::printf("stopping\n");
    std::fflush(stdout);
    (*server)->stop();
    return 0;
}

} // namespace billing::app
