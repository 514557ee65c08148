#include "server/app/backup_manifest.h"

#include "server/secrets/message_code.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>

namespace billing::embedded {
extern const std::string_view programVersion;
}

namespace billing::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr int format = 1;
constexpr std::string_view domain = "enis-billing backup v1\n";

std::string hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes) {
        text += digits[static_cast<unsigned char>(byte) >> 4];
        text += digits[static_cast<unsigned char>(byte) & 15];
    }
    return text;
}

std::string signedText(const Json& manifest)
{
    return std::string(domain).append(manifest.dump());
}

/// Below the backup, in one of its folders, by plain names.
bool isOurs(const std::string& path)
{
    const bool known = path.starts_with("database/") || path.starts_with("documents/") ||
                       path.starts_with("checkpoints/") || path.starts_with("configuration/");
    const std::filesystem::path parts(path);
    return known && std::none_of(parts.begin(), parts.end(), [](const std::filesystem::path& part) {
               return part.empty() || part == "." || part == "..";
           });
}

Json toJson(const BackupManifest& manifest)
{
    Json files = Json::array();
    for (const BackupFile& file : manifest.files)
        files.push_back({{"path", file.path}, {"size", file.digest.size}, {"sha256", file.digest.sha256}});
    return {{"format", format},
            {"version", embedded::programVersion},
            {"engine", manifest.engine},
            {"started_at", manifest.startedAt.toText()},
            {"finished_at", manifest.finishedAt.toText()},
            {"sealing_keys", manifest.sealingKeys},
            {"files", std::move(files)}};
}

/// A signed object is ours; what is missing in it would be our own mistake, or another format.
Result<BackupManifest> fromJson(const Json& object)
{
    try {
        if (object.at("format") != format)
            return Error{ErrorCode::MalformedJson, "backup.json", "another format"};
        const auto started = Instant::parse(object.at("started_at").get<std::string>());
        const auto finished = Instant::parse(object.at("finished_at").get<std::string>());
        if (!started || !finished)
            return Error{ErrorCode::MalformedJson, "backup.json"};
        BackupManifest manifest{object.at("engine"), *started, *finished, object.at("sealing_keys")};
        for (const Json& file : object.at("files")) {
            manifest.files.push_back({file.at("path"), {file.at("size"), file.at("sha256")}});
            if (!isOurs(manifest.files.back().path))
                return Error{ErrorCode::InvalidValue, "backup.json", "a file outside the backup"};
        }
        return manifest;
    } catch (const nlohmann::json::exception&) { // the library's way; it goes no further
        return Error{ErrorCode::MalformedJson, "backup.json"};
    }
}

} // namespace

std::vector<std::string> fingerprintsOf(const secrets::KeyRing& keys)
{
    std::vector<std::string> fingerprints;
    for (std::uint32_t version = 1; version <= keys.newest(); ++version) {
        const auto key = keys.key(version);
        BILLING_ASSERT(key.has_value());
        const auto code =
            secrets::messageCode({reinterpret_cast<const char*>((*key)->data()), (*key)->size()},
                                 "enis-billing key fingerprint v1");
        fingerprints.push_back(hex(code).substr(0, 16));
    }
    return fingerprints;
}

std::string encodeManifest(const BackupManifest& manifest, const secrets::AuditKey& key)
{
    Json object = toJson(manifest);
    object["signature"] = hex(key.sign(signedText(object)));
    return object.dump(1) + "\n";
}

Result<BackupManifest> decodeManifest(std::string_view text, const secrets::AuditPublicKey& key)
{
    Json object = text.ends_with("}\n") ? Json::parse(text, nullptr, false) : Json();
    if (!object.is_object() || !object.contains("signature") || !object["signature"].is_string())
        return Error{ErrorCode::MalformedJson, "backup.json"};
    const std::string signature = object["signature"];
    object.erase("signature");
    std::string bytes;
    for (std::size_t at = 0; at + 1 < signature.size(); at += 2)
        bytes += static_cast<char>(std::strtol(signature.substr(at, 2).c_str(), nullptr, 16));
    if (hex(bytes) != signature || !key.verifies(signedText(object), bytes))
        return Error{ErrorCode::CheckpointBroken, "backup.json", "the signature does not hold"};
    return fromJson(object);
}

} // namespace billing::app
