#include "console/models/tenant_list_model.h"

#include "console/models/calendar_days.h"
#include "shared/format/date.h"

#include <iterator>

namespace billing::console {

void TenantListModel::setText(const QString& text)
{
    std::string wanted = text.trimmed().toStdString();
    if (wanted == m_text)
        return;
    m_text = std::move(wanted);
    restart();
}

const Tenant* TenantListModel::at(int row) const
{
    return row >= 0 && row < loadedRows() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

int TenantListModel::rowOf(const TenantId& id) const
{
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const Tenant& row) { return row.id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(std::distance(m_rows.begin(), found));
}

int TenantListModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString TenantListModel::cell(const Tenant& row, int column) const
{
    switch (column) {
    case NameColumn:
        return QString::fromStdString(row.legalName);
    case IdColumn:
        return QString::fromStdString(row.id.text());
    case CountryColumn:
        return QString::fromStdString(row.country);
    case CurrencyColumn:
        return QString::fromStdString(std::string(row.currency.code()));
    case TimeZoneColumn:
        return QString::fromStdString(row.timeZone);
    case SinceColumn:
        return format::formatDate(dayOf(row.createdAt), locale());
    default:
        return {};
    }
}

QVariant TenantListModel::data(const QModelIndex& index, int role) const
{
    const Tenant* const row = index.isValid() ? at(index.row()) : nullptr;
    if (!row)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return cell(*row, index.column());
    case TenantIdRole:
        return QString::fromStdString(row->id.text());
    case DateRole:
        return index.column() == SinceColumn ? QVariant(dateOf(dayOf(row->createdAt))) : QVariant();
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
                           for (const Tenant& row : m_arrived)
                               arrival.keys.push_back(row.id.text());
                           arrived(arrival);
                           m_arrived.clear();
                       });
}

const std::string& TenantListModel::keyOfRow(int row) const
{
    return m_rows[static_cast<std::size_t>(row)].id.text();
}

void TenantListModel::insertArrived(int from, int count, int before)
{
    const auto first = m_arrived.begin() + from;
    m_rows.insert(m_rows.begin() + before, first, first + count);
}

bool TenantListModel::replaceByArrived(int arrived, int row)
{
    Tenant& shown = m_rows[static_cast<std::size_t>(row)];
    const Tenant& read = m_arrived[static_cast<std::size_t>(arrived)];
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
