// A call that is under way. Copies name the same call; dropping them all does not end it, cancel() does.
// After cancel(), and after the call's context object is gone, its callback does not run any more. GUI
// thread.
#pragma once

#include <functional>
#include <memory>

namespace billing::client {

class PendingCall
{
public:
    PendingCall() = default; ///< names no call

    /// For those who implement BillingApi: what cancel() does. complete() forgets it.
    explicit PendingCall(std::function<void()> onCancel)
        : m_onCancel(std::make_shared<std::function<void()>>(std::move(onCancel)))
    {
    }

    bool isActive() const { return m_onCancel && *m_onCancel; }

    /// The second time, and after the answer, it does nothing.
    void cancel() const
    {
        if (!isActive())
            return;
        const std::function<void()> onCancel = std::exchange(*m_onCancel, {});
        onCancel();
    }

    /// For those who implement BillingApi: the answer is being delivered.
    void complete() const
    {
        if (m_onCancel)
            *m_onCancel = {};
    }

private:
    std::shared_ptr<std::function<void()>> m_onCancel;
};

} // namespace billing::client
