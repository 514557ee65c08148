#include "server/storage/postgres/bulk_select.h"

#include "server/storage/postgres/given_rows.h"
#include "server/storage/postgres/placeholders.h"

#include "shared/kernel/assert.h"

#include <vector>

namespace billing::postgres {

std::string bulkSelect(std::string_view sql, std::span<const Oid> types)
{
    std::vector<std::string> names;
    names.reserve(types.size());
    std::vector<GivenColumn> columns;
    for (const Oid type : types) {
        names.push_back("v" + std::to_string(names.size() + 1));
        columns.push_back({names.back(), type});
    }
    const std::string single = replacePlaceholders(sql, [&](std::size_t number) {
        BILLING_ASSERT(number < columns.size());
        return givenValue(columns[number]);
    });
    return "SELECT given.given_row, found.* FROM " + givenRows(columns) + " CROSS JOIN LATERAL (" + single +
           " LIMIT 1) AS found ORDER BY given.given_row";
}

} // namespace billing::postgres
