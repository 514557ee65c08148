// The way back to an object's thread: functions posted from any thread run there, from its event loop, for as
// long as the object is there, and never after. Held by shared_ptr by whoever may post. close() belongs to
// the object's destructor.
#pragma once

#include <QObject>

#include <functional>
#include <mutex>

namespace billing::client {

class Mailbox
{
public:
    explicit Mailbox(QObject* receiver)
        : m_receiver(receiver)
    {
    }

    void post(std::function<void()> task);
    void close();

private:
    std::mutex m_mutex;
    QObject* m_receiver;
};

} // namespace billing::client
