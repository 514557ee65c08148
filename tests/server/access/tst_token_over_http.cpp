// Goal: a client whose token does not pass is told so by status and code, over TLS, and a token is taken from
// one place only. Method: a table of requests around one good token, through the API's router and the real
// door.
#include "server/access/authenticator.h"
#include "server/access/development_pki.h"
#include "server/api/router.h"
#include "tests/server/access/token_catalogue.h"
#include "tests/server/http/door.h"
#include "tests/support/inline_executor.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::access;
using namespace billing::access::test;

class TestTokenOverHttp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersOverHttp_data();
    void answersOverHttp();
    void cleanupTestCase();

private:
    int m_refused = 0;
    int m_passed = 0;
};

void TestTokenOverHttp::answersOverHttp_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("fields"); ///< T stands for the token, X for one of another key
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char* name, const char* target, const char* fields, int status,
                        const char* code) {
        QTest::newRow(name) << QByteArray(target) << QByteArray(fields) << status << QByteArray(code);
    };
    row("twin", "/read", "Authorization: Bearer T\r\n", 200, "kernel");
    row("twin, scheme in lower case", "/read", "authorization: bearer T\r\n", 200, "kernel");
    row("twin, another parameter", "/read?tenant_id=T", "Authorization: Bearer T\r\n", 200, "kernel");
    row("no token", "/read", "", 401, "missing_token");
    row("two fields", "/read", "Authorization: Bearer T\r\nAuthorization: Bearer T\r\n", 401,
        "invalid_token");
    row("two fields, one good", "/read", "Authorization: Bearer X\r\nauthorization: Bearer T\r\n", 401,
        "invalid_token");
    row("two tokens", "/read", "Authorization: Bearer T, Bearer T\r\n", 401, "invalid_token");
    row("Basic", "/read", "Authorization: Basic T\r\n", 401, "invalid_token");
    row("no scheme", "/read", "Authorization: T\r\n", 401, "invalid_token");
    row("empty", "/read", "Authorization:\r\n", 401, "invalid_token");
    row("two spaces", "/read", "Authorization: Bearer  T\r\n", 401, "invalid_token");
    row("in a cookie", "/read", "Cookie: token=T\r\n", 401, "missing_token");
    row("in another field", "/read", "X-Authorization: Bearer T\r\nProxy-Authorization: Bearer T\r\n", 401,
        "missing_token");
    row("in the query", "/read?access_token=T", "", 401, "invalid_token");
    row("in the query and the field", "/read?Access_Token=T", "Authorization: Bearer T\r\n", 401,
        "invalid_token");
    row("of another key", "/read", "Authorization: Bearer X\r\n", 401, "invalid_token");
    row("without the scope", "/write", "Authorization: Bearer T\r\n", 403, "insufficient_scope");
}

void TestTokenOverHttp::answersOverHttp()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, fields);
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    catalogueWorld().clock.setNow(Instant::fromMicros(catalogueWorld().now * 1'000'000));
    TokenVerifier verifier = catalogueWorld().verifier();
    Authenticator authenticator(verifier);
    billing::test::InlineExecutor executor(catalogueWorld().clock);
    api::Router router(authenticator, executor);
    const auto endpoint = [](const api::Call& call) -> Result<http::Response> {
        return http::Response{200, {}, "text/plain", call.principal.subject};
    };
    router.add("GET", "/read", access::Scope::BillingRead, endpoint);
    router.add("GET", "/write", access::Scope::BillingWrite, endpoint);
    http::test::Door door([&](http::Request&& request, http::Responder respond) {
        router.handle(std::move(request), std::move(respond));
        executor.runUntilIdle();
    });

    const auto thumbprint = certificateThumbprint(http::test::pki() / "kernel.crt");
    QVERIFY(thumbprint);
    Principal kernel;
    kernel.subject = "kernel";
    kernel.scopes.add(access::Scope::BillingRead);
    const auto token = issueToken({kernel, *thumbprint}, catalogueWorld().keys->youngest(),
                                  catalogueWorld().rules, catalogueWorld().clock);
    QVERIFY(token);
    const std::string foreign = token->substr(0, token->rfind('.') + 1) + base64Url(es256("x", newKeyPair()));
    const auto filled = [&](QByteArray text) {
        for (const auto& [sign, with] : {std::pair{" T", *token}, {"=T", *token}, {" X", foreign}})
            text.replace(QByteArray(sign) + "\r", QByteArray(sign, 1) + with.c_str() + "\r");
        return text.toStdString();
    };
    std::string path = target.toStdString();
    if (path.ends_with("=T"))
        path.replace(path.size() - 1, 1, *token);
    std::string header = filled(fields);
    if (const std::size_t inner = header.find(" T,"); inner != std::string::npos)
        header.replace(inner + 1, 1, *token);
    http::test::Client client(door.port());
    client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + header + "\r\n");
    const std::string answer = client.readAnswers(1);
    QCOMPARE(http::test::statusOf(answer), status);
    QVERIFY(answer.find(code.toStdString()) != std::string::npos);
    QCOMPARE(answer.find("WWW-Authenticate: Bearer") != std::string::npos, status == 401);
    ++(status == 200 ? m_passed : m_refused);
}

void TestTokenOverHttp::cleanupTestCase()
{
    qInfo("tokens over HTTP: %d rows refused, %d twins passed", m_refused, m_passed);
}

QTEST_GUILESS_MAIN(TestTokenOverHttp)
#include "tst_token_over_http.moc"
