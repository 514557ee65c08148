// A server that answers from sample records, or not at all, as it is told: for pictures of states and for
// tests of screens. GUI thread.
#pragma once

#include "console/app/sample_records.h"
#include "shared/client/billing_api.h"

namespace billing::console {

class SampleApi : public client::BillingApi
{
    Q_OBJECT

public:
    enum class Mood
    {
        Answers,
        Empty,     ///< lists without rows
        Silent,    ///< never answers
        Refuses,   ///< StorageBusy
        Distrusts, ///< ExpiredToken
        Away       ///< Offline
    };

    explicit SampleApi(SampleRecords records, QObject* parent = nullptr);

    /// So many documents are answered, every fifth refused; the next one never comes: an export stands still.
    static constexpr int documentsBeforeTheStall = 9;

    void setMood(Mood mood) { m_mood = mood; }

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
    template <class T>
    client::PendingCall answer(QObject* context, client::Done<T> done, Result<T> usual);

    SampleRecords m_records;
    Mood m_mood = Mood::Answers;
    int m_documents = 0;
};

} // namespace billing::console
