#include "console/screens/tenants/tenant_pane.h"

#include "shared/document/figures.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>

namespace billing::console {

namespace {

QString fromUtf8(const std::string& text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString joined(const std::vector<std::string>& lines)
{
    QStringList texts;
    for (const std::string& line : lines)
        if (!line.empty())
            texts << fromUtf8(line);
    return texts.join(QLatin1Char('\n'));
}

/// As letters to it are addressed, with the country's name.
QString addressOf(const Tenant& tenant)
{
    const Party party{.name = tenant.legalName, .address = tenant.address, .country = tenant.country};
    return document::partyLines(party, document::textsFor(QLocale())).mid(1).join(QLatin1Char('\n'));
}

QString taxName(TaxCategory category)
{
    switch (category) {
    case TaxCategory::Standard:
        return TenantPane::tr("Standard rate");
    case TaxCategory::Zero:
        return TenantPane::tr("Zero rate");
    case TaxCategory::Exempt:
        return TenantPane::tr("Exempt");
    case TaxCategory::ReverseCharge:
        return TenantPane::tr("Reverse charge");
    case TaxCategory::Export:
        return TenantPane::tr("Export");
    case TaxCategory::OutOfScope:
        break;
    }
    return TenantPane::tr("Outside the scope of tax");
}

} // namespace

TenantPane::TenantPane(QWidget* parent)
    : QWidget(parent)
    , m_name(new WrappedLabel(TypeRole::Title))
    , m_tier(new TierBadge)
    , m_facts(new QWidget)
    , m_rows(new QGridLayout)
    , m_invoices(new QPushButton(tr("Show &invoices")))
{
    setAccessibleName(tr("Tenant"));
    auto* inner = new QWidget;
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(space::huge, space::large, space::huge, space::huge);
    column->setSpacing(space::medium);
    column->addWidget(m_name);
    column->addWidget(m_tier);
    column->addWidget(m_facts);
    column->addWidget(m_invoices, 0, Qt::AlignLeft);
    column->addStretch(1);
    m_rows->setContentsMargins(0, space::small, 0, space::small);
    m_rows->setHorizontalSpacing(space::large);
    m_rows->setVerticalSpacing(space::small);
    m_rows->setColumnStretch(1, 1);
    m_facts->setLayout(m_rows);
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->viewport()->setAutoFillBackground(false);
    scroll->setWidget(inner);
    inner->setAutoFillBackground(false); // setWidget has turned it on
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
    connect(m_invoices, &QPushButton::clicked, this, &TenantPane::invoicesWanted);
}

void TenantPane::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), colour(Token::Surface, palette()));
}

void TenantPane::addFact(const QString& caption, const QString& text)
{
    if (text.isEmpty())
        return;
    auto* label = new Label(TypeRole::Caption, nullptr, Token::InkQuiet);
    label->setText(caption);
    auto* fact = new WrappedLabel(TypeRole::Body);
    fact->setText(text);
    fact->setAccessibleDescription(caption);
    const int row = m_rows->rowCount();
    label->setContentsMargins(0, 1, 0, 0); // its base line beside the larger text's
    m_rows->addWidget(label, row, 0, Qt::AlignTop);
    m_rows->addWidget(fact, row, 1);
}

void TenantPane::setTenant(const Tenant& tenant)
{
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_name->setText(fromUtf8(tenant.legalName));
    const QLocale locale(fromUtf8(tenant.locale));
    addFact(tr("Tenant ID"), fromUtf8(tenant.id.text()));
    addFact(tr("Address"), addressOf(tenant));
    addFact(tr("E-mail"), fromUtf8(tenant.email));
    addFact(tr("Tax IDs"), joined(tenant.taxIds));
    addFact(tr("Tax"), taxName(tenant.taxCategory));
    addFact(tr("Currency"), fromUtf8(std::string(tenant.currency.code())));
    addFact(tr("Time zone"), fromUtf8(tenant.timeZone));
    addFact(tr("Documents in"),
            tr("%1 (%2)").arg(QLocale::languageToString(locale.language()), fromUtf8(tenant.locale)));
    setAccessibleDescription(m_name->text());
}

void TenantPane::setTier(std::optional<Tier> tier)
{
    m_tier->setVisible(tier.has_value());
    if (tier)
        m_tier->setTier(*tier);
}

} // namespace billing::console
