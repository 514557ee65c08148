// Many rows of values as one statement sees them: an array for each column, which unnest() turns back into
// rows named "given", numbered in their order by given.given_row.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <libpq-fe.h>

namespace billing::postgres {

struct GivenColumn
{
    std::string_view name;
    Oid type; ///< of the parameter or column its values are meant for
};

/// "unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS given (name, other, given_row)"
std::string givenRows(std::span<const GivenColumn> columns);
/// The column's value in a row of givenRows, in its own type again.
std::string givenValue(const GivenColumn& column);

} // namespace billing::postgres
