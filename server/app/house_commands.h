// The commands that need an open house: the same whether this process opens it, because no server runs on the
// data directory, or the server that owns it runs them for whoever asks through D/admin.sock. Each writes its
// findings to the output and answers the exit code.
#pragma once

#include "server/app/command_output.h"
#include "server/app/commands.h"
#include "server/app/house.h"
#include "server/app/log.h"

namespace billing::app {

int checkInvariants(House& house, const Options& options, CommandOutput& output);
int verifyAudit(House& house, const Options& options, CommandOutput& output);
int retry(House& house, const Options& options, CommandOutput& output);
int backup(House& house, const Options& options, CommandOutput& output);

/// Runs what a client of D/admin.sock asks: the name of a command above, then its options. Refuses other
/// words with 2.
int runHouseCommand(House& house, const std::vector<std::string>& words, CommandOutput& output);

/// What the log calls it; none for other words.
LogName commandName(std::string_view name);

/// From the command line: asks the server that runs on the directory, or opens the house for it.
int houseCommand(const std::string& name, const std::vector<std::string>& words);

/// Says why, with the command's name, and answers 1, or 2 for wrong words.
int refuse(CommandOutput& output, const std::string& command, const Error& error);

} // namespace billing::app
