#include "shared/usage_client/csv_events.h"

#include <algorithm>

namespace billing::client {

namespace {

/// Splits "name=value"; both must be there.
Result<Dimension> parsePair(std::string_view text)
{
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size())
        return Error{ErrorCode::InvalidValue, std::string(text), "expected name=value"};
    return Dimension{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

} // namespace

Result<CsvEventMapping> parseCsvEventMapping(std::string_view text)
{
    std::vector<Dimension> pairs;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t comma = std::min(text.find(',', start), text.size());
        auto pair = parsePair(text.substr(start, comma - start));
        if (!pair)
            return pair.error();
        pairs.push_back(std::move(*pair));
        start = comma + 1;
    }
    CsvEventMapping mapping{pairs.front().name, pairs.front().value};
    mapping.dimensions.assign(pairs.begin() + 1, pairs.end());
    std::sort(mapping.dimensions.begin(), mapping.dimensions.end());
    const auto twice = std::adjacent_find(mapping.dimensions.begin(), mapping.dimensions.end(),
                                          [](const auto& a, const auto& b) { return a.name == b.name; });
    if (twice != mapping.dimensions.end())
        return Error{ErrorCode::DuplicateKey, twice->name};
    return mapping;
}

CsvEvents::CsvEvents(CsvReader reader, CsvMapping mapping)
    : m_reader(std::move(reader))
    , m_mapping(std::move(mapping))
    , m_nextEvent(m_mapping.events.size())
{
    BILLING_ASSERT(!m_mapping.events.empty());
}

Result<CsvEvents> CsvEvents::open(std::string path, CsvMapping mapping)
{
    auto file = TextFile::open(std::move(path));
    if (!file)
        return file.error();
    CsvEvents events(CsvReader(std::move(*file)), std::move(mapping));
    if (auto read = events.readHeader(); !read)
        return read.error();
    return events;
}

Result<void> CsvEvents::readHeader()
{
    const auto header = m_reader.next();
    if (!header)
        return header.error();
    if (!*header)
        return m_reader.file().refusal(ErrorCode::MissingField, 1, 1, "no header line");
    m_width = (*header)->size();
    const auto time = columnOf(**header, m_mapping.timeColumn);
    if (!time)
        return time.error();
    m_timeColumn = *time;
    for (const CsvEventMapping& event : m_mapping.events) {
        const auto column = columnOf(**header, event.column);
        if (!column)
            return column.error();
        m_valueColumns.push_back(*column);
    }
    return {};
}

Result<std::size_t> CsvEvents::columnOf(const std::vector<CsvField>& header, const std::string& name) const
{
    const auto named = [&](const CsvField& field) { return field.text == name; };
    const auto found = std::find_if(header.begin(), header.end(), named);
    if (found == header.end())
        return m_reader.file().refusal(ErrorCode::MissingField, header.front().line, 1,
                                       "no column \"" + name + "\"");
    const auto again = std::find_if(found + 1, header.end(), named);
    if (again != header.end())
        return m_reader.file().refusal(ErrorCode::DuplicateKey, again->line, again->column,
                                       "column \"" + name + "\" is there twice");
    return static_cast<std::size_t>(found - header.begin());
}

Result<Instant> CsvEvents::timeOf(const CsvField& field) const
{
    std::string text = field.text;
    if (text.size() > 10 && text[10] == ' ')
        text[10] = 'T';
    auto time = Instant::parse(text);
    if (time)
        return time;
    const auto inUtc = Instant::parse(text + "Z");
    if (!inUtc)
        return m_reader.file().refusal(ErrorCode::InvalidTimestamp, field.line, field.column,
                                       "expected a date and time");
    if (m_mapping.missingZone == MissingZone::Refuse)
        return m_reader.file().refusal(ErrorCode::InvalidTimestamp, field.line, field.column,
                                       "no zone: say --assume-utc if the times are in UTC");
    return inUtc;
}

Result<bool> CsvEvents::readRow()
{
    const auto row = m_reader.next();
    if (!row)
        return row.error();
    m_row = *row;
    if (!m_row)
        return false;
    if (m_row->size() != m_width)
        return m_reader.file().refusal(ErrorCode::MalformedBody, m_row->front().line, 1,
                                       std::to_string(m_row->size()) + " fields, the header has " +
                                           std::to_string(m_width));
    const auto time = timeOf((*m_row)[m_timeColumn]);
    if (!time)
        return time.error();
    m_time = *time;
    ++m_rowNumber;
    m_nextEvent = 0;
    return true;
}

Result<std::optional<UsageEvent>> CsvEvents::next()
{
    if (m_nextEvent == m_mapping.events.size()) {
        const auto more = readRow();
        if (!more)
            return more.error();
        if (!*more)
            return std::optional<UsageEvent>();
    }
    const CsvEventMapping& mapping = m_mapping.events[m_nextEvent];
    const CsvField& field = (*m_row)[m_valueColumns[m_nextEvent]];
    const auto value = Decimal::parse(field.text);
    if (!value)
        return m_reader.file().refusal(value.error().code, field.line, field.column, value.error().detail);
    ++m_nextEvent;
    return std::optional(UsageEvent{m_mapping.tenant, "",
                                    m_mapping.eventIdPrefix + "-" + std::to_string(m_rowNumber) + "-" +
                                        std::to_string(m_nextEvent),
                                    mapping.metricType, *value, m_time, mapping.dimensions});
}

} // namespace billing::client
