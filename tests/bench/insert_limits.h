// What an engine needs for the rows of usage alone, into one table keyed by the texts of an event: no
// identity hashed, no rollup, no head, no journal. The figures settling is held against.
#pragma once

#include "shared/model/usage_event.h"

#include <filesystem>
#include <optional>
#include <span>

namespace billing::bench {

/// Inserts in transactions of so many rows, flushed as the house flushes. Rows that repeat a key are ignored.
void insertIntoSqlite(const std::filesystem::path& file, std::span<const UsageEvent> events,
                      std::size_t rowsPerTransaction);

/// One connection's COPY, in a cluster made for it, which flushes; answers the seconds it took, without those
/// of making the cluster. Repeated keys must have been left out. Nothing where PostgreSQL is not installed.
std::optional<double> copyIntoPostgres(std::span<const UsageEvent> events, std::size_t rowsPerTransaction);

} // namespace billing::bench
