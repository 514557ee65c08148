#include "console/app/sample_api.h"

#include <QPointer>
#include <QTimer>

namespace billing::console {

namespace {

bool isWithin(const client::InvoiceQuery& query, const std::optional<LocalDate>& issued)
{
    if (!query.issuedFrom && !query.issuedTo)
        return true;
    return issued && (!query.issuedFrom || *query.issuedFrom <= *issued) &&
           (!query.issuedTo || *issued <= *query.issuedTo);
}

} // namespace

SampleApi::SampleApi(SampleRecords records, QObject* parent)
    : BillingApi(parent)
    , m_records(std::move(records))
{
}

template <class T>
client::PendingCall SampleApi::answer(QObject* context, client::Done<T> done, Result<T> usual)
{
    const auto wanted = std::make_shared<bool>(true);
    const client::PendingCall call([wanted] { *wanted = false; });
    if (m_mood == Mood::Silent)
        return call;
    if (m_mood == Mood::Distrusts)
        usual = Error{ErrorCode::ExpiredToken};
    else if (m_mood == Mood::Refuses)
        usual = Error{ErrorCode::StorageBusy};
    else if (m_mood == Mood::Away)
        usual = Error{ErrorCode::Offline, "refused"};
    const bool away = m_mood == Mood::Away;
    QTimer::singleShot(0, this,
                       [this, away, wanted, call, guard = QPointer(context), done = std::move(done),
                        usual = std::move(usual)] {
                           if (!*wanted || !guard)
                               return;
                           call.complete();
                           if (away)
                               Q_EMIT unreachable();
                           else
                               Q_EMIT answered();
                           done(usual);
                       });
    return call;
}

client::PendingCall SampleApi::health(QObject* context, client::Done<void> done)
{
    return answer<void>(context, std::move(done), {});
}

client::PendingCall SampleApi::tenants(const client::TenantQuery& query, QObject* context,
                                       client::Done<client::TenantPage> done)
{
    client::TenantPage page;
    for (const wire::ShownTenant& shown : m_records.tenants)
        if (m_mood != Mood::Empty && shown.tenant.legalName.find(query.text) != std::string::npos)
            page.items.push_back(shown);
    return answer<client::TenantPage>(context, std::move(done), std::move(page));
}

client::PendingCall SampleApi::tenant(const TenantId& id, QObject* context,
                                      client::Done<wire::ShownTenant> done)
{
    Result<wire::ShownTenant> found = Error{ErrorCode::NotFound, "tenant_id"};
    for (const wire::ShownTenant& shown : m_records.tenants)
        if (shown.tenant.id == id)
            found = shown;
    return answer<wire::ShownTenant>(context, std::move(done), std::move(found));
}

client::PendingCall SampleApi::invoices(const client::InvoiceQuery& query, QObject* context,
                                        client::Done<client::InvoicePage> done)
{
    client::InvoicePage page;
    for (const wire::InvoiceSummary& summary : m_records.summaries)
        if (m_mood != Mood::Empty && (!query.tenant || *query.tenant == summary.tenant) &&
            (!query.status || *query.status == summary.status) && isWithin(query, summary.issueDate) &&
            summary.legalName.find(query.text) != std::string::npos)
            page.items.push_back(summary);
    return answer<client::InvoicePage>(context, std::move(done), std::move(page));
}

client::PendingCall SampleApi::invoice(const InvoiceId& id, QObject* context, client::Done<Invoice> done)
{
    Result<Invoice> found = Error{ErrorCode::NotFound, "invoice_id"};
    for (const Invoice& invoice : m_records.invoices)
        if (invoice.id == id)
            found = invoice;
    return answer<Invoice>(context, std::move(done), std::move(found));
}

client::PendingCall SampleApi::invoicePdf(const InvoiceId&, QObject* context, client::Done<QByteArray> done)
{
    if (++m_documents > documentsBeforeTheStall)
        return client::PendingCall([] {});
    if (m_documents % 5 == 0)
        return answer<QByteArray>(context, std::move(done), Error{ErrorCode::DocumentNotReady, "invoice_id"});
    return answer<QByteArray>(context, std::move(done), QByteArray("%PDF-1.4\n% sample\n"));
}

} // namespace billing::console
