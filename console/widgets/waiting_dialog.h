// Work that somebody waits for: what it is, how far it is, and a way to give it up. It comes up only when the
// wait is long enough to be seen, and unlike QProgressDialog never runs the event loop inside a call. GUI
// thread.
#pragma once

#include "console/widgets/labels.h"

#include <QDialog>
#include <QTimer>

class QProgressBar;

namespace billing::console {

class WaitingDialog : public QDialog
{
    Q_OBJECT

public:
    static constexpr int unseenMs = 400;

    WaitingDialog(const QString& what, QWidget* parent);

    /// Steps done, of as many; of 0: nobody knows yet.
    void advance(int done, int total);

Q_SIGNALS:
    /// By the button, Escape or the window's own. It stays until it is deleted.
    void cancelled();

protected:
    void reject() override;

private:
    QTimer m_unseen;
    QProgressBar* m_bar;
    Label* m_counts;
};

} // namespace billing::console
