// What billing-server can be told to do, one function and source file each. Findings go to stdout, refusals
// to stderr; the answer is the exit code: 0 all is well, 1 it is not, 2 the words were wrong. Those that need
// an open house are in house_commands.h.
#pragma once

#include "server/app/configuration.h"
#include "shared/kernel/result.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace billing::app {

/// The options of a command line: --name value, or a switch --name alone.
class Options
{
public:
    /// Refuses UnknownParameter, MissingField (an option without its value), WrongType (a word that is no
    /// option).
    static Result<Options> parse(const std::vector<std::string>& words, const std::set<std::string>& valued,
                                 const std::set<std::string>& switches);

    bool has(const std::string& name) const { return m_values.contains(name); }
    std::string value(const std::string& name, const std::string& otherwise = {}) const;

private:
    std::map<std::string, std::string> m_values;
};

/// The configuration that --data-dir D (with D/billing.toml) or --config F names. Refuses MissingField unless
/// it is exactly one of them, then as readConfiguration.
Result<Configuration> configurationOf(const Options& options);

int initCommand(const std::vector<std::string>& words);
int runCommand(const std::vector<std::string>& words);
int tokenCommand(const std::vector<std::string>& words);
int demoCommand(const std::vector<std::string>& words);
int statusCommand(const std::vector<std::string>& words);
int restoreCommand(const std::vector<std::string>& words);

/// 2 for wrong words, else 1.
int exitCodeOf(const Error& error);
/// Says why on stderr, with the command's name, and answers exitCodeOf.
int refuse(const std::string& command, const Error& error);

} // namespace billing::app
