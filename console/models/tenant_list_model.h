// Tenants in order of id with the tier each has now, searched by the server. GUI thread.
#pragma once

#include "console/models/paged_model.h"

namespace billing::console {

class TenantListModel : public PagedModel
{
    Q_OBJECT

public:
    enum Column
    {
        NameColumn,
        IdColumn,
        CountryColumn,
        CurrencyColumn,
        TimeZoneColumn,
        SinceColumn, ///< the day it was created, in UTC
        ColumnCount
    };

    enum Role
    {
        TenantIdRole = Qt::UserRole + 1, ///< QString
        DateRole,                        ///< QDate, in SinceColumn
        TierRole                         ///< int of Tier; invalid without a subscription
    };

    using PagedModel::PagedModel;

    /// Part of the legal name or start of the id; reads anew when it differs.
    void setText(const QString& text);

    /// nullptr when there is no such row. Valid until the model changes.
    const wire::ShownTenant* at(int row) const;
    int rowOf(const TenantId& id) const; ///< -1 when it is not among the rows loaded

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
    QString cell(const Tenant& tenant, int column) const;

    std::string m_text;
    std::vector<wire::ShownTenant> m_rows;
    std::vector<wire::ShownTenant> m_arrived;
};

} // namespace billing::console
