// Who waits for whom: the kernel's calls for nobody's, people's not for long reads, and a queue that is full
// says so.

// Tests: worker_pools.cpp api.cpp
#include "server/api/worker_pools.h"

#include "tests/server/access/signed_token.h"
#include "tests/server/api/api_fixture.h"

using namespace billing;
using api::Pool;

class TestWorkerPools : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fullPoolsRefuse_data();
    void fullPoolsRefuse();
    void theKernelWaitsForNobody_data();
    void theKernelWaitsForNobody();
    void searchesAreRefusedWhenTooMany();
};

namespace {

/// The whole API on three executors that run when told.
struct Desk
{
    Desk() { api::addRoutes(router, services); }

    http::Request request(const std::string& method, const std::string& path, test::Query query = {}) const
    {
        access::TokenRequest wanted{
            {"kernel", {}, access::parseScopes("billing:read billing:write").value(), {}},
            world.kernel.sha256};
        http::Request made;
        made.method = method;
        made.path = "/api/v1" + path;
        made.query = std::move(query);
        made.peer = world.kernel;
        made.headers.add("Content-Type", "application/json");
        made.headers.add(
            "Authorization",
            "Bearer " + access::issueToken(wanted, world.keys->youngest(), world.rules, world.clock).value());
        return made;
    }
    std::shared_ptr<std::optional<http::Response>> send(http::Request made)
    {
        const auto answer = std::make_shared<std::optional<http::Response>>();
        router.handle(std::move(made), http::Responder::toFunction([answer](http::Response response) {
                          *answer = std::move(response);
                      }));
        return answer;
    }
    /// What the kernel's threads and those behind them do.
    void runKernel()
    {
        kernel.runUntilIdle();
        rooms.executor.runUntilIdle(); // the committer
    }

    test::ApiFixture rooms;
    access::test::World world;
    test::InlineExecutor kernel{world.clock};
    test::InlineExecutor people{world.clock};
    test::InlineExecutor longReads{world.clock};
    api::PostUsage usage{{rooms.intake, rooms.waits, rooms.tenantDirectory, *rooms.meters, rooms.clock,
                          kernel, rooms.store.storage(), rooms.idempotency}};
    api::Services services{rooms.invoicing,
                           rooms.documents,
                           rooms.cursors,
                           usage,
                           [] { return Result<void>(); },
                           rooms.idempotency,
                           rooms.waits,
                           {kernel, people, longReads, {4, 2}}};
    access::TokenVerifier verifier{world.rules, world.keys, world.clock};
    access::Authenticator authenticator{verifier};
    api::Router router{authenticator, services.workers};
};

} // namespace

void TestWorkerPools::fullPoolsRefuse_data()
{
    QTest::addColumn<int>("pool");
    QTest::addColumn<int>("taken");
    QTest::newRow("kernel") << static_cast<int>(Pool::Kernel) << 20;
    QTest::newRow("people") << static_cast<int>(Pool::People) << 4;
    QTest::newRow("long reads") << static_cast<int>(Pool::LongReads) << 2;
}

void TestWorkerPools::fullPoolsRefuse()
{
    QFETCH(const int, pool);
    QFETCH(const int, taken);
    test::ManualClock clock{"2026-09-15T12:00:00Z"};
    test::InlineExecutor executor{clock};
    const api::WorkerPools pools(executor, executor, executor, {4, 2});
    int ran = 0;
    int refused = 0;
    const auto fill = [&] {
        for (int i = 0; i < 20; ++i) {
            const auto done = pools.take(static_cast<Pool>(pool), [&ran] { ++ran; });
            refused += !done && done.error().code == ErrorCode::TooManyRequests ? 1 : 0;
        }
    };
    fill();
    QCOMPARE(refused, 20 - taken);
    executor.runUntilIdle();
    QCOMPARE(ran, taken);
    fill(); // there is room again
    QCOMPARE(refused, 2 * (20 - taken));
}

void TestWorkerPools::theKernelWaitsForNobody_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("body");
    QTest::addColumn<bool>("isKernels");
    const auto row = [](const char* name, const char* method, const char* path, const char* query,
                        const char* body, bool isKernels) {
        QTest::newRow(name) << QString::fromUtf8(method) << QString::fromUtf8(path)
                            << QString::fromUtf8(query) << QString::fromUtf8(body) << isKernels;
    };
    row("standing", "GET", "/tenants/acme/standing", "", "", true);
    row("current usage", "GET", "/usage/current",
        "tenant_id=acme&metric_type=api_request&period=current_month", "", true);
    row("usage", "POST", "/usage", "",
        R"({"event_id":"e1","tenant_id":"acme","metric_type":"api_request","value":"1",)"
        R"("timestamp":"2026-09-15T11:00:00Z"})",
        true);
    row("a list", "GET", "/invoices", "", "", false); // and the twins, which wait
    row("a search", "GET", "/tenants", "text=fjord", "", false);
    row("usage of a year", "GET", "/usage/acme", "metric_type=api_request&from=2025-01-01&to=2026-01-01", "",
        false);
}

void TestWorkerPools::theKernelWaitsForNobody()
{
    QFETCH(const QString, method);
    QFETCH(const QString, path);
    QFETCH(const QString, query);
    QFETCH(const QString, body);
    QFETCH(const bool, isKernels);
    Desk desk;
    desk.rooms.addTenant("acme");
    const auto list = desk.send(desk.request("GET", "/tenants")); // nobody of the people's is free
    const auto first = desk.send(desk.request("GET", "/tenants", {{"text", "a"}}));
    const auto second = desk.send(desk.request("GET", "/invoices", {{"text", "b"}}));
    test::Query parameters;
    for (const QString& part : query.split(QLatin1Char('&'), Qt::SkipEmptyParts))
        parameters.emplace_back(part.section(QLatin1Char('='), 0, 0).toStdString(),
                                part.section(QLatin1Char('='), 1).toStdString());
    http::Request made = desk.request(method.toStdString(), path.toStdString(), std::move(parameters));
    made.body = body.toStdString();
    const auto answer = desk.send(std::move(made));
    desk.runKernel();
    QVERIFY(!*list && !*first && !*second);
    const bool isAnswered = answer->has_value() && (*answer)->status < 300;
    QVERIFY2(isAnswered == isKernels, answer->has_value() ? test::outcome(**answer).c_str() : "no answer");
    desk.people.runUntilIdle();
    desk.longReads.runUntilIdle();
    QVERIFY(list->has_value() && first->has_value() && second->has_value() && answer->has_value());
    QCOMPARE((*first)->status, 200);
}

void TestWorkerPools::searchesAreRefusedWhenTooMany()
{
    Desk desk;
    desk.rooms.addTenant("acme");
    const auto search = [&] { return desk.send(desk.request("GET", "/tenants", {{"text", "fjord"}})); };
    const auto first = search();
    const auto second = search();
    const auto third = search();
    QVERIFY(!*first && !*second && third->has_value());
    QCOMPARE(test::outcome(**third), std::string("429 too_many_requests search"));
    QCOMPARE(test::headerOf(**third, "Retry-After"), std::optional<std::string>("1"));
    const auto list = desk.send(desk.request("GET", "/tenants")); // a list is no search
    QVERIFY(!*list);
    desk.longReads.runUntilIdle();
    desk.people.runUntilIdle();
    QCOMPARE((*first)->status, 200);
    QCOMPARE((*list)->status, 200);
    QVERIFY(!*search()); // and there is room again
}

QTEST_GUILESS_MAIN(TestWorkerPools)
#include "tst_worker_pools.moc"
