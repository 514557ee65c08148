// One invoice as the server froze it, for preview and print. What is shown never changes under the reader: a
// draft is read again only by reload(). GUI thread.
#pragma once

#include "console/models/list_state.h"
#include "shared/client/billing_api.h"

#include <QPointer>

#include <memory>
#include <optional>

namespace billing::console {

class InvoiceDocument : public QObject
{
    Q_OBJECT
    Q_PROPERTY(billing::console::ListState state READ state NOTIFY stateChanged)

public:
    using QObject::QObject;

    void setApi(client::BillingApi* api); ///< nullptr closes

    /// Reads it; a call before that is given up. Opening what is shown already does nothing.
    void open(const InvoiceId& id);
    void reload();
    void close();

    /// Idle, Loading, Ready, Failed or Offline.
    ListState state() const { return m_state; }
    const std::optional<Error>& error() const { return m_error; }
    const std::optional<InvoiceId>& id() const { return m_id; }
    /// nullptr unless Ready. Shared, since a preview may still be drawing when the next one is opened.
    std::shared_ptr<const Invoice> invoice() const { return m_invoice; }

Q_SIGNALS:
    /// The state or the invoice is another.
    void stateChanged();

private:
    void setState(ListState state);

    QPointer<client::BillingApi> m_api;
    client::PendingCall m_call;
    std::optional<InvoiceId> m_id;
    std::shared_ptr<const Invoice> m_invoice;
    std::optional<Error> m_error;
    ListState m_state = ListState::Idle;
};

} // namespace billing::console
