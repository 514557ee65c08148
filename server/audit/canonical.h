// The bytes that audit hashes and signatures are made over. Every field has its length before it (8 bytes,
// big endian), so that no two entries read the same; numbers are 8 bytes, big endian, two's complement, with
// a length too; the first field names what is encoded and its version.
//
//     entry      "enis-billing audit entry v1" chain seq at actor action object body previous-hash
//     checkpoint "enis-billing audit checkpoint v1" n at number-of-heads {chain seq hash}...
//     previous-line-hash
//
// Pure. billing-audit-verify implements this text a second time and shares no code with it.
#pragma once

#include "server/storage/audit_entries.h"

#include <string>
#include <string_view>

namespace billing::audit {

class CanonicalText
{
public:
    explicit CanonicalText(std::string_view domain) { add(domain); }
    void add(std::string_view field);
    void add(std::int64_t number);
    const std::string& bytes() const noexcept { return m_bytes; }

private:
    std::string m_bytes;
};

/// The hash of an entry, 32 bytes; its own `hash` field is not read.
std::string entryHash(const storage::AuditRow& entry);

/// The previous hash of a chain's first entry.
std::string firstPreviousHash();

} // namespace billing::audit
