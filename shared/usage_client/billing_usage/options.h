// The command line of billing-usage, as values. Pure. Source: DESIGN section 4.
#pragma once

#include "shared/usage_client/csv_events.h"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace billing::client {

enum class FileFormat
{
    Ndjson,
    Csv
};

struct SendCommand
{
    std::string server;
    std::string certificateFile;
    std::string keyFile;
    std::string authorityFile;
    std::string tokenFile;
    bool backfill = false; ///< also send events older than 35 days
    FileFormat format = FileFormat::Ndjson;
    std::optional<CsvMapping> csv = {}; ///< with FileFormat::Csv
    std::size_t batchSize = 1'000;
    std::chrono::seconds giveUpAfter{120};
    std::string file;
    bool help = false; ///< everything else is then as it came
};

/// The arguments behind the program's name. Refuses, naming the option: UnknownParameter, MissingField (an
/// option that is needed, or an option's value), DuplicateKey (an option that may come once), InvalidValue,
/// InvalidTenantId.
Result<SendCommand> parseCommand(std::span<const std::string_view> arguments);

std::string_view helpText();

} // namespace billing::client
