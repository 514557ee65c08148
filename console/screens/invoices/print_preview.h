// What would be printed, sheet by sheet: laid out and painted away from the GUI thread, and only the sheets
// that can be seen. Choosing another paper lays them out on it. Ctrl+P prints, Escape closes. GUI thread.
#pragma once

#include "console/screens/invoices/snapshots.h"
#include "console/widgets/page_bar.h"
#include "console/widgets/state_panel.h"

#include <QDialog>
#include <QPageSize>

class QAction;
class QPushButton;

namespace billing::console {

class PrintPreview : public QDialog
{
    Q_OBJECT

public:
    /// The worker outlives it.
    PrintPreview(Executor& worker, Snapshots::Read invoices, QWidget* parent);

    QPageSize sheet() const;
    PageView& pages() { return *m_pages; }

Q_SIGNALS:
    void printWanted();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* makeHead();
    void layOut();
    void showPanel(const PanelText& text);

    Snapshots::Read m_invoices;
    QComboBox* m_sheet;
    QAction* m_print;
    PageView* m_pages;
    PageBar* m_bar;
    StatePanel* m_panel;
    QStackedLayout* m_faces;
    QWidget* m_head;
};

/// "EB-2026-000017" for one, "12 invoices" for several.
QString titleOf(const Snapshots::Read& invoices);
/// What the first of them is drawn for.
QPageSize paperOf(const Snapshots::Read& invoices);

} // namespace billing::console
