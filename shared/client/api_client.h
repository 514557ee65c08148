// BillingApi over HTTPS (Qt Network). HTTP/1.1 with keep-alive and at most Limits::parallel requests at a
// time, the others wait in order; redirects, cookies, caches and compression are off; answers above their cap
// and past their deadline, which begins when a request is sent, are given up. Bodies are decoded by
// shared/wire on `background`, so that no answer, however long, holds up the GUI thread. No proxy is used.
//
// GUI thread; `background` outlives the client.
#pragma once

#include "shared/client/billing_api.h"
#include "shared/client/connection.h"
#include "shared/kernel/ports.h"

#include <chrono>
#include <deque>

class QNetworkAccessManager;

namespace billing::client {

struct Limits
{
    int parallel = 6;
    qint64 listBytes = qint64(4) << 20;
    qint64 invoiceBytes = qint64(16) << 20; ///< about 10,000 lines
    qint64 pdfBytes = qint64(64) << 20;
    std::chrono::milliseconds deadline{15'000};
    std::chrono::milliseconds pdfDeadline{60'000};
};

class ApiClient : public BillingApi
{
    Q_OBJECT

public:
    /// Refuses what tlsOf refuses. Nothing is sent yet.
    static Result<std::unique_ptr<ApiClient>> create(const Connection& connection, Executor& background,
                                                     Limits limits = {});
    /// Calls under way are given up without an answer.
    ~ApiClient() override;

    PendingCall health(QObject* context, Done<void> done) override;
    PendingCall tenants(const TenantQuery& query, QObject* context, Done<TenantPage> done) override;
    PendingCall tenant(const TenantId& id, QObject* context, Done<wire::ShownTenant> done) override;
    PendingCall invoices(const InvoiceQuery& query, QObject* context, Done<InvoicePage> done) override;
    PendingCall invoice(const InvoiceId& id, QObject* context, Done<Invoice> done) override;
    PendingCall invoicePdf(const InvoiceId& id, QObject* context, Done<QByteArray> done) override;

private:
    ApiClient(QUrl server, QSslConfiguration tls, const QByteArray& token, Executor& background);

    class Private;
    std::unique_ptr<Private> m_private;
};

} // namespace billing::client
