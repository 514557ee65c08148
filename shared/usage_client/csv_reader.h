// Rows of a CSV file: comma, double quotes, LF or CRLF. Every field knows where it began, for messages. One
// thread. Source: RFC 4180; beyond it, blank lines are passed over and the last line may lack its end.
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

class CsvReader
{
public:
    static constexpr std::size_t fieldLimit = 64 * 1024; ///< bytes
    static constexpr std::size_t fieldsLimit = 1'024;    ///< in a row

    explicit CsvReader(TextFile file);

    /// The next row, or nothing at the end. The vector stays valid until the next call. Refuses MalformedBody
    /// (a quote where none may be, an unclosed one, a bare CR, NUL), TooLong, TooManyItems, FileUnreadable.
    Result<const std::vector<CsvField>*> next();

    const TextFile& file() const noexcept { return m_file; }

private:
    enum class After
    {
        Field, ///< another field follows
        Row,
    };

    Result<After> readField(CsvField& field);
    Result<void> readQuoted(CsvField& field);
    Result<void> append(CsvField& field, int byte);
    Result<After> readSeparator();
    void skipBlankLines();

    TextFile m_file;
    std::vector<CsvField> m_row;
};

} // namespace billing::client
