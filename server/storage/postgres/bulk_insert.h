// INSERT of many rows as one statement: its values become arrays, one for each column, which unnest() turns
// back into rows in their order. Made from the statement for a single row, so that there is one SQL text.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <libpq-fe.h>

namespace billing::postgres {

struct BulkInsert
{
    enum class OnConflict
    {
        Refuse,
        DoNothing, ///< the statement answers the keys of the rows it inserted
        DoUpdate   ///< refused by the engine when two rows of one call have the same key
    };

    std::string text;    ///< with one array for each column
    std::string hopeful; ///< the same without its ON CONFLICT DO NOTHING; empty where it has none
    OnConflict onConflict;
    bool answersKeys; ///< it has a RETURNING of its own
    /// The columns named by ON CONFLICT (...); all of them where it names none but has an answer to compare.
    std::vector<std::size_t> keys;
};

/// Nothing unless sql is "INSERT INTO table (columns) VALUES (?, ...)" with one "?" for each column, what
/// follows it aside. types are the columns'.
std::optional<BulkInsert> bulkInsert(std::string_view sql, std::span<const Oid> types);

} // namespace billing::postgres
