// A SQLite store in a directory of its own, with its writer thread: what every test that needs storage stands
// on. Opening asserts. Lives on one thread; the storage may be used from any.
#pragma once

#include "server/storage/sqlite/sqlite_storage.h"
#include "tests/support/temporary_directory.h"

#include <memory>
#include <thread>

namespace billing::test {

class StorageFixture
{
public:
    enum class Writer
    {
        Thread, ///< as the server runs it
        Inline  ///< writes run on their caller's thread, so a test is one thread
    };

    explicit StorageFixture(Writer writer = Writer::Thread);
    ~StorageFixture();
    StorageFixture(const StorageFixture&) = delete;
    StorageFixture& operator=(const StorageFixture&) = delete;

    SqliteStorage& storage() const { return *m_storage; }
    const TemporaryDirectory& directory() const noexcept { return m_directory; }
    std::filesystem::path file() const { return m_directory.file("billing.sqlite"); }

    /// Stops the writer and closes the file, as the server does at its end; storage() is gone until reopen().
    void close();
    void reopen();

private:
    TemporaryDirectory m_directory;
    Writer m_writer;
    std::unique_ptr<SqliteStorage> m_storage;
    std::thread m_thread;
};

/// A fresh WorkId for a test's write.
WorkId anyWork();

} // namespace billing::test
