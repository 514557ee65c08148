// billing-audit-verify: checks the audit chains without any code of the server.
//
//     billing-audit-verify --database F   --checkpoints F --public-key F
//     billing-audit-verify --connection C --checkpoints F --public-key F
//
// F is a stopped server's SQLite file: a running one checks itself with `billing-server verify-audit`, since
// two processes on one file are not safe here. C is libpq's connection string of a PostgreSQL database, whose
// server may run; it may be empty, the rest comes from the environment. A password comes from PGPASSFILE (or
// ~/.pgpass) or PGPASSWORD, never on the command line, which others can read.
//
// Findings go to standard output, one line each, then a summary line. Exit code 0: all is well; 1: findings;
// 2: it could not be checked (arguments, unreadable files, no connection, a running server on SQLite).
#include "server/audit/verify/chains.h"

#include <cstdio>
#include <map>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

using namespace verify;

namespace {

enum ExitCode
{
    Clean = 0,
    Findings = 1,
    NotChecked = 2
};

int notChecked(const std::string& why)
{
    std::fprintf(stderr, "billing-audit-verify: %s\n", why.c_str());
    return NotChecked;
}

/// Pairs of option and value; empty when they are not exactly three known ones.
std::map<std::string, std::string> readOptions(int count, char** arguments)
{
    std::map<std::string, std::string> options;
    for (int index = 1; index + 1 < count; index += 2)
        options[arguments[index]] = arguments[index + 1];
    const bool areKnown = count == 7 && options.size() == 3 &&
                          options.count("--database") + options.count("--connection") == 1 &&
                          options.count("--checkpoints") == 1 && options.count("--public-key") == 1;
    return areKnown ? options : std::map<std::string, std::string>();
}

/// Keeps a server from starting while this runs. False when one is running.
bool lockOutServer(const std::string& database)
{
    const int descriptor = ::open((database + ".lock").c_str(), O_RDONLY | O_CLOEXEC);
    return descriptor < 0 || ::flock(descriptor, LOCK_SH | LOCK_NB) == 0; // held until the process ends
}

const char* nameOf(const std::string& chain)
{
    return chain.empty() ? "(system)" : chain.c_str();
}

} // namespace

int main(int count, char** arguments)
{
    auto options = readOptions(count, arguments);
    if (options.empty())
        return notChecked("usage: billing-audit-verify (--database F | --connection C) --checkpoints F "
                          "--public-key F");
    const bool isSqlite = options.count("--database") == 1;
    if (!isSqlite && holdsPassword(options["--connection"]))
        return notChecked("--connection takes a connection string without a password; that comes from "
                          "PGPASSFILE or PGPASSWORD");
    PublicKey key;
    if (!key.load(options["--public-key"]))
        return notChecked(options["--public-key"] + " holds no Ed25519 public key");
    if (isSqlite && !lockOutServer(options["--database"]))
        return notChecked("the server is running; use billing-server verify-audit");
    const auto checkpoints = readCheckpoints(options["--checkpoints"], key);
    if (!checkpoints)
        return notChecked(options["--checkpoints"] + " cannot be read");
    // The checkpoints were read first: what a running server signs from now on is not missed in the entries.
    const ChainReport report = verifyChains(isSqlite ? sqliteEntries(options["--database"])
                                                     : postgresEntries(options["--connection"]),
                                            checkpoints->promises);
    if (!report.unreadable.empty())
        return notChecked((isSqlite ? options["--database"] : "PostgreSQL") + ": " + report.unreadable);

    if (!checkpoints->broken.empty())
        std::printf("finding checkpoint=%lld reason=%s\n", static_cast<long long>(checkpoints->lines + 1),
                    checkpoints->broken.c_str());
    for (const Finding& finding : report.findings)
        std::printf("finding chain=%s first_bad=%lld reason=%s\n", nameOf(finding.chain),
                    static_cast<long long>(finding.firstBad), finding.reason.c_str());
    const auto findings = report.findings.size() + (checkpoints->broken.empty() ? 0 : 1);
    std::printf("checked entries=%lld chains=%lld checkpoints=%lld findings=%zu\n",
                static_cast<long long>(report.entries), static_cast<long long>(report.chains),
                static_cast<long long>(checkpoints->lines), findings);
    return findings == 0 ? Clean : Findings;
}
