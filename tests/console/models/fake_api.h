// The server as a test wants it: any number of invoices made up as they are asked for, counted; refusals;
// answers held back. It keeps BillingApi's promises: from the event loop, once, not after cancel or the
// context's end.
#pragma once

#include "shared/client/billing_api.h"

#include <QPointer>

#include <map>

namespace billing::test {

/// The i-th newest of the made-up invoices: "inv_00000007", number "EB-7".
wire::InvoiceSummary summaryOf(int i);
/// The i-th of the made-up tenants: "tenant-0000007".
wire::ShownTenant tenantOf(int i);

class FakeApi : public client::BillingApi
{
public:
    using BillingApi::BillingApi;

    int invoiceCount = 0;
    int tenantCount = 0;
    std::vector<wire::InvoiceSummary> rows = {}; ///< instead of made-up ones, when there are any
    std::optional<Error> refusal = {};           ///< of every call from now on
    std::map<std::string, Error> refusedPdfs = {};
    std::optional<Invoice> snapshot = {}; ///< what every invoice() answers
    bool holds = false;                   ///< calls wait for release()

    int calls = 0;
    int rowsServed = 0;
    int openPdfs = 0;
    int mostOpenPdfs = 0;
    client::InvoiceQuery lastQuery = {};
    std::string lastTenantText = {};

    /// Answers the oldest call that is held; false when none is.
    bool release();
    int held() const;

    client::PendingCall health(QObject* context, client::Done<void> done) override;
    client::PendingCall tenants(const client::TenantQuery& query, QObject* context,
                                client::Done<client::TenantPage> done) override;
    client::PendingCall tenant(const TenantId& id, QObject* context,
                               client::Done<wire::ShownTenant> done) override;
    client::PendingCall invoices(const client::InvoiceQuery& query, QObject* context,
                                 client::Done<client::InvoicePage> done) override;
    client::PendingCall invoice(const InvoiceId& id, QObject* context, client::Done<Invoice> done) override;
    client::PendingCall invoicePdf(const InvoiceId& id, QObject* context,
                                   client::Done<QByteArray> done) override;

private:
    struct Held
    {
        QPointer<QObject> ticket;
        std::function<void()> deliver;
    };

    template <class T>
    client::PendingCall answer(QObject* context, client::Done<T> done, Result<T> result);
    wire::InvoiceSummary row(int i) const;

    std::vector<Held> m_held;
};

} // namespace billing::test
