#include "console/screens/tenants/tenants_place.h"

#include <QLineEdit>
#include <QSplitter>

namespace billing::console {

namespace {

constexpr int typedMs = 250;

} // namespace

TenantsPlace::TenantsPlace(QWidget* parent)
    : Place(tr("Tenants"), Glyph::Tenants, parent)
    , m_search(addSearch(tr("Search name or ID")))
    , m_list(new ListFace(m_model))
    , m_pane(new TenantPane)
    , m_splitter(new QSplitter)
{
    m_open = addPlaceAction({tr("Show &invoices"), {}, Glyph::Invoices, QStringLiteral("showInvoices")});
    addSeparator();
    QAction* reload =
        addPlaceAction({tr("&Refresh"), QKeySequence(Qt::Key_F5), Glyph::Refresh, QStringLiteral("refresh")});
    addButton(reload);
    connect(m_open, &QAction::triggered, this, &TenantsPlace::showInvoices);
    connect(reload, &QAction::triggered, this, &TenantsPlace::refresh);

    m_list->table().setAccessibleName(tr("Tenants"));
    m_list->table().setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->table().setColumns(
        {{TenantListModel::NameColumn, CellKind::TierStrong, 220, TenantListModel::TierRole},
         {TenantListModel::IdColumn, CellKind::Text, 120},
         {TenantListModel::CountryColumn, CellKind::Text, 80, -1, 3},
         {TenantListModel::CurrencyColumn, CellKind::Text, 84, -1, 1},
         {TenantListModel::TimeZoneColumn, CellKind::Quiet, 140, -1, 4},
         {TenantListModel::SinceColumn, CellKind::Quiet, 110, -1, 2}},
        TenantListModel::NameColumn);
    m_splitter->addWidget(m_list);
    m_splitter->addWidget(m_pane);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setChildrenCollapsible(false);
    m_pane->setMinimumWidth(280);
    m_pane->hide();
    m_splitter->setSizes({700, 360});
    setContent(m_splitter);

    m_typed.setSingleShot(true);
    m_typed.setInterval(typedMs);
    connect(m_search, &QLineEdit::textChanged, &m_typed, qOverload<>(&QTimer::start));
    connect(&m_typed, &QTimer::timeout, this, [this] {
        m_model.setText(m_search->text().trimmed());
        setEmptyWords();
    });
    connect(m_list, &ListFace::emptyActionTriggered, m_search, &QLineEdit::clear);
    connect(&m_list->table(), &RecordTable::chosenRowsChanged, this, &TenantsPlace::showChosen);
    connect(&m_list->table(), &RecordTable::opened, this, &TenantsPlace::showInvoices);
    connect(m_pane, &TenantPane::invoicesWanted, this, &TenantsPlace::showInvoices);
    connect(&m_model, &PagedModel::stateChanged, this, &TenantsPlace::showChosen);
    connect(&m_model, &PagedModel::dataChanged, this, &TenantsPlace::showChosen);
    setEmptyWords();
    showChosen();
}

void TenantsPlace::setApi(client::BillingApi* api)
{
    m_model.setApi(api);
}

void TenantsPlace::refresh()
{
    m_model.refresh();
}

void TenantsPlace::find()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void TenantsPlace::setEmptyWords()
{
    if (m_search->text().trimmed().isEmpty())
        m_list->setEmptyWords(
            {tr("No tenants yet"), tr("Tenants appear here once they have been made through the API."), {}});
    else
        m_list->setEmptyWords({tr("Nobody found"),
                               tr("No tenant's name holds these words, and no ID begins with them."),
                               tr("&Clear the search")});
}

void TenantsPlace::showChosen()
{
    const std::vector<int> rows = m_list->table().chosenRows();
    const wire::ShownTenant* shown = rows.size() == 1 ? m_model.at(rows.front()) : nullptr;
    m_open->setEnabled(shown != nullptr);
    m_pane->setVisible(shown != nullptr);
    if (shown == nullptr)
        return;
    m_pane->setTenant(shown->tenant);
    m_pane->setTier(shown->tier);
}

void TenantsPlace::showInvoices()
{
    const std::vector<int> rows = m_list->table().chosenRows();
    if (const wire::ShownTenant* shown = rows.size() == 1 ? m_model.at(rows.front()) : nullptr)
        Q_EMIT invoicesWanted(QString::fromUtf8(shown->tenant.id.text().c_str()),
                              QString::fromUtf8(shown->tenant.legalName.c_str()));
}

} // namespace billing::console
