#include "console/screens/invoices/invoice_filters.h"

#include "console/widgets/icons.h"
#include "console/widgets/labels.h"
#include "console/widgets/marks.h"
#include "shared/format/date.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QToolButton>

namespace billing::console {

namespace {

constexpr int typedMs = 250;
constexpr int anyStatus = -1;
constexpr int chipWidth = 480;
constexpr int wordsMost = 80; ///< of a customer's name in a sentence

QToolButton* closing(const QString& name)
{
    auto* button = new QToolButton;
    button->setIcon(icon(Glyph::Close));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::TabFocus);
    button->setText(name);
    return button;
}

QString shortened(const QString& text)
{
    return text.size() <= wordsMost ? text : text.left(wordsMost) + QStringLiteral("…");
}

} // namespace

InvoiceFilters::InvoiceFilters(QLineEdit& search, QWidget* parent)
    : QWidget(parent)
    , m_search(search)
    , m_status(new QComboBox)
    , m_from(new DateField(tr("Issued from")))
    , m_to(new DateField(tr("Issued to")))
    , m_clear(closing(tr("Clear")))
    , m_tenant(closing({}))
    , m_tenantRow(new QWidget)
{
    m_status->setAccessibleName(tr("Status"));
    m_status->addItem(tr("All statuses"), anyStatus);
    for (const InvoiceStatus status : {InvoiceStatus::Draft, InvoiceStatus::Finalised, InvoiceStatus::Void})
        m_status->addItem(statusName(status), static_cast<int>(status));
    m_from->setObjectName(QStringLiteral("issuedFrom"));
    m_to->setObjectName(QStringLiteral("issuedTo"));
    m_clear->setObjectName(QStringLiteral("clearFilters"));
    m_clear->setAccessibleName(tr("Clear search and filters"));
    m_clear->setToolTip(tr("Clear search and filters"));
    m_clear->hide();
    m_tenantRow->hide();
    auto* chips = new QHBoxLayout(m_tenantRow);
    chips->setContentsMargins(0, 0, 0, space::small);
    chips->addWidget(m_tenant);
    chips->addStretch(1);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::small);
    row->addWidget(m_status);
    row->addWidget(m_from);
    row->addWidget(m_to);
    row->addWidget(m_clear);
    m_typed.setSingleShot(true);
    m_typed.setInterval(typedMs);
    connect(&m_search, &QLineEdit::textChanged, &m_typed, qOverload<>(&QTimer::start));
    connect(m_from, &DateField::dayChanged, &m_typed, qOverload<>(&QTimer::start));
    connect(m_to, &DateField::dayChanged, &m_typed, qOverload<>(&QTimer::start));
    connect(&m_typed, &QTimer::timeout, this, &InvoiceFilters::tellChange);
    connect(m_status, &QComboBox::activated, this, &InvoiceFilters::tellChange);
    connect(m_tenant, &QToolButton::clicked, this, [this] { showTenant({}, {}); });
    connect(m_clear, &QToolButton::clicked, this, &InvoiceFilters::clear);
}

InvoiceListModel::Filter InvoiceFilters::filter() const
{
    InvoiceListModel::Filter wanted;
    wanted.tenant = m_tenantId;
    wanted.text = m_search.text().trimmed().toStdString();
    if (const int status = m_status->currentData().toInt(); status != anyStatus)
        wanted.status = static_cast<InvoiceStatus>(status);
    wanted.issuedFrom = m_from->day();
    wanted.issuedTo = m_to->day();
    return wanted;
}

QStringList InvoiceFilters::words() const
{
    QStringList lines;
    const InvoiceListModel::Filter set = filter();
    const auto written = [this](LocalDate day) { return format::formatDate(day, locale()); };
    if (!set.text.empty())
        lines << tr("Search: %1").arg(shortened(m_search.text().trimmed()));
    if (set.status)
        lines << tr("Status: %1").arg(statusName(*set.status));
    if (set.issuedFrom && set.issuedTo)
        lines << tr("Issued: %1 to %2").arg(written(*set.issuedFrom), written(*set.issuedTo));
    else if (set.issuedFrom)
        lines << tr("Issued: from %1").arg(written(*set.issuedFrom));
    else if (set.issuedTo)
        lines << tr("Issued: to %1").arg(written(*set.issuedTo));
    if (set.tenant)
        lines << tr("Customer: %1").arg(shortened(m_tenantName));
    if (set.issuedFrom && set.issuedTo && *set.issuedTo < *set.issuedFrom)
        lines << tr("The first of these days is after the last.");
    else if (set.status == InvoiceStatus::Draft && (set.issuedFrom || set.issuedTo))
        lines << tr("Drafts have not been issued yet.");
    return lines;
}

void InvoiceFilters::showTenant(const QString& tenantId, const QString& legalName)
{
    m_tenantId.reset();
    if (!tenantId.isEmpty())
        m_tenantId = TenantId(tenantId.toStdString());
    m_tenantName = legalName;
    m_tenantRow->setHidden(tenantId.isEmpty());
    QString shown = m_tenant->fontMetrics().elidedText(legalName, Qt::ElideRight, chipWidth);
    m_tenant->setText(shown.replace(QLatin1Char('&'), QStringLiteral("&&")));
    m_tenant->setToolTip(plainTip(tr("Only %1. Press to show all.").arg(legalName)));
    m_tenant->setAccessibleName(tr("Only %1. Press to show all.").arg(legalName));
    tellChange();
}

void InvoiceFilters::clear()
{
    m_search.clear();
    m_status->setCurrentIndex(0);
    m_from->setDay({});
    m_to->setDay({});
    if (m_clear->hasFocus()) // it is about to hide
        m_search.setFocus(Qt::OtherFocusReason);
    showTenant({}, {});
}

void InvoiceFilters::tellChange()
{
    m_typed.stop();
    const bool written = !m_search.text().isEmpty() || !m_from->text().isEmpty() || !m_to->text().isEmpty();
    m_clear->setVisible(isSet() || written);
    Q_EMIT changed();
}

} // namespace billing::console
