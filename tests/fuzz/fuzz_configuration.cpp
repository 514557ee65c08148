// The two files an operator edits: the configuration and issuer.toml. They are read from a file, as at every
// start.
#include "tests/fuzz/fuzz_input.h"

#include "server/app/configuration.h"
#include "server/app/issuer_file.h"

#include <fstream>

#include <stdlib.h>

using namespace billing;

namespace {

/// A directory of this process, gone at its end.
struct Directory
{
    std::string path = "/tmp/fuzz-configuration-XXXXXX";

    Directory() { BILLING_ASSERT(::mkdtemp(path.data()) != nullptr); }
    ~Directory()
    {
        std::error_code failed;
        std::filesystem::remove_all(path, failed);
    }
};

} // namespace

void fuzz(std::string_view text)
{
    static const Directory directory;
    const std::filesystem::path file = std::filesystem::path(directory.path) / "input.toml";
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
    static_cast<void>(readConfiguration(file));
    static_cast<void>(readIssuerFile(file));
}
