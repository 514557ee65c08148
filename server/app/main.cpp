// billing-server: the command line. Each command is a function of commands.h.
#include "server/app/commands.h"
#include "server/app/house_commands.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace {

using namespace billing::app;

/// A command's name as a template argument.
template <std::size_t N>
struct Name
{
    consteval Name(const char (&word)[N]) { std::copy_n(word, N, text); }
    char text[N];
};

template <Name name>
int ofHouse(const std::vector<std::string>& words)
{
    return houseCommand(name.text, words);
}

struct Command
{
    std::string_view name;
    int (*run)(const std::vector<std::string>&);
    const char* help;
};

constexpr Command commands[] = {
    {"init", initCommand,
     "init --data-dir D                     make a data directory: database, keys, certificates"},
    {"run", runCommand, "run --data-dir D [--listen A:P]       serve (default 127.0.0.1:8443)"},
    {"demo", demoCommand,
     "demo --data-dir D                     fill a new data directory with a believable company"},
    {"token", tokenCommand,
     "token --data-dir D --subject S (--scope \"billing:write ...\" | --role R) [--tenant T] [--cert F]\n"
     "                                        a development token on stdout, valid for an hour"},
    {"status", statusCommand, "status --data-dir D                   what the server that runs on D does"},
    {"check-invariants", ofHouse<"check-invariants">,
     "check-invariants --data-dir D         prove that the books are consistent"},
    {"verify-audit", ofHouse<"verify-audit">,
     "verify-audit --data-dir D             prove that the audit log is intact"},
    {"retry", ofHouse<"retry">,
     "retry --data-dir D                    try at once again what is set aside (GET /needs-attention)"},
    {"backup", ofHouse<"backup">,
     "backup --data-dir D --to DIR          copy everything but the keys, also while a server runs"},
    {"restore", restoreCommand,
     "restore --from DIR --data-dir D       make D of a backup, with the keys already in D/keys"},
};

int usage(FILE* out)
{
    std::fprintf(out,
                 "ENIS Billing server. Wherever --data-dir D stands, --config F.toml may stand instead.\n\n");
    for (const Command& command : commands)
        std::fprintf(out, "  billing-server %s\n", command.help);
    return out == stdout ? 0 : 2;
}

} // namespace

int main(int argc, char** argv)
{
    // For QProcess and Qt Sql's drivers; the server has no Qt event loop.
    const QCoreApplication application(argc, argv);
    const std::vector<std::string> words(argv + std::min(argc, 2), argv + argc);
    const std::string_view name = argc > 1 ? argv[1] : "";
    if (name == "--help" || name == "help")
        return usage(stdout);
    for (const Command& command : commands)
        if (command.name == name)
            return command.run(words);
    return usage(stderr);
}
