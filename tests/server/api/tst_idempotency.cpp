// A request that names an Idempotency-Key is done once: its copies get the first answer's bytes, another
// request under the same key is refused, and what was refused leaves the key free.
#include "tests/server/api/api_fixture.h"

#include "server/api/error_status.h"
#include "server/api/idempotency.h"
#include "server/storage/journal.h"
#include "shared/wire/usage_answer_json.h"

using namespace billing;
using namespace std::chrono_literals;
using test::batchJson;
using test::eventJson;

namespace {

using Function = Result<http::Response> (*)(const api::Services&, const api::Call&);

constexpr const char* now = "2026-09-15T11:00:00Z";

api::Call keyed(api::Call call, const std::string& key)
{
    call.request.headers.add("Idempotency-Key", key);
    return call;
}

http::Response once(test::ApiFixture& rooms, const api::Call& call, Function function)
{
    auto response = rooms.services.idempotency.once(
        call, [&](const api::Call& inner) { return function(rooms.services, inner); });
    return response ? std::move(*response) : api::problem(response.error());
}

std::string statusAndBody(const http::Response& response)
{
    return std::to_string(response.status) + " " + test::bodyText(response);
}

std::int64_t waitingRows(test::ApiFixture& rooms)
{
    return readValue(rooms.store.storage(), Scope::system("test"),
                     [](Work& work) { return storage::backlog(work); })
        .value()
        .rows;
}

std::string tenantBody(const std::string& id, const std::string& name = "Fjordlicht Energie GmbH")
{
    return R"({"tenant_id":")" + id + R"(","legal_name":")" + name +
           R"(","country":"DE","currency":"EUR","time_zone":"Europe/Berlin","locale":"en-DE"})";
}

/// A call that changes something, one with another body, and what makes the first possible.
struct Change
{
    Function function;
    std::function<void(test::ApiFixture&)> prepare;
    std::function<api::Call(test::ApiFixture&)> call;
    std::function<api::Call(test::ApiFixture&)> other;
};

std::string subscription(const std::string& plan)
{
    return R"({"tenant_id":"acme","plan":")" + plan + R"(","starts_on":"2026-07-01"})";
}

std::string period(const std::string& more = {})
{
    return R"({"tenant_id":"acme","period_start":"2026-08-01","period_end":"2026-09-01")" + more + "}";
}

Change change(const std::string& name)
{
    const auto subscribed = [](test::ApiFixture& rooms) {
        rooms.addTenant("acme");
        rooms.subscribe("acme", "lite", "2026-07-01");
    };
    if (name == "tenant")
        return {api::postTenant, [](test::ApiFixture&) {},
                [](test::ApiFixture& rooms) { return rooms.post(tenantBody("acme")); },
                [](test::ApiFixture& rooms) { return rooms.post(tenantBody("acme", "Another GmbH")); }};
    if (name == "subscription")
        return {api::postSubscription, [](test::ApiFixture& rooms) { rooms.addTenant("acme"); },
                [](test::ApiFixture& rooms) { return rooms.post(subscription("lite")); },
                [](test::ApiFixture& rooms) { return rooms.post(subscription("shared")); }};
    if (name == "finalise") {
        const auto finalise = [](test::ApiFixture& rooms, const std::string& body) {
            const auto list = test::bodyOf(api::getInvoices(rooms.services, rooms.get()));
            const auto id =
                list[QLatin1String("invoices")][0][QLatin1String("invoice_id")].toString().toStdString();
            api::Call call = rooms.post(body, {id});
            call.request.path = "/api/v1/invoices/" + id + "/finalise";
            return call;
        };
        return {api::postFinalise,
                [subscribed](test::ApiFixture& rooms) {
                    subscribed(rooms);
                    BILLING_ASSERT(api::postInvoice(rooms.services, rooms.post(period())).has_value());
                },
                [finalise](test::ApiFixture& rooms) { return finalise(rooms, ""); },
                [finalise](test::ApiFixture& rooms) { return finalise(rooms, " "); }};
    }
    const std::string dryRun = name == "dry run" ? R"(,"dry_run":true)" : "";
    return {api::postInvoice, subscribed,
            [dryRun](test::ApiFixture& rooms) { return rooms.post(period(dryRun)); },
            [dryRun](test::ApiFixture& rooms) { return rooms.post(" " + period(dryRun)); }};
}

} // namespace

