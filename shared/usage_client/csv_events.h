// Usage events from a CSV file with a header: each row gives one event per mapping. The ids are
// <prefix>-<row>-<event>, rows and mappings counted from 1, so that sending the same file again is harmless.
// One thread.
#pragma once

#include "shared/usage_client/csv_reader.h"
#include "shared/usage_client/event_source.h"

#include <string_view>
#include <vector>

namespace billing::client {

/// One event per row: a metric, the column that holds its value, and fixed dimensions.
struct CsvEventMapping
{
    std::string metricType;
    std::string column;
    Dimensions dimensions = {};

    friend bool operator==(const CsvEventMapping&, const CsvEventMapping&) = default;
};

/// "llm_tokens=ContextTokens,direction=input,model=gpt4". Refuses InvalidValue (an empty part, a missing
/// "="), DuplicateKey (a dimension twice).
Result<CsvEventMapping> parseCsvEventMapping(std::string_view text);

enum class MissingZone
{
    Refuse,
    AssumeUtc
};

struct CsvMapping
{
    TenantId tenant;
    std::string eventIdPrefix;
    std::string timeColumn;
    MissingZone missingZone = MissingZone::Refuse;
    std::vector<CsvEventMapping> events; ///< at least one
};

class CsvEvents final : public EventSource
{
public:
    /// Reads the header. Refuses FileUnreadable, what CsvReader refuses, MissingField (no header, or a column
    /// of the mapping is not in it), DuplicateKey (the column is there twice).
    static Result<CsvEvents> open(std::string path, CsvMapping mapping);

    /// Refuses what CsvReader refuses, MalformedBody (a row with more or fewer fields than the header),
    /// InvalidTimestamp, InvalidDecimal. The subject is file:line:column.
    Result<std::optional<UsageEvent>> next() override;
    std::int64_t bytesRead() const override { return m_reader.file().bytesRead(); }

private:
    CsvEvents(CsvReader reader, CsvMapping mapping);
    Result<void> readHeader();
    Result<bool> readRow();
    Result<std::size_t> columnOf(const std::vector<CsvField>& header, const std::string& name) const;
    Result<Instant> timeOf(const CsvField& field) const;

    CsvReader m_reader;
    CsvMapping m_mapping;
    std::size_t m_width = 0;
    std::size_t m_timeColumn = 0;
    std::vector<std::size_t> m_valueColumns;
    const std::vector<CsvField>* m_row = nullptr;
    Instant m_time = Instant::fromMicros(0);
    std::int64_t m_rowNumber = 0;
    std::size_t m_nextEvent = 0;
};

} // namespace billing::client
