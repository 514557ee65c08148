// The text of a file to send: as it is, or unpacked when it is gzip, which is seen by its first bytes. Memory
// is constant, however much a file unpacks to. Other packings and encodings are refused by name. One thread.
// Source: RFC 1952 (several members in a row are one text).
#pragma once

#include "shared/usage_client/raw_file.h"

#include <memory>

namespace billing::client {

class InputFile
{
public:
    /// Refuses what RawFile::open refuses, then MalformedBody (subject: the path): a ZIP or Excel file,
    /// another packing, UTF-16 or UTF-32.
    static Result<InputFile> open(std::string path);

    InputFile(InputFile&&) noexcept;
    InputFile& operator=(InputFile&&) noexcept;
    ~InputFile();

    /// The next piece of text, valid until the next call; empty at the end. Refuses what RawFile::next
    /// refuses, and MalformedBody: damaged or truncated gzip, something behind it.
    Result<std::string_view> next();
    /// Back to the start of the text. Refuses what RawFile::rewind refuses.
    Result<void> rewind();

    std::int64_t bytesRead() const noexcept { return m_file.bytesRead(); } ///< of the file, not of the text
    std::int64_t size() const noexcept { return m_file.size(); }           ///< of the file
    const std::string& name() const noexcept { return m_file.name(); }

private:
    struct Unpacking;

    explicit InputFile(RawFile file);
    Result<std::string_view> unpacked();
    Error damaged(std::string detail) const;

    RawFile m_file;
    std::unique_ptr<Unpacking> m_unpacking; ///< of gzip
};

} // namespace billing::client
