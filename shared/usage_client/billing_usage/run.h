// What billing-usage does with its command: opens the file, sends it, prints the summary. Prints to standard
// output and standard error. One thread.
#pragma once

#include "shared/usage_client/billing_usage/options.h"
#include "shared/usage_client/usage_client.h"

namespace billing::client {

/// The exit code: 0 nothing was rejected, 1 some events were, 2 the input or the server's answer forbids
/// going on, 3 gave up. Whatever was sent until then is in the summary.
int run(const SendCommand& command, Ports ports);

/// "accepted 38732\nduplicate 0\nconflict 0\nrejected 0\n": stable, for scripts.
std::string summaryOf(const SendReport& report);

} // namespace billing::client
