// Where things lie below a data directory D. Everything in it is private to its owner.
#pragma once

#include <filesystem>

namespace billing {

struct DataDirectory
{
    std::filesystem::path root;
    std::filesystem::path keyDirectory = {};   ///< empty: root/keys
    std::filesystem::path issuerLocation = {}; ///< empty: root/issuer.toml

    std::filesystem::path database() const { return root / "billing.sqlite"; }
    std::filesystem::path issuer() const
    {
        return issuerLocation.empty() ? root / "issuer.toml" : issuerLocation;
    }
    std::filesystem::path keys() const { return keyDirectory.empty() ? root / "keys" : keyDirectory; }
    std::filesystem::path sealingKeys() const { return keys() / "sealing.keys"; }
    std::filesystem::path configuration() const { return root / "billing.toml"; }
    std::filesystem::path lock() const { return root / "server.lock"; }
    std::filesystem::path adminSocket() const { return root / "admin.sock"; }
    std::filesystem::path checkpointFile() const { return checkpoints() / "checkpoints.jsonl"; }
    std::filesystem::path pki() const { return root / "pki"; }
    std::filesystem::path documents() const { return root / "documents"; }
    std::filesystem::path checkpoints() const { return root / "checkpoints"; }
    std::filesystem::path invoices() const { return root / "invoices"; }
};

} // namespace billing
