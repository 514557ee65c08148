// billing-server init --data-dir D | --config F.toml
#include "server/app/commands.h"

#include "server/access/development_pki.h"
#include "server/access/signing_keys.h"
#include "server/app/house.h"
#include "server/app/issuer_file.h"
#include "server/app/system_clock.h"
#include "server/audit/append_entry.h"
#include "server/secrets/audit_key.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace billing::app {

namespace {

Result<void> makeDirectories(const DataDirectory& directory)
{
    std::error_code failed;
    for (const auto& path :
         {directory.root, directory.keys(), directory.documents(), directory.checkpoints()}) {
        std::filesystem::create_directories(path, failed);
        if (failed)
            return Error{ErrorCode::FileUnwritable, path.string(), failed.message()};
        std::filesystem::permissions(path, std::filesystem::perms::owner_all, failed);
    }
    return {};
}

Result<void> makeKeys(const DataDirectory& directory, const Clock& clock)
{
    secrets::OpenSslRandom random;
    const auto sealing = secrets::KeyRing::create(directory.sealingKeys(), random);
    if (!sealing)
        return sealing.error();
    const auto audit = secrets::AuditKey::create(directory.keys() / "audit-ed25519.pem",
                                                 directory.keys() / "audit-ed25519.pub.pem");
    if (!audit)
        return audit.error();
    const auto signing = access::createSigningKey(directory.keys(), clock);
    if (!signing)
        return signing.error();
    return access::createDevelopmentPki(directory.pki(), clock);
}

/// A power cut leaves files empty that were only written.
Result<void> bringToDisk(const std::filesystem::path& directory)
{
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool done = descriptor >= 0 && ::syncfs(descriptor) == 0;
    const Result<void> answer =
        done ? Result<void>() : Error{ErrorCode::FileUnwritable, directory.string(), std::strerror(errno)};
    if (descriptor >= 0)
        ::close(descriptor);
    return answer;
}

Result<void> makeFiles(const DataDirectory& directory, const Clock& clock)
{
    const auto made = makeKeys(directory, clock).and_then([&]() -> Result<void> {
        std::error_code none;
        const bool given =
            !directory.issuerLocation.empty() && std::filesystem::exists(directory.issuer(), none);
        return given ? Result<void>() : writeSampleIssuer(directory.issuer());
    });
    return made.and_then([&] { return bringToDisk(directory.root); }).and_then([&] {
        return bringToDisk(directory.keys());
    });
}

/// A database another directory was made for holds values that only that directory's keys open.
Result<void> refuseOthersDatabase(Storage& storage)
{
    const auto heads =
        readValue(storage, Scope::allTenants("init"), [](Work& work) { return storage::auditHeads(work); });
    if (!heads)
        return heads.error();
    if (!heads->empty())
        return Error{ErrorCode::AlreadyExists, "storage.connection",
                     "the database belongs to another data directory"};
    return {};
}

/// SQLite: the database comes last: where it is, everything else is. PostgreSQL: the keys do, made only for a
/// database that answers and is new.
Result<void> makeAll(const Configuration& configuration, const Clock& clock, Random& random)
{
    const DataDirectory& directory = configuration.directory;
    const auto prepared = makeDirectories(directory);
    if (!prepared)
        return prepared;
    const bool sqlite = configuration.storage.engine == Engine::Sqlite;
    if (sqlite) {
        if (const auto made = makeFiles(directory, clock); !made)
            return made;
    }
    const auto engine = EngineStorage::open(configuration, clock.now(), random);
    if (!engine)
        return engine.error();
    if (sqlite)
        return {};
    return refuseOthersDatabase(engine->storage()).and_then([&] { return makeFiles(directory, clock); });
}

Result<void> initialise(const Configuration& configuration, const Clock& clock, Random& random)
{
    if (isInitialised(configuration))
        return Error{ErrorCode::AlreadyExists, configuration.directory.root.string(),
                     "is a data directory already"};
    if (const auto made = makeAll(configuration, clock, random); !made)
        return made;
    const auto house = House::open(configuration, {clock, random});
    if (!house)
        return house.error();
    const Instant now = clock.now();
    const auto founded = (*house)->storage().write(
        Scope::system("init"), Priority::Money, WorkId((*house)->ids().next("wrk")),
        [&](Work& work) -> Result<void> {
            const auto noted = audit::appendEntry(work, {{}, "operator", "init", "system", "{}"}, now);
            return noted ? Result<void>() : noted.error();
        });
    // From here on a missing file of checkpoints is seen as what it is.
    return founded ? (*house)->checkpointer().found((*house)->storage(), now) : founded;
}

} // namespace

int initCommand(const std::vector<std::string>& words)
{
    const auto options = Options::parse(words, {"data-dir", "config"}, {});
    if (!options)
        return refuse("init", options.error());
    const auto configuration = configurationOf(*options);
    if (!configuration)
        return refuse("init", configuration.error());
    const SystemClock clock;
    SystemRandom random;
    const auto done = initialise(*configuration, clock, random);
    if (!done)
        return refuse("init", done.error());
    const DataDirectory& directory = configuration->directory;
    const std::string same = options->has("config") ? "--config " + options->value("config")
                                                    : "--data-dir " + directory.root.string();
    std::printf("Made %s\n"
                "  issuer.toml    who sells; edit it before the first real invoice\n"
                "  pki/           development CA, server, kernel and console certificates\n"
                "  keys/          sealing, audit and token keys; back them up apart from the database\n"
                "Start the server:  billing-server run %s\n",
                directory.root.c_str(), same.c_str());
    return 0;
}

} // namespace billing::app
