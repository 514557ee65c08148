#include "shared/usage_client/billing_usage/options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <vector>

namespace billing::client {

namespace {

constexpr std::array<std::string_view, 11> valueOptions{
    "--server",      "--cert",       "--key",          "--ca",
    "--token-file",  "--format",     "--tenant",       "--event-id-prefix",
    "--time-column", "--batch-size", "--give-up-after"};
constexpr std::array<std::string_view, 3> switches{"--backfill", "--assume-utc", "--help"};
constexpr std::array<std::string_view, 4> csvOnly{"--tenant", "--event-id-prefix", "--time-column",
                                                  "--assume-utc"};

/// What was written, each option at most once but --event.
struct Written
{
    std::map<std::string_view, std::string> values = {};
    std::vector<std::string> events = {};
    std::vector<std::string> files = {};

    bool has(std::string_view option) const { return values.contains(option); }
};

template <std::size_t count>
bool isOneOf(std::string_view option, const std::array<std::string_view, count>& options)
{
    return std::find(options.begin(), options.end(), option) != options.end();
}

Result<Written> collect(std::span<const std::string_view> arguments)
{
    Written written;
    bool onlyFiles = false;
    for (std::size_t at = 0; at < arguments.size(); ++at) {
        const std::string_view argument = arguments[at];
        if (onlyFiles || argument.size() < 2 || argument.front() != '-') {
            written.files.emplace_back(argument);
            continue;
        }
        if (argument == "--") {
            onlyFiles = true;
            continue;
        }
        const bool takesValue = argument == "--event" || isOneOf(argument, valueOptions);
        if (!takesValue && !isOneOf(argument, switches))
            return Error{ErrorCode::UnknownParameter, std::string(argument)};
        if (takesValue && at + 1 == arguments.size())
            return Error{ErrorCode::MissingField, std::string(argument), "needs a value"};
        std::string value(takesValue ? arguments[++at] : std::string_view());
        if (argument == "--event")
            written.events.push_back(std::move(value));
        else if (!written.values.emplace(argument, std::move(value)).second)
            return Error{ErrorCode::DuplicateKey, std::string(argument)};
    }
    return written;
}

Result<std::string> required(const Written& written, std::string_view option)
{
    const auto found = written.values.find(option);
    if (found == written.values.end() || found->second.empty())
        return Error{ErrorCode::MissingField, std::string(option)};
    return found->second;
}

Result<std::int64_t> numberWithin(const Written& written, std::string_view option, std::int64_t most)
{
    const std::string& text = written.values.at(option);
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size() || number < 1 || number > most)
        return Error{ErrorCode::InvalidValue, std::string(option), "expected 1 to " + std::to_string(most)};
    return number;
}

Result<CsvMapping> csvMapping(const Written& written)
{
    const auto name = required(written, "--tenant");
    const auto prefix = required(written, "--event-id-prefix");
    const auto timeColumn = required(written, "--time-column");
    for (const auto* wanted : {&name, &prefix, &timeColumn})
        if (!*wanted)
            return wanted->error();
    const auto tenant = parseTenantId(*name);
    if (!tenant)
        return Error{tenant.error().code, "--tenant", tenant.error().detail};
    if (written.events.empty())
        return Error{ErrorCode::MissingField, "--event"};
    CsvMapping mapping{*tenant,
                       *prefix,
                       *timeColumn,
                       written.has("--assume-utc") ? MissingZone::AssumeUtc : MissingZone::Refuse,
                       {}};
    for (const std::string& text : written.events) {
        auto event = parseCsvEventMapping(text);
        if (!event)
            return Error{event.error().code, "--event", event.error().subject + ": " + event.error().detail};
        mapping.events.push_back(std::move(*event));
    }
    return mapping;
}

Result<void> readFormat(const Written& written, SendCommand& command)
{
    const auto format = written.values.find("--format");
    if (format != written.values.end() && format->second == "csv") {
        auto mapping = csvMapping(written);
        if (!mapping)
            return mapping.error();
        command.format = FileFormat::Csv;
        command.csv = std::move(*mapping);
        return {};
    }
    if (format != written.values.end() && format->second != "ndjson")
        return Error{ErrorCode::InvalidValue, "--format", "expected ndjson or csv"};
    for (const std::string_view option : csvOnly)
        if (written.has(option))
            return Error{ErrorCode::InvalidValue, std::string(option), "only with --format csv"};
    if (!written.events.empty())
        return Error{ErrorCode::InvalidValue, "--event", "only with --format csv"};
    return {};
}

Result<void> readNumbers(const Written& written, SendCommand& command)
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
    return {};
}

Result<SendCommand> readCommand(const Written& written)
{
    SendCommand command;
    const std::array<std::pair<std::string_view, std::string*>, 5> needed{
        {{"--server", &command.server},
         {"--cert", &command.certificateFile},
         {"--key", &command.keyFile},
         {"--ca", &command.authorityFile},
         {"--token-file", &command.tokenFile}}};
    for (const auto& [option, place] : needed) {
        auto value = required(written, option);
        if (!value)
            return value.error();
        *place = std::move(*value);
    }
    command.backfill = written.has("--backfill");
    if (auto read = readFormat(written, command); !read)
        return read.error();
    if (auto read = readNumbers(written, command); !read)
        return read.error();
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
    const auto written = collect(arguments.subspan(1));
    if (!written)
        return written.error();
    return written->has("--help") ? help : readCommand(*written);
}

std::string_view helpText()
{
    return R"(billing-usage send --server URL --cert F --key F --ca F --token-file F [options] FILE

Sends the usage events of FILE and waits until they are counted. Prints how many were accepted, duplicate, conflict
and rejected. Sending the same file again is harmless: its events are then duplicates.

  --server URL              https://host:port
  --cert F, --key F         this client's certificate and its key (PEM)
  --ca F                    the authority the server's certificate must come from (PEM)
  --token-file F            holds the token; read again when the server no longer takes it
  --backfill                also send events older than 35 days; the token must allow it
  --batch-size N            events a request, 1 to 1000 (1000)
  --give-up-after SECONDS   of trying one batch (120)

  --format ndjson           one JSON event a line (this is what happens without --format)
  --format csv              a table with a header line:
    --tenant T              whose usage it is
    --event-id-prefix P     event ids are P-<row>-<event>
    --time-column C         RFC 3339, also with a space between date and time
    --assume-utc            times without a zone are UTC
    --event METRIC=COLUMN[,dimension=value...]    one event per row; may be given several times

Exit code: 0 nothing was rejected, 1 some events were (conflicts count), 2 the command or the input is wrong or the
server refused, 3 gave up.
)";
}

} // namespace billing::client
