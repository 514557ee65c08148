#include "console/screens/invoices/snapshots.h"

namespace billing::console {

void Snapshots::read(client::BillingApi* api, std::vector<InvoiceId> ids)
{
    cancel();
    m_api = api;
    m_ids = std::move(ids);
    next();
}

void Snapshots::cancel()
{
    m_call.cancel();
    m_ids.clear();
    m_read.clear();
}

void Snapshots::next()
{
    if (m_ids.empty())
        return;
    if (m_read.size() == m_ids.size()) {
        const Read all = std::exchange(m_read, {});
        m_ids.clear();
        Q_EMIT ready(all);
        return;
    }
    if (!m_api) {
        cancel();
        Q_EMIT refused(Error{ErrorCode::Offline});
        return;
    }
    m_call = m_api->invoice(m_ids[m_read.size()], this, [this](Result<Invoice> invoice) {
        if (!invoice) {
            const Error error = invoice.error();
            cancel();
            Q_EMIT refused(error);
            return;
        }
        m_read.push_back(std::make_shared<const Invoice>(std::move(*invoice)));
        Q_EMIT progressed(static_cast<int>(m_read.size()), static_cast<int>(m_ids.size()));
        next();
    });
}

} // namespace billing::console
