#include "shared/usage_client/csv_reader.h"

namespace billing::client {

CsvReader::CsvReader(TextFile file)
    : m_file(std::move(file))
{
}

Result<const std::vector<CsvField>*> CsvReader::next()
{
    skipBlankLines();
    m_row.clear();
    if (m_file.peek() == TextFile::end) {
        if (m_file.failed())
            return m_file.refusal(ErrorCode::FileUnreadable, m_file.line(), m_file.column(),
                                  "reading failed");
        return static_cast<const std::vector<CsvField>*>(nullptr);
    }
    while (true) {
        if (m_row.size() == fieldsLimit)
            return m_file.refusal(ErrorCode::TooManyItems, m_file.line(), m_file.column(), "too many fields");
        const auto after = readField(m_row.emplace_back());
        if (!after)
            return after.error();
        if (*after == After::Row)
            return static_cast<const std::vector<CsvField>*>(&m_row);
    }
}

void CsvReader::skipBlankLines()
{
    while (m_file.peek() == '\n' || m_file.peek() == '\r')
        m_file.next();
}

Result<CsvReader::After> CsvReader::readField(CsvField& field)
{
    field.line = m_file.line();
    field.column = m_file.column();
    if (m_file.peek() == '"') {
        if (auto read = readQuoted(field); !read)
            return read.error();
        return readSeparator();
    }
    while (true) {
        const int byte = m_file.peek();
        if (byte == ',' || byte == '\n' || byte == '\r' || byte == TextFile::end)
            return readSeparator();
        if (byte == '"')
            return m_file.refusal(ErrorCode::MalformedBody, m_file.line(), m_file.column(),
                                  "quote inside a field without quotes");
        if (auto appended = append(field, m_file.next()); !appended)
            return appended.error();
    }
}

Result<void> CsvReader::readQuoted(CsvField& field)
{
    m_file.next();
    while (true) {
        const int byte = m_file.next();
        if (byte == TextFile::end)
            return m_file.refusal(ErrorCode::MalformedBody, field.line, field.column,
                                  "quote is never closed");
        if (byte == '"') {
            if (m_file.peek() != '"')
                return {};
            m_file.next();
        }
        if (auto appended = append(field, byte); !appended)
            return appended.error();
    }
}

Result<void> CsvReader::append(CsvField& field, int byte)
{
    if (byte == 0)
        return m_file.refusal(ErrorCode::MalformedBody, field.line, field.column, "NUL in a field");
    if (field.text.size() == fieldLimit)
        return m_file.refusal(ErrorCode::TooLong, field.line, field.column, "field too long");
    field.text += static_cast<char>(byte);
    return {};
}

Result<CsvReader::After> CsvReader::readSeparator()
{
    const std::int64_t line = m_file.line();
    const std::int64_t column = m_file.column();
    const int byte = m_file.next();
    if (byte == ',')
        return After::Field;
    if (byte == '\n' || byte == TextFile::end || (byte == '\r' && m_file.next() == '\n'))
        return After::Row;
    return m_file.refusal(ErrorCode::MalformedBody, line, column,
                          byte == '\r' ? "carriage return without line feed" : "text after a closing quote");
}

} // namespace billing::client
