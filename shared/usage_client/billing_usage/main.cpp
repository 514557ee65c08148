// billing-usage: sends usage events from a file over the client library.
#include "shared/usage_client/billing_usage/run.h"

#include <cstdio>

int main(int argc, char** argv)
{
    using namespace billing::client;
    const std::vector<std::string_view> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    const auto command = parseCommand(arguments);
    if (!command) {
        std::fprintf(stderr, "billing-usage: %s\nTry billing-usage --help.\n",
                     toText(command.error()).c_str());
        return 2;
    }
    if (command->help)
        return std::fputs(helpText().data(), stdout) < 0 ? 2 : 0;
    return run(*command, systemPorts());
}
