#include "shared/usage_client/csv_reader.h"

namespace billing::client {

CsvReader::CsvReader(TextFile file, char delimiter)
    : m_file(std::move(file))
    , m_delimiter(delimiter)
{
}

Result<const CsvRow*> CsvReader::next()
{
    skipBlankLines();
    m_row.fields.clear();
    m_row.malformed.reset();
    m_row.line = m_file.line();
    m_rowBytes = 0;
    if (m_file.peek() == TextFile::end) {
        if (m_file.failure())
            return *m_file.failure();
        return static_cast<const CsvRow*>(nullptr);
    }
    if (auto problem = readRow()) {
        if (m_file.failure())
            return *m_file.failure();
        if (!problem->ofRow)
            return std::move(problem->error);
        m_row.malformed = std::move(problem->error);
        if (auto passed = passOverRow(); !passed)
            return passed.error();
    }
    if (m_file.failure()) // the row only seems to end here
        return *m_file.failure();
    return &std::as_const(m_row);
}

std::optional<CsvReader::Problem> CsvReader::readRow()
{
    while (true) {
        if (m_row.fields.size() == fieldsLimit)
            return Problem{
                m_file.refusal(ErrorCode::TooManyItems, m_file.line(), m_file.column(), "too many fields"),
                true};
        auto step = readField(m_row.fields.emplace_back());
        if (auto* const problem = std::get_if<Problem>(&step))
            return std::move(*problem);
        if (std::get<After>(step) == After::Row)
            return std::nullopt;
    }
}

void CsvReader::skipBlankLines()
{
    while (m_file.peek() == '\n' || m_file.peek() == '\r')
        m_file.next();
}

/// Whether the byte ends the line it was read from; takes the LF of CR LF with it.
bool CsvReader::endLine(int byte)
{
    if (byte == '\r' && m_file.peek() == '\n')
        m_file.next();
    return byte == '\r' || byte == '\n' || byte == TextFile::end;
}

/// To the end of the line; a malformed row has no other end that could be known.
Result<void> CsvReader::passOverRow()
{
    for (std::size_t passed = 0; passed < rowLimit; ++passed)
        if (endLine(m_file.next()))
            return {};
    return m_file.refusal(ErrorCode::TooLong, m_row.line, 1, "row too long");
}

CsvReader::Step CsvReader::readField(CsvField& field)
{
    field.line = m_file.line();
    field.column = m_file.column();
    if (m_file.peek() == '"') {
        if (auto refused = readQuoted(field))
            return std::move(*refused);
        return readSeparator();
    }
    while (true) {
        const int byte = m_file.peek();
        if (byte == static_cast<unsigned char>(m_delimiter) || byte == '\n' || byte == '\r' ||
            byte == TextFile::end)
            return readSeparator();
        if (byte == '"')
            return Problem{m_file.refusal(ErrorCode::MalformedBody, m_file.line(), m_file.column(),
                                          "quote inside a field without quotes"),
                           true};
        if (auto refused = append(field, m_file.next()))
            return std::move(*refused);
    }
}

std::optional<CsvReader::Problem> CsvReader::readQuoted(CsvField& field)
{
    m_file.next();
    while (true) {
        const int byte = m_file.next();
        if (byte == TextFile::end)
            return Problem{
                m_file.refusal(ErrorCode::MalformedBody, field.line, field.column, "quote is never closed"),
                false};
        if (byte == '"') {
            if (m_file.peek() != '"')
                return std::nullopt;
            m_file.next();
        }
        if (auto refused = append(field, byte)) {
            // Whether the quote is closed at all is not known then, so neither is where the next row starts.
            refused->ofRow = refused->error.code == ErrorCode::MalformedBody && refused->ofRow;
            return refused;
        }
    }
}

std::optional<CsvReader::Problem> CsvReader::append(CsvField& field, int byte)
{
    if (byte == 0)
        return problem(ErrorCode::MalformedBody, field, "NUL in a field");
    if (field.text.size() == fieldLimit)
        return problem(ErrorCode::TooLong, field, "field too long; is a quote never closed?");
    if (++m_rowBytes > rowLimit)
        return problem(ErrorCode::TooLong, field, "row too long");
    field.text += static_cast<char>(byte);
    return std::nullopt;
}

CsvReader::Problem CsvReader::problem(ErrorCode code, const CsvField& field, const char* detail) const
{
    return {m_file.refusal(code, field.line, field.column, detail), true};
}

CsvReader::Step CsvReader::readSeparator()
{
    const std::int64_t line = m_file.line();
    const std::int64_t column = m_file.column();
    const int byte = m_file.peek();
    if (byte == static_cast<unsigned char>(m_delimiter)) {
        m_file.next();
        return After::Field;
    }
    if (byte == '\n' || byte == '\r' || byte == TextFile::end) {
        endLine(m_file.next());
        return After::Row;
    }
    return Problem{m_file.refusal(ErrorCode::MalformedBody, line, column, "text after a closing quote"),
                   true};
}

} // namespace billing::client
