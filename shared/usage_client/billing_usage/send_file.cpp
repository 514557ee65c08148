#include "shared/usage_client/billing_usage/send_file.h"

namespace billing::client {

namespace {

/// A row whose events are under way.
struct RowUnderWay
{
    std::int64_t line;
    std::string bytes; ///< only when they may be kept
    std::size_t open;  ///< events without an answer
    std::optional<RowProblem> refused = {};
};

class Sending
{
public:
    Sending(const Reading& reading, BillingAPIClient& client, SentFile& sent)
        : m_reading(reading)
        , m_client(client)
        , m_sent(sent)
    {
    }

    void add(const FileRow& row)
    {
        const auto under = std::make_shared<RowUnderWay>(
            RowUnderWay{row.line, m_reading.badRows.wanted() ? m_reading.rows.bytes() : std::string(),
                        row.events.size()});
        m_bytes += under->bytes.size();
        for (std::size_t index = 0; index < row.events.size(); ++index) {
            const UsageEvent& event = row.events[index];
            m_bytes += 128 + event.source.size();
            for (const Dimension& dimension : event.dimensions)
                m_bytes += dimension.name.size() + dimension.value.size();
            m_events.push_back(event);
            m_places.push_back({under, index});
        }
    }

    bool isFull(const SendOptions& limits) const
    {
        return m_events.size() >= limits.batchEvents || m_bytes >= limits.batchBytes;
    }

    /// In requests of at most so many events.
    Result<void> send(std::size_t batchEvents)
    {
        for (std::size_t first = 0; first < m_events.size(); first += batchEvents) {
            const std::size_t count = std::min(batchEvents, m_events.size() - first);
            const auto results = m_client.sendForResults(std::span(m_events).subspan(first, count));
            if (!results)
                return results.error();
            for (std::size_t index = 0; index < count; ++index)
                if (auto taken = take((*results)[index], first + index); !taken)
                    return taken;
        }
        m_events.clear();
        m_places.clear();
        m_bytes = 0;
        return m_reading.badRows.flush();
    }

private:
    struct Place
    {
        std::shared_ptr<RowUnderWay> row;
        std::size_t event; ///< which of the row's
    };

    Result<void> take(const wire::EventResult& result, std::size_t at)
    {
        const Place& place = m_places[at];
        const auto refuse = [&](std::int64_t& count, ErrorCode otherwise) {
            ++count;
            const Error error = result.error.value_or(Error{otherwise});
            if (!place.row->refused)
                place.row->refused = RowProblem{m_reading.rows.columnOf(error.subject, place.event),
                                                fieldText(m_events[at], error.subject), error};
        };
        switch (result.status) {
        case wire::EventStatus::Accepted:
        case wire::EventStatus::Settled:
            ++m_sent.events.accepted;
            break;
        case wire::EventStatus::Duplicate:
            ++m_sent.events.duplicate;
            break;
        case wire::EventStatus::Conflict:
            refuse(m_sent.events.conflict, ErrorCode::PayloadConflict);
            break;
        case wire::EventStatus::Rejected:
            refuse(m_sent.events.rejected, ErrorCode::Internal);
            break;
        }
        return --place.row->open == 0 ? finish(*place.row) : Result<void>();
    }

    Result<void> finish(RowUnderWay& row)
    {
        ++m_sent.rowsSent;
        if (!row.refused)
            return {};
        ++m_sent.refusedRows;
        if (m_sent.refused.size() < listedRows)
            m_sent.refused.push_back({row.line, *row.refused});
        return m_reading.badRows.add(m_reading.rows.header(), row.bytes);
    }

    const Reading& m_reading;
    BillingAPIClient& m_client;
    SentFile& m_sent;
    std::vector<UsageEvent> m_events;
    std::vector<Place> m_places; ///< of each event
    std::size_t m_bytes = 0;
};

} // namespace

SentFile sendFile(const Reading& reading, const CheckedFile& checked, const SendOptions& options,
                  const ReadingProgress& progress)
{
    SentFile sent;
    std::optional<Sending> sending;
    if (options.client)
        sending.emplace(reading, *options.client, sent);
    std::size_t rows = 0;
    for (bool more = true; more && !sent.stopped;) {
        const auto row = reading.rows.next();
        if (!row) {
            sent.stopped = row.error();
            break;
        }
        more = *row != nullptr;
        rows += more ? 1 : 0;
        if (more && checked.bad.at(rows - 1)) { // it is the same file, chunk by chunk
            ++sent.rowsSkipped;
        } else if (more) {
            if (reading.ids.give(**row) && sent.repeatedRows++ == 0)
                sent.firstRepeatedLine = (*row)->line;
            if (sending)
                sending->add(**row);
        }
        if (!sending || (more && !sending->isFull(options)))
            continue;
        if (auto done = sending->send(options.batchEvents); !done)
            sent.stopped = done.error();
        if (progress)
            progress(reading.rows.bytesRead(), static_cast<std::int64_t>(rows));
    }
    return sent;
}

} // namespace billing::client
