#include "server/storage/sealed_keys.h"

#include "server/storage/sql/session.h"

namespace billing::storage {

namespace {

/// Four octets, most significant first.
std::uint32_t versionOf(const std::string& octets)
{
    std::uint32_t version = 0;
    for (const char octet : octets)
        version = version << 8 | static_cast<unsigned char>(octet);
    return version;
}

} // namespace

Result<std::uint32_t> newestSealingKey(Work& work)
{
    const auto newest = sql::queryOne(
        work.session(),
        "SELECT version FROM (SELECT substr(sealed_profile, 2, 4) AS version FROM tenant UNION ALL SELECT"
        " substr(sealed_snapshot, 2, 4) FROM invoice WHERE invoice_id = (SELECT max(invoice_id) FROM"
        " invoice)) AS sealed ORDER BY version DESC LIMIT 1",
        {}, [](const sql::Row& row) { return versionOf(row.text(0)); });
    if (!newest)
        return newest.error();
    return newest->value_or(0);
}

} // namespace billing::storage
