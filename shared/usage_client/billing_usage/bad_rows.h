// The file that rows go to which were not sent, so that they can be put right and sent by themselves: the
// header as it is in the source, then the rows as they are. Made with the first row, never over a file that
// is there, since that may hold rows somebody is mending. One thread.
#pragma once

#include "shared/kernel/result.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

namespace billing::client {

class BadRows
{
public:
    /// An empty path keeps none.
    explicit BadRows(std::string path);

    bool wanted() const noexcept { return !m_path.empty(); }
    /// Refuses FileUnwritable when the file is there already.
    Result<void> mustBeNew() const;
    /// Refuses FileUnwritable.
    Result<void> add(const std::string& header, const std::string& row);
    /// Everything so far is on the disk. Refuses FileUnwritable.
    Result<void> flush();

    std::int64_t rows() const noexcept { return m_rows; }
    const std::string& path() const noexcept { return m_path; }

private:
    struct Close
    {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    Result<void> write(const std::string& bytes);
    Error unwritable() const;

    std::string m_path;
    std::unique_ptr<std::FILE, Close> m_file;
    std::int64_t m_rows = 0;
};

} // namespace billing::client
