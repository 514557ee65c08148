#include "server/audit/canonical.h"

#include "server/secrets/sha256.h"

namespace billing::audit {

namespace {

std::string bigEndian(std::uint64_t number)
{
    std::string text(8, '\0');
    for (std::size_t index = text.size(); index-- > 0; number >>= 8)
        text[index] = static_cast<char>(number & 0xff);
    return text;
}

} // namespace

void CanonicalText::add(std::string_view field)
{
    m_bytes += bigEndian(field.size());
    m_bytes += field;
}

void CanonicalText::add(std::int64_t number)
{
    add(bigEndian(static_cast<std::uint64_t>(number)));
}

std::string entryHash(const storage::AuditRow& entry)
{
    CanonicalText text("enis-billing audit entry v1");
    text.add(entry.chain);
    text.add(entry.seq);
    text.add(entry.at.micros());
    text.add(entry.actor);
    text.add(entry.action);
    text.add(entry.object);
    text.add(entry.body);
    text.add(entry.previousHash);
    return secrets::toBytes(secrets::sha256(text.bytes()));
}

std::string firstPreviousHash()
{
    return std::string(32, '\0');
}

} // namespace billing::audit
