#include "console/models/invoice_list_model.h"

#include "console/models/calendar_days.h"
#include "shared/format/date.h"
#include "shared/format/money.h"

#include <iterator>

namespace billing::console {

namespace {

using Row = wire::InvoiceSummary;

/// The amount of a column, or nullptr.
const Money* amountOf(const Row& row, int column)
{
    switch (column) {
    case InvoiceListModel::NetColumn:
        return &row.net;
    case InvoiceListModel::TaxColumn:
        return &row.tax;
    case InvoiceListModel::TotalColumn:
        return &row.total;
    default:
        return nullptr;
    }
}

std::optional<LocalDate> dayOfColumn(const Row& row, int column)
{
    switch (column) {
    case InvoiceListModel::PeriodColumn:
        return row.periodStart;
    case InvoiceListModel::IssuedColumn:
        return row.issueDate;
    case InvoiceListModel::DueColumn:
        return row.dueDate;
    default:
        return std::nullopt;
    }
}

bool isAmount(int column)
{
    return column >= InvoiceListModel::NetColumn && column <= InvoiceListModel::TotalColumn;
}

QVariant alignmentOf(int column)
{
    return isAmount(column) ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                            : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
}

QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

void InvoiceListModel::setFilter(const Filter& filter)
{
    Filter wanted = filter;
    wanted.cursor.clear();
    wanted.limit = client::pageSize;
    if (wanted == m_filter)
        return;
    m_filter = std::move(wanted);
    restart();
}

const Row* InvoiceListModel::at(int row) const
{
    return row >= 0 && row < loadedRows() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

int InvoiceListModel::rowOf(const InvoiceId& id) const
{
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& row) { return row.id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(std::distance(m_rows.begin(), found));
}

int InvoiceListModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString InvoiceListModel::cell(const Row& row, int column) const
{
    if (const Money* const amount = amountOf(row, column))
        return format::formatMoney(*amount, locale(), format::CurrencyStyle::Code);
    switch (column) {
    case NumberColumn:
        return row.number ? QString::fromStdString(*row.number) : tr("Draft");
    case CustomerColumn:
        return QString::fromStdString(row.legalName.empty() ? row.tenant.text() : row.legalName);
    case TierColumn:
        return row.tier ? textOf(displayName(*row.tier)) : QString();
    case PeriodColumn:
        return format::formatPeriod(row.periodStart, row.periodEnd, locale());
    case StatusColumn:
        return row.status == InvoiceStatus::Draft       ? tr("Draft")
               : row.status == InvoiceStatus::Finalised ? tr("Finalised")
                                                        : tr("Void");
    default:
        break;
    }
    const auto day = dayOfColumn(row, column);
    return day ? format::formatDate(*day, locale()) : QString();
}

QVariant InvoiceListModel::data(const QModelIndex& index, int role) const
{
    const Row* const row = index.isValid() ? at(index.row()) : nullptr;
    if (!row)
        return {};
    const Money* const amount = amountOf(*row, index.column());
    switch (role) {
    case Qt::DisplayRole:
        return cell(*row, index.column());
    case Qt::TextAlignmentRole:
        return alignmentOf(index.column());
    case InvoiceIdRole:
        return QString::fromStdString(row->id.text());
    case TenantIdRole:
        return QString::fromStdString(row->tenant.text());
    case StatusRole:
        return static_cast<int>(row->status);
    case TierRole:
        return row->tier ? QVariant(static_cast<int>(*row->tier)) : QVariant();
    case MinorUnitsRole:
        return amount ? QVariant(qint64(amount->minorUnits())) : QVariant();
    case CurrencyRole:
        return textOf(row->total.currency().code());
    case DateRole: {
        const auto day = dayOfColumn(*row, index.column());
        return day ? QVariant(dateOf(*day)) : QVariant();
    }
    default:
        return {};
    }
}

QVariant InvoiceListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignmentOf(section);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NumberColumn:
        return tr("Number");
    case CustomerColumn:
        return tr("Customer");
    case TierColumn:
        return tr("Tier");
    case PeriodColumn:
        return tr("Period");
    case IssuedColumn:
        return tr("Issued");
    case DueColumn:
        return tr("Due");
    case NetColumn:
        return tr("Net");
    case TaxColumn:
        return tr("Tax");
    case TotalColumn:
        return tr("Total");
    case StatusColumn:
        return tr("Status");
    default:
        return {};
    }
}

client::PendingCall InvoiceListModel::fetchPage(client::BillingApi& api, const std::string& cursor,
                                                Arrived arrived)
{
    client::InvoiceQuery query = m_filter;
    query.cursor = cursor;
    return api.invoices(query, this,
                        [this, arrived = std::move(arrived)](const Result<client::InvoicePage>& page) {
                            if (!page) {
                                arrived(page.error());
                                return;
                            }
                            m_arrived = page->items;
                            Arrival arrival{{}, page->nextCursor};
                            for (const Row& row : m_arrived)
                                arrival.keys.push_back(row.id.text());
                            arrived(arrival);
                            m_arrived.clear();
                        });
}

const std::string& InvoiceListModel::keyOfRow(int row) const
{
    return m_rows[static_cast<std::size_t>(row)].id.text();
}

void InvoiceListModel::insertArrived(int from, int count, int before)
{
    const auto first = m_arrived.begin() + from;
    m_rows.insert(m_rows.begin() + before, first, first + count);
}

bool InvoiceListModel::replaceByArrived(int arrived, int row)
{
    Row& shown = m_rows[static_cast<std::size_t>(row)];
    const Row& read = m_arrived[static_cast<std::size_t>(arrived)];
    if (shown == read)
        return false;
    shown = read;
    return true;
}

void InvoiceListModel::eraseRows(int first, int count)
{
    m_rows.erase(m_rows.begin() + first, m_rows.begin() + first + count);
}

} // namespace billing::console
