// A SELECT asked for many rows of values as one statement: the values become the rows of given_rows.h, and
// each looks for its own answer. A LATERAL with a limit and no plain join, since nothing else keeps the
// planner from reading a whole table for the sake of some thousand keys. Made from the statement for a single
// row.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <libpq-fe.h>

namespace billing::postgres {

/// sql with one array in place of each "?", whose types are given: answers given_row, counted from 1, and the
/// columns of the first row found, in the order given; nothing for a row that finds none.
std::string bulkSelect(std::string_view sql, std::span<const Oid> types);

} // namespace billing::postgres
