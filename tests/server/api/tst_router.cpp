// The table of routes: refusals in their order (no such route, other method, who are you, may you), then the
// endpoint, on a worker unless it says otherwise. And the whole API's table: nothing but health is open.

// Tests: api.cpp router.cpp
#include "server/api/router.h"

#include "tests/server/access/signed_token.h"
#include "tests/server/api/api_fixture.h"

using namespace billing;

using Answer = std::optional<http::Response>;

class TestRouter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusals_data();
    void refusals();
    void otherMethodsAreNamed();
    void endpointsRunOnAWorker();
    void asyncEndpointsRunAtOnce();
    void aRefusalBecomesAProblem();
    void placeholdersInOrder();
    void openRoutesAskNobody();
    void everyRouteWantsATokenAndItsScope_data();
    void everyRouteWantsATokenAndItsScope();
    void healthSaysWhatIsMissing();
};

namespace {

/// A router with a clock, keys and a worker that runs when told.
struct Desk
{
    std::string token(const std::string& scopes) const
    {
        access::TokenRequest request{{"kernel", {}, access::parseScopes(scopes).value(), {}},
                                     world.kernel.sha256};
        return access::issueToken(request, world.keys->youngest(), world.rules, world.clock).value();
    }
    http::Request request(const std::string& method, const std::string& path,
                          const std::string& scopes = {}) const
    {
        http::Request made;
        made.method = method;
        made.path = path;
        made.peer = world.kernel;
        if (!scopes.empty())
            made.headers.add("Authorization", "Bearer " + token(scopes));
        return made;
    }
    /// What is answered before any worker ran; run the workers for the rest.
    std::shared_ptr<Answer> send(http::Request made)
    {
        const auto answer = std::make_shared<Answer>();
        router.handle(std::move(made), http::Responder::toFunction([answer](http::Response response) {
                          *answer = std::move(response);
                      }));
        return answer;
    }
    std::string outcomeOf(http::Request made)
    {
        const auto answer = send(std::move(made));
        workers.runUntilIdle();
        return *answer ? test::outcome(**answer) : "no answer";
    }

    access::test::World world;
    access::TokenVerifier verifier{world.rules, world.keys, world.clock};
    access::Authenticator authenticator{verifier};
    test::InlineExecutor workers{world.clock};
    api::Router router{authenticator, workers};
};

http::Response hello()
{
    return {200, {}, "text/plain", std::string("hello")};
}

} // namespace

void TestRouter::refusals_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("scopes");
    QTest::addColumn<QString>("answer");
    QTest::newRow("no such route") << "GET"
                                   << "/nothing"
                                   << ""
                                   << "404 route_not_found path";
    QTest::newRow("too short") << "GET"
                               << "/things"
                               << ""
                               << "404 route_not_found path";
    QTest::newRow("too long") << "GET"
                              << "/things/1/2"
                              << ""
                              << "404 route_not_found path";
    QTest::newRow("trailing slash") << "GET"
                                    << "/things/1/"
                                    << ""
                                    << "404 route_not_found path";
    QTest::newRow("root") << "GET"
                          << "/"
                          << ""
                          << "404 route_not_found path";
    QTest::newRow("no path") << "OPTIONS"
                             << ""
                             << ""
                             << "404 route_not_found path";
    QTest::newRow("method before token") << "PUT"
                                         << "/things/1"
                                         << ""
                                         << "405 method_not_allowed method";
    QTest::newRow("no token") << "GET"
                              << "/things/1"
                              << ""
                              << "401 missing_token authorization";
    QTest::newRow("other scope") << "GET"
                                 << "/things/1"
                                 << "billing:write"
                                 << "403 insufficient_scope scope";
    QTest::newRow("read cannot write") << "POST"
                                       << "/things/1"
                                       << "billing:read"
                                       << "403 insufficient_scope scope";
    QTest::newRow("read") << "GET"
                          << "/things/1"
                          << "billing:read"
                          << "200";
    QTest::newRow("write") << "POST"
                           << "/things/1"
                           << "billing:write"
                           << "201";
}

void TestRouter::refusals()
{
    QFETCH(QString, method);
    QFETCH(QString, path);
    QFETCH(QString, scopes);
    QFETCH(QString, answer);
    Desk desk;
    int calls = 0;
    const auto answering = [&calls](int status) {
        return [&calls, status](const api::Call&) -> Result<http::Response> {
            ++calls;
            return http::Response{status, {}, {}, {}};
        };
    };
    desk.router.add("GET", "/things/{}", access::Scope::BillingRead, answering(200));
    desk.router.add("POST", "/things/{}", access::Scope::BillingWrite, answering(201));
    QCOMPARE(desk.outcomeOf(desk.request(method.toStdString(), path.toStdString(), scopes.toStdString())),
             answer.toStdString());
    QCOMPARE(calls, answer.startsWith(QLatin1Char('2')) ? 1 : 0);
}

void TestRouter::otherMethodsAreNamed()
{
    Desk desk;
    desk.router.addOpen("GET", "/things", hello);
    desk.router.addOpen("POST", "/things", hello);
    const auto answer = desk.send(desk.request("DELETE", "/things"));
    QCOMPARE(test::headerOf(answer->value(), "Allow"), std::optional<std::string>("GET, POST"));
}