class TestIdempotency : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesKeys_data();
    void refusesKeys();
    void anotherRequestUnderTheKeyIsRefused_data() { changes(); }
    void anotherRequestUnderTheKeyIsRefused();
    void whatWasRefusedLeavesTheKeyFree();
    void aCopyGetsTheFirstBytes_data() { changes(); }
    void aCopyGetsTheFirstBytes();
    void aCopyThatWasQuickerIsTheAnswer_data() { changes(); }
    void aCopyThatWasQuickerIsTheAnswer();
    void everyOwnerHasKeysOfItsOwn();
    void whatIsKeptIsSealed();
    void usageIsRecordedOnce_data();
    void usageIsRecordedOnce();
    void usageCopiesInOneGroup();
    void usageOfAnotherBodyIsRefused();
    void refusedUsageLeavesTheKeyFree();
    void usageOfWhichNothingWasTaken();
    void aCopyMayWaitForSettling_data();
    void aCopyMayWaitForSettling();
    void keylessNeighboursAreUntouched();

private:
    static void changes()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"tenant", "subscription", "invoice", "dry run", "finalise"})
            QTest::newRow(name) << QString::fromUtf8(name);
    }
};

void TestIdempotency::refusesKeys_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("times");
    QTest::addColumn<int>("status");
    QTest::newRow("empty") << QByteArray("") << 1 << 400;
    QTest::newRow("256 characters") << QByteArray(256, 'k') << 1 << 400;
    QTest::newRow("a tab") << QByteArray("a\tb") << 1 << 400;
    QTest::newRow("DEL") << QByteArray("a\x7f") << 1 << 400;
    QTest::newRow("beyond ASCII") << QByteArray("cl\xc3\xa9") << 1 << 400;
    QTest::newRow("given twice") << QByteArray("key") << 2 << 400;
    QTest::newRow("one character") << QByteArray("~") << 1 << 201;
    QTest::newRow("255 characters") << QByteArray(255, 'k') << 1 << 201;
    QTest::newRow("with a space") << QByteArray("a b") << 1 << 201;
}

void TestIdempotency::refusesKeys()
{
    QFETCH(QByteArray, key);
    QFETCH(int, times);
    QFETCH(int, status);
    test::ApiFixture rooms;
    api::Call call = rooms.post(tenantBody("acme"));
    for (int i = 0; i < times; ++i)
        call = keyed(call, key.toStdString());
    const http::Response made = once(rooms, call, api::postTenant);
    QCOMPARE(made.status, status);
    if (status == 400)
        QCOMPARE(test::outcome(made), std::string("400 invalid_idempotency_key Idempotency-Key"));

    rooms.addTenant("usage");
    call.request.body = eventJson("e1", "usage", "1", now);
    const http::Response sent = rooms.postUsage(call).value();
    QCOMPARE(test::outcome(sent), status == 400 ? std::string("400 invalid_idempotency_key Idempotency-Key")
                                                : std::string("422 idempotency_key_reused Idempotency-Key"));
    QCOMPARE(waitingRows(rooms), 0);
}

void TestIdempotency::anotherRequestUnderTheKeyIsRefused()
{
    QFETCH(QString, name);
    const Change subject = change(name.toStdString());
    test::ApiFixture rooms;
    subject.prepare(rooms);
    const api::Call call = keyed(subject.call(rooms), "k1");
    QVERIFY(once(rooms, call, subject.function).status < 300);
    api::Call otherPath = call;
    otherPath.request.path += "/";
    api::Call otherMethod = call;
    otherMethod.request.method = "PUT";
    for (const api::Call& other : {keyed(subject.other(rooms), "k1"), otherPath, otherMethod})
        QCOMPARE(test::outcome(once(rooms, other, subject.function)),
                 std::string("422 idempotency_key_reused Idempotency-Key"));
}

