#include "shared/client/mailbox.h"

#include <QMetaObject>

namespace billing::client {

void Mailbox::post(std::function<void()> task)
{
    const std::lock_guard lock(m_mutex);
    if (m_receiver)
        QMetaObject::invokeMethod(m_receiver, std::move(task), Qt::QueuedConnection);
}

void Mailbox::close()
{
    const std::lock_guard lock(m_mutex);
    m_receiver = nullptr;
}

} // namespace billing::client
