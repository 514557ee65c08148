#include "console/screens/tenants/tenant_tiers.h"

#include <algorithm>

namespace billing::console {

namespace {

constexpr std::size_t atOnce = 2; ///< the lists themselves come first
constexpr std::size_t wantedAtMost =
    64; ///< more rows than a window shows: what has scrolled away is not asked for
constexpr int askingMs = 20;

} // namespace

TenantTiers::TenantTiers(TenantListModel& tenants, QObject* parent)
    : QIdentityProxyModel(parent)
    , m_tenants(tenants)
{
    setSourceModel(&tenants);
    m_asking.setSingleShot(true);
    m_asking.setInterval(askingMs);
    connect(&m_asking, &QTimer::timeout, this, &TenantTiers::ask);
}

void TenantTiers::setApi(client::BillingApi* api)
{
    m_api = api;
    forget();
}

void TenantTiers::forget()
{
    for (const client::PendingCall& call : m_calls)
        call.cancel();
    m_calls.clear();
    m_wanted.clear();
    m_known.clear();
}

std::optional<Tier> TenantTiers::tierOf(int row) const
{
    const QVariant tier = data(index(row, TenantListModel::NameColumn), tierRole);
    return tier.isValid() ? std::optional(static_cast<Tier>(tier.toInt())) : std::nullopt;
}

QVariant TenantTiers::data(const QModelIndex& index, int role) const
{
    if (role != tierRole)
        return QIdentityProxyModel::data(index, role);
    const Tenant* tenant = m_tenants.at(index.row());
    if (tenant == nullptr)
        return {};
    if (const auto known = m_known.find(tenant->id); known != m_known.end())
        return known->second ? QVariant(static_cast<int>(*known->second)) : QVariant();
    std::erase(m_wanted, tenant->id);
    m_wanted.push_back(tenant->id);
    if (m_wanted.size() > wantedAtMost)
        m_wanted.erase(m_wanted.begin());
    m_asking.start();
    return {};
}

void TenantTiers::ask()
{
    std::erase_if(m_calls, [](const client::PendingCall& call) { return !call.isActive(); });
    while (m_api && m_calls.size() < atOnce && !m_wanted.empty()) {
        const TenantId tenant = m_wanted.back();
        m_wanted.pop_back();
        if (m_known.contains(tenant))
            continue;
        client::InvoiceQuery latest;
        latest.tenant = tenant;
        latest.limit = 1;
        m_calls.push_back(m_api->invoices(
            latest, this, [this, tenant](const Result<client::InvoicePage>& page) { take(tenant, page); }));
    }
}

void TenantTiers::take(const TenantId& tenant, const Result<client::InvoicePage>& page)
{
    // A refusal counts as unknown: it is not asked for again before a refresh.
    m_known[tenant] = page && !page->items.empty() ? page->items.front().tier : std::nullopt;
    if (const int row = m_tenants.rowOf(tenant); row >= 0 && m_known[tenant]) {
        const QModelIndex cell = index(row, TenantListModel::NameColumn);
        Q_EMIT dataChanged(cell, cell, {tierRole});
    }
    m_asking.start();
}

} // namespace billing::console
