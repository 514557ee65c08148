#include "console/screens/invoices/invoices_place.h"

#include "console/models/session.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLineEdit>
#include <QSplitter>
#include <QStandardPaths>
#include <QToolButton>

namespace billing::console {

namespace {

constexpr int settledMs = 80;

QString fromUtf8(const std::string& text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

InvoicesPlace::InvoicesPlace(const Ports& ports, QWidget* parent)
    : Place(tr("Invoices"), Glyph::Invoices, parent)
    , m_ports(ports)
    , m_printing(ports.painter, *this)
    , m_search(addSearch(tr("Search number or customer")))
    , m_filters(new InvoiceFilters(*m_search))
    , m_refusal(new NoticeBar)
    , m_list(new ListFace(m_model))
    , m_preview(new PreviewPane(m_document, ports.painter))
    , m_splitter(new QSplitter)
{
    makeActions();
    addFilter(m_filters);
    addFilterRow(&m_filters->tenantRow());
    makeList();
    m_splitter->addWidget(m_list);
    m_splitter->addWidget(m_preview);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setChildrenCollapsible(false);
    m_list->setMinimumWidth(360);
    m_preview->setMinimumWidth(360);
    m_splitter->setSizes({760, 480});
    m_preview->hide();
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_refusal);
    column->addWidget(m_splitter, 1);
    setContent(content);

    connect(m_filters, &InvoiceFilters::changed, this, &InvoicesPlace::filter);
    connect(&m_printing, &Printing::refused, this, &InvoicesPlace::tellRefusal);
    connect(&m_printing, &Printing::printed, this,
            [this](int count) { Q_EMIT news(tr("%n invoice(s) sent to the printer", nullptr, count)); });
    connect(m_preview, &PreviewPane::closeWanted, this, [this] {
        setOpened(false);
        m_list->table().clearSelection();
    });
    setEmptyWords();
    showChosen();
}

void InvoicesPlace::makeActions()
{
    m_open = addPlaceAction({tr("&Open"), QKeySequence::Open, Glyph::Invoices, QStringLiteral("open")});
    m_back = addPlaceAction(
        {tr("&Back to the list"), QKeySequence(Qt::Key_Escape), Glyph::Previous, QStringLiteral("back")});
    addSeparator();
    m_print = addPlaceAction({tr("&Print…"), QKeySequence::Print, Glyph::Print, QStringLiteral("print")});
    m_printPreview = addPlaceAction({tr("Print Pre&view…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P),
                                     Glyph::PrintPreview, QStringLiteral("printPreview")});
    m_export = addPlaceAction(
        {tr("&Export PDF…"), QKeySequence(Qt::CTRL | Qt::Key_E), Glyph::Export, QStringLiteral("exportPdf")});
    addSeparator();
    m_copy = addPlaceAction({tr("&Copy number"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), Glyph::Copy,
                             QStringLiteral("copyNumber")});
    QAction* reload =
        addPlaceAction({tr("&Refresh"), QKeySequence(Qt::Key_F5), Glyph::Refresh, QStringLiteral("refresh")});
    addSeparator();
    m_clear = addPlaceAction({tr("C&lear search and filters"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F),
                              Glyph::Close, QStringLiteral("clearAllFilters")});
    m_clear->setEnabled(false);
    for (QAction* action : {m_print, m_printPreview, m_export, reload})
        addButton(action);
    connect(m_open, &QAction::triggered, this, [this] {
        if (const std::vector<int> rows = m_list->table().chosenRows(); rows.size() == 1)
            openRow(rows.front());
    });
    connect(m_back, &QAction::triggered, this, [this] { setOpened(false); });
    connect(m_print, &QAction::triggered, this,
            [this] { m_printing.begin(m_api, chosenIds(), Printing::Way::Dialog); });
    connect(m_printPreview, &QAction::triggered, this,
            [this] { m_printing.begin(m_api, chosenIds(), Printing::Way::Preview); });
    connect(m_export, &QAction::triggered, this, &InvoicesPlace::askForFolder);
    connect(m_copy, &QAction::triggered, this, &InvoicesPlace::copyNumber);
    connect(m_clear, &QAction::triggered, this, &InvoicesPlace::clearFilters);
    connect(reload, &QAction::triggered, this, &InvoicesPlace::refresh);
}

void InvoicesPlace::makeList()
{
    RecordTable& table = m_list->table();
    table.setAccessibleName(tr("Invoices"));
    table.setColumns(
        {{InvoiceListModel::NumberColumn, CellKind::Strong, 132},
         {InvoiceListModel::CustomerColumn, CellKind::TierMark, 190, InvoiceListModel::TierRole},
         {InvoiceListModel::PeriodColumn, CellKind::Text, 140, -1, 2},
         {InvoiceListModel::IssuedColumn, CellKind::Text, 96, -1, 6},
         {InvoiceListModel::DueColumn, CellKind::Text, 96, -1, 3},
         {InvoiceListModel::NetColumn, CellKind::Amount, 96, -1, 7},
         {InvoiceListModel::TaxColumn, CellKind::Amount, 88, -1, 8},
         {InvoiceListModel::TotalColumn, CellKind::Amount, 104},
         {InvoiceListModel::StatusColumn, CellKind::StatusMark, 108, InvoiceListModel::StatusRole, 1}},
        InvoiceListModel::CustomerColumn);
    m_settled.setSingleShot(true);
    m_settled.setInterval(settledMs);
    connect(&table, &RecordTable::chosenRowsChanged, &m_settled, qOverload<>(&QTimer::start));
    connect(&m_settled, &QTimer::timeout, this, &InvoicesPlace::showChosen);
    connect(&m_model, &PagedModel::modelReset, this, &InvoicesPlace::showChosen);
    connect(&table, &RecordTable::opened, this, &InvoicesPlace::openRow);
    connect(m_list, &ListFace::emptyActionTriggered, m_filters, &InvoiceFilters::clear);
}

void InvoicesPlace::setApi(client::BillingApi* api)
{
    m_printing.cancel();
    if (m_exportDialog) // signed out: what was on its way is given up
        m_exportDialog->running().cancel();
    m_api = api;
    m_refusal->hide();
    m_document.setApi(api);
    m_model.setApi(api);
}

void InvoicesPlace::refresh()
{
    m_model.refresh();
    if (m_document.id())
        m_document.reload();
}

void InvoicesPlace::find()
{
    setOpened(false);
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void InvoicesPlace::showTenant(const QString& tenantId, const QString& legalName)
{
    m_filters->showTenant(tenantId, legalName);
    setOpened(false);
}

void InvoicesPlace::filter()
{
    m_model.setFilter(m_filters->filter());
    m_clear->setEnabled(m_filters->isSet());
    setEmptyWords();
}

void InvoicesPlace::setEmptyWords()
{
    if (!m_filters->isSet())
        return m_list->setEmptyWords(
            {tr("No invoices yet"),
             tr("Invoices appear here when a billing period has ended and its usage was rated."),
             {}});
    const QStringList words{tr("No invoice matches all of this:"),
                            m_filters->words().join(QLatin1Char('\n'))};
    m_list->setEmptyWords(
        {tr("Nothing found"), words.join(QLatin1Char('\n')), tr("&Clear search and filters")});
}

std::vector<const wire::InvoiceSummary*> InvoicesPlace::chosen() const
{
    std::vector<const wire::InvoiceSummary*> rows;
    for (const int row : m_list->table().chosenRows())
        if (const wire::InvoiceSummary* summary = m_model.at(row))
            rows.push_back(summary);
    return rows;
}

std::vector<InvoiceId> InvoicesPlace::chosenIds() const
{
    std::vector<InvoiceId> ids;
    for (const wire::InvoiceSummary* summary : chosen())
        ids.push_back(summary->id);
    return ids;
}

void InvoicesPlace::showChosen()
{
    const auto rows = chosen();
    const bool one = rows.size() == 1;
    const auto hasNumber = [](const wire::InvoiceSummary* row) { return row->number.has_value(); };
    m_open->setEnabled(one);
    m_print->setEnabled(!rows.empty());
    m_printPreview->setEnabled(!rows.empty());
    m_export->setEnabled(std::any_of(rows.begin(), rows.end(), hasNumber));
    m_copy->setEnabled(std::any_of(rows.begin(), rows.end(), hasNumber));
    if (!one && !rows.empty())
        return; // several: the pages of the one shown before stay
    if (one)
        m_document.open(rows.front()->id);
    else
        m_document.close();
    m_preview->setVisible(one);
    if (!one)
        setOpened(false);
}

void InvoicesPlace::openRow(int row)
{
    const wire::InvoiceSummary* summary = m_model.at(row);
    if (summary == nullptr)
        return;
    m_document.open(summary->id);
    setOpened(true);
    m_preview->pages().setFocus(Qt::OtherFocusReason);
}

void InvoicesPlace::setOpened(bool opened)
{
    m_preview->setVisible(opened || m_document.id().has_value());
    m_back->setEnabled(opened);
    const bool wasHidden = m_list->isHidden();
    m_list->setHidden(opened);
    if (!opened && wasHidden)
        m_list->table().setFocus(Qt::OtherFocusReason);
}

void InvoicesPlace::copyNumber()
{
    QStringList numbers;
    for (const wire::InvoiceSummary* row : chosen())
        if (row->number)
            numbers << fromUtf8(*row->number);
    QGuiApplication::clipboard()->setText(numbers.join(QLatin1Char('\n')));
    Q_EMIT news(tr("%n number(s) copied", nullptr, static_cast<int>(numbers.size())));
}

void InvoicesPlace::askForFolder()
{
    QString folder = m_ports.preferences.exportFolder();
    if (folder.isEmpty())
        folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    auto* dialog = new QFileDialog(this, tr("Export PDF into a folder"), folder);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setLabelText(QFileDialog::Accept, tr("&Export here"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, &InvoicesPlace::exportTo);
    dialog->open();
}

void InvoicesPlace::exportTo(const QString& folder)
{
    if (m_exportDialog || !m_api)
        return;
    std::vector<ExportItem> items;
    for (const wire::InvoiceSummary* row : chosen())
        if (row->number)
            items.push_back({row->id, fromUtf8(*row->number)});
    m_ports.preferences.setExportFolder(folder);
    m_exportDialog = new ExportDialog(m_ports.disk, this);
    m_exportDialog->setAttribute(Qt::WA_DeleteOnClose);
    m_exportDialog->start(m_api, folder, std::move(items));
    m_exportDialog->open();
}

void InvoicesPlace::tellRefusal(const Error& error)
{
    const Refusal refusal = refusalOf(error);
    m_refusal->tell(NoticeKind::Failure, tr("%1 %2").arg(refusal.headline, refusal.advice));
}

} // namespace billing::console
