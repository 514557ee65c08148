#include "shared/client/api_client.h"

#include "shared/client/answer.h"
#include "shared/client/exchange.h"
#include "shared/client/mailbox.h"
#include "shared/client/wipe.h"
#include "shared/kernel/assert.h"
#include "shared/wire/invoice_json.h"
#include "shared/wire/paths.h"
#include "shared/wire/tenant_json.h"

#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QPointer>
#include <QUrlQuery>

#include <set>

namespace billing::client {

namespace {

const QByteArray jsonType("application/json");
const QByteArray pdfType("application/pdf");

QString encoded(const std::string& text)
{
    return QString::fromLatin1(QByteArray::fromStdString(text).toPercentEncoding());
}

void add(QUrlQuery& query, const char* name, const std::string& value)
{
    if (!value.empty())
        query.addQueryItem(QLatin1String(name), encoded(value));
}

/// The decoder sees the bytes where they are.
std::string_view viewOf(const QByteArray& bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

/// What our decoders refuse is, seen from here, an answer that cannot be used.
template <class T>
Result<T> usable(Result<T> decoded)
{
    if (decoded)
        return decoded;
    return Error{ErrorCode::UnusableAnswer, {}, toText(decoded.error())};
}

template <class Item>
Result<wire::Page<Item>> atMost(int limit, Result<wire::Page<Item>> page)
{
    if (page && page->items.size() > static_cast<std::size_t>(limit))
        return Error{ErrorCode::UnusableAnswer, {}, "more rows than asked for"};
    return usable(std::move(page));
}

} // namespace

/// A call from its asking to its answer.
struct Flight
{
    std::unique_ptr<Exchange> exchange;
    PendingCall call = {};
    bool isSent = false;
};

class ApiClient::Private
{
public:
    Private(ApiClient& owner, QUrl server, QSslConfiguration tls, const QByteArray& token)
        : m_owner(owner)
        , m_server(std::move(server))
        , m_tls(std::move(tls))
        , m_token(token.constData(), token.size()) // its own copy, to be wiped
        , m_mailbox(std::make_shared<Mailbox>(&owner))
    {
        m_network.setProxy(QNetworkProxy::NoProxy);
        m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
        m_network.setAutoDeleteReplies(false);
        m_network.setStrictTransportSecurityEnabled(false); // there is no plain HTTP to be upgraded from
    }

    ~Private()
    {
        m_mailbox->close();
        for (const auto& flight : std::exchange(m_flights, {})) {
            flight->call.complete();
            flight->exchange.reset(); // which holds the flight in turn
        }
        wipe(m_token);
    }

    Question question(std::string_view path, const std::string& rest, const QUrlQuery& query = {}) const;

    template <class T>
    PendingCall ask(Question question, std::function<Result<T>(const QByteArray&)> decode, QObject* context,
                    Done<T> done);

    Executor* background = nullptr;
    Limits limits;

private:
    void fill();
    void leave(const std::shared_ptr<Flight>& flight);
    void tell(const std::optional<Error>& error);

    template <class T>
    void decodeThere(const std::shared_ptr<Flight>& flight, const QByteArray& body,
                     const std::function<Result<T>(const QByteArray&)>& decode,
                     const std::function<void(const Result<T>&)>& deliver);

