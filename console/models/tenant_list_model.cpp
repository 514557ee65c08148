#include "console/models/tenant_list_model.h"

#include "console/models/calendar_days.h"
#include "shared/format/date.h"

#include <iterator>

namespace billing::console {

namespace {

using Row = wire::ShownTenant;

} // namespace

void TenantListModel::setText(const QString& text)
{
    std::string wanted = text.trimmed().toStdString();
    if (wanted == m_text)
        return;
    m_text = std::move(wanted);
    restart();
}

const Row* TenantListModel::at(int row) const
{
    return row >= 0 && row < loadedRows() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

int TenantListModel::rowOf(const TenantId& id) const
{
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& row) { return row.tenant.id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(std::distance(m_rows.begin(), found));
}

int TenantListModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString TenantListModel::cell(const Tenant& tenant, int column) const
{
    switch (column) {
    case NameColumn:
        return QString::fromStdString(tenant.legalName);
    case IdColumn:
        return QString::fromStdString(tenant.id.text());
    case CountryColumn:
        return QString::fromStdString(tenant.country);
    case CurrencyColumn:
        return QString::fromStdString(std::string(tenant.currency.code()));
    case TimeZoneColumn:
        return QString::fromStdString(tenant.timeZone);
    case SinceColumn:
        return format::formatDate(dayOf(tenant.createdAt), locale());
    default:
        return {};
    }
}

QVariant TenantListModel::data(const QModelIndex& index, int role) const
{
    const Row* const row = index.isValid() ? at(index.row()) : nullptr;
    if (!row)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return cell(row->tenant, index.column());
    case TenantIdRole:
        return QString::fromStdString(row->tenant.id.text());
    case DateRole:
        return index.column() == SinceColumn ? QVariant(dateOf(dayOf(row->tenant.createdAt))) : QVariant();
    case TierRole:
        return row->tier ? QVariant(static_cast<int>(*row->tier)) : QVariant();
    default:
        return {};
    }
}

QVariant TenantListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Customer");
    case IdColumn:
        return tr("ID");
    case CountryColumn:
        return tr("Country");
    case CurrencyColumn:
        return tr("Currency");
    case TimeZoneColumn:
        return tr("Time zone");
    case SinceColumn:
        return tr("Since");
    default:
        return {};
    }
}

client::PendingCall TenantListModel::fetchPage(client::BillingApi& api, const std::string& cursor,
                                               Arrived arrived)
{
    return api.tenants({.text = m_text, .cursor = cursor}, this,
                       [this, arrived = std::move(arrived)](const Result<client::TenantPage>& page) {
                           if (!page) {
                               arrived(page.error());
                               return;
                           }
                           m_arrived = page->items;
                           Arrival arrival{{}, page->nextCursor};
                           for (const Row& row : m_arrived)
                               arrival.keys.push_back(row.tenant.id.text());
                           arrived(arrival);
                           m_arrived.clear();
                       });
}

const std::string& TenantListModel::keyOfRow(int row) const
{
    return m_rows[static_cast<std::size_t>(row)].tenant.id.text();
}

void TenantListModel::insertArrived(int from, int count, int before)
{
    const auto first = m_arrived.begin() + from;
    m_rows.insert(m_rows.begin() + before, first, first + count);
}

bool TenantListModel::replaceByArrived(int arrived, int row)
{
    Row& shown = m_rows[static_cast<std::size_t>(row)];
    const Row& read = m_arrived[static_cast<std::size_t>(arrived)];
    if (shown == read)
        return false;
    shown = read;
    return true;
}

void TenantListModel::eraseRows(int first, int count)
{
    m_rows.erase(m_rows.begin() + first, m_rows.begin() + first + count);
}

} // namespace billing::console
