#include "shared/usage_client/billing_usage/csv_options.h"

#include <algorithm>
#include <array>

namespace billing::client {

namespace {

/// What is put behind it has at most 54 bytes, and the server takes 256.
constexpr std::size_t longestPrefix = 200;

Error refused(std::string_view option, std::string detail, ErrorCode code = ErrorCode::InvalidValue)
{
    return {code, std::string(option), std::move(detail)};
}

/// The error of a part, as that of its option.
Error ofOption(std::string_view option, const Error& error)
{
    const std::string about = error.subject.empty() ? "" : error.subject + ": ";
    return {error.code, std::string(option), about + error.detail};
}

Result<void> exclude(const WrittenOptions& written)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> pairs{
        {{"--tenant", "--tenant-column"},
         {"--source", "--source-column"},
         {"--event", "--metric-column"},
         {"--event", "--value-column"},
         {"--assume-utc", "--time-zone"},
         {"--event-id-column", "--event-id-prefix"},
         {"--event-id-column", "--row-number-ids"},
         {"--time-format", "--time-zone"},
         {"--time-format", "--assume-utc"},
         {"--time-format", "--ambiguous"}}};
    for (const auto& [one, other] : pairs) {
        const auto format = parseTimeFormat(written.text(one));
        const bool together = one == "--time-format" && format && !isCount(*format);
        if (written.has(one) && written.has(other) && !together)
            return refused(one, "not together with " + std::string(other));
    }
    for (const auto& [option, values] : written.values)
        for (const std::string& value : values)
            if (option.ends_with("-column") && withoutBlanks(value).empty())
                return refused(option, "a column's name", ErrorCode::MissingField);
    return {};
}

Result<void> readIdentity(const WrittenOptions& written, CsvMapping& mapping)
{
    mapping.eventIdPrefix = written.text("--event-id-prefix");
    const std::string& prefix = mapping.eventIdPrefix;
    const bool plain = std::none_of(prefix.begin(), prefix.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F;
    });
    if (written.has("--event-id-prefix") && (prefix.empty() || prefix.size() > longestPrefix || !plain))
        return refused("--event-id-prefix", "expected 1 to 200 characters of ASCII");
    if (written.has("--event-id-column")) {
        mapping.identity = CsvIdentity::Column;
        mapping.eventIdColumn = written.text("--event-id-column");
    }
    if (!written.has("--row-number-ids"))
        return {};
    if (prefix.empty())
        return refused("--event-id-prefix", "--row-number-ids needs the prefix that was used before",
                       ErrorCode::MissingField);
    mapping.identity = CsvIdentity::RowNumber;
    return {};
}

Result<void> readEvents(const WrittenOptions& written, CsvMapping& mapping)
{
    for (const std::string& text : written.all("--event")) {
        auto event = parseCsvEventMapping(text);
        if (!event)
            return ofOption("--event", event.error());
        mapping.events.push_back(std::move(*event));
    }
    mapping.metricColumn = written.text("--metric-column");
    if (written.has("--value-column"))
        mapping.events.push_back({"", written.text("--value-column"), {}});
    if (written.has("--metric-column") != written.has("--value-column"))
        return refused(written.has("--metric-column") ? "--value-column" : "--metric-column",
                       "the two belong together", ErrorCode::MissingField);
    if (mapping.events.empty())
        return refused("--event", "or --metric-column and --value-column: what is to be counted",
                       ErrorCode::MissingField);
    for (const std::string& text : written.all("--dimension")) {
        auto dimension = parseCsvDimension(text);
        if (!dimension)
            return ofOption("--dimension", dimension.error());
        const auto isIt = [&](const CsvDimension& other) { return other.name == dimension->name; };
        if (std::any_of(mapping.dimensions.begin(), mapping.dimensions.end(), isIt))
            return refused("--dimension", dimension->name + " is given twice", ErrorCode::DuplicateKey);
        mapping.dimensions.push_back(std::move(*dimension));
    }
    mapping.dimensionsFromRest = written.has("--dimensions-from-rest");
    return {};
}

Result<void> readTime(const WrittenOptions& written, CsvMapping& mapping)
{
    mapping.timeColumn = written.text("--time-column");
    if (mapping.timeColumn.empty())
        return refused("--time-column", "", ErrorCode::MissingField);
    if (written.has("--assume-utc"))
        mapping.missingZone = MissingZone::AssumeUtc;
    if (written.has("--time-format")) {
        const auto format = parseTimeFormat(written.text("--time-format"));
        if (!format)
            return ofOption("--time-format", format.error());
        mapping.time.format = *format;
    }
    if (written.has("--time-zone")) {
        const auto zone = LocalZone::find(written.text("--time-zone"));
        if (!zone)
            return refused("--time-zone", zone.error().detail, zone.error().code);
        mapping.time.zone = *zone;
    }
    if (!written.has("--ambiguous"))
        return {};
    const std::string which = written.text("--ambiguous");
    if (which != "first" && which != "second")
        return refused("--ambiguous", "expected first or second");
    mapping.time.ambiguous = which == "first" ? Ambiguous::First : Ambiguous::Second;
    return {};
}

Result<void> readForm(const WrittenOptions& written, CsvMapping& mapping)
{
    mapping.decimalMark = written.has("--decimal-comma") ? DecimalMark::Comma : DecimalMark::Point;
    const std::string delimiter = written.text("--delimiter");
    if (!written.has("--delimiter") || delimiter == "auto")
        return {};
    if (delimiter == "tab") {
        mapping.delimiter = '\t';
        return {};
    }
    const bool printable = delimiter.size() == 1 && delimiter[0] >= ' ' && delimiter[0] < '\x7F';
    if (!printable || delimiter == "\"")
        return refused("--delimiter", "expected auto, tab or one character like ;");
    mapping.delimiter = delimiter[0];
    return {};
}

} // namespace

Result<CsvMapping> csvMappingOf(const WrittenOptions& written)
{
    CsvMapping mapping{{}, "", "", MissingZone::Refuse, {}};
    if (auto excluded = exclude(written); !excluded)
        return excluded.error();
    mapping.tenantColumn = written.text("--tenant-column");
    mapping.source = written.text("--source");
    mapping.sourceColumn = written.text("--source-column");
    if (mapping.tenantColumn.empty()) {
        const std::string name = written.text("--tenant");
        if (name.empty())
            return refused("--tenant", "or --tenant-column", ErrorCode::MissingField);
        const auto tenant = parseTenantId(name);
        if (!tenant)
            return Error{tenant.error().code, "--tenant", tenant.error().detail};
        mapping.tenant = *tenant;
    }
    for (const auto read : {readIdentity, readTime, readEvents, readForm})
        if (auto done = read(written, mapping); !done)
            return done.error();
    return mapping;
}

} // namespace billing::client
