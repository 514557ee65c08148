// The second reading of a file: its good rows are sent, and of each it is known what the server said. One
// thread.
#pragma once

#include "shared/usage_client/billing_usage/check_file.h"
#include "shared/usage_client/usage_client.h"

namespace billing::client {

struct SentFile
{
    std::int64_t rowsSent = 0;    ///< all their events have an answer
    std::int64_t rowsSkipped = 0; ///< bad ones
    SendReport events = {};       ///< without rejections: they are listed by row
    std::int64_t repeatedRows = 0;
    std::int64_t firstRepeatedLine = 0;
    std::int64_t refusedRows = 0; ///< of which the server did not take an event
    std::vector<ListedRow> refused = {};
    std::optional<Error> stopped = {}; ///< why it ended before the end of the file
};

struct SendOptions
{
    BillingAPIClient* client; ///< null: nothing is sent, what is repeated is counted all the same
    std::size_t batchEvents = 1'000;
    std::size_t batchBytes = 1 << 20;
};

/// The rows that were bad when the file was checked are passed over. badRows gets those that the server did
/// not take; the bad ones are in it.
SentFile sendFile(const Reading& reading, const CheckedFile& checked, const SendOptions& options,
                  const ReadingProgress& progress = {});

} // namespace billing::client
