#include "server/app/restore.h"

#include "server/app/backup.h"
#include "server/app/house_commands.h"
#include "server/app/postgres_dump.h"
#include "server/storage/audit_entries.h"

#include <fstream>

namespace billing::app {

namespace {

namespace fs = std::filesystem;

Result<std::string> readManifest(const fs::path& backup)
{
    std::ifstream file(backup / manifestName, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (text.empty())
        return Error{ErrorCode::FileUnreadable, (backup / manifestName).string(),
                     "no backup, or one that was interrupted"};
    return text;
}

Result<void> checkFile(const fs::path& backup, const BackupFile& file)
{
    const auto digest = digestOf(backup / file.path);
    if (!digest)
        return digest.error();
    if (*digest != file.digest)
        return Error{ErrorCode::StorageCorrupt, file.path,
                     digest->size < file.digest.size ? "cut off" : "changed since the backup"};
    return {};
}

Result<void> checkEmpty(const DataDirectory& target)
{
    std::error_code none;
    if (!fs::exists(target.root, none))
        return {};
    for (const auto& entry : fs::directory_iterator(target.root, none)) {
        const auto name = entry.path().filename();
        if (name != "keys" && name != "pki" && name != "billing.toml")
            return Error{ErrorCode::AlreadyExists, entry.path().string(), "the target is not empty"};
    }
    return {};
}

/// Where a file of the backup belongs; nothing for what is not put back.
std::optional<fs::path> placeOf(const std::string& path, const Configuration& target)
{
    const DataDirectory& directory = target.directory;
    if (path == "database/billing.sqlite")
        return directory.database().string() + ".restoring";
    if (path.starts_with("documents/"))
        return directory.root / path;
    if (path == "checkpoints/checkpoints.jsonl")
        return directory.checkpointFile();
    std::error_code none;
    if (path == "configuration/issuer.toml" && !fs::exists(directory.issuer(), none))
        return directory.issuer();
    if (path == "configuration/billing.toml" && target.file.empty())
        return directory.configuration();
    return std::nullopt;
}

/// The file's name comes last: where it is, everything else is. PostgreSQL is loaded in one transaction.
Result<void> placeDatabase(const fs::path& backup, const Configuration& target, RestorePorts ports)
{
    const fs::path database = target.directory.database();
    if (target.storage.engine == Engine::Sqlite)
        return renameDurably(database.string() + ".restoring", database);
    {
        // Makes the roles that the dump's rights are granted to.
        const auto engine = EngineStorage::open(target, ports.clock.now(), ports.random);
        if (!engine)
            return engine.error();
        const auto heads = readValue(engine->storage(), Scope::allTenants("restore"),
                                     [](Work& work) { return storage::auditHeads(work); });
        if (!heads)
            return heads.error();
        if (!heads->empty())
            return Error{ErrorCode::AlreadyExists, "storage.connection", "the database is not empty"};
    }
    return restorePostgres(target.storage, backup / "database" / "billing.pgdump");
}

/// It waits for its turn or for a person; the next server goes on with it.
bool isDrawnLater(ErrorCode code)
{
    return code == ErrorCode::DocumentNotReady || code == ErrorCode::DocumentSetAside;
}

Result<bool> documentsAreWhole(House& house, CommandOutput& output)
{
    storage::InvoiceFilter filter;
    filter.limit = std::numeric_limits<std::int32_t>::max();
    const auto rows = readValue(house.storage(), Scope::allTenants("restore"),
                                [&](Work& work) { return storage::listInvoices(work, filter); });
    if (!rows)
        return rows.error();
    bool whole = true;
    std::int64_t drawn = 0;
    for (const storage::InvoiceRow& row : *rows) {
        const auto document = house.documents().read(row.tenant, row.id);
        drawn += document ? 1 : 0;
        if (document || isDrawnLater(document.error().code))
            continue;
        output.line("document of " + row.id.text() + ": " + toText(document.error()));
        whole = false;
    }
    if (whole)
        output.line("documents: " + std::to_string(drawn) + " of " + std::to_string(rows->size()) +
                    " invoices are drawn and open");
    return whole;
}

} // namespace

Result<BackupManifest> checkBackup(const fs::path& backup, const DataDirectory& keysOf)
{
    const auto text = readManifest(backup);
    if (!text)
        return text.error();
    const auto publicKey = secrets::AuditPublicKey::load(keysOf.keys() / "audit-ed25519.pub.pem");
    if (!publicKey)
        return publicKey.error();
    for (const char* name : {"sealing.keys", "audit-ed25519.pem"})
        if (!fs::exists(keysOf.keys() / name))
            return Error{ErrorCode::FileUnreadable, (keysOf.keys() / name).string(), "the backup needs it"};
    auto manifest = decodeManifest(*text, *publicKey);
    if (!manifest)
        return manifest.error();
    const auto ring = secrets::KeyRing::load(keysOf.sealingKeys());
    if (!ring)
        return ring.error();
    const auto have = fingerprintsOf(*ring);
    const auto& need = manifest->sealingKeys;
    if (have.size() < need.size() || !std::equal(need.begin(), need.end(), have.begin()))
        return Error{ErrorCode::InvalidKey, keysOf.sealingKeys().string(), "not the keys of this backup"};
    for (const BackupFile& file : manifest->files)
        if (const auto checked = checkFile(backup, file); !checked)
            return checked.error();
    return manifest;
}

Result<void> copyBack(const fs::path& backup, const BackupManifest& manifest, const Configuration& target,
                      RestorePorts ports)
{
    const std::string engine = target.storage.engine == Engine::Sqlite ? "sqlite" : "postgresql";
    if (manifest.engine != engine)
        return Error{ErrorCode::InvalidConfiguration, "storage.engine",
                     "the backup is of " + manifest.engine};
    if (const auto empty = checkEmpty(target.directory); !empty)
        return empty;
    std::error_code failed;
    for (const fs::path& path :
         {target.directory.root, target.directory.documents(), target.directory.checkpoints()}) {
        fs::create_directories(path, failed);
        fs::permissions(path, fs::perms::owner_all, failed);
    }
    for (const BackupFile& file : manifest.files) {
        const auto place = placeOf(file.path, target);
        if (!place)
            continue;
        if (const auto copied = copyFile(backup / file.path, *place); !copied)
            return copied;
        const auto digest = digestOf(*place);
        if (!digest || *digest != file.digest)
            return Error{ErrorCode::StorageCorrupt, file.path, "changed while it was copied"};
    }
    return syncTree(target.directory.root).and_then([&] { return placeDatabase(backup, target, ports); });
}

Result<bool> proveRestored(const Configuration& target, CommandOutput& output, RestorePorts ports)
{
    Result<bool> good = false;
    {
        const auto house = House::open(target, {ports.clock, ports.random});
        if (!house) {
            good = house.error();
        } else {
            const bool books = checkInvariants(**house, {}, output) == 0;
            const bool audit = verifyAudit(**house, {}, output) == 0;
            good = documentsAreWhole(**house, output);
            if (good)
                good = *good && books && audit;
        }
    }
    if ((!good || !*good) && target.storage.engine == Engine::Sqlite) {
        std::error_code none;
        fs::rename(target.directory.database(), target.directory.database().string() + ".refused", none);
    }
    return good;
}

} // namespace billing::app
