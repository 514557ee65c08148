#include "server/app/engine.h"

namespace billing {

Result<EngineStorage> EngineStorage::open(const Configuration& configuration, Instant now, Random&)
{
    EngineStorage engine;
    const StorageSettings& settings = configuration.storage;
    if (settings.engine == Engine::Sqlite) {
        auto opened = SqliteStorage::open(configuration.directory.database(), {now});
        if (!opened)
            return opened.error();
        engine.m_sqlite = opened->get();
        engine.m_storage = std::move(*opened);
        return engine;
    }
    return Error{ErrorCode::StorageUnavailable};
}

} // namespace billing
