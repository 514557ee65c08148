// billing-server backup --data-dir D | --config F.toml --to DIR
#include "server/app/house_commands.h"

#include "server/app/backup.h"

namespace billing::app {

int backup(House& house, const Options& options, CommandOutput& output)
{
    if (!options.has("to"))
        return refuse(output, "backup", {ErrorCode::MissingField, "--to"});
    const std::filesystem::path directory = std::filesystem::absolute(options.value("to")).lexically_normal();
    const auto manifest = makeBackup(house, directory);
    if (!manifest)
        return refuse(output, "backup", manifest.error());
    std::int64_t bytes = 0;
    for (const BackupFile& file : manifest->files)
        bytes += file.digest.size;
    output.line("backup: " + std::to_string(manifest->files.size()) + " files, " + std::to_string(bytes) +
                " bytes, as of " + manifest->startedAt.toText() + " or later, in " + directory.string());
    output.line("backup: keys are not in it; keep " + house.directory().keys().string() + " apart");
    return 0;
}

} // namespace billing::app
