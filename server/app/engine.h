// The SQL engine a configuration names, opened: SQLite in data_dir/billing.sqlite, owned by this process, or
// a PostgreSQL database. Either way data_dir has one owner: documents, checkpoints and the admin socket are
// its. Any thread.
#pragma once

#include "server/app/configuration.h"
#include "server/app/observed_storage.h"
#include "server/storage/sqlite/file_lock.h"
#include "server/storage/sqlite/sqlite_storage.h"
#include "shared/kernel/ports.h"

#include <memory>
#include <optional>

namespace billing {

class EngineStorage
{
public:
    /// Makes the SQLite file if need be, and brings the schema up to date. Refuses DataDirectoryInUse,
    /// StorageUnavailable, StorageCorrupt, MigrationFailed.
    static Result<EngineStorage> open(const Configuration& configuration, Instant now, Random& random);

    ObservedStorage& storage() const { return *m_storage; }
    /// The embedded engine, which has a writer thread and copies itself; nothing on PostgreSQL.
    SqliteStorage* sqlite() const { return m_sqlite; }

private:
    EngineStorage() = default;

    std::optional<sqlite::FileLock> m_lock; ///< SQLite takes its own, beside the file
    std::unique_ptr<ObservedStorage> m_storage;
    SqliteStorage* m_sqlite = nullptr;
};

} // namespace billing
