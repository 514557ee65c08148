// The whole road at once: usage arrives at a fixed rate and is settled meanwhile, and somebody asks.
#pragma once

#include "tests/bench/usage_load.h"

namespace billing::bench {

/// Prints whether the rate was sustained: the answers' latency, the greatest lag seen (age of the oldest
/// usage that waits) while it ran, and how long the rest took to settle when it was over.
void benchTogether(Engine engine, int seconds, double eventsPerSecond);

/// Prints the latency of GET /usage/current, asked 500 times a second while that usage arrives.
void benchAsking(Engine engine, int seconds, double eventsPerSecond);

} // namespace billing::bench
