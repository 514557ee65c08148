// Usage events from a file with one JSON event per line (ndjson_rows.h), for BillingAPIClient::send: reading
// ends at the first line that is none. One thread.
#pragma once

#include "shared/usage_client/event_source.h"
#include "shared/usage_client/ndjson_rows.h"

namespace billing::client {

class NdjsonEvents final : public EventSource
{
public:
    static constexpr std::size_t lineLimit = NdjsonRows::lineLimit; ///< bytes

    /// Refuses what NdjsonRows::open refuses.
    static Result<NdjsonEvents> open(std::string path);

    /// Refuses a row's problem, and what NdjsonRows::next refuses.
    Result<std::optional<UsageEvent>> next() override;
    std::int64_t bytesRead() const override { return m_rows.bytesRead(); }

private:
    explicit NdjsonEvents(NdjsonRows rows);

    NdjsonRows m_rows;
};

} // namespace billing::client