void TestIdempotency::whatWasRefusedLeavesTheKeyFree()
{
    test::ApiFixture rooms;
    const api::Call call = keyed(rooms.post(subscription("lite")), "k1");
    QCOMPARE(test::outcome(once(rooms, call, api::postSubscription)), std::string("404 not_found tenant_id"));
    QCOMPARE(test::outcome(once(rooms, keyed(rooms.post("{"), "k1"), api::postSubscription)),
             std::string("400 malformed_json body"));
    rooms.addTenant("acme");
    QCOMPARE(once(rooms, call, api::postSubscription).status, 201);
}

void TestIdempotency::aCopyGetsTheFirstBytes()
{
    QFETCH(QString, name);
    const Change subject = change(name.toStdString());
    test::ApiFixture rooms;
    subject.prepare(rooms);
    const api::Call call = keyed(subject.call(rooms), "k1");
    const std::string first = statusAndBody(once(rooms, call, subject.function));
    QVERIFY2(first.starts_with("2"), first.c_str());
    for (int copy = 0; copy < 3; ++copy) {
        rooms.clock.advance(24h); // a later answer made anew would differ
        QCOMPARE(statusAndBody(once(rooms, call, subject.function)), first);
    }
    // Control: without the key the same request is refused as a second one (a dry run makes another draft).
    api::Call without = subject.call(rooms);
    const http::Response second = once(rooms, without, subject.function);
    QVERIFY(name == QStringLiteral("dry run") ? statusAndBody(second) != first : second.status == 409);
}

void TestIdempotency::aCopyThatWasQuickerIsTheAnswer()
{
    QFETCH(QString, name);
    const Change subject = change(name.toStdString());
    test::ApiFixture rooms;
    subject.prepare(rooms);
    const api::Call call = keyed(subject.call(rooms), "k1");
    std::string quicker;
    const auto overtaken = rooms.services.idempotency.once(call, [&](const api::Call& inner) {
        quicker = statusAndBody(once(rooms, call, subject.function));
        return subject.function(rooms.services, inner);
    });
    QVERIFY(overtaken);
    QCOMPARE(statusAndBody(*overtaken), quicker);
}

void TestIdempotency::everyOwnerHasKeysOfItsOwn()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.addTenant("other");
    std::vector<std::string> ids;
    const auto send = [&](const std::string& subject, std::optional<TenantId> bound, const char* id) {
        rooms.principal.subject = subject;
        rooms.principal.tenant = std::move(bound);
        const std::string tenant = rooms.principal.tenant ? rooms.principal.tenant->text() : "acme";
        const auto answer = rooms.postUsage(keyed(rooms.post(eventJson(id, tenant, "1", now)), "same key"));
        ids.push_back(test::outcome(answer.value()));
    };
    send("service:kernel", {}, "e1");
    send("service:edge", {}, "e2");
    send("service:kernel", TenantId("acme"), "e3");
    send("service:kernel", TenantId("other"), "e4");
    send("acme", {}, "e5");                       // a subject called as a tenant is
    send("service:edge", TenantId("acme"), "e6"); // the tenant's keys, whoever asks for it
    QCOMPARE(ids, (std::vector<std::string>{"201", "201", "201", "201", "201",
                                            "422 idempotency_key_reused Idempotency-Key"}));
    QCOMPARE(waitingRows(rooms), 5);
}

void TestIdempotency::whatIsKeptIsSealed()
{
    test::ApiFixture rooms;
    std::string body = tenantBody("acme");
    body.insert(body.size() - 1, R"(,"email":"ada@fjordlicht.example")");
    QCOMPARE(once(rooms, keyed(rooms.post(body), "k1"), api::postTenant).status, 201);
    const auto kept = readValue(rooms.store.storage(), Scope::system("test"), [](Work& work) {
                          return storage::findKeptAnswer(work, {"subject:service:kernel", "k1"});
                      }).value();
    QVERIFY(kept);
    QVERIFY(kept->sealedBody.find("ada@") == std::string::npos);
    QCOMPARE(kept->keptAt, rooms.clock.now());
}

