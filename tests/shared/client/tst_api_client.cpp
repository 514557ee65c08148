// The console's client against a server that answers badly in every way we know: each kind has its own
// refusal, no call answers twice or after its end, and none holds up the event loop. Real TLS on loopback, in
// one process.
//
// Tests: api_client.cpp answer.cpp exchange.cpp mailbox.cpp
#include "shared/client/api_client.h"
#include "shared/wire/list_json.h"
#include "shared/wire/tenant_json.h"
#include "tests/shared/client/background.h"
#include "tests/shared/client/hostile_server.h"
#include "tests/support/printing.h"

#include <QSignalSpy>
#include <QTimer>

#include <set>

using namespace billing;
using namespace billing::client;
using namespace billing::test;

namespace {

const QByteArray jsonType("application/json");

struct Pki
{
    Authority authority;
    Authority other;
    Identity server = authority.issue();
    Identity client = authority.issue();
};

const Pki& pki()
{
    static const Pki made;
    return made;
}

Background& background()
{
    static Background thread;
    return thread;
}

Connection connectionTo(const QUrl& server)
{
    return {server, pki().client.certificate, pki().client.key, {}, pki().authority.certificate(), "a.b.c"};
}

std::unique_ptr<ApiClient> clientOf(const QUrl& server, Limits limits = {})
{
    return ApiClient::create(connectionTo(server), background(), limits).value();
}

/// What came back, in words, and how often.
struct Seen
{
    std::string outcome;
    int times = 0;
};

template <class T>
Done<T> into(Seen& seen)
{
    return [&seen](const Result<T>& result) {
        seen.outcome = result ? "ok" : toText(result.error());
        ++seen.times;
    };
}

std::string tenantText(const char* id)
{
    return wire::encodeTenant(
        {TenantId(id), "Nova Robotics", "US", Currency::parse("USD").value(), "UTC", "en-US"});
}

QByteArray tenantList(int rows)
{
    const std::vector<std::string> items(static_cast<std::size_t>(rows), tenantText("nova"));
    return QByteArray::fromStdString(wire::encodeList("tenants", items, ""));
}

QByteArray emptyList()
{
    return httpAnswer(200, jsonType, R"({"tenants":[]})");
}

HostileServer::Answer always(const QByteArray& bytes)
{
    return [bytes](QSslSocket& socket, const SeenRequest&) { socket.write(bytes); };
}

HostileServer::Answer thenClose(const QByteArray& bytes)
{
    return [bytes](QSslSocket& socket, const SeenRequest&) {
        socket.write(bytes);
        socket.disconnectFromHost();
    };
}

} // namespace

Q_DECLARE_METATYPE(HostileServer::Answer)

class TestApiClient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hostileAnswers_data();
    void hostileAnswers();
    void hostileDocuments_data();
    void hostileDocuments();
    void untrustedServers_data();
    void untrustedServers();
    void serverRefusesOurCertificate();
    void nobodyListens();
    void followsNoRedirect();
    void sendsOnceMoreWhenDropped();
    void givesUpWhenAlwaysDropped();
    void asksInOrderAndInBounds();
    void keepsTheConnection();
    void saysWhoItIs();
    void writesQueries();
    void cancelledCallsDoNotAnswer();
    void callsOfTheDeadDoNotAnswer();
    void tellsWhetherTheServerIsThere();
    void bigAnswersDoNotHoldUpTheLoop();
};

