#include "server/documents/undrawn_documents.h"

#include <algorithm>

namespace billing {

namespace {

constexpr std::int64_t slice = 5'000;
constexpr int slicesOfOneLook = 20;

} // namespace

Result<UndrawnDocuments::Waiting> UndrawnDocuments::look(Work& work, Marks& marks, std::int64_t limit)
{
    const auto allSeries = storage::numberSeries(work);
    if (!allSeries)
        return allSeries.error();
    Waiting waiting;
    int slices = 0;
    for (const storage::NumberSeries& series : *allSeries) {
        std::int64_t& mark = marks[{series.issuer, series.series}];
        bool isDone = true; // so far
        for (std::int64_t from = mark; from < series.lastNumber;) {
            const auto room = limit - static_cast<std::int64_t>(waiting.invoices.size());
            if (room <= 0)
                return waiting;
            if (++slices > slicesOfOneLook) {
                waiting.more = true;
                return waiting;
            }
            const std::int64_t to = std::min(from + slice, series.lastNumber);
            const auto found = storage::undrawnInvoices(work, series, {from, to}, room);
            if (!found)
                return found.error();
            for (const storage::UndrawnInvoice& one : *found)
                waiting.invoices.push_back(one.key);
            if (isDone)
                mark = found->empty() ? to : found->front().number - 1;
            isDone = isDone && found->empty();
            from = to;
        }
    }
    return waiting;
}

Result<UndrawnDocuments::Waiting> UndrawnDocuments::find(Storage& storage, std::int64_t limit)
{
    const std::lock_guard lock(m_mutex);
    Marks marks;
    auto waiting = readValue(storage, Scope::allTenants("undrawn_documents"), [&](Work& work) {
        marks = m_marks; // the body may run again
        return look(work, marks, limit);
    });
    if (waiting)
        m_marks = std::move(marks);
    return waiting;
}

} // namespace billing
