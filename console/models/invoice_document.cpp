#include "console/models/invoice_document.h"

namespace billing::console {

void InvoiceDocument::setApi(client::BillingApi* api)
{
    if (m_api == api)
        return;
    m_api = api;
    close();
}

void InvoiceDocument::open(const InvoiceId& id)
{
    if (m_id == id && (m_state == ListState::Ready || m_state == ListState::Loading))
        return;
    m_id = id;
    reload();
}

void InvoiceDocument::reload()
{
    if (!m_api || !m_id)
        return;
    m_call.cancel();
    m_invoice.reset();
    m_error.reset();
    m_call = m_api->invoice(*m_id, this, [this](Result<Invoice> invoice) {
        if (invoice && invoice->id != *m_id)
            invoice = Error{ErrorCode::UnusableAnswer, {}, "another invoice than asked for"};
        if (!invoice) {
            m_error = invoice.error();
            setState(stateAfter(*m_error));
            return;
        }
        m_invoice = std::make_shared<const Invoice>(std::move(*invoice));
        setState(ListState::Ready);
    });
    setState(ListState::Loading);
}

void InvoiceDocument::close()
{
    m_call.cancel();
    m_id.reset();
    m_invoice.reset();
    m_error.reset();
    setState(ListState::Idle);
}

void InvoiceDocument::setState(ListState state)
{
    m_state = state;
    Q_EMIT stateChanged();
}

} // namespace billing::console