void TestRouter::endpointsRunOnAWorker()
{
    Desk desk;
    access::Principal seen;
    desk.router.add("GET", "/things", access::Scope::BillingRead,
                    [&](const api::Call& call) -> Result<http::Response> {
                        seen = call.principal;
                        return hello();
                    });
    const auto answer = desk.send(desk.request("GET", "/things", "billing:read"));
    QVERIFY(!*answer); // the io thread does not wait for storage
    desk.workers.runUntilIdle();
    QCOMPARE(answer->value().status, 200);
    QCOMPARE(seen.subject, std::string("kernel"));
}

void TestRouter::asyncEndpointsRunAtOnce()
{
    Desk desk;
    desk.router.addAsync("GET", "/things", access::Scope::BillingRead,
                         [](const api::Call&, const http::Responder& responder) { responder(hello()); });
    QCOMPARE(desk.send(desk.request("GET", "/things", "billing:read"))->value().status, 200);
    QCOMPARE(desk.workers.pending(), std::size_t{0});
}

void TestRouter::aRefusalBecomesAProblem()
{
    Desk desk;
    desk.router.add("GET", "/things", access::Scope::BillingRead,
                    [](const api::Call&) -> Result<http::Response> {
                        return Error{ErrorCode::UnknownPlan, "plan", "gold"};
                    });
    QCOMPARE(desk.outcomeOf(desk.request("GET", "/things", "billing:read")),
             std::string("422 unknown_plan plan"));
}

void TestRouter::placeholdersInOrder()
{
    Desk desk;
    std::vector<std::string> held;
    desk.router.add("GET", "/a/{}/b/{}", access::Scope::BillingRead,
                    [&](const api::Call& call) -> Result<http::Response> {
                        held = call.path;
                        return hello();
                    });
    desk.router.add("GET", "/a/{}/c/{}", access::Scope::BillingRead,
                    [](const api::Call&) -> Result<http::Response> { return Error{ErrorCode::NotFound}; });
    QCOMPARE(desk.outcomeOf(desk.request("GET", "/a/first/b/second", "billing:read")), std::string("200"));
    QCOMPARE(held, (std::vector<std::string>{"first", "second"}));
    QCOMPARE(desk.outcomeOf(desk.request("GET", "/a/first/c/second", "billing:read")),
             std::string("404 not_found"));
}

void TestRouter::openRoutesAskNobody()
{
    Desk desk;
    desk.router.addOpen("GET", "/health", hello);
    QCOMPARE(desk.send(desk.request("GET", "/health"))->value().status, 200);
}

void TestRouter::everyRouteWantsATokenAndItsScope_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("path");
    const auto row = [](const char* method, const char* path) {
        QTest::newRow(path) << QString::fromUtf8(method) << QString::fromUtf8(path);
    };
    row("POST", "/api/v1/usage");
    row("POST", "/api/v1/usage/batch");
    row("GET", "/api/v1/usage/current");
    row("GET", "/api/v1/usage/acme");
    row("POST", "/api/v1/tenants");
    row("GET", "/api/v1/tenants");
    row("GET", "/api/v1/tenants/acme");
    row("GET", "/api/v1/tenants/acme/standing");
    row("POST", "/api/v1/subscriptions");
    row("GET", "/api/v1/subscriptions");
    row("GET", "/api/v1/plans");
    row("POST", "/api/v1/invoices");
    row("GET", "/api/v1/invoices");
    row("GET", "/api/v1/invoices/inv_1");
    row("GET", "/api/v1/invoices/inv_1/pdf");
    row("POST", "/api/v1/invoices/inv_1/finalise");
}

void TestRouter::everyRouteWantsATokenAndItsScope()
{
    QFETCH(QString, method);
    QFETCH(QString, path);
    test::ApiFixture rooms;
    Desk desk;
    api::addRoutes(desk.router, rooms.services);
    const auto outcome = [&](const std::string& scopes) -> std::string {
        const auto answer = desk.send(desk.request(method.toStdString(), path.toStdString(), scopes));
        desk.workers.runUntilIdle();
        rooms.executor.runUntilIdle(); // the endpoints that answer later
        return *answer ? test::outcome(**answer) : "no answer";
    };
    QCOMPARE(outcome({}), std::string("401 missing_token authorization"));
    const bool reads = method == QLatin1String("GET");
    QCOMPARE(outcome(reads ? "billing:write billing:backfill" : "billing:read billing:backfill"),
             std::string("403 insufficient_scope scope"));
    const std::string entered = outcome(reads ? "billing:read" : "billing:write");
    QVERIFY2(!entered.starts_with("401") && !entered.starts_with("403") && entered != "no answer",
             entered.c_str());
    QVERIFY2(entered.find("route_not_found") == std::string::npos, entered.c_str());
}

void TestRouter::healthSaysWhatIsMissing()
{
    test::ApiFixture rooms;
    Desk desk;
    api::addRoutes(desk.router, rooms.services);
    QCOMPARE(desk.outcomeOf(desk.request("GET", "/health/live")), std::string("200"));
    QCOMPARE(desk.outcomeOf(desk.request("GET", "/health/ready")), std::string("200"));
    rooms.ready = Error{ErrorCode::StorageUnavailable};
    QCOMPARE(desk.outcomeOf(desk.request("GET", "/health/live")), std::string("200"));
    QCOMPARE(desk.outcomeOf(desk.request("GET", "/health/ready")), std::string("503 storage_unavailable"));
}

QTEST_GUILESS_MAIN(TestRouter)
#include "tst_router.moc"
