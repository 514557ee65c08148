#include "console/screens/invoices/export_dialog.h"

#include "console/models/session.h"

#include <QBoxLayout>
#include <QDesktopServices>
#include <QDir>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QUrl>

namespace billing::console {

ExportDialog::ExportDialog(Executor& disk, QWidget* parent)
    : QDialog(parent)
    , m_export(disk)
    , m_headline(new Label(TypeRole::Title))
    , m_where(new ElidedLabel(TypeRole::Body, nullptr, Token::InkQuiet))
    , m_bar(new QProgressBar)
    , m_counts(new Label(TypeRole::Body, nullptr, Token::InkQuiet))
    , m_failures(new QListWidget)
    , m_openFolder(new QPushButton(tr("&Open folder")))
    , m_close(new QPushButton(tr("&Cancel")))
{
    setWindowTitle(tr("Export PDF"));
    setWindowModality(Qt::WindowModal);
    setMinimumWidth(480);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress"));
    m_failures->setAccessibleName(tr("Not exported"));
    m_failures->setMinimumHeight(120);
    m_failures->hide();
    m_openFolder->hide();
    m_close->setAutoDefault(false); // Return does not cancel
    m_close->setObjectName(QStringLiteral("close"));
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_openFolder);
    buttons->addWidget(m_close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::huge, space::huge, space::huge, space::large);
    column->setSpacing(space::small);
    column->addWidget(m_headline);
    column->addWidget(m_where);
    column->addWidget(m_bar);
    column->addWidget(m_counts);
    column->addWidget(m_failures, 1);
    column->addSpacing(space::small);
    column->addLayout(buttons);
    connect(&m_export, &PdfExport::progressChanged, this, &ExportDialog::showProgress);
    connect(&m_export, &PdfExport::stateChanged, this, &ExportDialog::showState);
    connect(m_close, &QPushButton::clicked, this, &ExportDialog::reject);
    connect(m_openFolder, &QPushButton::clicked, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_folder)); });
}

void ExportDialog::start(client::BillingApi* api, const QString& folder, std::vector<ExportItem> items)
{
    m_folder = folder;
    m_where->setFullText(QDir::toNativeSeparators(folder));
    m_headline->setText(tr("Exporting %n invoice(s)", nullptr, static_cast<int>(items.size())));
    m_export.start(api, folder, std::move(items));
    showProgress();
    showState();
}

void ExportDialog::reject()
{
    if (m_export.state() == PdfExport::State::Running)
        return m_export.cancel();
    if (m_export.state() != PdfExport::State::Cancelling)
        QDialog::reject();
}

void ExportDialog::showProgress()
{
    const ExportProgress& progress = m_export.progress();
    m_bar->setRange(0, std::max(1, progress.total));
    m_bar->setValue(progress.done);
    m_counts->setText(tr("%1 of %2 done").arg(progress.done).arg(progress.total));
    for (; m_listed < static_cast<int>(progress.failures.size()); ++m_listed) {
        const ExportFailure& failure = progress.failures[static_cast<std::size_t>(m_listed)];
        m_failures->addItem(tr("%1: %2").arg(failure.name, refusalOf(failure.error).headline));
    }
    m_failures->setVisible(m_listed > 0);
}

void ExportDialog::showState()
{
    const ExportProgress& progress = m_export.progress();
    const int failed = static_cast<int>(progress.failures.size());
    switch (m_export.state()) {
    case PdfExport::State::Idle:
    case PdfExport::State::Running:
        return;
    case PdfExport::State::Cancelling:
        m_headline->setText(tr("Cancelling…"));
        m_close->setEnabled(false);
        return;
    case PdfExport::State::Finished:
        m_headline->setText(failed == 0 ? tr("Export finished") : tr("Export finished, with refusals"));
        break;
    case PdfExport::State::Cancelled:
        m_headline->setText(tr("Export cancelled"));
        break;
    }
    QStringList sentences{tr("%n file(s) written.", nullptr, progress.written)};
    if (progress.alreadyThere > 0)
        sentences << tr("%n file(s) were there already, with the same contents.", nullptr,
                        progress.alreadyThere);
    if (failed > 0)
        sentences << tr("%n invoice(s) could not be exported.", nullptr, failed);
    m_counts->setText(sentences.join(QLatin1Char('\n')));
    m_openFolder->show();
    m_close->setText(tr("&Close"));
    m_close->setEnabled(true);
    m_close->setDefault(true);
    m_close->setFocus();
}

} // namespace billing::console
