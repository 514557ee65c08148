// Rows of a CSV file: double quotes, LF or CRLF, and a delimiter of one character. Every field knows where it
// began, for messages. One thread. Source: RFC 4180; beyond it, lines may end with CR alone, blank lines are
// passed over and the last line may lack its end.
#pragma once

#include "shared/usage_client/text_file.h"

#include <optional>
#include <vector>

namespace billing::client {

struct CsvField
{
    std::string text;
    std::int64_t line = 1;
    std::int64_t column = 1;
};

struct CsvRow
{
    std::vector<CsvField> fields = {};
    std::int64_t line = 1;               ///< where it starts
    std::optional<Error> malformed = {}; ///< then the fields are those before it, and the row was passed over
};

class CsvReader
{
public:
    static constexpr std::size_t fieldLimit = 64 * 1024; ///< bytes
    static constexpr std::size_t fieldsLimit = 1'024;    ///< in a row
    static constexpr std::size_t rowLimit = 1 << 20;     ///< bytes, all fields

    explicit CsvReader(TextFile file, char delimiter = ',');

    /// The next row, or nothing at the end. It stays valid until the next call. A row that is malformed by
    /// itself (a quote where none may be, NUL, TooLong, TooManyItems) says so. Refuses what makes everything
    /// behind it unreadable: MalformedBody (a quote that is never closed), TooLong (a quoted field or a row
    /// without end), and why the file could not be read.
    Result<const CsvRow*> next();
    /// Back to the start. Refuses what TextFile::rewind refuses.
    Result<void> rewind() { return m_file.rewind(); }

    void setDelimiter(char delimiter) { m_delimiter = delimiter; }
    char delimiter() const noexcept { return m_delimiter; }
    TextFile& file() noexcept { return m_file; }
    const TextFile& file() const noexcept { return m_file; }

private:
    enum class After
    {
        Field, ///< another field follows
        Row,
    };
    struct Problem
    {
        Error error;
        bool ofRow; ///< the next row can be read
    };
    using Step = std::variant<After, Problem>;

    std::optional<Problem> readRow();
    Step readField(CsvField& field);
    std::optional<Problem> readQuoted(CsvField& field);
    std::optional<Problem> append(CsvField& field, int byte);
    Step readSeparator();
    Problem problem(ErrorCode code, const CsvField& field, const char* detail) const;
    Result<void> passOverRow();
    void skipBlankLines();
    bool endLine(int byte);

    TextFile m_file;
    char m_delimiter;
    CsvRow m_row;
    std::size_t m_rowBytes = 0;
};

} // namespace billing::client
