// The API as a client meets it, over mTLS, on one running server: who is refused at the door, what becomes of
// events, how far a tenant is into its plan, and every refusal on an invoice's way, each with its stable
// code.
#include "tests/support/printing.h"

#include "tests/scenarios/requests.h"
#include "tests/scenarios/server_fixture.h"

#include <QDateTime>

#include <set>

using namespace billing;

class TestApiStory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refusesWhoIsNotKnown();
    void refusesRequests_data();
    void refusesRequests();
    void wrongMethodIsToldTheRightOnes();
    void healthIsOpen();
    void hidesOtherTenants_data();
    void hidesOtherTenants();
    void settlesASingleEventOnce();
    void answersABatchPerEvent();
    void backfillNeedsItsScope();
    void standingFollowsUsage();
    void refusesInvoicesInOrder();
    void dryRunKeepsNothing();
    void listsPageByCursor();

private:
    const test::HttpsClient& client() const { return *m_client; }
    std::size_t invoicesOf(std::string_view tenant) const
    {
        return client().get("/api/v1/invoices?tenant_id=" + std::string(tenant)).count("invoices");
    }

    test::ServerFixture m_server;
    std::optional<test::HttpsClient> m_client;
};

void TestApiStory::initTestCase()
{
    m_server.start();
    m_client.emplace(m_server.client());
    test::signUp(client(), {.id = "acme"});
    test::signUp(client(), {.id = "globex"});
}

void TestApiStory::refusesWhoIsNotKnown()
{
    const std::string target = "/api/v1/tenants";
    test::ClientIdentity nobody = m_server.identity();
    nobody.certificate.clear();
    const test::HttpReply shaken = test::HttpsClient(nobody).get(target);
    QCOMPARE(shaken.status, 0); // the handshake fails: there is no HTTP yet
    QVERIFY(!shaken.failure.empty());

    test::ClientIdentity wrong = m_server.identity();
    wrong.token.clear();
    QCOMPARE(test::HttpsClient(wrong).get(target).outcome(), std::string("401 missing_token"));
    wrong.token = "eyJhbGciOiJub25lIn0.e30.";
    const test::HttpReply forged = test::HttpsClient(wrong).get(target);
    QCOMPARE(forged.outcome(), std::string("401 invalid_token"));
    QCOMPARE(forged.headers.at("www-authenticate"), std::string("Bearer"));
    QCOMPARE(forged.headers.at("content-type"), std::string("application/problem+json"));

    // A good token that belongs to the console's certificate, shown with the kernel's.
    wrong.token = m_server.token({.certificate = "console"});
    QCOMPARE(test::HttpsClient(wrong).get(target).outcome(),
             std::string("401 token_not_bound_to_certificate"));
    QCOMPARE(m_server.client({.scope = "billing:read"}).post(target, "{}").outcome(),
             std::string("403 insufficient_scope"));
    QCOMPARE(m_server.client({.scope = "billing:write"}).get(target).outcome(),
             std::string("403 insufficient_scope"));
}

