// billing-server init --data-dir D
#include "server/app/commands.h"

#include "server/access/development_pki.h"
#include "server/access/signing_keys.h"
#include "server/app/data_directory.h"
#include "server/app/house.h"
#include "server/app/issuer_file.h"
#include "server/app/system_clock.h"
#include "server/audit/append_entry.h"
#include "server/secrets/audit_key.h"

#include <cstdio>

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
    const auto sealing = secrets::KeyRing::create(directory.keys() / "sealing.keys", random);
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

Result<void> initialise(const DataDirectory& directory, const Clock& clock, Random& random)
{
    if (std::filesystem::exists(directory.database()))
        return Error{ErrorCode::AlreadyExists, directory.root.string(), "is a data directory already"};
    const auto made =
        makeDirectories(directory).and_then([&] { return makeKeys(directory, clock); }).and_then([&] {
            return writeSampleIssuer(directory.issuer());
        });
    if (!made)
        return made;
    {
        // The database comes last: where it is, everything else is.
        const auto storage = SqliteStorage::open(directory.database(), {clock.now()});
        if (!storage)
            return storage.error();
    }
    const auto house = House::open(directory, {clock, random});
    if (!house)
        return house.error();
    const Instant now = clock.now();
    return (*house)->storage().write(
        Scope::system("init"), Priority::Money, WorkId((*house)->ids().next("wrk")),
        [&](Work& work) -> Result<void> {
            const auto noted = audit::appendEntry(work, {{}, "operator", "init", "system", "{}"}, now);
            return noted ? Result<void>() : noted.error();
        });
}

} // namespace

int initCommand(const std::vector<std::string>& words)
{
    const auto options = Options::parse(words, {"data-dir"}, {});
    if (!options)
        return refuse("init", options.error());
    if (!options->has("data-dir"))
        return refuse("init", {ErrorCode::MissingField, "--data-dir"});
    const SystemClock clock;
    SystemRandom random;
    const DataDirectory directory{std::filesystem::absolute(options->value("data-dir"))};
    const auto done = initialise(directory, clock, random);
    if (!done)
        return refuse("init", done.error());
    std::printf("Made %s\n"
                "  issuer.toml    who sells; edit it before the first real invoice\n"
                "  pki/           development CA, server, kernel and console certificates\n"
                "  keys/          sealing, audit and token keys; back them up apart from the database\n"
                "Start the server:  billing-server run --data-dir %s\n",
                directory.root.c_str(), directory.root.c_str());
    return 0;
}

} // namespace billing::app
