#include "shared/usage_client/csv_events.h"

namespace billing::client {

CsvEvents::CsvEvents(CsvRows rows)
    : m_rows(std::move(rows))
    , m_ids(m_rows.idPrefix())
{
}

Result<CsvEvents> CsvEvents::open(std::string path, CsvMapping mapping)
{
    auto rows = CsvRows::open(std::move(path), std::move(mapping));
    if (!rows)
        return rows.error();
    CsvEvents events(std::move(*rows));
    while (true) {
        const auto row = events.m_rows.next();
        if (!row || !*row) // next() comes to it too
            break;
        events.m_ids.learn(**row);
    }
    if (auto rewound = events.m_rows.rewind(); !rewound)
        return rewound.error();
    return events;
}

Result<std::optional<UsageEvent>> CsvEvents::next()
{
    if (!m_row || m_nextEvent == m_row->events.size()) {
        const auto row = m_rows.next();
        if (!row)
            return row.error();
        m_row = *row;
        m_nextEvent = 0;
        if (!*row)
            return std::optional<UsageEvent>();
        if (m_row->problem)
            return m_row->problem->error;
        m_ids.give(**row);
    }
    return std::optional(m_row->events[m_nextEvent++]);
}

} // namespace billing::client
