// A table that is read from the server page by page as somebody scrolls (canFetchMore, fetchMore): it holds
// and costs the pages seen, however long the list is. refresh() reads the pages seen once more and changes
// only what differs, row by row, so that selections and the scroll position stay. Rows come in the server's
// order.
//
// State: Loading until the first page is there, then Ready or Empty; Failed or Offline when a page could not
// be had, with error(); rows already there stay. retry() asks for that page again. GUI thread.
#pragma once

#include "console/models/list_state.h"
#include "shared/client/billing_api.h"

#include <QAbstractTableModel>
#include <QLocale>
#include <QPointer>

#include <optional>

namespace billing::console {

/// A refresh does not read more rows than this; those behind stay as they were read.
inline constexpr int refreshedRowsMax = 1000;

class PagedModel : public QAbstractTableModel
{
    Q_OBJECT
    Q_PROPERTY(billing::console::ListState state READ state NOTIFY stateChanged)
    Q_PROPERTY(bool fetching READ isFetching NOTIFY fetchingChanged)

public:
    explicit PagedModel(QObject* parent = nullptr);
    ~PagedModel() override;

    /// The server to read from; nullptr empties the model (signed out). Another one starts it anew.
    void setApi(client::BillingApi* api);
    /// The reader's, for cells; the system's at first.
    void setLocale(const QLocale& locale);

    ListState state() const { return m_state; }
    /// Why the last page could not be had; nothing when it was.
    const std::optional<Error>& error() const { return m_error; }
    /// A page is on its way.
    bool isFetching() const { return m_call.isActive(); }
    /// The server has rows behind those loaded.
    bool hasMore() const { return !m_nextCursor.empty(); }

    int rowCount(const QModelIndex& parent = {}) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

    void refresh();
    void retry();

Q_SIGNALS:
    void stateChanged();
    void fetchingChanged();

protected:
    /// Drops the rows and reads the first page: the question has changed.
    void restart();
    const QLocale& locale() const { return m_locale; }

    /// A page as the base class sees it: the keys of its rows, in order.
    struct Arrival
    {
        std::vector<std::string> keys;
        std::string nextCursor;
    };
    using Arrived = std::function<void(Result<Arrival>)>;

    /// Asks for the page behind the cursor; the derived class keeps the rows until they are taken.
    virtual client::PendingCall fetchPage(client::BillingApi& api, const std::string& cursor,
                                          Arrived arrived) = 0;
    virtual int loadedRows() const = 0;
    virtual const std::string& keyOfRow(int row) const = 0;
    /// Rows [from, from + count) of the page that arrived go in before row `before`.
    virtual void insertArrived(int from, int count, int before) = 0;
    /// Row `arrived` of the page takes the place of `row`; true when it differs.
    virtual bool replaceByArrived(int arrived, int row) = 0;
    virtual void eraseRows(int first, int count) = 0;

private:
    enum class Purpose
    {
        Append,
        Refresh
    };

    void ask(Purpose purpose, const std::string& cursor);
    void take(Purpose purpose, const Result<Arrival>& arrival);
    void append(const Arrival& arrival);
    void merge(const Arrival& arrival);
    bool removeVanished(const Arrival& arrival);
    bool takeInOrder(const Arrival& arrival);
    void refreshOn(const Arrival& arrival);
    void setState(ListState state, std::optional<Error> error = {});
    void clear();

    QPointer<client::BillingApi> m_api;
    QLocale m_locale;
    ListState m_state = ListState::Idle;
    std::optional<Error> m_error;
    client::PendingCall m_call;
    std::string m_nextCursor;  ///< of the page behind the last row
    std::string m_askedCursor; ///< of the page that is awaited or was refused
    Purpose m_asked = Purpose::Append;
    int m_refreshed = 0; ///< rows that a refresh has gone through
    int m_vanished = 0;  ///< rows that it has removed
};

} // namespace billing::console
