// Usage events from a CSV file with a header (csv_rows.h), for BillingAPIClient::send: each row gives one
// event per mapping, and reading ends at the first bad row. With CsvIdentity::Content the ids are
// <prefix>-<content>-<occurrence> (row_identity.h), so that sending the same file again is harmless, also
// after rows were added, taken out or put right. One thread.
#pragma once

#include "shared/usage_client/csv_rows.h"
#include "shared/usage_client/event_source.h"
#include "shared/usage_client/row_ids.h"

namespace billing::client {

class CsvEvents final : public EventSource
{
public:
    /// Reads the file once, to learn which rows are there more than once, and goes back to its start. Refuses
    /// what CsvRows::open refuses; what is wrong behind the header is refused by next().
    static Result<CsvEvents> open(std::string path, CsvMapping mapping);

    /// Refuses a row's problem, and what CsvRows::next refuses. The subject is file:line:column.
    Result<std::optional<UsageEvent>> next() override;
    std::int64_t bytesRead() const override { return m_rows.bytesRead(); }

private:
    explicit CsvEvents(CsvRows rows);

    CsvRows m_rows;
    RowIds m_ids;
    const FileRow* m_row = nullptr;
    std::size_t m_nextEvent = 0;
};

} // namespace billing::client
