// A paged list as a place shows it: the table while there are rows, with a line above it when they may be
// stale; in their place what there is to say when there are none. Places differ in their words and columns
// only. GUI thread.
#pragma once

#include "console/models/paged_model.h"
#include "console/widgets/notice_bar.h"
#include "console/widgets/record_table.h"
#include "console/widgets/state_panel.h"

class QStackedLayout;

namespace billing::console {

struct EmptyWords
{
    QString headline = {};
    QString advice = {};
    QString action = {}; ///< "Clear the filters"; empty: no button
};

class ListFace : public QWidget
{
    Q_OBJECT

public:
    /// The model outlives it.
    explicit ListFace(PagedModel& model, QWidget* parent = nullptr);

    RecordTable& table() { return *m_table; }
    const StatePanel& panel() const { return *m_panel; }
    const NoticeBar& notice() const { return *m_notice; }
    void setEmptyWords(const EmptyWords& words);

Q_SIGNALS:
    void emptyActionTriggered();

private:
    void showState();
    void showPanel(const PanelText& text);

    PagedModel& m_model;
    EmptyWords m_empty;
    NoticeBar* m_notice;
    QStackedLayout* m_faces;
    RecordTable* m_table;
    StatePanel* m_panel;
};

/// A refusal in a panel's words, with the stable code and a button to try again.
PanelText panelOf(const Error& error);

} // namespace billing::console
