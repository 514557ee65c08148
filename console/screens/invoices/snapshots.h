// The frozen snapshots of several invoices, read one after the other: what printing needs. GUI thread.
#pragma once

#include "shared/client/billing_api.h"

#include <QPointer>

#include <memory>
#include <vector>

namespace billing::console {

class Snapshots : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;
    using Read = std::vector<std::shared_ptr<const Invoice>>;

    /// A reading under way is given up.
    void read(client::BillingApi* api, std::vector<InvoiceId> ids);
    void cancel();

Q_SIGNALS:
    void progressed(int done, int total);
    void ready(const billing::console::Snapshots::Read& invoices);
    /// The first refusal ends it.
    void refused(const billing::Error& error);

private:
    void next();

    QPointer<client::BillingApi> m_api;
    client::PendingCall m_call;
    std::vector<InvoiceId> m_ids;
    Read m_read;
};

} // namespace billing::console
