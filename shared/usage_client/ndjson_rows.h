// The lines of a file with one JSON event a line, as usage events. Every event needs its own event_id: one
// made here would be another one on the next run, and the usage would count twice. One thread.
#pragma once

#include "shared/usage_client/file_rows.h"
#include "shared/usage_client/text_file.h"

namespace billing::client {

class NdjsonRows final : public FileRows
{
public:
    static constexpr std::size_t lineLimit = 1 << 20; ///< bytes

    /// Refuses what TextFile::open refuses.
    static Result<NdjsonRows> open(std::string path);

    /// Blank lines are passed over. A row's problems: what decodeUsageEvent refuses, the subject is
    /// file:line:column, the field is named in the detail. Refuses TooLong, and why the file could not be
    /// read.
    Result<FileRow*> next() override;
    Result<void> rewind() override;
    std::string bytes() const override { return m_file.record(); }
    const std::string& header() const override { return m_header; }
    std::string columnOf(std::string_view field, std::size_t) const override { return std::string(field); }
    std::int64_t bytesRead() const override { return m_file.bytesRead(); }
    std::int64_t size() const override { return m_file.size(); }
    const std::string& name() const override { return m_file.path(); }

private:
    explicit NdjsonRows(TextFile file);
    Result<bool> readLine();

    TextFile m_file;
    std::string m_header; ///< none
    std::string m_line;
    std::int64_t m_rows = 0;
    FileRow m_row;
};

} // namespace billing::client
