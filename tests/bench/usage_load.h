// Loads of usage for a running server, as requests of the load generator: who sends, how many events a
// request carries, how fast.
#pragma once

#include "tests/bench/load_generator.h"
#include "tests/bench/site.h"

namespace billing::bench {

struct Load
{
    int seconds;
    std::size_t connections;
    std::size_t eventsPerRequest; ///< 0: one event without a batch around it
    double requestsPerSecond;     ///< 0: as fast as it goes
};

/// One event as JSON; its id is a scrambled number, as random ids are.
std::string eventJson(std::uint64_t number, int tenant, const std::string& timestamp);
/// "evt-9e3779b97f4a7c15"
std::string eventId(std::uint64_t number);

LoadPlan planOf(const Site& site, const Load& load, std::uint16_t port);
/// The report, or the end of the program when connections broke.
LoadReport checked(LoadReport report);
/// What was accepted; a refusal costs next to nothing and is not a figure.
double acceptedPerSecond(const LoadReport& report);

} // namespace billing::bench
