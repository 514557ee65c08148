#include "shared/usage_client/row_ids.h"

namespace billing::client {

void RowIds::learn(const FileRow& row)
{
    for (const UsageEvent& event : row.events)
        if (event.eventId.empty())
            m_occurrences.learn(contentDigest(event));
}

bool RowIds::give(FileRow& row)
{
    bool repeated = false;
    for (UsageEvent& event : row.events) {
        if (!event.eventId.empty())
            continue;
        const ContentDigest digest = contentDigest(event);
        const std::int64_t number = m_occurrences.number(digest);
        repeated = repeated || number > 1;
        event.eventId = contentEventId(m_prefix, digest, number);
    }
    return repeated;
}

void RowIds::pass(const FileRow& row)
{
    for (const UsageEvent& event : row.events)
        if (event.eventId.empty())
            m_occurrences.number(contentDigest(event));
}

} // namespace billing::client