    ApiClient& m_owner;
    QUrl m_server;
    QSslConfiguration m_tls;
    QByteArray m_token;
    std::shared_ptr<Mailbox> m_mailbox;
    QNetworkAccessManager m_network;
    std::set<std::shared_ptr<Flight>> m_flights; ///< until they are answered or cancelled
    std::deque<std::shared_ptr<Flight>> m_waiting;
    int m_running = 0;
};

Question ApiClient::Private::question(std::string_view path, const std::string& rest,
                                      const QUrlQuery& query) const
{
    QUrl url = m_server;
    url.setPath(QString::fromStdString(std::string(path)) + QString::fromStdString(rest), QUrl::TolerantMode);
    url.setQuery(query);
    QNetworkRequest request(url);
    request.setSslConfiguration(m_tls);
    request.setRawHeader("Authorization", "Bearer " + m_token);
    request.setRawHeader("Accept", "application/json, application/pdf, application/problem+json");
    request.setRawHeader("Accept-Encoding", "identity"); // else Qt unpacks by itself, beyond any cap
    request.setRawHeader("User-Agent", "enis-billing-console");
    using Request = QNetworkRequest;
    request.setAttribute(Request::RedirectPolicyAttribute, Request::ManualRedirectPolicy);
    request.setAttribute(Request::CacheLoadControlAttribute, Request::AlwaysNetwork);
    request.setAttribute(Request::CacheSaveControlAttribute, false);
    request.setAttribute(Request::CookieLoadControlAttribute, Request::Manual);
    request.setAttribute(Request::CookieSaveControlAttribute, Request::Manual);
    request.setAttribute(Request::AuthenticationReuseAttribute, Request::Manual);
    request.setAttribute(Request::Http2AllowedAttribute, false);
    return {std::move(request), jsonType, limits.listBytes, limits.deadline};
}

template <class T>
PendingCall ApiClient::Private::ask(Question question, std::function<Result<T>(const QByteArray&)> decode,
                                    QObject* context, Done<T> done)
{
    BILLING_ASSERT(context && done);
    const auto flight = std::make_shared<Flight>();
    const auto deliver = [this, flight, context = QPointer<QObject>(context),
                          done = std::move(done)](const Result<T>& result) {
        if (!m_flights.contains(flight))
            return;
        leave(flight);
        const QPointer<ApiClient> self(&m_owner);
        tell(result ? std::nullopt : std::optional(result.error()));
        if (self && context)
            done(result);
    };
    const auto ended = [this, flight, decode = std::move(decode), deliver](const Result<QByteArray>& body) {
        // The place is free for the next one while this one is decoded.
        flight->exchange.release()->deleteLater();
        flight->isSent = false;
        --m_running;
        if (body)
            decodeThere<T>(flight, *body, decode, deliver);
        else
            deliver(body.error());
        fill();
    };
    flight->exchange = std::make_unique<Exchange>(m_network, std::move(question), ended);
    flight->call = PendingCall([this, weak = std::weak_ptr(flight)] {
        if (const auto cancelled = weak.lock())
            leave(cancelled);
    });
    const PendingCall call = flight->call;
    QObject::connect(context, &QObject::destroyed, flight->exchange.get(), [call] { call.cancel(); });
    m_flights.insert(flight);
    m_waiting.push_back(flight);
    fill();
    return call;
}

template <class T>
void ApiClient::Private::decodeThere(const std::shared_ptr<Flight>& flight, const QByteArray& body,
                                     const std::function<Result<T>(const QByteArray&)>& decode,
                                     const std::function<void(const Result<T>&)>& deliver)
{
    background->post([mailbox = m_mailbox, body, decode, deliver, flight] {
        // shared: a task is copied, an invoice need not be
        const auto result = std::make_shared<const Result<T>>(decode(body));
        mailbox->post([deliver, result] { deliver(*result); });
    });
}

void ApiClient::Private::fill()
{
    while (m_running < limits.parallel && !m_waiting.empty()) {
        const auto flight = m_waiting.front();
        m_waiting.pop_front();
        if (!m_flights.contains(flight))
            continue;
        ++m_running;
        flight->isSent = true;
        flight->exchange->start();
    }
}

/// Answered or cancelled: nothing of it runs any more.
void ApiClient::Private::leave(const std::shared_ptr<Flight>& flight)
{
    if (m_flights.erase(flight) == 0)
        return;
    flight->call.complete();
    flight->exchange.reset();
    if (!flight->isSent)
        return;
    flight->isSent = false;
    --m_running;
    fill();
}

void ApiClient::Private::tell(const std::optional<Error>& error)
{
    const bool unreachable =
        error && (error->code == ErrorCode::Offline || error->code == ErrorCode::DeadlineExceeded);
    if (unreachable)
        Q_EMIT m_owner.unreachable();
    else
        Q_EMIT m_owner.answered();
    if (error && refusesSignIn(error->code))
        Q_EMIT m_owner.signInRefused(*error);
}

Result<std::unique_ptr<ApiClient>> ApiClient::create(const Connection& connection, Executor& background,
                                                     Limits limits)
{
    auto tls = tlsOf(connection);
    if (!tls)
        return tls.error();
    std::unique_ptr<ApiClient> made(
        new ApiClient(connection.server, std::move(*tls), connection.token, background));
    made->m_private->limits = limits;
    return Result<std::unique_ptr<ApiClient>>(std::move(made));
}

ApiClient::ApiClient(QUrl server, QSslConfiguration tls, const QByteArray& token, Executor& background)
    : m_private(std::make_unique<Private>(*this, std::move(server), std::move(tls), token))
{
    m_private->background = &background;
}

ApiClient::~ApiClient() = default;

PendingCall ApiClient::health(QObject* context, Done<void> done)
{
    Question question = m_private->question(wire::paths::healthReady, {});
    return m_private->ask<void>(
        std::move(question), [](const QByteArray&) { return Result<void>(); }, context, std::move(done));
}

PendingCall ApiClient::tenants(const TenantQuery& query, QObject* context, Done<TenantPage> done)
{
    QUrlQuery parameters;
    add(parameters, "text", query.text);
    add(parameters, "limit", std::to_string(query.limit));
    add(parameters, "cursor", query.cursor);
    const auto decode = [limit = query.limit](const QByteArray& body) {
        return atMost(limit, wire::decodeTenantList(viewOf(body)));
    };
    return m_private->ask<TenantPage>(m_private->question(wire::paths::tenants, {}, parameters), decode,
                                      context, std::move(done));
}

PendingCall ApiClient::tenant(const TenantId& id, QObject* context, Done<wire::ShownTenant> done)
{
    const std::string rest = '/' + encoded(id.text()).toStdString();
    const auto decode = [](const QByteArray& body) { return usable(wire::decodeShownTenant(viewOf(body))); };
    return m_private->ask<wire::ShownTenant>(m_private->question(wire::paths::tenants, rest), decode, context,
                                             std::move(done));
}

PendingCall ApiClient::invoices(const InvoiceQuery& query, QObject* context, Done<InvoicePage> done)
{
    QUrlQuery parameters;
    if (query.tenant)
        add(parameters, "tenant_id", query.tenant->text());
    if (query.status)
        add(parameters, "status", std::string(wireName(*query.status)));
    add(parameters, "text", query.text);
    if (query.issuedFrom)
        add(parameters, "issued_from", query.issuedFrom->toText());
    if (query.issuedTo)
        add(parameters, "issued_to", query.issuedTo->toText());
    add(parameters, "limit", std::to_string(query.limit));
    add(parameters, "cursor", query.cursor);
    const auto decode = [limit = query.limit](const QByteArray& body) {
        return atMost(limit, wire::decodeInvoiceList(viewOf(body)));
    };
    return m_private->ask<InvoicePage>(m_private->question(wire::paths::invoices, {}, parameters), decode,
                                       context, std::move(done));
}

PendingCall ApiClient::invoice(const InvoiceId& id, QObject* context, Done<Invoice> done)
{
    Question question = m_private->question(wire::paths::invoices, '/' + encoded(id.text()).toStdString());
    question.byteLimit = m_private->limits.invoiceBytes;
    const auto decode = [](const QByteArray& body) { return usable(wire::decodeInvoice(viewOf(body))); };
    return m_private->ask<Invoice>(std::move(question), decode, context, std::move(done));
}

PendingCall ApiClient::invoicePdf(const InvoiceId& id, QObject* context, Done<QByteArray> done)
{
    Question question =
        m_private->question(wire::paths::invoices, '/' + encoded(id.text()).toStdString() + "/pdf");
    question.expectedType = pdfType;
    question.byteLimit = m_private->limits.pdfBytes;
    question.deadline = m_private->limits.pdfDeadline;
    const auto decode = [](const QByteArray& body) -> Result<QByteArray> {
        if (!body.startsWith("%PDF-"))
            return Error{ErrorCode::UnusableAnswer, {}, "not a PDF"};
        return body;
    };
    return m_private->ask<QByteArray>(std::move(question), decode, context, std::move(done));
}

} // namespace billing::client
