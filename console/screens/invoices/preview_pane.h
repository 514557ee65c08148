// One invoice beside the list: what it is called, where it stands, its pages as they print. GUI thread.
#pragma once

#include "console/models/invoice_document.h"
#include "console/widgets/labels.h"
#include "console/widgets/marks.h"
#include "console/widgets/notice_bar.h"
#include "console/widgets/page_view.h"
#include "console/widgets/state_panel.h"

class QComboBox;
class QStackedLayout;
class QToolButton;

namespace billing::console {

class PreviewPane : public QWidget
{
    Q_OBJECT

public:
    /// Both outlive it.
    PreviewPane(InvoiceDocument& document, Executor& worker, QWidget* parent = nullptr);

    PageView& pages() { return *m_pages; }

Q_SIGNALS:
    void closeWanted();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeBar();
    void showDocument();
    void showPage();
    void showZoom();

    InvoiceDocument& m_document;
    std::shared_ptr<const Invoice> m_shown;
    ElidedLabel* m_number;
    ElidedLabel* m_customer;
    TierBadge* m_tier;
    StatusPill* m_status;
    NoticeBar* m_notice;
    QToolButton* m_previous;
    QToolButton* m_next;
    Label* m_page;
    QComboBox* m_zoom;
    QWidget* m_head;
    QWidget* m_bar;
    PageView* m_pages;
    StatePanel* m_panel;
    QStackedLayout* m_faces;
};

} // namespace billing::console
