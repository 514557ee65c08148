// The console's client: in bounds and in order, once and not after its end, over connections that are kept,
// dropped or not there; decoding elsewhere. Real TLS on loopback, in one process.
//
// Tests: api_client.cpp exchange.cpp mailbox.cpp
#include "tests/shared/client/client_fixture.h"

#include "tests/support/inline_executor.h"

#include <QSignalSpy>

#include <set>

using namespace billing;
using namespace billing::test;

class TestApiClient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nobodyListens();
    void sendsAgainWhenDropped();
    void givesUpWhenAlwaysDropped();
    void asksInOrderAndInBounds();
    void keepsTheConnection();
    void saysWhoItIs();
    void writesQueries();
    void cancelledCallsDoNotAnswer();
    void callsOfTheDeadDoNotAnswer();
    void tellsWhetherTheServerIsThere();
    void decodesElsewhere();
};

void TestApiClient::nobodyListens()
{
    HostileServer server(serverTls(pki().server, pki().authority.certificate()), always(emptyList()));
    const QUrl url = server.url();
    server.goAway();
    Seen refused;
    const auto client = clientOf(url);
    client->tenants({}, this, into<TenantPage>(refused));
    QTRY_COMPARE_WITH_TIMEOUT(refused.times, 1, 10'000);
    QVERIFY2(refused.outcome.starts_with("offline: refused"), refused.outcome.c_str());
}

void TestApiClient::sendsAgainWhenDropped()
{
    int dropped = 0;
    const HostileServer server(serverTls(pki().server, pki().authority.certificate()),
                               [&](QSslSocket& socket, const SeenRequest& request) {
                                   // The first connection is closed under its second request.
                                   if (request.connection == 1 && dropped++ == 1)
                                       socket.abort();
                                   else
                                       socket.write(emptyList());
                               });
    const auto client = clientOf(server.url());
    for (int call = 0; call < 2; ++call) {
        Seen seen;
        client->tenants({}, this, into<TenantPage>(seen));
        QTRY_COMPARE_WITH_TIMEOUT(seen.times, 1, 10'000);
        QCOMPARE(seen.outcome, std::string("ok"));
    }
    QCOMPARE(server.requests().size(), std::size_t(3));
}

void TestApiClient::givesUpWhenAlwaysDropped()
{
    const HostileServer server(serverTls(pki().server, pki().authority.certificate()),
                               [](QSslSocket& socket, const SeenRequest&) { socket.abort(); });
    const auto client = clientOf(server.url());
    Seen seen;
    client->tenants({}, this, into<TenantPage>(seen));
    QTRY_COMPARE_WITH_TIMEOUT(seen.times, 1, 10'000);
    QVERIFY2(seen.outcome.starts_with("offline: broken"), seen.outcome.c_str());
    QVERIFY2(server.requests().size() <= 4, qPrintable(QString::number(server.requests().size())));
}

void TestApiClient::asksInOrderAndInBounds()
{
    std::vector<QSslSocket*> open;
    const HostileServer server(serverTls(pki().server, pki().authority.certificate()),
                               [&](QSslSocket& socket, const SeenRequest&) { open.push_back(&socket); });
    const auto client = clientOf(server.url());
    std::vector<int> order;
    for (int call = 0; call < 20; ++call)
        client->tenants({}, this, [&order, call](const Result<TenantPage>& page) {
            QVERIFY(page);
            order.push_back(call);
        });
    std::size_t answered = 0;
    while (order.size() < 20) {
        const std::size_t expected = std::min<std::size_t>(6, 20 - answered);
        QTRY_COMPARE_WITH_TIMEOUT(open.size(), expected, 10'000);
        open.back()->write(emptyList()); // any of them
        open.pop_back();
        ++answered;
        QTRY_COMPARE_WITH_TIMEOUT(order.size(), answered, 10'000);
        QVERIFY(open.size() <= 6);
    }
    QCOMPARE(server.connections(), 6);
    QCOMPARE(std::set(order.begin(), order.end()).size(), std::size_t(20));
}

void TestApiClient::keepsTheConnection()
{
    const HostileServer server(serverTls(pki().server, pki().authority.certificate()), always(emptyList()));
    const auto client = clientOf(server.url());
    for (int call = 0; call < 5; ++call) {
        Seen seen;
        client->tenants({}, this, into<TenantPage>(seen));
        QTRY_COMPARE_WITH_TIMEOUT(seen.times, 1, 10'000);
    }
    QCOMPARE(server.connections(), 1);
}

void TestApiClient::saysWhoItIs()
{
    const HostileServer server(
        serverTls(pki().server, pki().authority.certificate()),
        always(httpAnswer(200, jsonType, R"({"status":"ok"})", "Set-Cookie: a=b\r\n")));
    const auto client = clientOf(server.url());
    for (int call = 0; call < 2; ++call) {
        Seen seen;
        client->health(this, into<void>(seen));
        QTRY_COMPARE_WITH_TIMEOUT(seen.times, 1, 10'000);
        QCOMPARE(seen.outcome, std::string("ok"));
    }
    const QByteArray head = server.requests().back().head;
    QVERIFY(head.startsWith("GET /health/ready HTTP/1.1\r\n"));
    QVERIFY(head.contains("Authorization: Bearer a.b.c"));
    QVERIFY(head.contains("Accept-Encoding: identity"));
    QVERIFY(!head.contains("Cookie"));
}

void TestApiClient::writesQueries()
{
    const HostileServer server(serverTls(pki().server, pki().authority.certificate()),
                               always(httpAnswer(200, jsonType, R"({"invoices":[]})")));
    const auto client = clientOf(server.url());
    const auto target = [&](auto call) {
        const std::size_t before = server.requests().size();
        call();
        if (!QTest::qWaitFor([&] { return server.requests().size() > before; }, 10'000))
            return QByteArray("nothing was asked");
        return server.requests().back().target;
    };
    Seen seen;
    QCOMPARE(target([&] { client->invoices({}, this, into<InvoicePage>(seen)); }),
             QByteArray("/api/v1/invoices?limit=100"));
    const InvoiceQuery query{.tenant = TenantId("nova"),
                             .status = InvoiceStatus::Finalised,
                             .text = "M\u00fcller & S\u00f6hne+1=2%/#?",
                             .issuedFrom = LocalDate::parse("2026-01-01").value(),
                             .issuedTo = LocalDate::parse("2026-01-31").value(),
                             .cursor = "ab+/=",
                             .limit = 7};
    QCOMPARE(target([&] { client->invoices(query, this, into<InvoicePage>(seen)); }),
             QByteArray("/api/v1/invoices?tenant_id=nova&status=finalised&"
                        "text=M%C3%BCller%20%26%20S%C3%B6hne%2B1%3D2%25%2F%23%3F&issued_from=2026-01-01&"
                        "issued_to=2026-01-31&limit=7&cursor=ab%2B%2F%3D"));
    QCOMPARE(target([&] { client->tenant(TenantId("a/../b?c"), this, into<wire::ShownTenant>(seen)); }),
             QByteArray("/api/v1/tenants/a%2F..%2Fb%3Fc"));
    QCOMPARE(target([&] { client->invoicePdf(InvoiceId("inv_1"), this, into<QByteArray>(seen)); }),
             QByteArray("/api/v1/invoices/inv_1/pdf"));
    QCOMPARE(target([&] { client->invoice(InvoiceId("inv_1"), this, into<Invoice>(seen)); }),
             QByteArray("/api/v1/invoices/inv_1"));
    QTRY_COMPARE_WITH_TIMEOUT(seen.times, 5, 10'000);
}

void TestApiClient::cancelledCallsDoNotAnswer()
{
    std::vector<QSslSocket*> open;
    const HostileServer server(serverTls(pki().server, pki().authority.certificate()),
                               [&](QSslSocket& socket, const SeenRequest&) { open.push_back(&socket); });
    const auto client = clientOf(server.url(), {.parallel = 1});
    Seen cancelled;
    const PendingCall sent = client->tenants({}, this, into<TenantPage>(cancelled));
    const PendingCall waiting = client->tenants({}, this, into<TenantPage>(cancelled));
    Seen last;
    const PendingCall answered = client->tenants({}, this, into<TenantPage>(last));
    QTRY_COMPARE_WITH_TIMEOUT(open.size(), std::size_t(1), 10'000);
    QVERIFY(sent.isActive() && waiting.isActive());
    waiting.cancel();
    sent.cancel(); // and the place goes to the last one
    sent.cancel();
    QVERIFY(!sent.isActive() && !waiting.isActive());
    QTRY_COMPARE_WITH_TIMEOUT(open.size(), std::size_t(2), 10'000);
    open.back()->write(emptyList());
    QTRY_COMPARE_WITH_TIMEOUT(last.times, 1, 10'000);
    QVERIFY(!answered.isActive());
    answered.cancel();
    QCOMPARE(cancelled.times, 0);
}

void TestApiClient::callsOfTheDeadDoNotAnswer()
{
    const HostileServer server(serverTls(pki().server, pki().authority.certificate()), always(emptyList()));
    auto client = clientOf(server.url());
    Seen dead;
    auto context = std::make_unique<QObject>();
    const PendingCall ofContext = client->tenants({}, context.get(), into<TenantPage>(dead));
    context.reset();
    QVERIFY(!ofContext.isActive());
    Seen alive;
    client->tenants({}, this, into<TenantPage>(alive));
    QTRY_COMPARE_WITH_TIMEOUT(alive.times, 1, 10'000);

    const PendingCall ofClient = client->tenants({}, this, into<TenantPage>(dead));
    client.reset();
    QVERIFY(!ofClient.isActive());
    ofClient.cancel();
    QTest::qWait(0);
    QCOMPARE(dead.times, 0);
}

void TestApiClient::tellsWhetherTheServerIsThere()
{
    HostileServer server(
        serverTls(pki().server, pki().authority.certificate()),
        always(httpAnswer(401, "application/problem+json", R"({"status":401,"code":"expired_token"})")));
    const auto client = clientOf(server.url());
    const QSignalSpy answered(client.get(), &BillingApi::answered);
    const QSignalSpy unreachable(client.get(), &BillingApi::unreachable);
    const QSignalSpy refused(client.get(), &BillingApi::signInRefused);
    Seen seen;
    client->tenants({}, this, into<TenantPage>(seen));
    QTRY_COMPARE_WITH_TIMEOUT(seen.times, 1, 10'000);
    QCOMPARE(answered.count(), 1);
    QCOMPARE(refused.count(), 1);
    QCOMPARE(unreachable.count(), 0);
    server.goAway();
    client->tenants({}, this, into<TenantPage>(seen));
    QTRY_COMPARE_WITH_TIMEOUT(seen.times, 2, 10'000);
    QCOMPARE(answered.count(), 1);
    QCOMPARE(unreachable.count(), 1);
}

void TestApiClient::decodesElsewhere()
{
    const std::vector<std::string> rows(200, tenantText("nova"));
    const QByteArray body = QByteArray::fromStdString(wire::encodeList("tenants", rows, ""));
    const HostileServer server(serverTls(pki().server, pki().authority.certificate()),
                               always(httpAnswer(200, jsonType, body)));
    ManualClock clock("2026-01-01T00:00:00Z");
    InlineExecutor elsewhere(clock);
    const auto client = ApiClient::create(connectionTo(server.url()), elsewhere).value();
    std::size_t seen = 0;
    const PendingCall call = client->tenants(
        {.limit = 200}, this, [&](const Result<TenantPage>& page) { seen = page->items.size(); });
    Seen cancelled;
    const PendingCall other = client->tenants({}, this, into<TenantPage>(cancelled));
    QTRY_COMPARE_WITH_TIMEOUT(elsewhere.pending(), std::size_t(2), 10'000);
    QVERIFY(call.isActive()); // the bytes are here, and this thread has not looked into them
    other.cancel();
    elsewhere.runUntilIdle();
    QCOMPARE(seen, std::size_t(0));
    QTRY_COMPARE(seen, std::size_t(200));
    QCOMPARE(cancelled.times, 0);
}

QTEST_GUILESS_MAIN(TestApiClient)
#include "tst_api_client.moc"