void TestApiStory::refusesRequests_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("contentType");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("outcome");
    QTest::addColumn<QByteArray>("subject");
    const QByteArray json = "application/json";
    const QByteArray usage = "/api/v1/usage";
    const QByteArray event = QByteArray::fromStdString(test::jsonOf({"e", "acme", "1"}));
    QTest::newRow("unknown route") << QByteArray("GET") << QByteArray("/api/v1/nothing") << json
                                   << QByteArray() << QByteArray("404 route_not_found") << QByteArray("path");
    QTest::newRow("wrong method") << QByteArray("DELETE") << usage << json << QByteArray()
                                  << QByteArray("405 method_not_allowed") << QByteArray("method");
    QTest::newRow("unknown parameter")
        << QByteArray("GET") << QByteArray("/api/v1/invoices?limits=1") << json << QByteArray()
        << QByteArray("400 unknown_parameter") << QByteArray("limits");
    QTest::newRow("content type") << QByteArray("POST") << usage << QByteArray("text/plain") << event
                                  << QByteArray("415 unsupported_media_type") << QByteArray("Content-Type");
    QTest::newRow("no JSON") << QByteArray("POST") << usage << json << QByteArray("{\"event_id\"")
                             << QByteArray("400 malformed_json") << QByteArray();
    QTest::newRow("key twice") << QByteArray("POST") << usage << json
                               << QByteArray("{\"event_id\":\"a\",").append(event.mid(1))
                               << QByteArray("400 duplicate_key") << QByteArray("event_id");
    QTest::newRow("unknown field") << QByteArray("POST") << usage << json
                                   << QByteArray("{\"colour\":\"red\",").append(event.mid(1))
                                   << QByteArray("400 unknown_field") << QByteArray("colour");
    QTest::newRow("unknown field of a subscription")
        << QByteArray("POST") << QByteArray("/api/v1/subscriptions") << json
        << QByteArray(R"({"tenant_id":"acme","plan":"lite","starts_on":"2023-11-01","tier":"lite"})")
        << QByteArray("400 unknown_field") << QByteArray("tier");
    QTest::newRow("no events") << QByteArray("POST") << usage << json << QByteArray("{\"events\":[]}")
                               << QByteArray("400 empty_batch") << QByteArray("events");
    QTest::newRow("unknown metric") << QByteArray("POST") << usage << json
                                    << QByteArray::fromStdString(test::jsonOf({"e", "acme", "1", "steps"}))
                                    << QByteArray("422 unknown_metric") << QByteArray("metric_type");
    QTest::newRow("negative") << QByteArray("POST") << usage << json
                              << QByteArray::fromStdString(test::jsonOf({"e", "acme", "-1"}))
                              << QByteArray("422 negative_quantity") << QByteArray("value");
    QTest::newRow("unknown tenant") << QByteArray("POST") << usage << json
                                    << QByteArray::fromStdString(test::jsonOf({"e", "nobody", "1"}))
                                    << QByteArray("422 unknown_tenant") << QByteArray("tenant_id");
    QTest::newRow("tenant exists")
        << QByteArray("POST") << QByteArray("/api/v1/tenants") << json
        << QByteArray(
               R"({"tenant_id":"acme","legal_name":"A","country":"US","currency":"USD","time_zone":"UTC","locale":"en-US"})")
        << QByteArray("409 already_exists") << QByteArray();
    QTest::newRow("unknown plan") << QByteArray("POST") << QByteArray("/api/v1/subscriptions") << json
                                  << QByteArray(
                                         R"({"tenant_id":"acme","plan":"gold","starts_on":"2023-11-01"})")
                                  << QByteArray("422 unknown_plan") << QByteArray("plan");
    QTest::newRow("second subscription")
        << QByteArray("POST") << QByteArray("/api/v1/subscriptions") << json
        << QByteArray(R"({"tenant_id":"acme","plan":"zero","starts_on":"2024-01-01"})")
        << QByteArray("409 subscription_overlaps") << QByteArray("starts_on");
}

void TestApiStory::refusesRequests()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, contentType);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, outcome);
    QFETCH(QByteArray, subject);
    const test::HttpReply reply = client().send({.method = method.toStdString(),
                                                 .target = target.toStdString(),
                                                 .body = body.toStdString(),
                                                 .headers = {{"Content-Type", contentType.toStdString()}}});
    QCOMPARE(reply.outcome(), outcome.toStdString());
    QCOMPARE(reply.headers.at("content-type"), std::string("application/problem+json"));
    if (!subject.isEmpty())
        QCOMPARE(reply.at("subject"), subject.toStdString());
}

void TestApiStory::wrongMethodIsToldTheRightOnes()
{
    QCOMPARE(client().send({.method = "DELETE", .target = "/api/v1/invoices"}).headers.at("allow"),
             std::string("POST, GET"));
    QCOMPARE(client().send({.method = "PUT", .target = "/api/v1/tenants/acme/standing"}).headers.at("allow"),
             std::string("GET"));
}

void TestApiStory::healthIsOpen()
{
    test::ClientIdentity tokenless = m_server.identity();
    tokenless.token.clear();
    const test::HttpsClient probe(tokenless);
    QCOMPARE(probe.get("/health/live").at("status"), std::string("ok"));
    QCOMPARE(probe.get("/health/ready").status, 200);
}

