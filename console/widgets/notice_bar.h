// One line above content that is still there: offline with what was last known, a failed refresh, a job done.
// With a button when there is something to press; can be closed unless it must stay. GUI thread.
#pragma once

#include "console/widgets/labels.h"

class QPushButton;
class QToolButton;

namespace billing::console {

enum class NoticeKind
{
    Information,
    Success,
    Warning,
    Failure
};

class NoticeBar : public QWidget
{
    Q_OBJECT

public:
    explicit NoticeBar(QWidget* parent = nullptr);

    /// Shows the bar. An empty action has no button.
    void tell(NoticeKind kind, const QString& text, const QString& action = {});
    QString text() const { return m_text->text(); }
    NoticeKind kind() const { return m_kind; }

Q_SIGNALS:
    void actionTriggered();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    NoticeKind m_kind = NoticeKind::Information;
    Label* m_text;
    QPushButton* m_action;
    QToolButton* m_close;
};

} // namespace billing::console
