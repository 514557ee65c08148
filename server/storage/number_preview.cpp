#include "server/storage/number_preview.h"

#include "server/storage/sql/stored.h"

namespace billing::storage {

Result<SeriesPosition> nextNumber(Work& work, std::string_view issuer, std::string_view series)
{
    const auto found = sql::queryFirst(
        work.session(),
        "SELECT last_number, last_issue_date FROM invoice_series WHERE issuer = ? AND series = ?",
        {issuer, series}, [](const sql::Row& row) -> Result<SeriesPosition> {
            const std::string text = row.text(1);
            if (text.empty())
                return SeriesPosition{row.integer(0) + 1, {}};
            const auto date = sql::stored(LocalDate::parse(text), "invoice_series.last_issue_date");
            return date ? Result<SeriesPosition>(SeriesPosition{row.integer(0) + 1, *date}) : date.error();
        });
    if (!found)
        return found.error();
    return found->has_value() ? **found : SeriesPosition{1, {}};
}

Result<bool> isNumberIssued(Work& work, std::string_view issuer, std::string_view number)
{
    const auto found = queryOne(work.session(), "SELECT 1 FROM issued_number WHERE issuer = ? AND number = ?",
                                {issuer, number}, [](const sql::Row&) { return true; });
    return found ? Result<bool>(found->has_value()) : found.error();
}

} // namespace billing::storage