void TestApiStory::hidesOtherTenants_data()
{
    QTest::addColumn<QString>("target");
    QTest::newRow("tenant") << QStringLiteral("/api/v1/tenants/acme");
    QTest::newRow("standing") << QStringLiteral("/api/v1/tenants/acme/standing");
    QTest::newRow("usage") << QStringLiteral(
        "/api/v1/usage/acme?metric_type=api_request&from=2023-11-01&to=2023-12-01");
    QTest::newRow("current usage") << QStringLiteral(
        "/api/v1/usage/current?tenant_id=acme&metric_type=api_request");
    QTest::newRow("subscriptions") << QStringLiteral("/api/v1/subscriptions?tenant_id=acme");
    QTest::newRow("invoices") << QStringLiteral("/api/v1/invoices?tenant_id=acme");
    QTest::newRow("nobody's tenant") << QStringLiteral("/api/v1/tenants/nobody");
    QTest::newRow("nobody's invoice") << QStringLiteral("/api/v1/invoices/inv_nothing");
}

void TestApiStory::hidesOtherTenants()
{
    QFETCH(QString, target);
    static const test::HttpsClient bound = m_server.client({.tenant = "globex"});
    QCOMPARE(bound.get(target.toStdString()).outcome(), std::string("404 not_found"));
    // Its own it sees, and nothing but its own.
    QCOMPARE(bound.get("/api/v1/tenants").count("tenants"), std::size_t(1));
    QCOMPARE(bound.get("/api/v1/tenants").at("tenants/0/tenant_id"), std::string("globex"));
    QCOMPARE(bound.post("/api/v1/usage", test::jsonOf({"e", "acme", "1"})).outcome(),
             std::string("422 unknown_tenant"));
}

void TestApiStory::settlesASingleEventOnce()
{
    test::EventText event{"once", "acme", "1.50"};
    event.timestamp = "2023-11-05T10:00:00+01:00";
    const auto post = [&] { return client().post("/api/v1/usage?wait=settled", test::jsonOf(event)); };
    const test::HttpReply first = post();
    QCOMPARE(first.outcome(), std::string("201"));
    QCOMPARE(first.at("event_id"), std::string("once"));
    QCOMPARE(first.at("recorded"), std::string("true"));
    QCOMPARE(first.at("status"), std::string("settled"));
    QCOMPARE(post().at("status"), std::string("duplicate"));
    event.value = "1.5";
    event.timestamp = "2023-11-05T09:00:00.000Z"; // the same instant and quantity in other words
    QCOMPARE(post().at("status"), std::string("duplicate"));
    event.value = "1.51";
    QCOMPARE(post().outcome(), std::string("409 payload_conflict"));
    const test::HttpReply usage = client().get(
        "/api/v1/usage/acme?metric_type=agent_execution&from=2023-11-05&to=2023-11-06&granularity=hour");
    QCOMPARE(usage.at("groups/0/quantity"), std::string("1.5"));
    QCOMPARE(usage.at("groups/0/buckets/9/quantity"), std::string("1.5"));
    QCOMPARE(usage.count("groups/0/buckets"), std::size_t(24));
}

void TestApiStory::answersABatchPerEvent()
{
    std::string batch = test::batchOf({{"b-0", "acme", "1"}, {"b-1", "acme", "1e9"}, {"b-2", "acme", "2"}});
    const test::HttpReply accepted = client().post("/api/v1/usage", batch);
    QCOMPARE(accepted.outcome(), std::string("202"));
    QCOMPARE(accepted.count("results"), std::size_t(3));
    QCOMPARE(accepted.at("results/0/status"), std::string("accepted"));
    QCOMPARE(accepted.at("results/1/status"), std::string("rejected"));
    QCOMPARE(accepted.at("results/1/code"), std::string("invalid_decimal"));
    QCOMPARE(accepted.at("results/1/subject"), std::string("value"));
    QCOMPARE(accepted.at("results/1/index"), std::string("1"));
    QCOMPARE(accepted.at("results/2/status"), std::string("accepted"));
    QVERIFY(accepted.at("position") != "(absent)");
    const test::HttpReply settled = client().post("/api/v1/usage/batch?wait=settled", batch);
    QCOMPARE(settled.at("settled"), std::string("true"));
    QCOMPARE(settled.at("results/0/status"), std::string("duplicate"));
    QCOMPARE(settled.at("results/1/code"), std::string("invalid_decimal"));
    QCOMPARE(settled.at("results/2/status"), std::string("duplicate"));
}

