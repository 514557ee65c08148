// One invoice beside the list: what it is called, where it stands, its pages as they print. GUI thread.
#pragma once

#include "console/models/invoice_document.h"
#include "console/widgets/labels.h"
#include "console/widgets/marks.h"
#include "console/widgets/notice_bar.h"
#include "console/widgets/page_bar.h"
#include "console/widgets/state_panel.h"

class QStackedLayout;

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
    void showDocument();

    InvoiceDocument& m_document;
    std::shared_ptr<const Invoice> m_shown;
    ElidedLabel* m_number;
    ElidedLabel* m_customer;
    TierBadge* m_tier;
    StatusPill* m_status;
    NoticeBar* m_notice;
    QWidget* m_head;
    PageView* m_pages;
    PageBar* m_bar;
    StatePanel* m_panel;
    QStackedLayout* m_faces;
};

} // namespace billing::console
