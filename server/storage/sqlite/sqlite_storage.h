// The embedded engine: one SQLite file, owned by one process, with one writer connection and one reading
// connection per reading thread.
//
// write() runs its body on the thread that is inside runWriter(), in BEGIN IMMEDIATE ... COMMIT; without such
// a thread (commands, single-threaded tests) it runs on the caller's, one at a time. read() always runs on
// the caller's thread, on a snapshot. After an I/O error, one while copying the log included, the store is
// suspect: health(). Calling either from
// inside a body asserts. Scope and WorkId have no work here: the file has one owner, and a COMMIT's answer
// cannot get lost on the way.
#pragma once

#include "server/storage/storage.h"

#include "shared/kernel/instant.h"

#include <filesystem>
#include <memory>

namespace billing {

class SqliteStorage final : public Storage
{
public:
    enum class StartCheck
    {
        Quick, ///< PRAGMA quick_check reads the whole file
        Skip
    };
    struct Options
    {
        Instant openedAt = Instant::fromMicros(0); ///< noted beside the migrations that run now
        StartCheck check = StartCheck::Quick;
        /// From so many pages (of 4 KiB) on the log is copied into the data file, between two transactions.
        /// A page changed often is copied once; copying 128 MiB holds the writer for some tens of
        /// milliseconds.
        int largeLog = 32'768;
    };

    /// Opens the file or makes it (owner only), and brings its schema up to date. Refuses StorageUnavailable,
    /// DataDirectoryInUse (another process or object has it), StorageCorrupt, MigrationFailed.
    static Result<std::unique_ptr<SqliteStorage>> open(const std::filesystem::path& file, Options options);

    /// The writer thread has returned from runWriter() and nobody is inside read() or write() any more.
    ~SqliteStorage() override;

    /// Makes the calling thread the writer until stopWriter() was called and nothing waits any more. When the
    /// connection cannot be opened every write is refused with the reason. Once at a time.
    void runWriter();
    /// Any thread; does not wait. A stop before runWriter() makes that return once nothing waits.
    void stopWriter();
    /// True while writes go to the writer thread.
    bool hasWriter() const;
    /// The I/O error after which writes are refused until all that was committed could be written to the disk
    /// again; the next write tries that first. Any thread.
    Result<void> health() const;

    Result<void> write(const Scope& scope, Priority priority, const WorkId& workId,
                       const Body& body) override;
    Result<void> read(const Scope& scope, const Body& body) override;

private:
    class State;

    explicit SqliteStorage(std::unique_ptr<State> state);

    std::unique_ptr<State> m_state;
};

} // namespace billing
