// The tenants with their tiers: a tenant itself has none, its subscription does, and the latest invoice says
// which. They are asked for one by one, only for rows that are looked at, the last looked at first, and kept
// until a refresh. GUI thread.
#pragma once

#include "console/models/tenant_list_model.h"

#include <QIdentityProxyModel>
#include <QTimer>

#include <map>

namespace billing::console {

class TenantTiers : public QIdentityProxyModel
{
    Q_OBJECT

public:
    static constexpr int tierRole = Qt::UserRole + 100; ///< int of Tier; invalid while unknown

    /// The tenants outlive it.
    explicit TenantTiers(TenantListModel& tenants, QObject* parent = nullptr);

    void setApi(client::BillingApi* api);
    void forget();
    std::optional<Tier> tierOf(int row) const;

    QVariant data(const QModelIndex& index, int role) const override;

private:
    using Known = std::optional<Tier>; ///< none: no invoice yet

    void ask();
    void take(const TenantId& tenant, const Result<client::InvoicePage>& page);

    TenantListModel& m_tenants;
    QPointer<client::BillingApi> m_api;
    std::map<TenantId, Known> m_known;
    mutable std::vector<TenantId> m_wanted; ///< filled by painting, which is const
    std::vector<client::PendingCall> m_calls;
    mutable QTimer m_asking;
};

} // namespace billing::console
