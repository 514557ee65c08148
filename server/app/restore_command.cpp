// billing-server restore --from DIR --data-dir D | --config F.toml
#include "server/app/commands.h"

#include "server/app/restore.h"
#include "server/app/system_clock.h"

namespace billing::app {

namespace {

Result<bool> restore(const std::filesystem::path& backup, const Options& options, CommandOutput& output)
{
    auto target = configurationOf(options);
    if (!target)
        return target.error();
    const auto manifest = checkBackup(backup, target->directory);
    if (!manifest)
        return manifest.error();
    output.line("restore: " + std::to_string(manifest->files.size()) + " files as of " +
                manifest->startedAt.toText() + " or later are as they were");
    const SystemClock clock;
    SystemRandom random;
    const RestorePorts ports{clock, random};
    if (const auto copied = copyBack(backup, *manifest, *target, ports); !copied)
        return copied.error();
    target = configurationOf(options); // now with the file that came back
    return target ? proveRestored(*target, output, ports) : target.error();
}

} // namespace

int restoreCommand(const std::vector<std::string>& words)
{
    StandardOutput output;
    const auto options = Options::parse(words, {"from", "data-dir", "config"}, {});
    if (!options)
        return refuse("restore", options.error());
    if (!options->has("from"))
        return refuse("restore", {ErrorCode::MissingField, "--from"});
    const auto good = restore(std::filesystem::absolute(options->value("from")), *options, output);
    if (!good) {
        const int code = refuse("restore", good.error());
        if (good.error().code == ErrorCode::FileUnreadable || good.error().code == ErrorCode::InvalidKey)
            output.complain(
                "The keys directory needs sealing.keys, audit-ed25519.pem, audit-ed25519.pub.pem and "
                "jwt-*.jwk of the server that was backed up; pki its certificates.");
        return code;
    }
    output.line(*good ? "restore: good" : "restore: NOT good; the database was put out of the way");
    return *good ? 0 : 1;
}

} // namespace billing::app
