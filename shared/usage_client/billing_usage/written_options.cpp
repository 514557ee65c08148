#include "shared/usage_client/billing_usage/written_options.h"

#include <algorithm>
#include <array>

namespace billing::client {

namespace {

constexpr std::array<std::string_view, 11> valueOptions{
    "--server", "--cert",       "--key",           "--ca",       "--token-file",      "--format",
    "--meters", "--batch-size", "--give-up-after", "--skip-bad", "--retention-months"};
constexpr std::array<std::string_view, 13> csvValueOptions{
    "--tenant",    "--tenant-column", "--event-id-prefix", "--event-id-column", "--time-column",
    "--source",    "--source-column", "--time-format",     "--time-zone",       "--ambiguous",
    "--delimiter", "--metric-column", "--value-column"};
constexpr std::array<std::string_view, 2> csvRepeatable{"--event", "--dimension"};
constexpr std::string_view alreadySent = "--already-sent";
constexpr std::array<std::string_view, 3> switches{"--backfill", "--dry-run", "--help"};
constexpr std::array<std::string_view, 4> csvSwitches{"--assume-utc", "--decimal-comma",
                                                      "--dimensions-from-rest", "--row-number-ids"};

template <std::size_t count>
bool isOneOf(std::string_view option, const std::array<std::string_view, count>& options)
{
    return !option.empty() && std::find(options.begin(), options.end(), option) != options.end();
}

bool isRepeatable(std::string_view option)
{
    return isOneOf(option, csvRepeatable) || option == alreadySent;
}

} // namespace

std::string WrittenOptions::text(std::string_view option) const
{
    const auto found = values.find(option);
    return found == values.end() ? std::string() : found->second.front();
}

std::vector<std::string> WrittenOptions::all(std::string_view option) const
{
    const auto found = values.find(option);
    return found == values.end() ? std::vector<std::string>() : found->second;
}

bool isCsvOption(std::string_view option)
{
    return isOneOf(option, csvValueOptions) || isOneOf(option, csvRepeatable) || isOneOf(option, csvSwitches);
}

Result<WrittenOptions> collectOptions(std::span<const std::string_view> arguments)
{
    WrittenOptions written;
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
        const bool takesValue =
            isOneOf(argument, valueOptions) || isOneOf(argument, csvValueOptions) || isRepeatable(argument);
        if (!takesValue && !isOneOf(argument, switches) && !isOneOf(argument, csvSwitches))
            return Error{ErrorCode::UnknownParameter, std::string(argument)};
        if (takesValue && at + 1 == arguments.size())
            return Error{ErrorCode::MissingField, std::string(argument), "needs a value"};
        if (written.has(argument) && !isRepeatable(argument))
            return Error{ErrorCode::DuplicateKey, std::string(argument)};
        written.values[argument].emplace_back(takesValue ? arguments[++at] : std::string_view());
    }
    return written;
}

} // namespace billing::client