void TestApiStory::backfillNeedsItsScope()
{
    const test::HttpsClient ordinary = m_server.client({.scope = "billing:write billing:read"});
    test::EventText event{"old", "acme", "1"};
    event.timestamp = "2023-11-05T10:00:00Z";
    QCOMPARE(ordinary.post("/api/v1/usage", test::jsonOf(event)).outcome(),
             std::string("422 timestamp_too_old"));
    event.timestamp = "2999-01-01T00:00:00Z";
    QCOMPARE(client().post("/api/v1/usage", test::jsonOf(event)).outcome(),
             std::string("422 timestamp_in_future"));
}

void TestApiStory::standingFollowsUsage()
{
    const QDate today = QDateTime::currentDateTimeUtc().date();
    const QDate month(today.year(), today.month(), 1);
    test::signUp(client(),
                 {.id = "frugal", .plan = "zero", .startsOn = month.toString(Qt::ISODate).toStdString()});
    const auto standingAfter = [&](const std::string& id, const std::string& value) {
        const test::HttpReply sent =
            client().post("/api/v1/usage?wait=settled", test::jsonOf({id, "frugal", value}));
        // Never refused for a limit.
        return sent.at("status") + ' ' + client().get("/api/v1/tenants/frugal/standing").at("limits/0/state");
    };
    const test::HttpReply before = client().get("/api/v1/tenants/frugal/standing");
    QCOMPARE(before.at("limits/0/charge"), std::string("agent_execution"));
    QCOMPARE(before.at("limits/0/included"), std::string("1000"));
    QCOMPARE(before.at("limits/0/policy"), std::string("hard"));
    QCOMPARE(standingAfter("f-1", "799"), std::string("settled ok"));
    QCOMPARE(standingAfter("f-2", "1"), std::string("settled near"));
    QCOMPARE(standingAfter("f-3", "200"), std::string("settled near"));
    QCOMPARE(standingAfter("f-4", "0.5"), std::string("settled exceeded"));
    QCOMPARE(client().get("/api/v1/tenants/frugal/standing").at("limits/0/used"), std::string("1000.5"));
    QCOMPARE(client().get("/api/v1/tenants/frugal/standing").at("limits/1/state"), std::string("ok"));
    QCOMPARE(client().get("/api/v1/tenants/globex/standing").at("limits/0/state"), std::string("ok"));
}

void TestApiStory::refusesInvoicesInOrder()
{
    const auto draft = [&](std::string_view from, std::string_view end) {
        return client().post("/api/v1/invoices", test::invoiceRequest("globex", from, end));
    };
    QCOMPARE(draft("2023-10-01", "2023-11-01").outcome(), std::string("422 no_subscription"));
    QCOMPARE(draft("2023-11-02", "2023-12-02").outcome(), std::string("422 not_a_billing_period"));
    QCOMPARE(draft("2023-11-01", "2024-01-01").outcome(), std::string("422 not_a_billing_period"));
    const QDate today = QDateTime::currentDateTimeUtc().date();
    const QDate month(today.year(), today.month(), 1);
    QCOMPARE(draft(month.toString(Qt::ISODate).toStdString(),
                   month.addMonths(1).toString(Qt::ISODate).toStdString())
                 .outcome(),
             std::string("409 period_not_over"));

    const test::HttpReply first = draft("2023-11-01", "2023-12-01");
    QCOMPARE(first.outcome(), std::string("201"));
    QCOMPARE(first.at("status"), std::string("draft"));
    const std::string id = first.at("invoice_id");
    const test::HttpReply second = draft("2023-11-01", "2023-12-01");
    QCOMPARE(second.outcome(), std::string("409 period_already_invoiced"));
    QVERIFY(second.body.find(id) != std::string::npos);
    QCOMPARE(client().get("/api/v1/invoices/" + id + "/pdf").outcome(),
             std::string("409 draft_has_no_document"));

    const std::string finalise = "/api/v1/invoices/" + id + "/finalise";
    const test::HttpReply finalised = client().sendUntilReady({.method = "POST", .target = finalise});
    QCOMPARE(finalised.outcome(), std::string("200"));
    QCOMPARE(finalised.at("status"), std::string("finalised"));
    QCOMPARE(client().post(finalise, "").outcome(), std::string("409 invoice_not_draft"));
    QCOMPARE(client().post("/api/v1/invoices/inv_nothing/finalise", "").outcome(),
             std::string("404 not_found"));
    QCOMPARE(draft("2023-11-01", "2023-12-01").outcome(), std::string("409 period_already_invoiced"));
}