void TestIdempotency::usageIsRecordedOnce_data()
{
    QTest::addColumn<QString>("contentType");
    QTest::addColumn<QString>("body");
    QTest::addColumn<int>("status");
    const auto row = [](const char* name, const char* type, const std::string& body, int status) {
        QTest::newRow(name) << QString::fromUtf8(type) << QString::fromStdString(body) << status;
    };
    row("single", "application/json", eventJson("e1", "acme", "1", now), 201);
    row("single without id", "application/json",
        R"({"tenant_id":"acme","metric_type":"api_request","value":"1","timestamp":"2026-09-15T11:00:00Z"})",
        201);
    row("batch", "application/json",
        batchJson({eventJson("e1", "acme", "1", now), eventJson("e2", "nobody", "1", now)}), 202);
    row("lines", "application/x-ndjson",
        eventJson("e1", "acme", "1", now) + "\n" + eventJson("e2", "acme", "1", now) + "\n", 202);
    const std::string cloud =
        R"({"specversion":"1.0","id":"e1","source":"edge","type":"api_request","subject":"acme",)"
        R"("time":"2026-09-15T11:00:00Z","data":{"value":"1"}})";
    row("CloudEvent", "application/cloudevents+json", cloud, 201);
    row("CloudEvents", "application/cloudevents-batch+json", "[" + cloud + "]", 202);
}

void TestIdempotency::usageIsRecordedOnce()
{
    QFETCH(QString, contentType);
    QFETCH(QString, body);
    QFETCH(int, status);
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    api::Call call = rooms.get();
    call.request.method = "POST";
    call.request.headers.add("Content-Type", contentType.toStdString());
    call.request.body = body.toStdString();
    call = keyed(call, "key-7");
    const auto first = rooms.postUsage(call).value();
    QCOMPARE(first.status, status);
    rooms.settleAll();
    const auto second = rooms.postUsage(call).value();
    QCOMPARE(statusAndBody(second), statusAndBody(first));
    QCOMPARE(waitingRows(rooms), 0);
    const auto position = rooms.postUsage(rooms.post(eventJson("x", "acme", "1", now))).value();
    QCOMPARE(wire::decodeUsageRecorded(test::bodyText(position)).value().position.number(), 2);
}

void TestIdempotency::usageCopiesInOneGroup()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    std::vector<std::string> answers;
    const api::Call call = keyed(rooms.post(eventJson("e1", "acme", "1", now)), "k1");
    const api::Call other = keyed(rooms.post(eventJson("e1", "acme", "2", now)), "k1");
    for (const api::Call& one : {call, other, call, call})
        rooms.usage(one, http::Responder::toFunction([&](const http::Response& response) {
                        answers.push_back(statusAndBody(response));
                    }));
    rooms.executor.runUntilIdle();
    QCOMPARE(answers.size(), std::size_t{4});
    QCOMPARE(std::count(answers.begin(), answers.end(), answers.front()), 3);
    QCOMPARE(std::count_if(answers.begin(), answers.end(),
                           [](const std::string& answer) { return answer.starts_with("422 "); }),
             1);
    QCOMPARE(waitingRows(rooms), 1);
    QCOMPARE(rooms.intake.waitingEvents(), 1);
}

void TestIdempotency::usageOfAnotherBodyIsRefused()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    const std::string body = batchJson({eventJson("e1", "acme", "1", now)});
    QCOMPARE(rooms.postUsage(keyed(rooms.post(body), "k1")).value().status, 202);
    api::Call asLines = rooms.get();
    asLines.request.method = "POST";
    asLines.request.headers.add("Content-Type", "application/x-ndjson");
    asLines.request.body = body;
    for (const api::Call& other :
         {keyed(rooms.post(body + " "), "k1"), keyed(rooms.post("{"), "k1"), keyed(asLines, "k1")})
        QCOMPARE(test::outcome(rooms.postUsage(other).value()),
                 std::string("422 idempotency_key_reused Idempotency-Key"));
    QCOMPARE(waitingRows(rooms), 1);
}

