// The console's wiring: threads, preferences, keyring, session, window; and the order in which they go. One
// object per process, made after the QApplication.
#pragma once

#include "console/app/options.h"

namespace billing::console {

/// Runs the window, or takes the pictures; the process's exit code.
int runConsole(const Options& options);

} // namespace billing::console
