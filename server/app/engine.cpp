#include "server/app/engine.h"

#include "server/storage/postgres/postgres_storage.h"

namespace billing {

Result<EngineStorage> EngineStorage::open(const Configuration& configuration, Instant now, Random& random)
{
    EngineStorage engine;
    const StorageSettings& settings = configuration.storage;
    if (settings.engine == Engine::Sqlite) {
        auto opened = SqliteStorage::open(configuration.directory.database(), {now});
        if (!opened)
            return opened.error();
        engine.m_sqlite = opened->get();
        engine.m_storage = std::make_unique<ObservedStorage>(std::move(*opened));
        return engine;
    }
    auto lock = sqlite::FileLock::take(configuration.directory.lock());
    if (!lock)
        return lock.error();
    auto opened =
        PostgresStorage::open({settings.connection, settings.ownerConnection, settings.password,
                               settings.ownerPassword, static_cast<std::size_t>(settings.connections)},
                              random, now);
    if (!opened)
        return opened.error();
    engine.m_lock.emplace(std::move(*lock));
    engine.m_storage = std::make_unique<ObservedStorage>(std::move(*opened));
    return engine;
}

} // namespace billing
