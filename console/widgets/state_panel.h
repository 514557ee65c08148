// What stands in place of content that is not there: empty, on its way, refused, out of reach. One headline,
// one sentence that says what to do, for refusals the stable code small below, and a button when there is
// something to press. While loading it shows grey bars where rows will be, and only when the wait is long
// enough to be seen. GUI thread.
#pragma once

#include "console/widgets/icons.h"
#include "console/widgets/labels.h"

#include <QTimer>

class QPushButton;
class QStackedLayout;

namespace billing::console {

enum class PanelKind
{
    Empty,
    Loading,
    Failed,
    Offline
};

struct PanelText
{
    PanelKind kind = PanelKind::Empty;
    QString headline = {};
    QString advice = {};
    QString code = {};   ///< "storage_busy"
    QString action = {}; ///< the button's text, with its mnemonic; empty: no button
};

/// Bars that slowly breathe.
class Skeleton : public QWidget
{
    Q_OBJECT

public:
    explicit Skeleton(QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QTimer m_beat;
    QTimer m_delay;
    int m_phase = 0;
    bool m_drawn = false;
};

class StatePanel : public QWidget
{
    Q_OBJECT

public:
    explicit StatePanel(QWidget* parent = nullptr);

    void setText(const PanelText& text);
    const PanelText& text() const { return m_text; }

Q_SIGNALS:
    void actionTriggered();

private:
    PanelText m_text;
    QStackedLayout* m_faces;
    Skeleton* m_skeleton;
    QWidget* m_words;
    QLabel* m_sign;
    WrappedLabel* m_headline;
    WrappedLabel* m_advice;
    WrappedLabel* m_code;
    QPushButton* m_action;
};

} // namespace billing::console
