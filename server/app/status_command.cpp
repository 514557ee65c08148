// billing-server status --data-dir D | --config F.toml: what the server that runs there says of itself. Exit
// code 0 when it is ready, 1 when it is not or none runs.
#include "server/app/admin_socket.h"
#include "server/app/commands.h"

namespace billing::app {

int statusCommand(const std::vector<std::string>& words)
{
    const auto options = Options::parse(words, {"data-dir", "config"}, {});
    if (!options)
        return refuse("status", options.error());
    const auto configuration = configurationOf(*options);
    if (!configuration)
        return refuse("status", configuration.error());
    StandardOutput output;
    const auto asked = askServer(configuration->directory.adminSocket(), {"status"}, output);
    if (!asked)
        return refuse("status", asked.error());
    if (*asked)
        return **asked;
    output.line("stopped");
    return 1;
}

} // namespace billing::app
