#include "console/models/paged_model.h"

#include <algorithm>
#include <unordered_set>

namespace billing::console {

namespace {

/// How far ahead a refresh looks for a row that moved up; when more than half as many have vanished before
/// it, the list is read anew.
constexpr int lookAhead = 4 * refreshedRowsMax;

} // namespace

PagedModel::PagedModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

PagedModel::~PagedModel()
{
    m_call.cancel();
}

void PagedModel::setApi(client::BillingApi* api)
{
    if (m_api == api && (api || m_state == ListState::Idle))
        return;
    m_api = api;
    restart();
}

void PagedModel::setLocale(const QLocale& locale)
{
    if (m_locale == locale)
        return;
    m_locale = locale;
    if (loadedRows() > 0)
        Q_EMIT dataChanged(index(0, 0), index(loadedRows() - 1, columnCount() - 1), {Qt::DisplayRole});
}

int PagedModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : loadedRows();
}

bool PagedModel::canFetchMore(const QModelIndex& parent) const
{
    // After a refusal nobody but retry() asks again, or a view would, at every paint.
    return !parent.isValid() && m_api && hasMore() && !isFetching() && !m_error;
}

void PagedModel::fetchMore(const QModelIndex& parent)
{
    if (canFetchMore(parent))
        ask(Purpose::Append, m_nextCursor);
}

void PagedModel::restart()
{
    clear();
    if (!m_api) {
        setState(ListState::Idle);
        return;
    }
    setState(ListState::Loading);
    ask(Purpose::Append, {});
}

void PagedModel::refresh()
{
    if (!m_api || m_state == ListState::Loading)
        return;
    if (loadedRows() == 0) {
        restart();
        return;
    }
    m_refreshed = 0;
    m_vanished = 0;
    ask(Purpose::Refresh, {});
}

void PagedModel::retry()
{
    if (!m_api || !m_error || isFetching())
        return;
    if (loadedRows() == 0)
        restart();
    else if (m_asked == Purpose::Refresh)
        refresh();
    else
        ask(Purpose::Append, m_askedCursor);
}

void PagedModel::ask(Purpose purpose, const std::string& cursor)
{
    m_call.cancel();
    m_asked = purpose;
    m_askedCursor = cursor;
    m_call = fetchPage(*m_api, cursor,
                       [this, purpose](const Result<Arrival>& arrival) { take(purpose, arrival); });
    Q_EMIT fetchingChanged();
}

void PagedModel::take(Purpose purpose, const Result<Arrival>& arrival)
{
    m_call = {};
    if (!arrival) {
        setState(stateAfter(arrival.error()), arrival.error());
    } else if (!arrival->nextCursor.empty() && arrival->nextCursor == m_askedCursor) {
        // It would go round in circles for ever.
        setState(ListState::Failed, Error{ErrorCode::UnusableAnswer, {}, "a page that follows itself"});
    } else {
        m_error.reset();
        if (purpose == Purpose::Append)
            append(*arrival);
        else
            merge(*arrival);
        if (m_state != ListState::Loading || !isFetching())
            setState(loadedRows() > 0 ? ListState::Ready : ListState::Empty);
    }
    Q_EMIT fetchingChanged();
}

void PagedModel::append(const Arrival& arrival)
{
    const int count = static_cast<int>(arrival.keys.size());
    m_nextCursor = count > 0 ? arrival.nextCursor : std::string();
    if (count == 0)
        return;
    beginInsertRows({}, loadedRows(), loadedRows() + count - 1);
    insertArrived(0, count, loadedRows());
    endInsertRows();
}

// Both the rows shown and those that arrived are in the server's order, which is that of a key that never
// changes: what differs are rows that are new, gone or have other values.
void PagedModel::merge(const Arrival& arrival)
{
    if (!removeVanished(arrival) || !takeInOrder(arrival)) {
        restart(); // the list has become another one
        return;
    }
    refreshOn(arrival);
}

bool PagedModel::removeVanished(const Arrival& arrival)
{
    const std::unordered_set<std::string_view> arrived(arrival.keys.begin(), arrival.keys.end());
    const int end = std::min(loadedRows(), m_refreshed + lookAhead);
    const auto stays = [&](int row) { return arrived.contains(keyOfRow(row)); };
    int behind = end; // of the last row that this page speaks about
    if (!arrival.nextCursor.empty())
        while (behind > m_refreshed && !stays(behind - 1))
            --behind;
    for (int last = behind - 1; last >= m_refreshed; --last) {
        if (stays(last))
            continue;
        int first = last;
        while (first > m_refreshed && !stays(first - 1))
            --first;
        beginRemoveRows({}, first, last);
        eraseRows(first, last - first + 1);
        endRemoveRows();
        m_vanished += last - first + 1;
        last = first;
    }
    return m_vanished < lookAhead / 2;
}

bool PagedModel::takeInOrder(const Arrival& arrival)
{
    std::unordered_set<std::string_view> shown;
    const int end = std::min(loadedRows(), m_refreshed + lookAhead);
    for (int row = m_refreshed; row < end; ++row)
        shown.insert(keyOfRow(row));
    std::vector<bool> isShown;
    for (const std::string& key : arrival.keys)
        isShown.push_back(shown.contains(key));
    shown.clear(); // rows move in memory from here on

    const int count = static_cast<int>(arrival.keys.size());
    for (int at = 0; at < count;) {
        if (isShown[static_cast<std::size_t>(at)]) {
            if (keyOfRow(m_refreshed) != arrival.keys[static_cast<std::size_t>(at)])
                return false;
            if (replaceByArrived(at, m_refreshed))
                Q_EMIT dataChanged(index(m_refreshed, 0), index(m_refreshed, columnCount() - 1));
            ++m_refreshed;
            ++at;
            continue;
        }
        int run = 1;
        while (at + run < count && !isShown[static_cast<std::size_t>(at + run)])
            ++run;
        beginInsertRows({}, m_refreshed, m_refreshed + run - 1);
        insertArrived(at, run, m_refreshed);
        endInsertRows();
        m_refreshed += run;
        at += run;
    }
    return true;
}

void PagedModel::refreshOn(const Arrival& arrival)
{
    if (m_refreshed >= loadedRows() || arrival.keys.empty()) {
        m_nextCursor = arrival.nextCursor;
        return;
    }
    if (m_refreshed < refreshedRowsMax && !arrival.nextCursor.empty())
        ask(Purpose::Refresh, arrival.nextCursor);
}

void PagedModel::setState(ListState state, std::optional<Error> error)
{
    if (m_state == state && m_error == error)
        return;
    m_state = state;
    m_error = std::move(error);
    Q_EMIT stateChanged();
}

void PagedModel::clear()
{
    m_call.cancel();
    m_call = {};
    m_nextCursor.clear();
    m_error.reset();
    if (loadedRows() == 0)
        return;
    beginResetModel();
    eraseRows(0, loadedRows());
    endResetModel();
}

} // namespace billing::console
