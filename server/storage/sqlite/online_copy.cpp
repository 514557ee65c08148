#include "server/storage/sqlite/online_copy.h"

#include "server/storage/sqlite/connection.h"
#include "server/storage/sqlite/sqlite_error.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace billing::sqlite {

namespace {

struct Closing
{
    sqlite3* handle = nullptr;
    ~Closing() { sqlite3_close(handle); }
};

/// SQLite gives a new file the process's default rights; ours is made before it.
Result<void> makePrivate(const std::filesystem::path& file)
{
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return Error{errno == EEXIST ? ErrorCode::AlreadyExists : ErrorCode::StorageUnavailable,
                     file.string(), std::strerror(errno)};
    ::close(descriptor);
    return {};
}

Result<void> sync(const std::filesystem::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    const bool done = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0)
        ::close(descriptor);
    return done ? Result<void>() : Error{ErrorCode::StorageUnavailable, file.string(), std::strerror(errno)};
}

Result<void> copyPages(Connection& source, const std::filesystem::path& to)
{
    Closing target;
    if (sqlite3_open_v2(to.c_str(), &target.handle, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK)
        return Error{ErrorCode::StorageUnavailable, to.string()};
    sqlite3_backup* const copy = sqlite3_backup_init(target.handle, "main", source.handle(), "main");
    if (!copy)
        return Error{ErrorCode::StorageUnavailable, to.string(), sqlite3_errmsg(target.handle)};
    sqlite3_backup_step(copy, -1);
    const int ended = sqlite3_backup_finish(copy);
    if (ended == SQLITE_FULL)
        return Error{ErrorCode::StorageFull, to.string()};
    if (ended == SQLITE_CORRUPT || ended == SQLITE_NOTADB)
        return Error{ErrorCode::StorageCorrupt, "online copy"};
    return ended == SQLITE_OK ? Result<void>()
                              : Error{ErrorCode::StorageUnavailable, to.string(), sqlite3_errstr(ended)};
}

} // namespace

Result<void> copyOnline(const std::filesystem::path& from, const std::filesystem::path& to)
{
    if (const auto made = makePrivate(to); !made)
        return made;
    const auto source = Connection::open(from, Access::Read);
    // The first read takes the snapshot that all pages come from.
    const auto held = source ? (*source)->run("BEGIN").and_then([&]() -> Result<void> {
        const auto seen = (*source)->ask("SELECT count(*) FROM schema_migration");
        return seen ? Result<void>() : seen.error();
    })
                             : Result<void>(source.error());
    const auto copied =
        held.and_then([&] { return copyPages(**source, to); }).and_then([&] { return sync(to); });
    if (source && held)
        (void)(*source)->run("ROLLBACK");
    if (!copied)
        ::unlink(to.c_str());
    return copied;
}

} // namespace billing::sqlite
