// What billing-usage does with its command: checks the file, sends it, prints the summary. Prints to standard
// output and standard error. One thread.
#pragma once

#include "shared/usage_client/billing_usage/options.h"
#include "shared/usage_client/usage_client.h"

namespace billing::client {

/// The exit code: 0 everything was counted, 1 some rows were not, 2 the input or the server's answer forbids
/// going on, 3 gave up, 4 rows are bad and nothing was sent. Whatever was sent until then is in the summary.
int run(const SendCommand& command, Ports ports);

} // namespace billing::client