void TestApiClient::hostileAnswers_data()
{
    QTest::addColumn<HostileServer::Answer>("answer");
    QTest::addColumn<std::string>("outcome");

    const auto row = [](const char* name, const HostileServer::Answer& answer, const std::string& outcome) {
        QTest::newRow(name) << answer << outcome;
    };
    const auto problem = [](int status, const char* body) {
        return always(httpAnswer(status, "application/problem+json", body));
    };
    const auto json = [](const QByteArray& body) { return always(httpAnswer(200, jsonType, body)); };
    row("control", always(emptyList()), "ok");
    row("control: charset", always(httpAnswer(200, "Application/JSON; charset=utf-8", R"({"tenants":[]})")),
        "ok");
    row("control: chunked",
        always("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
               "e\r\n{\"tenants\":[]}\r\n0\r\n\r\n"),
        "ok");
    row("control: full page", json(tenantList(100)), "ok");
    row("one row too many", json(tenantList(101)), "unusable_answer (more rows than asked for)");
    row("100,000 rows", json(tenantList(100'000)), "answer_too_large: 4194304");
    row(
        "100 MB", [](QSslSocket& socket, const SeenRequest&) { pour(socket, jsonType, 100'000'000); },
        "answer_too_large: 4194304");
    row("says 100 MB",
        always("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n{"),
        "answer_too_large: 4194304");
    row("problem", problem(404, R"({"status":404,"code":"not_found","subject":"tenant_id","detail":"gone"})"),
        "not_found: tenant_id (gone)");
    row("problem, newer", problem(503, R"({"status":503,"code":"backlog_full","colour":"red"})"),
        "backlog_full");
    row("problem, unknown code", problem(422, R"({"status":422,"code":"too_blue"})"),
        "unusable_answer (status 422)");
    row("problem, damaged", problem(500, R"({"status":500,"code":)"), "unusable_answer (status 500)");
    row("token refused", problem(401, R"({"status":401,"code":"expired_token"})"), "expired_token");
    row("401 without words",
        always(httpAnswer(401, "text/plain", "no", "WWW-Authenticate: Basic realm=\"x\"\r\n")),
        "invalid_token (status 401)");
    row("403 of a proxy", always(httpAnswer(403, "text/html", "<html>")), "insufficient_scope (status 403)");
    row("500", always(httpAnswer(500, "text/html", "<html>")), "unusable_answer (status 500)");
    row("502", always(httpAnswer(502, "text/html", "<html>")), "unusable_answer (status 502)");
    row("204", always("HTTP/1.1 204 No Content\r\n\r\n"), "unusable_answer (status 204)");
    row("HTML", always(httpAnswer(200, "text/html", "<html>")), "unusable_answer (media type text/html)");
    row("no media type", always("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"tenants\":[]}"),
        "unusable_answer (media type )");
    row("compressed", always(httpAnswer(200, jsonType, R"({"tenants":[]})", "Content-Encoding: gzip\r\n")),
        "unusable_answer (compressed)");
    row("no JSON", json("<html>"), "unusable_answer");
    row("cut JSON, whole answer", json(R"({"tenants":[)"), "unusable_answer");
    row("empty body", json(""), "unusable_answer");
    row("not UTF-8", json("{\"tenants\":[\"\xff\"]}"), "unusable_answer (invalid_utf8");
    row("deep JSON", json(QByteArray(100'000, '[')), "unusable_answer (too_deep");
    row("another list", json(R"({"invoices":[]})"), "unusable_answer (missing_field: tenants)");
    row("damaged row", json(R"({"tenants":[{"tenant_id":"nova"}]})"),
        "unusable_answer (missing_field: tenants[0].");
    row("dropped in the body", thenClose(httpAnswer(200, jsonType, QByteArray(1000, ' ')).chopped(10)),
        "offline: broken");
    row("dropped in a chunk",
        thenClose("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "ff\r\n{\"tenants\":"),
        "offline: broken");
    row("dropped in the head", thenClose("HTTP/1.1 200 OK\r\nContent-Ty"), "offline: broken");
    row("not HTTP", thenClose("220 mail.example ESMTP\r\n"), "offline: broken");
    row(
        "never", [](QSslSocket&, const SeenRequest&) {}, "deadline_exceeded");
    row("never ends",
        always("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"),
        "deadline_exceeded");
}

void TestApiClient::hostileAnswers()
{
    QFETCH(const HostileServer::Answer, answer);
    QFETCH(const std::string, outcome);
    const HostileServer server(serverTls(pki().server, pki().authority.certificate()), answer);
    const bool isSilent = outcome == "deadline_exceeded";
    const auto client = clientOf(server.url(), {.deadline = isSilent ? std::chrono::milliseconds(300)
                                                                     : std::chrono::milliseconds(15'000)});
    Seen seen;
    client->tenants({}, this, into<TenantPage>(seen));
    QCOMPARE(seen.times, 0);
    QTRY_COMPARE_WITH_TIMEOUT(seen.times, 1, 10'000);
    QVERIFY2(seen.outcome.starts_with(outcome), seen.outcome.c_str());
    QCoreApplication::processEvents();
    QCOMPARE(seen.times, 1);
}

void TestApiClient::hostileDocuments_data()
{
    QTest::addColumn<HostileServer::Answer>("answer");
    QTest::addColumn<std::string>("outcome");

    const QByteArray pdf("%PDF-1.7 pages");
    QTest::newRow("control") << always(httpAnswer(200, "application/pdf", pdf)) << std::string("ok");
    QTest::newRow("not ready") << always(httpAnswer(503, "application/problem+json",
                                                    R"({"status":503,"code":"document_not_ready"})"))
                               << std::string("document_not_ready");
    QTest::newRow("HTML in disguise")
        << always(httpAnswer(200, "application/pdf", "<html>")) << std::string("unusable_answer (not a PDF)");
    QTest::newRow("JSON") << always(httpAnswer(200, jsonType, "{}"))
                          << std::string("unusable_answer (media type application/json)");
    QTest::newRow("100 MB") << HostileServer::Answer([](QSslSocket& socket, const SeenRequest&) {
        pour(socket, "application/pdf", 100'000'000);
    }) << std::string("answer_too_large: 67108864");
    QTest::newRow("cut") << thenClose(httpAnswer(200, "application/pdf", pdf).chopped(1))
                         << std::string("offline: broken");
}

void TestApiClient::hostileDocuments()
{
    QFETCH(const HostileServer::Answer, answer);
    QFETCH(const std::string, outcome);
    const HostileServer server(serverTls(pki().server, pki().authority.certificate()), answer);
    const auto client = clientOf(server.url());
    Seen seen;
    client->invoicePdf(InvoiceId("inv_1"), this, into<QByteArray>(seen));
    QTRY_COMPARE_WITH_TIMEOUT(seen.times, 1, 20'000);
    QCOMPARE(seen.outcome, outcome);
}

void TestApiClient::untrustedServers_data()
{
    QTest::addColumn<QByteArray>("certificate");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<std::string>("outcome");

    const auto row = [](const char* name, const Identity& identity, const char* outcome) {
        QTest::newRow(name) << identity.certificate << identity.key << std::string(outcome);
    };
    row("control", pki().server, "ok");
    row("another authority", pki().other.issue(), "tls_failed: untrusted");
    row("another authority, expired", pki().other.issue({.validFrom = -7200, .validUntil = -3600}),
        "tls_failed: untrusted");
    row("another host", pki().authority.issue({.name = "other.example"}), "tls_failed: wrong_host");
    row("another address", pki().authority.issue({.name = "127.0.0.2"}), "tls_failed: wrong_host");
    row("expired", pki().authority.issue({.validFrom = -7200, .validUntil = -3600}), "tls_failed: expired");
    row("not yet valid", pki().authority.issue({.validFrom = 3600, .validUntil = 7200}),
        "tls_failed: not_yet_valid");
}

void TestApiClient::untrustedServers()
{
    QFETCH(const QByteArray, certificate);
    QFETCH(const QByteArray, key);
    QFETCH(const std::string, outcome);
    const HostileServer server(serverTls({certificate, key}, pki().authority.certificate()),
                               always(emptyList()));
    const auto client = clientOf(server.url());
    Seen seen;
    client->tenants({}, this, into<TenantPage>(seen));
    QTRY_COMPARE_WITH_TIMEOUT(seen.times, 1, 10'000);
    QVERIFY2(seen.outcome.starts_with(outcome), seen.outcome.c_str());
    // The token never goes to a server that we do not trust.
    QCOMPARE(server.requests().empty(), outcome != "ok");
}

void TestApiClient::serverRefusesOurCertificate()
{
    const HostileServer server(serverTls(pki().server, pki().other.certificate()), always(emptyList()));
    const auto client = clientOf(server.url());
    Seen seen;
    client->tenants({}, this, into<TenantPage>(seen));
    QTRY_COMPARE_WITH_TIMEOUT(seen.times, 1, 10'000);
    QVERIFY2(seen.outcome.starts_with("tls_failed: certificate_refused"), seen.outcome.c_str());
}

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

void TestApiClient::followsNoRedirect()
{
    const QSslConfiguration tls = serverTls(pki().server, pki().authority.certificate());
    const HostileServer thief(tls, always(emptyList()));
    for (const int status : {301, 302, 303, 307, 308}) {
        const HostileServer server(tls, always(httpAnswer(status, "text/plain", "",
                                                          "Location: " + thief.url().toEncoded() + "/\r\n")));
        const auto client = clientOf(server.url());
        Seen seen;
        client->tenants({}, this, into<TenantPage>(seen));
        QTRY_COMPARE_WITH_TIMEOUT(seen.times, 1, 10'000);
        QCOMPARE(seen.outcome, std::string("unusable_answer (redirect)"));
    }
    QCOMPARE(thief.connections(), 0);
}

void TestApiClient::sendsOnceMoreWhenDropped()
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
    QVERIFY2(server.requests().size() <= 8, qPrintable(QString::number(server.requests().size())));
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
    QCOMPARE(target([&] { client->tenant(TenantId("a/../b?c"), this, into<Tenant>(seen)); }),
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

void TestApiClient::bigAnswersDoNotHoldUpTheLoop()
{
    // 190 rows of 20 kB stay below the cap; decoding them takes far longer than a frame.
    Tenant tenant = wire::decodeTenant(tenantText("nova")).value();
    tenant.taxIds.assign(20, std::string(250, 'x'));
    tenant.address.line1 = std::string(250, 'y');
    const std::vector<std::string> rows(200, wire::encodeTenant(tenant));
    const QByteArray body = QByteArray::fromStdString(wire::encodeList("tenants", rows, ""));
    const HostileServer server(serverTls(pki().server, pki().authority.certificate()),
                               always(httpAnswer(200, jsonType, body)));
    const auto client = clientOf(server.url());
    Seen seen;
    std::thread::id decodedOn;
    client->tenants({.limit = 200}, this, [&](const Result<TenantPage>& page) {
        seen.times = 1;
        QVERIFY(page);
        QCOMPARE(page->items.size(), std::size_t(200));
        QCOMPARE(page->items.back(), tenant);
    });
    QTRY_COMPARE_WITH_TIMEOUT(seen.times, 1, 10'000);
}

QTEST_GUILESS_MAIN(TestApiClient)
#include "tst_api_client.moc"
