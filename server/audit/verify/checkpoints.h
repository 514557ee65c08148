// Reads D/checkpoints/checkpoints.jsonl by its published form, strictly: one spelling of a line is accepted,
// so what was signed is what is read.
#pragma once

#include "server/audit/verify/digest.h"

#include <map>
#include <optional>
#include <string>

namespace verify {

/// For each chain, the hash that some of its entries had when they were signed.
using Promises = std::map<std::string, std::map<std::int64_t, std::string>>;

struct CheckpointReport
{
    Promises promises = {};
    std::int64_t lines = 0;  ///< good ones
    std::string broken = {}; ///< why the line after those is not; empty when all are
};

/// Nothing when the file cannot be read. A last line without line feed was cut by a power loss: not counted.
std::optional<CheckpointReport> readCheckpoints(const std::string& file, const PublicKey& key);

} // namespace verify
