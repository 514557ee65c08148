// Invoices, newest first, filtered by the server. GUI thread.
#pragma once

#include "console/models/paged_model.h"

namespace billing::console {

class InvoiceListModel : public PagedModel
{
    Q_OBJECT

public:
    enum Column
    {
        NumberColumn, ///< a draft shows "Draft"
        CustomerColumn,
        TierColumn,
        PeriodColumn,
        IssuedColumn,
        DueColumn,
        NetColumn,
        TaxColumn,
        TotalColumn,
        StatusColumn,
        ColumnCount
    };

    enum Role
    {
        InvoiceIdRole = Qt::UserRole + 1, ///< QString
        TenantIdRole,                     ///< QString
        StatusRole,                       ///< int of InvoiceStatus
        TierRole,                         ///< int of Tier; invalid when unknown
        MinorUnitsRole, ///< qint64, in the amount columns: for sums and comparisons, not for people
        CurrencyRole,   ///< QString, ISO 4217
        DateRole        ///< QDate, in the date columns; of the period its first day
    };

    /// What the list is narrowed to; the cursor and the limit are the model's own.
    using Filter = client::InvoiceQuery;

    using PagedModel::PagedModel;

    /// Reads anew when it differs.
    void setFilter(const Filter& filter);
    const Filter& filter() const { return m_filter; }

    /// nullptr when there is no such row. Valid until the model changes.
    const wire::InvoiceSummary* at(int row) const;
    /// -1 when it is not among the rows loaded.
    int rowOf(const InvoiceId& id) const;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    client::PendingCall fetchPage(client::BillingApi& api, const std::string& cursor,
                                  Arrived arrived) override;
    int loadedRows() const override { return static_cast<int>(m_rows.size()); }
    const std::string& keyOfRow(int row) const override;
    void insertArrived(int from, int count, int before) override;
    bool replaceByArrived(int arrived, int row) override;
    void eraseRows(int first, int count) override;

private:
    QString cell(const wire::InvoiceSummary& row, int column) const;

    Filter m_filter;
    std::vector<wire::InvoiceSummary> m_rows;
    std::vector<wire::InvoiceSummary> m_arrived;
};

} // namespace billing::console
