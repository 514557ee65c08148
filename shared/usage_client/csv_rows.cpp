#include "shared/usage_client/csv_rows.h"

#include <algorithm>
#include <simdjson.h>

namespace billing::client {

namespace {

constexpr std::string_view delimiters = ",;\t|";
constexpr std::string_view dimensionsPrefix = "dimensions.";

UsageEvent nothingYet(const CsvMapping& mapping)
{
    return {
        mapping.tenant.value_or(TenantId("")), mapping.source, "", "", Decimal(), Instant::fromMicros(0), {}};
}

bool isUtf8(std::string_view text)
{
    return simdjson::validate_utf8(text.data(), text.size());
}

} // namespace

CsvRows::CsvRows(CsvReader reader, CsvMapping mapping)
    : m_reader(std::move(reader))
    , m_mapping(std::move(mapping))
{
    BILLING_ASSERT(!m_mapping.events.empty());
    BILLING_ASSERT(m_mapping.tenant.has_value() || !m_mapping.tenantColumn.empty());
    if (m_mapping.missingZone == MissingZone::AssumeUtc && !m_mapping.time.zone)
        m_mapping.time.zone = LocalZone::fixed(0);
}

Result<CsvRows> CsvRows::open(std::string path, CsvMapping mapping)
{
    auto file = TextFile::open(std::move(path));
    if (!file)
        return file.error();
    CsvRows rows(CsvReader(std::move(*file)), std::move(mapping));
    if (const auto delimiter = rows.findDelimiter())
        rows.m_reader.setDelimiter(*delimiter);
    else
        return delimiter.error();
    if (auto read = rows.rewind(); !read)
        return read.error();
    return rows;
}

Result<void> CsvRows::rewind()
{
    m_rows = 0;
    if (auto rewound = m_reader.rewind(); !rewound)
        return rewound.error();
    return readHeader();
}

/// Excel's "sep=;": takes the line and the delimiter it says, or goes back to the start.
Result<bool> CsvRows::readSeparatorLine()
{
    TextFile& file = m_reader.file();
    std::string line;
    while (line.size() < 8 && file.peek() != '\n' && file.peek() != '\r' && file.peek() != TextFile::end)
        line += static_cast<char>(file.next());
    if (line.size() == 5 && line.starts_with("sep=")) {
        if (!m_mapping.delimiter)
            m_reader.setDelimiter(line[4]);
        return true;
    }
    if (auto rewound = m_reader.rewind(); !rewound)
        return rewound.error();
    return false;
}

Result<char> CsvRows::findDelimiter()
{
    const auto said = readSeparatorLine();
    if (!said)
        return said.error();
    if (m_mapping.delimiter)
        return *m_mapping.delimiter;
    if (*said)
        return m_reader.delimiter();
    char best = delimiters.front();
    std::pair<bool, std::size_t> bestFit = {};
    for (const char delimiter : delimiters) {
        m_reader.setDelimiter(delimiter);
        if (auto rewound = m_reader.rewind(); !rewound)
            return rewound.error();
        const auto header = m_reader.next();
        if (!header || !*header)
            continue;
        const bool fits = !(*header)->malformed && columnsOf(**header);
        const std::pair fit(fits, (*header)->fields.size());
        if (fit > bestFit) {
            best = delimiter;
            bestFit = fit;
        }
    }
    return best;
}

Result<void> CsvRows::readHeader()
{
    if (const auto separator = readSeparatorLine(); !separator)
        return separator.error();
    const auto header = m_reader.next();
    if (!header)
        return header.error();
    if (!*header)
        return m_reader.file().refusal(ErrorCode::MissingField, 1, 1, "no header line");
    if ((*header)->malformed)
        return *(*header)->malformed;
    auto columns = columnsOf(**header);
    if (!columns)
        return columns.error();
    m_columns = std::move(*columns);
    m_header = m_reader.file().record();
    return {};
}

Result<std::size_t> CsvRows::columnNamed(const CsvRow& header, const std::string& name) const
{
    const auto& fields = header.fields;
    const auto find = [&](auto from) {
        return std::find_if(from, fields.end(), [&](const CsvField& field) {
            return withoutBlanks(field.text) == withoutBlanks(name);
        });
    };
    const auto found = find(fields.begin());
    if (found == fields.end() || withoutBlanks(name).empty())
        return m_reader.file().refusal(ErrorCode::MissingField, fields.front().line, 1,
                                       "no column \"" + name + "\" in the header");
    const auto again = find(found + 1);
    if (again != fields.end())
        return m_reader.file().refusal(ErrorCode::DuplicateKey, again->line, again->column,
                                       "column \"" + name + "\" is there twice");
    return static_cast<std::size_t>(found - fields.begin());
}

Result<CsvRows::Columns> CsvRows::columnsOf(const CsvRow& header) const
{
    Columns columns;
    columns.width = header.fields.size();
    for (const CsvField& field : header.fields)
        columns.names.emplace_back(withoutBlanks(field.text));
    const auto time = columnNamed(header, m_mapping.timeColumn);
    if (!time)
        return time.error();
    columns.time = *time;
    const std::string& idColumn =
        m_mapping.identity == CsvIdentity::Column ? m_mapping.eventIdColumn : std::string();
    const std::array<std::pair<const std::string*, Index*>, 4> optional{
        {{&m_mapping.tenantColumn, &columns.tenant},
         {&m_mapping.sourceColumn, &columns.source},
         {&m_mapping.metricColumn, &columns.metric},
         {&idColumn, &columns.eventId}}};
    for (const auto& [name, index] : optional) {
        if (name->empty())
            continue;
        const auto column = columnNamed(header, *name);
        if (!column)
            return column.error();
        *index = *column;
    }
    for (const CsvEventMapping& event : m_mapping.events) {
        const auto column = columnNamed(header, event.column);
        if (!column)
            return column.error();
        columns.values.push_back(*column);
    }
    if (auto added = addDimensions(header, columns); !added)
        return added.error();
    return columns;
}

Result<void> CsvRows::addDimensions(const CsvRow& header, Columns& columns) const
{
    for (const CsvDimension& dimension : m_mapping.dimensions) {
        const auto column = columnNamed(header, dimension.column);
        if (!column)
            return column.error();
        columns.dimensions.emplace_back(dimension.name, *column);
    }
    std::vector<std::size_t> used = columns.values;
    used.push_back(columns.time);
    for (const Index& index : {columns.tenant, columns.source, columns.metric, columns.eventId})
        if (index)
            used.push_back(*index);
    for (const auto& [name, index] : columns.dimensions)
        used.push_back(index);
    for (std::size_t index = 0; m_mapping.dimensionsFromRest && index < columns.width; ++index) {
        const bool isUsed = std::find(used.begin(), used.end(), index) != used.end();
        if (isUsed || (columns.names[index].empty() && index + 1 == columns.width))
            continue;
        const auto name = dimensionNameOf(columns.names[index]);
        const CsvField& field = header.fields[index];
        if (!name)
            return m_reader.file().refusal(name.error().code, field.line, field.column,
                                           "column \"" + columns.names[index] + "\" " + name.error().detail);
        columns.dimensions.emplace_back(*name, index);
    }
    std::sort(columns.dimensions.begin(), columns.dimensions.end());
    for (std::size_t at = 0; at < columns.dimensions.size(); ++at) {
        const auto& [name, index] = columns.dimensions[at];
        bool twice = at > 0 && columns.dimensions[at - 1].first == name;
        for (const CsvEventMapping& event : m_mapping.events)
            twice = twice || findDimension(event.dimensions, name);
        const CsvField& field = header.fields[index];
        if (twice)
            return m_reader.file().refusal(ErrorCode::DuplicateKey, field.line, field.column,
                                           "dimension \"" + name + "\" is given twice");
    }
    return {};
}

std::string CsvRows::columnOf(std::string_view field, std::size_t event) const
{
    const auto nameAt = [&](const Index& index) { return index ? m_columns.names[*index] : std::string(); };
    if (field == "value" && event < m_columns.values.size())
        return m_columns.names[m_columns.values[event]];
    if (field == "timestamp")
        return m_columns.names[m_columns.time];
    if (field == "tenant_id")
        return nameAt(m_columns.tenant);
    if (field == "source")
        return nameAt(m_columns.source);
    if (field == "metric_type")
        return nameAt(m_columns.metric);
    if (field == "event_id")
        return nameAt(m_columns.eventId);
    for (const auto& [name, index] : m_columns.dimensions)
        if (field.starts_with(dimensionsPrefix) && field.substr(dimensionsPrefix.size()) == name)
            return m_columns.names[index];
    return {};
}

Result<FileRow*> CsvRows::next()
{
    m_reader.file().startRecord();
    const auto row = m_reader.next();
    if (!row)
        return row.error();
    if (!*row)
        return static_cast<FileRow*>(nullptr);
    m_row.number = ++m_rows;
    m_row.line = (*row)->line;
    m_row.events.clear();
    m_row.problem.reset();
    if (auto refused = build(**row)) {
        m_row.events.clear();
        m_row.problem = RowProblem{{}, {}, std::move(refused->error)};
        if (refused->column) {
            m_row.problem->column = m_columns.names[*refused->column];
            m_row.problem->value = shownText((*row)->fields[*refused->column].text);
        }
    }
    return &m_row;
}

bool CsvRows::hasWidth(const CsvRow& row) const
{
    const std::size_t fields = row.fields.size();
    return fields == m_columns.width || (fields == m_columns.width + 1 && row.fields.back().text.empty()) ||
           (fields + 1 == m_columns.width && m_columns.names.back().empty());
}

CsvRows::Refused CsvRows::refused(const CsvRow& row, std::size_t column, const Error& error) const
{
    const CsvField& field = row.fields[column];
    return {column, m_reader.file().refusal(error.code, field.line, field.column, error.detail)};
}

std::optional<CsvRows::Refused> CsvRows::build(const CsvRow& row)
{
    if (row.malformed)
        return Refused{{}, *row.malformed};
    if (!hasWidth(row))
        return Refused{{},
                       m_reader.file().refusal(ErrorCode::MalformedBody, row.line, 1,
                                               std::to_string(row.fields.size()) +
                                                   " fields, the header has " +
                                                   std::to_string(m_columns.width))};
    UsageEvent common = nothingYet(m_mapping);
    if (auto refusal = commonOf(row, common))
        return refusal;
    for (std::size_t index = 0; index < m_columns.values.size(); ++index)
        if (auto refusal = addEvent(row, index, common))
            return refusal;
    return std::nullopt;
}

/// What all events of a row share.
std::optional<CsvRows::Refused> CsvRows::commonOf(const CsvRow& row, UsageEvent& common) const
{
    const auto textAt = [&](std::size_t column) -> std::string_view {
        return column < row.fields.size() ? std::string_view(row.fields[column].text) : std::string_view();
    };
    const auto time = readTime(textAt(m_columns.time), m_mapping.time);
    if (!time)
        return refused(row, m_columns.time, time.error());
    common.at = *time;
    if (m_columns.tenant) {
        auto tenant = parseTenantId(withoutBlanks(textAt(*m_columns.tenant)));
        if (!tenant)
            return refused(row, *m_columns.tenant, tenant.error());
        common.tenant = std::move(*tenant);
    }
    if (m_columns.source)
        common.source = textAt(*m_columns.source);
    if (m_columns.metric)
        common.metricType = withoutBlanks(textAt(*m_columns.metric));
    for (const auto& [name, column] : m_columns.dimensions)
        if (!textAt(column).empty())
            common.dimensions.push_back({name, std::string(textAt(column))});
    std::vector<std::size_t> texts;
    for (const Index& index : {m_columns.source, m_columns.metric, m_columns.eventId})
        if (index)
            texts.push_back(*index);
    for (const auto& [name, column] : m_columns.dimensions)
        texts.push_back(column);
    for (const std::size_t column : texts)
        if (!isUtf8(textAt(column)))
            return refused(
                row, column,
                {ErrorCode::InvalidUtf8, {}, "not UTF-8 (perhaps Windows-1252); save the file as UTF-8"});
    return std::nullopt;
}

std::string CsvRows::eventIdOf(const CsvRow& row, std::size_t index) const
{
    const std::string event = std::to_string(index + 1);
    switch (m_mapping.identity) {
    case CsvIdentity::Content:
        break;
    case CsvIdentity::RowNumber:
        return m_mapping.eventIdPrefix + "-" + std::to_string(m_rows) + "-" + event;
    case CsvIdentity::Column: {
        const std::string id(withoutBlanks(row.fields[*m_columns.eventId].text));
        return m_columns.values.size() == 1 || id.empty() ? id : id + "-" + event;
    }
    }
    return {};
}

std::optional<CsvRows::Refused> CsvRows::addEvent(const CsvRow& row, std::size_t index,
                                                  const UsageEvent& common)
{
    const CsvEventMapping& mapping = m_mapping.events[index];
    const std::size_t column = m_columns.values[index];
    const auto value = parseCsvNumber(row.fields[column].text, m_mapping.decimalMark);
    if (!value)
        return refused(row, column, value.error());
    if (value->isNegative())
        return refused(row, column, {ErrorCode::NegativeQuantity, {}, "a negative quantity"});
    UsageEvent event = common;
    event.value = *value;
    event.eventId = eventIdOf(row, index);
    if (m_columns.eventId && event.eventId.empty())
        return refused(row, *m_columns.eventId, {ErrorCode::MissingField, {}, "no event id"});
    if (!mapping.metricType.empty())
        event.metricType = mapping.metricType;
    event.dimensions.insert(event.dimensions.end(), mapping.dimensions.begin(), mapping.dimensions.end());
    std::sort(event.dimensions.begin(), event.dimensions.end());
    m_row.events.push_back(std::move(event));
    return std::nullopt;
}

} // namespace billing::client
