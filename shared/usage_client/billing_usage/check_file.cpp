#include "shared/usage_client/billing_usage/check_file.h"

namespace billing::client {

namespace {

constexpr std::int64_t rowsBetweenProgress = 10'000;

/// As it is.
std::string textOf(const UsageEvent& event, std::string_view field)
{
    constexpr std::string_view dimensions = "dimensions.";
    if (field == "value")
        return event.value.toText();
    if (field == "timestamp")
        return event.at.toText();
    if (field == "tenant_id")
        return event.tenant.text();
    if (field == "metric_type")
        return event.metricType;
    if (field == "source")
        return event.source;
    if (field == "event_id")
        return event.eventId;
    const std::string* const value = field.starts_with(dimensions)
                                         ? findDimension(event.dimensions, field.substr(dimensions.size()))
                                         : nullptr;
    return value ? *value : std::string();
}

} // namespace

std::string fieldText(const UsageEvent& event, std::string_view field)
{
    return shownText(textOf(event, field));
}

std::optional<RowProblem> problemOf(const FileRows& rows, const FileRow& row, const EventRules& rules)
{
    if (row.problem)
        return row.problem;
    for (std::size_t index = 0; index < row.events.size(); ++index) {
        const auto checked = checkEvent(row.events[index], rules);
        if (checked)
            continue;
        const std::string& field = checked.error().subject;
        return RowProblem{rows.columnOf(field, index), fieldText(row.events[index], field), checked.error()};
    }
    return std::nullopt;
}

Result<CheckedFile> checkFile(const Reading& reading, const ReadingProgress& progress)
{
    CheckedFile checked;
    while (true) {
        const auto row = reading.rows.next();
        if (!row)
            return row.error();
        if (!*row)
            break;
        ++checked.rows;
        auto problem = problemOf(reading.rows, **row, reading.rules);
        checked.bad.push_back(problem.has_value());
        if (problem) {
            ++checked.badRows;
            if (checked.listed.size() < listedRows)
                checked.listed.push_back({(*row)->line, std::move(*problem)});
            if (auto kept = reading.badRows.add(reading.rows.header(), reading.rows.bytes()); !kept)
                return kept.error();
        } else {
            reading.ids.learn(**row);
            checked.events += std::ssize((*row)->events);
        }
        if (progress && checked.rows % rowsBetweenProgress == 0)
            progress(reading.rows.bytesRead(), checked.rows);
    }
    if (auto flushed = reading.badRows.flush(); !flushed)
        return flushed.error();
    return checked;
}

} // namespace billing::client