void TestIdempotency::refusedUsageLeavesTheKeyFree()
{
    test::ApiFixture rooms({.backlogEvents = 1});
    rooms.addTenant("acme");
    const auto send = [&](const std::string& body) {
        return test::outcome(rooms.postUsage(keyed(rooms.post(body), "k1")).value());
    };
    QCOMPARE(send(eventJson("e1", "nobody", "1", now)), std::string("422 unknown_tenant tenant_id"));
    QCOMPARE(send("{"), std::string("400 malformed_json body"));
    QCOMPARE(send(batchJson({eventJson("e1", "acme", "1", now), eventJson("e2", "acme", "1", now)})),
             std::string("503 backlog_full usage"));
    QCOMPARE(send(eventJson("e1", "acme", "1", now)), std::string("201"));
    QCOMPARE(send(eventJson("e1", "acme", "1", now)), std::string("201")); // though the backlog is full
}

void TestIdempotency::usageOfWhichNothingWasTaken()
{
    test::ApiFixture rooms;
    const api::Call call = keyed(rooms.post(batchJson({eventJson("e1", "acme", "1", now)})), "k1");
    const auto first = rooms.postUsage(call).value();
    QCOMPARE(first.status, 202);
    rooms.addTenant("acme");
    QCOMPARE(statusAndBody(rooms.postUsage(call).value()), statusAndBody(first));
    QCOMPARE(waitingRows(rooms), 0);
}

void TestIdempotency::aCopyMayWaitForSettling_data()
{
    QTest::addColumn<bool>("batch");
    QTest::newRow("single") << false;
    QTest::newRow("batch") << true;
}

void TestIdempotency::aCopyMayWaitForSettling()
{
    QFETCH(bool, batch);
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    const std::string event = eventJson("e1", "acme", "1", now);
    const std::string body = batch ? batchJson({event, eventJson("e2", "nobody", "1", now)}) : event;
    const api::Call waiting = keyed(rooms.post(body, {}, {{"wait", "settled"}}), "k1");
    std::vector<std::string> answers;
    const auto send = [&](const api::Call& call) {
        rooms.usage(call, http::Responder::toFunction([&](const http::Response& response) {
                        answers.push_back(statusAndBody(response));
                    }));
        rooms.executor.runUntilIdle();
    };
    send(waiting);
    send(waiting); // while the first one waits
    QVERIFY(answers.empty());
    rooms.settleAll();
    send(waiting); // after it
    QCOMPARE(answers.size(), std::size_t{3});
    QVERIFY2(answers[0].find("settled") != std::string::npos, answers[0].c_str());
    QCOMPARE(answers[1], answers[0]);
    QCOMPARE(answers[2], answers[0]);
    send(keyed(rooms.post(body), "k1")); // the same request, not waiting
    QVERIFY(answers[3].find("settled") == std::string::npos);
}

void TestIdempotency::keylessNeighboursAreUntouched()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.postUsage(keyed(rooms.post(eventJson("e1", "acme", "1", now)), "k1"));
    std::vector<std::string> answers;
    const auto send = [&](const api::Call& call) {
        rooms.usage(call, http::Responder::toFunction([&](const http::Response& response) {
                        answers.push_back(test::outcome(response));
                    }));
    };
    send(keyed(rooms.post(eventJson("e1", "acme", "1", now)), "k1"));
    for (const char* id : {"e2", "e3"})
        send(rooms.post(eventJson(id, "acme", "1", now)));
    rooms.executor.runUntilIdle();
    QCOMPARE(answers, (std::vector<std::string>{"201", "201", "201"}));
    QCOMPARE(waitingRows(rooms), 3);
}

QTEST_GUILESS_MAIN(TestIdempotency)
#include "tst_idempotency.moc"
