// The command line of billing-usage, as values. Pure. Source: DESIGN section 4.
#pragma once

#include "shared/usage_client/csv_mapping.h"

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
    std::string server; ///< empty only with dryRun: then nothing is asked
    std::string certificateFile;
    std::string keyFile;
    std::string authorityFile;
    std::string tokenFile;
    bool backfill = false; ///< also send events older than 35 days
    FileFormat format = FileFormat::Ndjson;
    std::optional<CsvMapping> csv = {}; ///< with FileFormat::Csv
    std::size_t batchSize = 1'000;
    std::chrono::seconds giveUpAfter{120};
    std::string file;  ///< "-": standard input
    bool help = false; ///< everything else is then as it came

    bool dryRun = false;                       ///< check, and send nothing
    std::string skipBad = {};                  ///< bad rows go to that file, and the others are sent
    std::string metersFile = {};               ///< a price list to check against instead of the server's
    int retentionMonths = 84;                  ///< older usage is bad, as the server's configuration says
    std::vector<std::string> alreadySent = {}; ///< files whose rows come before those of this one
};

/// The arguments behind the program's name. Refuses, naming the option: UnknownParameter, MissingField (an
/// option that is needed, or an option's value), DuplicateKey (an option that may come once), InvalidValue,
/// and what csvMappingOf refuses.
Result<SendCommand> parseCommand(std::span<const std::string_view> arguments);

std::string_view helpText();

} // namespace billing::client
