#include "server/app/backup.h"

#include "server/app/postgres_dump.h"
#include "server/secrets/private_file.h"
#include "server/storage/sqlite/online_copy.h"

namespace billing::app {

namespace {

namespace fs = std::filesystem;

/// A checkpoint file grows by lines while it is copied: its size now ends with a whole one, or with one that
/// was being written and does not count.
Result<void> copyCheckpoints(const DataDirectory& directory, const fs::path& into)
{
    std::error_code none;
    if (!fs::exists(directory.checkpointFile(), none))
        return {};
    return copyFile(directory.checkpointFile(), into / "checkpoints" / "checkpoints.jsonl");
}

Result<void> copyDatabase(House& house, const fs::path& into)
{
    std::error_code failed;
    fs::create_directories(into / "database", failed);
    if (failed)
        return Error{ErrorCode::FileUnwritable, into.string(), failed.message()};
    if (house.sqlite())
        return sqlite::copyOnline(house.directory().database(), into / "database" / "billing.sqlite");
    return dumpPostgres(house.configuration().storage, into / "database" / "billing.pgdump");
}

/// Files that are being written carry ".new" until they are whole; the rows of the copy name none of them.
Result<void> copyDocuments(const DataDirectory& directory, const fs::path& into)
{
    std::error_code failed;
    if (!fs::exists(directory.documents(), failed))
        return {};
    for (const auto& entry : fs::recursive_directory_iterator(directory.documents(), failed)) {
        if (!entry.is_regular_file() || entry.path().extension() != ".sealed")
            continue;
        const fs::path below = fs::relative(entry.path(), directory.documents());
        if (const auto copied = copyFile(entry.path(), into / "documents" / below); !copied)
            return copied;
    }
    return failed ? Error{ErrorCode::FileUnreadable, directory.documents().string(), failed.message()}
                  : Result<void>();
}

Result<void> copyConfiguration(const Configuration& configuration, const fs::path& into)
{
    const fs::path folder = into / "configuration";
    const auto issuer = copyFile(configuration.directory.issuer(), folder / "issuer.toml");
    if (!issuer || configuration.file.empty())
        return issuer;
    // A file that lies elsewhere is kept for the operator; restore puts back only what lay in the directory.
    const bool own = configuration.file == configuration.directory.configuration();
    return copyFile(configuration.file, folder / (own ? "billing.toml" : "config-file.toml"));
}

Result<std::vector<BackupFile>> filesBelow(const fs::path& directory)
{
    std::vector<BackupFile> files;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        if (!entry.is_regular_file())
            continue;
        auto digest = digestOf(entry.path());
        if (!digest)
            return digest.error();
        files.push_back({fs::relative(entry.path(), directory).generic_string(), std::move(*digest)});
    }
    std::sort(files.begin(), files.end(),
              [](const BackupFile& left, const BackupFile& right) { return left.path < right.path; });
    return files;
}

Result<BackupManifest> fill(House& house, const fs::path& directory)
{
    BackupManifest manifest{house.sqlite() ? "sqlite" : "postgresql", house.clock().now(),
                            house.clock().now(), fingerprintsOf(house.keys())};
    const auto copied = copyCheckpoints(house.directory(), directory)
                            .and_then([&] { return copyDatabase(house, directory); })
                            .and_then([&] { return copyDocuments(house.directory(), directory); })
                            .and_then([&] { return copyConfiguration(house.configuration(), directory); });
    if (!copied)
        return copied.error();
    auto files = filesBelow(directory);
    if (!files)
        return files.error();
    manifest.files = std::move(*files);
    manifest.finishedAt = house.clock().now();
    const auto written =
        secrets::createFile(directory / manifestName, encodeManifest(manifest, house.auditKey()),
                            secrets::Audience::OwnerOnly)
            .and_then([&] { return syncTree(directory); });
    return written ? Result<BackupManifest>(manifest) : written.error();
}

} // namespace

Result<BackupManifest> makeBackup(House& house, const fs::path& directory)
{
    const fs::path partial = directory.string() + ".partial";
    std::error_code failed;
    for (const fs::path& taken : {directory, partial})
        if (fs::exists(taken, failed))
            return Error{ErrorCode::AlreadyExists, taken.string(),
                         taken == partial ? "left by an interrupted backup; remove it" : ""};
    if (!fs::create_directory(partial, failed))
        return Error{ErrorCode::FileUnwritable, partial.string(), failed.message()};
    fs::permissions(partial, fs::perms::owner_all, failed);
    auto manifest = fill(house, partial);
    if (manifest) {
        if (const auto named = renameDurably(partial, directory); !named)
            manifest = named.error();
    }
    if (!manifest)
        fs::remove_all(partial, failed);
    return manifest;
}

} // namespace billing::app
