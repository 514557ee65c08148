#include "server/app/house_commands.h"

#include "server/app/admin_socket.h"
#include "server/app/system_clock.h"

#include <algorithm>

namespace billing::app {

namespace {

struct HouseCommand
{
    std::string_view name;
    int (*run)(House&, const Options&, CommandOutput&);
    std::set<std::string> options;
};

const HouseCommand* find(std::string_view name)
{
    static const HouseCommand commands[] = {
        {"check-invariants", checkInvariants, {}},
        {"verify-audit", verifyAudit, {}},
        {"retry", retry, {}},
        {"backup", backup, {"to"}},
    };
    const auto found = std::find_if(std::begin(commands), std::end(commands),
                                    [&](const HouseCommand& command) { return command.name == name; });
    return found == std::end(commands) ? nullptr : found;
}

/// The words for the server that owns the directory: paths as they are here, not where it runs.
std::vector<std::string> wordsFor(const HouseCommand& command, const Options& options)
{
    std::vector<std::string> words{std::string(command.name)};
    for (const std::string& name : command.options)
        if (options.has(name))
            words.insert(words.end(), {"--" + name, std::filesystem::absolute(options.value(name)).string()});
    return words;
}

} // namespace

int refuse(CommandOutput& output, const std::string& command, const Error& error)
{
    output.complain("billing-server " + command + ": " + toText(error));
    return exitCodeOf(error);
}

LogName commandName(std::string_view name)
{
    constexpr LogName names[] = {"status", "check-invariants", "verify-audit", "retry", "backup"};
    for (const LogName known : names)
        if (known.text() == name)
            return known;
    return {};
}

int runHouseCommand(House& house, const std::vector<std::string>& words, CommandOutput& output)
{
    const std::string name = words.empty() ? "" : words.front();
    const HouseCommand* const command = find(name);
    if (!command)
        return refuse(output, "", {ErrorCode::UnknownParameter, "command"});
    const auto options = Options::parse({words.begin() + 1, words.end()}, command->options, {});
    return options ? command->run(house, *options, output) : refuse(output, name, options.error());
}

int houseCommand(const std::string& name, const std::vector<std::string>& words)
{
    StandardOutput output;
    const HouseCommand* const command = find(name);
    BILLING_ASSERT(command != nullptr);
    std::set<std::string> known = command->options;
    known.insert({"data-dir", "config"});
    const auto options = Options::parse(words, known, {});
    if (!options)
        return refuse(output, name, options.error());
    for (const std::string& needed : command->options)
        if (!options->has(needed))
            return refuse(output, name, {ErrorCode::MissingField, "--" + needed});
    const auto configuration = configurationOf(*options);
    if (!configuration)
        return refuse(output, name, configuration.error());
    const auto asked =
        askServer(configuration->directory.adminSocket(), wordsFor(*command, *options), output);
    if (!asked)
        return refuse(output, name, asked.error());
    if (*asked)
        return **asked;
    const SystemClock clock;
    SystemRandom random;
    const auto house = House::open(*configuration, {clock, random});
    if (!house)
        return refuse(output, name, house.error());
    return command->run(**house, *options, output);
}

} // namespace billing::app
