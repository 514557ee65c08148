#include "shared/usage_client/billing_usage/options.h"

#include "shared/usage_client/billing_usage/csv_options.h"

#include <array>
#include <charconv>

namespace billing::client {

namespace {

Result<std::string> required(const WrittenOptions& written, std::string_view option)
{
    std::string text = written.text(option);
    if (text.empty())
        return Error{ErrorCode::MissingField, std::string(option)};
    return text;
}

Result<std::int64_t> numberWithin(const WrittenOptions& written, std::string_view option, std::int64_t most)
{
    const std::string text = written.text(option);
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size() || number < 1 || number > most)
        return Error{ErrorCode::InvalidValue, std::string(option), "expected 1 to " + std::to_string(most)};
    return number;
}

Result<void> readFormat(const WrittenOptions& written, SendCommand& command)
{
    const std::string file = written.files.empty() ? "" : written.files.front();
    for (const std::string_view ending : {".csv", ".csv.gz", ".tsv", ".tsv.gz"})
        if (!written.has("--format") && file.ends_with(ending))
            return Error{ErrorCode::MissingField, "--format",
                         "a table needs --format csv and the columns that hold time, value and customer"};
    const std::string format = written.has("--format") ? written.text("--format") : "ndjson";
    if (format == "csv") {
        auto mapping = csvMappingOf(written);
        if (!mapping)
            return mapping.error();
        command.format = FileFormat::Csv;
        command.csv = std::move(*mapping);
    } else if (format != "ndjson") {
        return Error{ErrorCode::InvalidValue, "--format", "expected ndjson or csv"};
    } else {
        for (const auto& [option, values] : written.values)
            if (isCsvOption(option))
                return Error{ErrorCode::InvalidValue, std::string(option), "only with --format csv"};
    }
    command.alreadySent = written.all("--already-sent");
    if (!command.alreadySent.empty() && (!command.csv || command.csv->identity != CsvIdentity::Content))
        return Error{ErrorCode::InvalidValue, "--already-sent",
                     "only where a row's content is its identity, with --format csv"};
    return {};
}

Result<void> readNumbers(const WrittenOptions& written, SendCommand& command)
{
    if (written.has("--batch-size")) {
        const auto size = numberWithin(written, "--batch-size", 1'000);
        if (!size)
            return size.error();
        command.batchSize = static_cast<std::size_t>(*size);
    }
    if (written.has("--give-up-after")) {
        const auto seconds = numberWithin(written, "--give-up-after", 86'400);
        if (!seconds)
            return seconds.error();
        command.giveUpAfter = std::chrono::seconds(*seconds);
    }
    if (written.has("--retention-months")) {
        const auto months = numberWithin(written, "--retention-months", 240);
        if (!months)
            return months.error();
        command.retentionMonths = static_cast<int>(*months);
    }
    return {};
}

Result<void> readServer(const WrittenOptions& written, SendCommand& command)
{
    const std::array<std::pair<std::string_view, std::string*>, 5> needed{
        {{"--server", &command.server},
         {"--cert", &command.certificateFile},
         {"--key", &command.keyFile},
         {"--ca", &command.authorityFile},
         {"--token-file", &command.tokenFile}}};
    if (command.dryRun && !written.has("--server"))
        return {};
    for (const auto& [option, place] : needed) {
        auto value = required(written, option);
        if (!value)
            return value.error();
        *place = std::move(*value);
    }
    return {};
}

Result<SendCommand> readCommand(const WrittenOptions& written)
{
    SendCommand command;
    command.dryRun = written.has("--dry-run");
    if (auto read = readServer(written, command); !read)
        return read.error();
    command.backfill = written.has("--backfill");
    if (auto read = readFormat(written, command); !read)
        return read.error();
    if (auto read = readNumbers(written, command); !read)
        return read.error();
    for (const std::string_view option : {"--skip-bad", "--meters"})
        if (written.has(option) && written.text(option).empty())
            return Error{ErrorCode::MissingField, std::string(option), "needs a file"};
    command.skipBad = written.text("--skip-bad");
    command.metersFile = written.text("--meters");
    if (command.dryRun && !command.skipBad.empty())
        return Error{ErrorCode::InvalidValue, "--skip-bad", "not together with --dry-run"};
    if (written.files.size() != 1 || written.files.front().empty())
        return Error{ErrorCode::MissingField, "FILE", "expected exactly one"};
    command.file = written.files.front();
    return command;
}

} // namespace

Result<SendCommand> parseCommand(std::span<const std::string_view> arguments)
{
    SendCommand help;
    help.help = true;
    if (!arguments.empty() && arguments.front() == "--help")
        return help;
    if (arguments.empty() || arguments.front() != "send")
        return Error{ErrorCode::MissingField, "send", "the one command there is"};
    const auto written = collectOptions(arguments.subspan(1));
    if (!written)
        return written.error();
    return written->has("--help") ? help : readCommand(*written);
}

} // namespace billing::client