void TestApiStory::dryRunKeepsNothing()
{
    const std::size_t before = invoicesOf("acme");
    const std::string request =
        test::invoiceRequest("acme", "2023-11-01", "2023-12-01", R"(,"dry_run":true)");
    const test::HttpReply once = client().post("/api/v1/invoices", request);
    QCOMPARE(once.outcome(), std::string("200"));
    QCOMPARE(once.at("lines/0/amount"), std::string("199.00"));
    QCOMPARE(client().get("/api/v1/invoices/" + once.at("invoice_id")).outcome(),
             std::string("404 not_found"));
    QCOMPARE(invoicesOf("acme"), before);
    // Also while the period lasts.
    const QDate today = QDateTime::currentDateTimeUtc().date();
    const QDate month(today.year(), today.month(), 1);
    const test::HttpReply running = client().post(
        "/api/v1/invoices",
        test::invoiceRequest("acme", month.toString(Qt::ISODate).toStdString(),
                             month.addMonths(1).toString(Qt::ISODate).toStdString(), R"(,"dry_run":true)"));
    QCOMPARE(running.outcome(), std::string("200"));
    QCOMPARE(invoicesOf("acme"), before);
}

void TestApiStory::listsPageByCursor()
{
    test::signUp(client(), {.id = "pager"});
    for (const auto& [from, end] :
         {std::pair("2023-11-01", "2023-12-01"), {"2023-12-01", "2024-01-01"}, {"2024-01-01", "2024-02-01"}})
        QCOMPARE(client().post("/api/v1/invoices", test::invoiceRequest("pager", from, end)).status, 201);
    const std::string target = "/api/v1/invoices?tenant_id=pager&limit=2";
    const test::HttpReply first = client().get(target);
    QCOMPARE(first.count("invoices"), std::size_t(2));
    const std::string cursor = first.at("next_cursor");
    const test::HttpReply second = client().get(target + "&cursor=" + cursor);
    QCOMPARE(second.count("invoices"), std::size_t(1));
    QCOMPARE(second.at("next_cursor"), std::string("(absent)"));
    const std::set<std::string> ids{first.at("invoices/0/invoice_id"), first.at("invoices/1/invoice_id"),
                                    second.at("invoices/0/invoice_id")};
    QCOMPARE(ids.size(), std::size_t(3));

    std::string forged = cursor;
    forged.back() = forged.back() == '0' ? '1' : '0';
    QCOMPARE(client().get(target + "&cursor=" + forged).outcome(), std::string("400 invalid_cursor"));
    QCOMPARE(client().get(target + "&cursor=zz").outcome(), std::string("400 invalid_cursor"));
    // A cursor of one list is none of another.
    QCOMPARE(client().get("/api/v1/tenants?limit=2&cursor=" + cursor).outcome(),
             std::string("400 invalid_cursor"));
    QCOMPARE(client().get("/api/v1/invoices?limit=0").outcome(), std::string("422 invalid_value"));
}

QTEST_GUILESS_MAIN(TestApiStory)

#include "tst_api_story.moc"
