#include "console/widgets/waiting_dialog.h"

#include "console/widgets/tokens.h"

#include <QBoxLayout>
#include <QProgressBar>
#include <QPushButton>

namespace billing::console {

namespace {

constexpr int usualWidth = 380;

} // namespace

WaitingDialog::WaitingDialog(const QString& what, QWidget* parent)
    : QDialog(parent)
    , m_bar(new QProgressBar)
    , m_counts(new Label(TypeRole::Body, nullptr, Token::InkQuiet))
{
    setWindowTitle(what);
    setWindowModality(Qt::WindowModal);
    setMinimumWidth(usualWidth);
    auto* headline = new Label(TypeRole::Title);
    headline->setText(what);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress"));
    auto* cancel = new QPushButton(tr("&Cancel"));
    cancel->setAutoDefault(false); // Return does not cancel
    cancel->setObjectName(QStringLiteral("cancel"));
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::huge, space::huge, space::huge, space::large);
    column->setSpacing(space::small);
    column->addWidget(headline);
    column->addWidget(m_bar);
    column->addWidget(m_counts);
    column->addSpacing(space::small);
    column->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &WaitingDialog::reject);
    m_unseen.setSingleShot(true);
    connect(&m_unseen, &QTimer::timeout, this, &QDialog::open);
    m_unseen.start(unseenMs);
    advance(0, 0);
}

void WaitingDialog::advance(int done, int total)
{
    m_bar->setRange(0, total);
    m_bar->setValue(done);
    m_counts->setText(total > 0 ? tr("%1 of %2").arg(done).arg(total) : QString());
}

void WaitingDialog::reject()
{
    Q_EMIT cancelled();
}

} // namespace billing::console
