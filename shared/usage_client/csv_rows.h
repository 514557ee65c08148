// The rows of a table with a header, as usage events. The delimiter, when it is not said, is the one of
// comma, semicolon, tab and bar with which the header has all the columns that are asked for; a first line
// "sep=;", as Excel writes it, says it too. One thread.
#pragma once

#include "shared/usage_client/csv_mapping.h"
#include "shared/usage_client/csv_reader.h"
#include "shared/usage_client/file_rows.h"

namespace billing::client {

class CsvRows final : public FileRows
{
public:
    /// Reads the header. Refuses what TextFile::open and CsvReader refuse, MissingField (no header, or a
    /// column of the mapping is not in it), DuplicateKey (the column is there twice, or two columns make one
    /// dimension), InvalidValue (a column that cannot name a dimension).
    static Result<CsvRows> open(std::string path, CsvMapping mapping);

    /// A row's problems: MalformedBody (also a row with more or fewer fields than the header; one empty field
    /// more or less at the end is a trailing delimiter), TooLong, TooManyItems, InvalidTimestamp,
    /// InvalidTenantId, ReservedTenantId, InvalidDecimal, NegativeQuantity, MissingField (no event id),
    /// InvalidUtf8.
    Result<FileRow*> next() override;
    Result<void> rewind() override;
    std::string bytes() const override { return m_reader.file().record(); }
    const std::string& header() const override { return m_header; }
    std::string columnOf(std::string_view field, std::size_t event) const override;
    std::string_view idPrefix() const override { return m_mapping.eventIdPrefix; }
    std::int64_t bytesRead() const override { return m_reader.file().bytesRead(); }
    std::int64_t size() const override { return m_reader.file().size(); }
    const std::string& name() const override { return m_reader.file().path(); }

    char delimiter() const noexcept { return m_reader.delimiter(); }

private:
    using Index = std::optional<std::size_t>;
    /// Where in a row everything is.
    struct Columns
    {
        std::size_t width = 0;
        std::size_t time = 0;
        Index tenant = {};
        Index source = {};
        Index metric = {};
        Index eventId = {};
        std::vector<std::size_t> values = {};                             ///< of each event
        std::vector<std::pair<std::string, std::size_t>> dimensions = {}; ///< by name
        std::vector<std::string> names = {};
    };
    /// A refusal, and the column it is about.
    struct Refused
    {
        std::optional<std::size_t> column;
        Error error;
    };

    CsvRows(CsvReader reader, CsvMapping mapping);
    Result<void> readHeader();
    Result<bool> readSeparatorLine();
    Result<char> findDelimiter();
    Result<Columns> columnsOf(const CsvRow& header) const;
    Result<void> addDimensions(const CsvRow& header, Columns& columns) const;
    Result<std::size_t> columnNamed(const CsvRow& header, const std::string& name) const;
    std::optional<Refused> build(const CsvRow& row);
    std::optional<Refused> addEvent(const CsvRow& row, std::size_t index, const UsageEvent& common);
    std::optional<Refused> commonOf(const CsvRow& row, UsageEvent& common) const;
    std::string eventIdOf(const CsvRow& row, std::size_t index) const;
    bool hasWidth(const CsvRow& row) const;
    Refused refused(const CsvRow& row, std::size_t column, const Error& error) const;

    CsvReader m_reader;
    CsvMapping m_mapping;
    Columns m_columns;
    std::string m_header;
    std::int64_t m_rows = 0;
    FileRow m_row;
};

} // namespace billing::client
