// Every answer that a server can give badly has a refusal of its own, and a control that is taken; a server
// that is not ours never sees the token.
#include "tests/shared/client/client_fixture.h"

using namespace billing;
using namespace billing::test;

Q_DECLARE_METATYPE(HostileServer::Answer)

class TestAnswer : public QObject
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
    void followsNoRedirect();
};

void TestAnswer::hostileAnswers_data()
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

void TestAnswer::hostileAnswers()
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

void TestAnswer::hostileDocuments_data()
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

void TestAnswer::hostileDocuments()
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

void TestAnswer::untrustedServers_data()
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

void TestAnswer::untrustedServers()
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

void TestAnswer::serverRefusesOurCertificate()
{
    const HostileServer server(serverTls(pki().server, pki().other.certificate()), always(emptyList()));
    const auto client = clientOf(server.url());
    Seen seen;
    client->tenants({}, this, into<TenantPage>(seen));
    QTRY_COMPARE_WITH_TIMEOUT(seen.times, 1, 10'000);
    QVERIFY2(seen.outcome.starts_with("tls_failed: certificate_refused"), seen.outcome.c_str());
}

void TestAnswer::followsNoRedirect()
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

QTEST_GUILESS_MAIN(TestAnswer)
#include "tst_answer.moc"
