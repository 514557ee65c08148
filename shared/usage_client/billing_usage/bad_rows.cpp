#include "shared/usage_client/billing_usage/bad_rows.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace billing::client {

BadRows::BadRows(std::string path)
    : m_path(std::move(path))
{
}

Error BadRows::unwritable() const
{
    return {ErrorCode::FileUnwritable, m_path, std::strerror(errno)};
}

Result<void> BadRows::mustBeNew() const
{
    if (wanted() && access(m_path.c_str(), F_OK) == 0)
        return Error{ErrorCode::FileUnwritable, m_path,
                     "there is such a file already, perhaps with rows of another run; name a new one"};
    return {};
}

Result<void> BadRows::add(const std::string& header, const std::string& row)
{
    if (!wanted())
        return {};
    if (!m_file) {
        const int made = open(m_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        m_file.reset(made < 0 ? nullptr : fdopen(made, "w"));
        if (!m_file)
            return unwritable();
        if (auto written = write(header); !written)
            return written;
    }
    if (auto written = write(row); !written)
        return written;
    ++m_rows;
    if (row.ends_with('\n') || row.ends_with('\r'))
        return {};
    return write(header.ends_with("\r\n") ? "\r\n" : "\n"); // the source's last line lacks its end
}

Result<void> BadRows::write(const std::string& bytes)
{
    if (std::fwrite(bytes.data(), 1, bytes.size(), m_file.get()) != bytes.size())
        return unwritable();
    return {};
}

Result<void> BadRows::flush()
{
    if (m_file && (std::fflush(m_file.get()) != 0 || fsync(fileno(m_file.get())) != 0))
        return unwritable();
    return {};
}

} // namespace billing::client
