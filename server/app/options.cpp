#include "server/app/commands.h"

#include <cstdio>

namespace billing::app {

Result<Options> Options::parse(const std::vector<std::string>& words, const std::set<std::string>& valued,
                               const std::set<std::string>& switches)
{
    Options options;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (!word.starts_with("--"))
            return Error{ErrorCode::WrongType, word, "expected an option"};
        const std::string name = word.substr(2);
        if (switches.contains(name)) {
            options.m_values[name] = {};
        } else if (!valued.contains(name)) {
            return Error{ErrorCode::UnknownParameter, word};
        } else if (++i == words.size()) {
            return Error{ErrorCode::MissingField, word, "needs a value"};
        } else {
            options.m_values[name] = words[i];
        }
    }
    return options;
}

std::string Options::value(const std::string& name, const std::string& otherwise) const
{
    const auto found = m_values.find(name);
    return found == m_values.end() ? otherwise : found->second;
}

Result<Configuration> configurationOf(const Options& options)
{
    if (options.has("data-dir") == options.has("config"))
        return Error{ErrorCode::MissingField, "--data-dir or --config", "exactly one of them"};
    return options.has("config") ? readConfiguration(options.value("config"))
                                 : billing::configurationOf(options.value("data-dir"));
}

int exitCodeOf(const Error& error)
{
    const bool words = error.code == ErrorCode::UnknownParameter || error.code == ErrorCode::MissingField ||
                       error.code == ErrorCode::WrongType;
    return words ? 2 : 1;
}

int refuse(const std::string& command, const Error& error)
{
    std::fprintf(stderr, "billing-server %s: %s\n", command.c_str(), toText(error).c_str());
    return exitCodeOf(error);
}

} // namespace billing::app
