// The way back from a worker: what a task found out is told to an object of the GUI thread, in its event
// loop, unless that object is gone by then.
#pragma once

#include <QCoreApplication>
#include <QPointer>

namespace billing::console {

/// Any thread. `answer` takes a reference to the object and runs on the GUI thread.
template <class Receiver, class Answer>
void answerTo(const QPointer<Receiver>& receiver, Answer answer)
{
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [receiver, answer = std::move(answer)]() mutable {
            if (receiver)
                answer(*receiver);
        },
        Qt::QueuedConnection);
}

} // namespace billing::console
