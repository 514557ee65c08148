#include "tests/console/models/fake_api.h"

#include <QString>

#include <algorithm>

namespace billing::test {

using namespace billing::client;

namespace {

const Currency euro = Currency::parse("EUR").value();

std::string padded(const char* prefix, int i, int digits)
{
    return prefix + QStringLiteral("%1").arg(i, digits, 10, QLatin1Char('0')).toStdString();
}

int positionOf(const std::string& cursor)
{
    return cursor.empty() ? 0 : std::stoi(cursor);
}

} // namespace

wire::InvoiceSummary summaryOf(int i)
{
    const LocalDate first = LocalDate::create(2026, 1 + i % 12, 1).value();
    return {.id = InvoiceId(padded("inv_", i, 8)),
            .tenant = TenantId(padded("tenant-", i % 1000, 7)),
            .subscription = SubscriptionId("sub_1"),
            .status = InvoiceStatus::Finalised,
            .number = "EB-" + std::to_string(i),
            .periodStart = first,
            .periodEnd = first.plusMonths(1),
            .net = Money::fromMinor(100'000 + i, euro),
            .tax = Money::fromMinor(19'000, euro),
            .total = Money::fromMinor(119'000 + i, euro),
            .issueDate = first.plusMonths(1),
            .dueDate = first.plusMonths(1).plusDays(14),
            .legalName = "Nova Robotics " + std::to_string(i % 1000),
            .tier = static_cast<Tier>(i % 5)};
}

wire::ShownTenant tenantOf(int i)
{
    Tenant tenant{.id = TenantId(padded("tenant-", i, 7)),
                  .legalName = "Nova Robotics " + std::to_string(i),
                  .country = "DE",
                  .currency = euro,
                  .timeZone = "Europe/Berlin",
                  .locale = "de-DE"};
    return {std::move(tenant), i % 6 == 5 ? std::nullopt : std::optional(static_cast<Tier>(i % 6))};
}

template <class T>
PendingCall FakeApi::answer(QObject* context, Done<T> done, Result<T> result)
{
    ++calls;
    if (refusal)
        result = *refusal;
    const QPointer ticket(new QObject(context));
    const PendingCall call([ticket] { delete ticket.get(); });
    const auto deliver = [this, ticket, call, done = std::move(done), result = std::move(result)] {
        call.complete();
        const bool isThere = result || result.error().code != ErrorCode::Offline;
        if (isThere)
            Q_EMIT answered();
        else
            Q_EMIT unreachable();
        if (!result && result.error().code == ErrorCode::ExpiredToken)
            Q_EMIT signInRefused(result.error());
        if (!ticket)
            return;
        ticket->deleteLater();
        done(result);
    };
    if (holds)
        m_held.push_back({ticket, deliver});
    else
        QMetaObject::invokeMethod(ticket.get(), deliver, Qt::QueuedConnection);
    return call;
}

bool FakeApi::release()
{
    while (!m_held.empty()) {
        const Held first = std::move(m_held.front());
        m_held.erase(m_held.begin());
        if (!first.ticket)
            continue;
        first.deliver();
        return true;
    }
    return false;
}

int FakeApi::held() const
{
    return static_cast<int>(
        std::count_if(m_held.begin(), m_held.end(), [](const Held& call) { return !call.ticket.isNull(); }));
}

wire::InvoiceSummary FakeApi::row(int i) const
{
    return rows.empty() ? summaryOf(i) : rows[static_cast<std::size_t>(i)];
}

PendingCall FakeApi::health(QObject* context, Done<void> done)
{
    return answer<void>(context, std::move(done), Result<void>());
}

PendingCall FakeApi::tenants(const TenantQuery& query, QObject* context, Done<TenantPage> done)
{
    lastTenantText = query.text;
    TenantPage page;
    const int from = positionOf(query.cursor);
    const int end = std::min(tenantCount, from + query.limit);
    for (int i = from; i < end; ++i)
        page.items.push_back(tenantOf(i));
    rowsServed += end - from;
    if (end < tenantCount)
        page.nextCursor = std::to_string(end);
    return answer<TenantPage>(context, std::move(done), page);
}

PendingCall FakeApi::tenant(const TenantId&, QObject* context, Done<wire::ShownTenant> done)
{
    return answer<wire::ShownTenant>(context, std::move(done), tenantOf(0));
}

PendingCall FakeApi::invoices(const InvoiceQuery& query, QObject* context, Done<InvoicePage> done)
{
    lastQuery = query;
    InvoicePage page;
    const int count = rows.empty() ? invoiceCount : static_cast<int>(rows.size());
    const int from = positionOf(query.cursor);
    const int end = std::min(count, from + query.limit);
    for (int i = from; i < end; ++i)
        page.items.push_back(row(i));
    rowsServed += end - from;
    if (end < count)
        page.nextCursor = std::to_string(end);
    return answer<InvoicePage>(context, std::move(done), page);
}

PendingCall FakeApi::invoice(const InvoiceId&, QObject* context, Done<Invoice> done)
{
    return answer<Invoice>(context, std::move(done),
                           snapshot ? Result<Invoice>(*snapshot) : Result<Invoice>(ErrorCode::NotFound));
}

PendingCall FakeApi::invoicePdf(const InvoiceId& id, QObject* context, Done<QByteArray> done)
{
    mostOpenPdfs = std::max(mostOpenPdfs, ++openPdfs);
    const auto refused = refusedPdfs.find(id.text());
    const QByteArray pdf = "%PDF-1.7 " + QByteArray::fromStdString(id.text());
    const auto counted = [this, done = std::move(done)](const Result<QByteArray>& result) {
        --openPdfs;
        done(result);
    };
    return answer<QByteArray>(context, counted,
                              refused == refusedPdfs.end() ? Result<QByteArray>(pdf)
                                                           : Result<QByteArray>(refused->second));
}

} // namespace billing::test
