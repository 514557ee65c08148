// Below a PageView: from page to page, which one it is, how large. GUI thread.
#pragma once

#include "console/widgets/labels.h"
#include "console/widgets/page_view.h"

class QComboBox;
class QToolButton;

namespace billing::console {

class PageBar : public QWidget
{
    Q_OBJECT

public:
    /// The view outlives it.
    explicit PageBar(PageView& pages, QWidget* parent = nullptr);

private:
    void takeZoom();
    void showPage();
    void showZoom();

    PageView& m_pages;
    QToolButton* m_previous;
    QToolButton* m_next;
    Label* m_page;
    QComboBox* m_zoom;
};

} // namespace billing::console
