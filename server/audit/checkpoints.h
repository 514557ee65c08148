// Checkpoints: what every chain's head was at a moment, signed, and kept outside the database in
// D/checkpoints/checkpoints.jsonl, so that not even a chain recomputed from some entry on goes unseen. One
// JSON line each, linked to the line before by its hash:
//
//     {"n":1,"at":<microseconds>,"heads":[{"chain":"","seq":7,"hash":"<hex>"},...],
//      "previous":"<hex of the SHA-256 of the previous line, zeros for the first>","signature":"<hex>"}
//
// The signature (Ed25519) is over the canonical encoding of canonical.h.
#pragma once

#include "server/secrets/audit_key.h"
#include "server/storage/audit_entries.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace billing::audit {

struct Checkpoint
{
    std::int64_t number;
    Instant at;
    std::vector<storage::AuditHead> heads;
    std::string previous;  ///< 32 bytes
    std::string signature; ///< 64 bytes

    friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

/// What the signature is over.
std::string signedBytes(const Checkpoint& checkpoint);

/// A line without its line feed.
std::string toLine(const Checkpoint& checkpoint);
/// Refuses CheckpointBroken.
Result<Checkpoint> parseLine(std::string_view line);

/// All lines, their links and signatures checked. A missing file holds none. Refuses FileUnreadable, then
/// CheckpointBroken with the number of the first bad line.
Result<std::vector<Checkpoint>> readCheckpoints(const std::filesystem::path& file,
                                                const secrets::AuditPublicKey& key);

/// Writes checkpoints; one at a time for one file. The file is read and checked whole once; after that only
/// when it is no longer as it was left.
class Checkpointer
{
public:
    Checkpointer(std::filesystem::path file, secrets::AuditKey key);

    /// Adds a line for the heads as they are now, flushed to the disk before it returns; nothing when no
    /// chain has moved since the last line. A half-written last line, left by a power cut, is cut off first.
    /// Refuses FileUnreadable, CheckpointBroken, FileUnwritable, and what storage refuses.
    Result<void> write(Storage& storage, Instant at);
    /// The same, and the first line of all if there is none yet: write() refuses then (CheckpointBroken),
    /// since a house that was founded has one, and a new beginning would hide that the file was taken away.
    Result<void> found(Storage& storage, Instant at);

private:
    /// What the next line needs to know of the file.
    struct Tail
    {
        std::int64_t number = 0;
        std::vector<storage::AuditHead> heads = {};
        std::string lineHash;       ///< of the last line
        std::uint64_t fileSize = 0; ///< of the whole lines
    };

    enum class First
    {
        Allowed,
        Refused
    };
    Result<void> writeLine(Storage& storage, Instant at, First first);
    Result<Tail> readTail() const;
    bool isAsLeft() const;

    std::filesystem::path m_file;
    secrets::AuditKey m_key;
    std::optional<Tail> m_tail;
    std::int64_t m_lastNumber = 0; ///< of the lines this object wrote: the file cannot hold fewer
};

} // namespace billing::audit
