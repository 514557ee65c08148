// Where things lie below a data directory D. Everything in it is private to its owner.
#pragma once

#include <filesystem>

namespace billing {

struct DataDirectory
{
    std::filesystem::path root;

    std::filesystem::path database() const { return root / "billing.sqlite"; }
    std::filesystem::path issuer() const { return root / "issuer.toml"; }
    std::filesystem::path keys() const { return root / "keys"; }
    std::filesystem::path pki() const { return root / "pki"; }
    std::filesystem::path documents() const { return root / "documents"; }
    std::filesystem::path checkpoints() const { return root / "checkpoints"; }
    std::filesystem::path invoices() const { return root / "invoices"; }
};

} // namespace billing
