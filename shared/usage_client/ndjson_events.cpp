#include "shared/usage_client/ndjson_events.h"

namespace billing::client {

NdjsonEvents::NdjsonEvents(NdjsonRows rows)
    : m_rows(std::move(rows))
{
}

Result<NdjsonEvents> NdjsonEvents::open(std::string path)
{
    auto rows = NdjsonRows::open(std::move(path));
    if (!rows)
        return rows.error();
    return NdjsonEvents(std::move(*rows));
}

Result<std::optional<UsageEvent>> NdjsonEvents::next()
{
    const auto row = m_rows.next();
    if (!row)
        return row.error();
    if (!*row)
        return std::optional<UsageEvent>();
    if ((*row)->problem)
        return (*row)->problem->error;
    return std::optional(std::move((*row)->events.front()));
}

} // namespace billing::client
