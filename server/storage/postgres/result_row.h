// One row of a binary answer as the repositories read it. A column of another type than asked for is our own
// mistake and asserts.
#pragma once

#include "server/storage/sql/session.h"

#include <libpq-fe.h>

namespace billing::postgres {

class ResultRow final : public sql::Row
{
public:
    /// What stands before the first column is not the reader's.
    ResultRow(const PGresult* result, int row, int firstColumn = 0)
        : m_result(result)
        , m_row(row)
        , m_first(firstColumn)
    {
    }

    bool isNull(int column) const override;
    std::int64_t integer(int column) const override; ///< NUMERIC too, as sums of BIGINT are
    std::string text(int column) const override;
    std::string_view bytes(int column) const;
    bool equals(int column, const sql::Value& value) const; ///< of BIGINT, TEXT and BYTEA

private:
    Oid typeOf(int column) const;

    const PGresult* m_result;
    int m_row;
    int m_first;
};

} // namespace billing::postgres
