// Watches a PdfExport: how far it is, what it could not have and why, and at the end what there is now.
// Closing it while it runs cancels. GUI thread.
#pragma once

#include "console/models/pdf_export.h"
#include "console/widgets/labels.h"

#include <QDialog>

class QListWidget;
class QProgressBar;
class QPushButton;

namespace billing::console {

class ExportDialog : public QDialog
{
    Q_OBJECT

public:
    explicit ExportDialog(Executor& disk, QWidget* parent = nullptr);

    void start(client::BillingApi* api, const QString& folder, std::vector<ExportItem> items);
    PdfExport& running() { return m_export; }

protected:
    void reject() override;

private:
    void showProgress();
    void showState();

    PdfExport m_export;
    QString m_folder;
    Label* m_headline;
    ElidedLabel* m_where;
    QProgressBar* m_bar;
    Label* m_counts;
    QListWidget* m_failures;
    QPushButton* m_openFolder;
    QPushButton* m_close;
    int m_listed = 0;
};

} // namespace billing::console
