// One reading connection for each thread that reads, opened at its first read and closed when the thread ends
// or this object goes, whichever is first. Any thread.
#pragma once

#include "server/storage/sqlite/connection.h"

#include <memory>

namespace billing::sqlite {

class ReaderConnections
{
public:
    explicit ReaderConnections(std::filesystem::path file);
    ~ReaderConnections();
    ReaderConnections(const ReaderConnections&) = delete;
    ReaderConnections& operator=(const ReaderConnections&) = delete;

    /// The calling thread's own. Refuses as Connection::open.
    Result<Connection*> ofThisThread();
    std::size_t count() const;

    class Shelf;

private:
    std::filesystem::path m_file;
    std::shared_ptr<Shelf> m_shelf;
};

} // namespace billing::sqlite
