#include "console/screens/invoices/print_preview.h"

#include "console/screens/list_face.h"

#include <QAction>
#include <QBoxLayout>
#include <QComboBox>
#include <QPainter>
#include <QPushButton>
#include <QStackedLayout>

namespace billing::console {

namespace {

constexpr qreal millimetresPerInch = 25.4;
constexpr qreal ofTheWindow = 0.85;

QSizeF decipoints(const QPageSize& sheet)
{
    return sheet.size(QPageSize::Millimeter) * (document::unitsPerInch / millimetresPerInch);
}

} // namespace

QString titleOf(const Snapshots::Read& invoices)
{
    if (invoices.size() == 1 && invoices.front()->number)
        return QString::fromUtf8(invoices.front()->number->c_str());
    return PrintPreview::tr("%n invoice(s)", nullptr, static_cast<int>(invoices.size()));
}

QPageSize paperOf(const Snapshots::Read& invoices)
{
    return QPageSize(invoices.front()->buyer.country == "US" ? QPageSize::Letter : QPageSize::A4);
}

PrintPreview::PrintPreview(Executor& worker, Snapshots::Read invoices, QWidget* parent)
    : QDialog(parent)
    , m_invoices(std::move(invoices))
    , m_sheet(new QComboBox)
    , m_print(new QAction(tr("&Print…"), this))
    , m_pages(new PageView(worker))
    , m_bar(new PageBar(*m_pages))
    , m_panel(new StatePanel)
    , m_faces(new QStackedLayout)
    , m_head(makeHead())
{
    setWindowTitle(tr("Print Preview"));
    setWindowFlag(Qt::WindowMaximizeButtonHint);
    setWindowModality(Qt::WindowModal);
    resize(parent->window()->size() * ofTheWindow);
    m_pages->setAccessibleName(tr("Sheets that would be printed"));
    m_pages->setZoomMode(ZoomMode::FitPage);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_head);
    column->addLayout(m_faces, 1);
    column->addWidget(m_bar);
    m_faces->addWidget(m_panel);
    m_faces->addWidget(m_pages);
    m_print->setShortcut(QKeySequence::Print);
    m_print->setObjectName(QStringLiteral("printFromPreview"));
    addAction(m_print);
    connect(m_print, &QAction::triggered, this, &PrintPreview::printWanted);
    connect(m_sheet, &QComboBox::activated, this, &PrintPreview::layOut);
    connect(m_panel, &StatePanel::actionTriggered, this, &PrintPreview::layOut);
    connect(m_pages, &PageView::laidOut, this, [this] {
        m_print->setEnabled(true);
        m_faces->setCurrentWidget(m_pages);
        m_pages->setFocus(Qt::OtherFocusReason);
    });
    connect(m_pages, &PageView::refused, this, [this](const Error& error) { showPanel(panelOf(error)); });
    layOut();
}

QWidget* PrintPreview::makeHead()
{
    auto* head = new QWidget;
    auto* title = new ElidedLabel(TypeRole::Title);
    title->setFullText(titleOf(m_invoices));
    auto* caption = new Label(TypeRole::Body, nullptr, Token::InkQuiet);
    caption->setText(tr("Paper"));
    m_sheet->setAccessibleName(tr("Paper"));
    m_sheet->addItem(tr("A4"), QPageSize::A4);
    m_sheet->addItem(tr("US Letter"), QPageSize::Letter);
    m_sheet->setCurrentIndex(m_sheet->findData(paperOf(m_invoices).id()));
    auto* print = new QPushButton(m_print->text());
    print->setDefault(true);
    auto* close = new QPushButton(tr("&Close"));
    close->setAutoDefault(false);
    connect(print, &QPushButton::clicked, m_print, &QAction::trigger);
    connect(m_print, &QAction::enabledChanged, print, &QPushButton::setEnabled);
    connect(close, &QPushButton::clicked, this, &PrintPreview::reject);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(space::large, space::medium, space::large, space::medium);
    row->setSpacing(space::small);
    row->addWidget(title, 1);
    row->addWidget(caption);
    row->addWidget(m_sheet);
    row->addSpacing(space::medium);
    row->addWidget(close);
    row->addWidget(print);
    return head;
}

QPageSize PrintPreview::sheet() const
{
    return QPageSize(static_cast<QPageSize::PageSizeId>(m_sheet->currentData().toInt()));
}

void PrintPreview::layOut()
{
    showPanel({PanelKind::Loading, tr("Laying out"), {}, {}, {}});
    m_pages->show({m_invoices, decipoints(sheet())});
}

void PrintPreview::showPanel(const PanelText& text)
{
    m_print->setEnabled(false);
    m_panel->setText(text);
    m_faces->setCurrentWidget(m_panel);
}

void PrintPreview::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), colour(Token::Surface, palette()));
    painter.fillRect(QRect(0, m_head->geometry().bottom(), width(), 1), colour(Token::Hairline, palette()));
    painter.fillRect(QRect(0, m_bar->y(), width(), 1), colour(Token::Hairline, palette()));
}

} // namespace billing::console
