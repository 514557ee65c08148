// The invoices: narrowed by the server, the chosen one drawn beside the list, printed from its snapshot,
// exported as it was stored. Opening one gives the pages the whole place; Escape gives it back. GUI thread.
#pragma once

#include "console/models/invoice_document.h"
#include "console/models/invoice_list_model.h"
#include "console/models/preferences.h"
#include "console/screens/invoices/export_dialog.h"
#include "console/screens/invoices/invoice_filters.h"
#include "console/screens/invoices/preview_pane.h"
#include "console/screens/invoices/printing.h"
#include "console/screens/list_face.h"
#include "console/screens/place.h"

#include <QTimer>

class QSplitter;

namespace billing::console {

class InvoicesPlace : public Place
{
    Q_OBJECT

public:
    struct Ports
    {
        Executor& painter; ///< lays out, paints and prints: one task at a time
        Executor& disk;
        Preferences& preferences;
    };

    /// The ports outlive it.
    explicit InvoicesPlace(const Ports& ports, QWidget* parent = nullptr);

    void setApi(client::BillingApi* api);
    void refresh() override;
    void find() override;
    /// Narrows the list to one tenant; the name is shown. Empty: all.
    void showTenant(const QString& tenantId, const QString& legalName);
    /// They stay as they are until then, whatever becomes of the server: somebody who signs in again goes on
    /// where he was.
    void clearFilters() { m_filters->clear(); }
    /// Exports the chosen ones into that folder.
    void exportTo(const QString& folder);

    InvoiceFilters& filters() { return *m_filters; }
    InvoiceListModel& model() { return m_model; }
    ListFace& list() { return *m_list; }
    PreviewPane& preview() { return *m_preview; }
    InvoiceDocument& document() { return m_document; }
    QSplitter& splitter() { return *m_splitter; }
    ExportDialog* exportDialog() const { return m_exportDialog; }

Q_SIGNALS:
    /// For the frame's line of news: printed, exported, copied.
    void news(const QString& text);

private:
    void makeActions();
    void makeList();
    void filter();
    void setEmptyWords();
    void showChosen();
    void openRow(int row);
    void setOpened(bool opened);
    void copyNumber();
    void askForFolder();
    void tellRefusal(const Error& error);
    std::vector<const wire::InvoiceSummary*> chosen() const;
    std::vector<InvoiceId> chosenIds() const;

    Ports m_ports;
    QPointer<client::BillingApi> m_api;
    InvoiceListModel m_model;
    InvoiceDocument m_document;
    Printing m_printing;
    QTimer m_settled; ///< a choice that stays: arrow keys run past the ones between
    QLineEdit* m_search;
    InvoiceFilters* m_filters;
    NoticeBar* m_refusal;
    ListFace* m_list;
    PreviewPane* m_preview;
    QSplitter* m_splitter;
    QPointer<ExportDialog> m_exportDialog;
    QAction* m_open;
    QAction* m_print;
    QAction* m_printPreview;
    QAction* m_export;
    QAction* m_copy;
    QAction* m_clear;
    QAction* m_back;
};

} // namespace billing::console
