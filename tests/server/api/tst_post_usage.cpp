// POST /usage: one event or a batch, answered when it is in the journal, or with ?wait=settled when it is
// counted. A batch's own faults refuse it whole, an event's fault only that event.
#include "tests/server/api/api_fixture.h"

#include "server/storage/journal.h"
#include "shared/wire/usage_answer_json.h"
#include "tests/server/storage/counting_storage.h"

using namespace billing;
using namespace std::chrono_literals;
using test::batchJson;
using test::eventJson;

class TestPostUsage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesTheRequest_data();
    void refusesTheRequest();
    void refusesASingleEvent_data();
    void refusesASingleEvent();
    void aSingleEventIsRecorded();
    void anIdempotencyKeyNamesTheEvent();
    void aBatchTellsEachEventsFate();
    void nothingTakenIsNoJournalRow();
    void aBoundTokenSeesOnlyItsTenant();
    void backfillNeedsItsScope();
    void waitsUntilSettled();
    void waitingASecondTimeIsDuplicate();
    void waitsAtMostTenSeconds();
    void aConflictIsToldToWhoWaits();
    void aFullBacklogIsRefused();
    void theBatchRouteTakesBatchesOnly();
    void aTenantJustMadeIsFound();
    void aThousandUnknownTenantsAreOneQuestion();

private:
    static constexpr const char* now = "2026-09-15T11:00:00Z";
};

namespace {

std::int64_t waitingRows(test::ApiFixture& rooms)
{
    return readValue(rooms.store.storage(), Scope::system("test"),
                     [](Work& work) { return storage::backlog(work); })
        .value()
        .rows;
}

/// "accepted", or "rejected unknown_metric metric_type", of each result.
std::vector<std::string> resultsOf(const http::Response& response)
{
    std::vector<std::string> texts;
    const auto answer = wire::decodeUsageAnswer(test::bodyText(response)).value();
    for (const wire::EventResult& result : answer.results) {
        texts.emplace_back(wire::wireName(result.status));
        if (result.error)
            texts.back().append(" ").append(wireName(result.error->code)).append(" " + result.error->subject);
    }
    return texts;
}

using Texts = std::vector<std::string>;

} // namespace

void TestPostUsage::refusesTheRequest_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("contentType");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("answer");
    const QString json = QStringLiteral("application/json");
    QTest::newRow("unknown parameter first") << "colour=red"
                                             << "text/plain"
                                             << "{"
                                             << "400 unknown_parameter colour";
    QTest::newRow("then the media type") << "wait=maybe"
                                         << "text/plain"
                                         << "{"
                                         << "415 unsupported_media_type Content-Type";
    QTest::newRow("then what to wait for") << "wait=maybe" << json << "{"
                                           << "422 invalid_value wait";
    QTest::newRow("broken JSON") << "" << json << "{"
                                 << "400 malformed_json";
    QTest::newRow("empty body") << "" << json << ""
                                << "400 malformed_json";
    QTest::newRow("empty batch") << "" << json << R"({"events":[]})"
                                 << "400 empty_batch events";
    QTest::newRow("unknown member of a batch") << "" << json << R"({"events":[{}],"more":1})"
                                               << "400 unknown_field more";
}

void TestPostUsage::refusesTheRequest()
{
    QFETCH(QString, query);
    QFETCH(QString, contentType);
    QFETCH(QString, body);
    QFETCH(QString, answer);
    test::ApiFixture rooms;
    api::Call call = rooms.get();
    if (!query.isEmpty())
        call.request.query = {{query.section(QLatin1Char('='), 0, 0).toStdString(),
                               query.section(QLatin1Char('='), 1).toStdString()}};
    call.request.headers.add("Content-Type", contentType.toStdString());
    call.request.body = body.toStdString();
    const std::string told = test::outcome(rooms.postUsage(call).value());
    QVERIFY2(told.starts_with(answer.toStdString()), told.c_str());
    QCOMPARE(waitingRows(rooms), 0);
}

void TestPostUsage::refusesASingleEvent_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("answer");
    const auto row = [](const char* name, const std::string& body, const char* answer) {
        QTest::newRow(name) << QString::fromStdString(body) << QString::fromUtf8(answer);
    };
    row("without id or key",
        R"({"tenant_id":"acme","metric_type":"api_request","value":"1","timestamp":")" + std::string(now) +
            "\"}",
        "400 missing_field event_id");
    row("unknown tenant", eventJson("e1", "nobody", "1", now), "422 unknown_tenant tenant_id");
    row("negative", eventJson("e1", "acme", "-1", now), "422 negative_quantity value");
    row("future", eventJson("e1", "acme", "1", "2026-09-15T12:05:01Z"), "422 timestamp_in_future timestamp");
    row("old", eventJson("e1", "acme", "1", "2026-08-11T11:59:59Z"), "422 timestamp_too_old timestamp");
    row("unknown metric",
        R"({"event_id":"e1","tenant_id":"acme","metric_type":"smiles","value":"1","timestamp":"2026-09-15T11:00:00Z"})",
        "422 unknown_metric metric_type");
    row("missing dimension",
        R"({"event_id":"e1","tenant_id":"acme","metric_type":"compute_time","value":"1","timestamp":"2026-09-15T11:00:00Z"})",
        "422 missing_dimension dimensions.kind");
}

void TestPostUsage::refusesASingleEvent()
{
    QFETCH(QString, body);
    QFETCH(QString, answer);
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    QCOMPARE(test::outcome(rooms.postUsage(rooms.post(body.toStdString())).value()), answer.toStdString());
    QCOMPARE(waitingRows(rooms), 0);
}

void TestPostUsage::aSingleEventIsRecorded()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    const auto answer = rooms.postUsage(rooms.post(eventJson("e1", "acme", "1.5", now))).value();
    QCOMPARE(answer.status, 201);
    const auto recorded = wire::decodeUsageRecorded(test::bodyText(answer)).value();
    QCOMPARE(recorded.eventId, std::string("e1"));
    QCOMPARE(recorded.position.number(), 1);
    QVERIFY(!recorded.status);
    QCOMPARE(waitingRows(rooms), 1);
    QCOMPARE(rooms.intake.waitingEvents(), 1);
}

void TestPostUsage::anIdempotencyKeyNamesTheEvent()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    api::Call call =
        rooms.post(R"({"tenant_id":"acme","metric_type":"api_request","value":"1","timestamp":")" +
                   std::string(now) + "\"}");
    call.request.headers.add("Idempotency-Key", "key-7");
    const auto answer = rooms.postUsage(call).value();
    QCOMPARE(wire::decodeUsageRecorded(test::bodyText(answer)).value().eventId, std::string("key-7"));
}

void TestPostUsage::aBatchTellsEachEventsFate()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    const auto answer =
        rooms
            .postUsage(rooms.post(batchJson(
                {eventJson("e0", "acme", "1", now), eventJson("e1", "nobody", "1", now),
                 eventJson("e2", "acme", "1e3", now), eventJson("e3", "acme", "2", "2027-01-01T00:00:00Z"),
                 eventJson("e4", "acme", "3", now)})))
            .value();
    QCOMPARE(answer.status, 202);
    QCOMPARE(resultsOf(answer),
             (Texts{"accepted", "rejected unknown_tenant tenant_id", "rejected invalid_decimal value",
                    "rejected timestamp_in_future timestamp", "accepted"}));
    const auto read = wire::decodeUsageAnswer(test::bodyText(answer)).value(); // which checks every index
    QCOMPARE(read.results[4].eventId, std::string("e4"));
    QCOMPARE(read.position, std::optional(JournalPosition(1)));
    QCOMPARE(rooms.intake.waitingEvents(), 2); // only what was taken
}

void TestPostUsage::nothingTakenIsNoJournalRow()
{
    test::ApiFixture rooms;
    const auto answer = rooms.postUsage(rooms.post(batchJson({eventJson("e0", "nobody", "1", now)}))).value();
    QCOMPARE(answer.status, 202);
    QVERIFY(!wire::decodeUsageAnswer(test::bodyText(answer)).value().position);
    QCOMPARE(waitingRows(rooms), 0);
}

void TestPostUsage::aBoundTokenSeesOnlyItsTenant()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.addTenant("other");
    rooms.principal.tenant = TenantId("acme");
    const auto answer = rooms
                            .postUsage(rooms.post(batchJson({eventJson("e0", "acme", "1", now),
                                                             eventJson("e1", "other", "1", now),
                                                             eventJson("e2", "nobody", "1", now)})))
                            .value();
    // Another's tenant looks exactly like none.
    QCOMPARE(resultsOf(answer),
             (Texts{"accepted", "rejected unknown_tenant tenant_id", "rejected unknown_tenant tenant_id"}));
}

void TestPostUsage::backfillNeedsItsScope()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    const std::string old = eventJson("e1", "acme", "1", "2023-11-16T18:15:46Z");
    QCOMPARE(test::outcome(rooms.postUsage(rooms.post(old)).value()),
             std::string("422 timestamp_too_old timestamp"));
    rooms.principal.scopes.add(access::Scope::BillingBackfill);
    QCOMPARE(test::outcome(rooms.postUsage(rooms.post(old)).value()), std::string("201"));
    const std::string beyond = eventJson("e2", "acme", "1", "2019-09-14T00:00:00Z");
    QCOMPARE(test::outcome(rooms.postUsage(rooms.post(beyond)).value()),
             std::string("422 beyond_retention timestamp"));
}

void TestPostUsage::waitsUntilSettled()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    std::optional<http::Response> answer;
    rooms.usage(
        rooms.post(batchJson({eventJson("e0", "nobody", "1", now), eventJson("e1", "acme", "1", now)}), {},
                   {{"wait", "settled"}}),
        http::Responder::toFunction([&](http::Response response) { answer = std::move(response); }));
    rooms.executor.runUntilIdle();
    QVERIFY(!answer);
    QCOMPARE(waitingRows(rooms), 1);
    rooms.settleAll();
    QVERIFY(answer);
    QCOMPARE(resultsOf(*answer), (Texts{"rejected unknown_tenant tenant_id", "settled"}));
    QCOMPARE(wire::decodeUsageAnswer(test::bodyText(*answer)).value().settled, std::optional(true));
    QCOMPARE(rooms.intake.waitingEvents(), 0);
    rooms.executor.advance(11s); // giving up later answers nothing a second time
}

void TestPostUsage::waitingASecondTimeIsDuplicate()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.postUsage(rooms.post(eventJson("e1", "acme", "1", now)));
    std::optional<http::Response> answer;
    rooms.usage(rooms.post(eventJson("e1", "acme", "1.0", now), {}, {{"wait", "settled"}}),
                http::Responder::toFunction([&](http::Response response) { answer = std::move(response); }));
    rooms.executor.runUntilIdle();
    rooms.settleAll();
    QCOMPARE(answer.value().status, 201);
    QCOMPARE(wire::decodeUsageRecorded(test::bodyText(*answer)).value().status,
             std::optional(wire::EventStatus::Duplicate));
}

void TestPostUsage::waitsAtMostTenSeconds()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    std::optional<http::Response> answer;
    rooms.usage(rooms.post(batchJson({eventJson("e1", "acme", "1", now)}), {}, {{"wait", "settled"}}),
                http::Responder::toFunction([&](http::Response response) { answer = std::move(response); }));
    rooms.executor.advance(9'999ms);
    QVERIFY(!answer);
    rooms.executor.advance(1ms);
    QCOMPARE(answer.value().status, 202);
    QCOMPARE(resultsOf(*answer), Texts{"accepted"});
    QCOMPARE(wire::decodeUsageAnswer(test::bodyText(*answer)).value().settled, std::optional(false));
    rooms.settleAll(); // too late to be told, and nobody is
}

void TestPostUsage::aConflictIsToldToWhoWaits()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.sendAndSettle("acme", "1", now);
    rooms.postUsage(rooms.post(eventJson("e1", "acme", "1", now)));
    rooms.settleAll();
    std::vector<http::Response> answers;
    for (const std::string& body :
         {eventJson("e1", "acme", "2", now), batchJson({eventJson("e1", "acme", "3", now)})})
        rooms.usage(rooms.post(body, {}, {{"wait", "settled"}}),
                    http::Responder::toFunction(
                        [&](http::Response response) { answers.push_back(std::move(response)); }));
    rooms.executor.runUntilIdle();
    rooms.settleAll();
    QCOMPARE(answers.size(), std::size_t{2});
    QCOMPARE(test::outcome(answers[0]), std::string("409 payload_conflict event_id"));
    QCOMPARE(resultsOf(answers[1]), Texts{"conflict payload_conflict event_id"});
}

void TestPostUsage::aFullBacklogIsRefused()
{
    test::ApiFixture rooms({.backlogEvents = 2});
    rooms.addTenant("acme");
    const std::string three = batchJson({eventJson("a", "acme", "1", now), eventJson("b", "acme", "1", now),
                                         eventJson("c", "acme", "1", now)});
    const auto full = rooms.postUsage(rooms.post(three)).value();
    QCOMPARE(test::outcome(full), std::string("503 backlog_full usage"));
    QVERIFY(test::headerOf(full, "Retry-After"));
    QCOMPARE(waitingRows(rooms), 0);
    const std::string two = batchJson({eventJson("a", "acme", "1", now), eventJson("b", "acme", "1", now)});
    QCOMPARE(rooms.postUsage(rooms.post(two)).value().status, 202);
    QCOMPARE(rooms.postUsage(rooms.post(eventJson("c", "acme", "1", now))).value().status, 503);
    rooms.settleAll(); // makes room
    QCOMPARE(rooms.postUsage(rooms.post(eventJson("c", "acme", "1", now))).value().status, 201);
}

void TestPostUsage::theBatchRouteTakesBatchesOnly()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    const auto send = [&](const char* type, const std::string& body) {
        api::Call call = rooms.get();
        call.request.method = "POST";
        call.request.path = "/api/v1/usage/batch";
        call.request.headers.add("Content-Type", type);
        call.request.body = body;
        return test::outcome(rooms.postUsage(call).value());
    };
    const std::string cloud = R"({"specversion":"1.0","id":"c1","source":"edge","type":"api_request",)"
                              R"("subject":"acme","time":"2026-09-15T11:00:00Z","data":{"value":"1"}})";
    QCOMPARE(send("application/json", eventJson("e1", "acme", "1", now)),
             std::string("400 unknown_field event_id"));
    QCOMPARE(send("application/cloudevents+json", cloud),
             std::string("415 unsupported_media_type Content-Type"));
    QCOMPARE(waitingRows(rooms), 0);
    QCOMPARE(send("application/json", batchJson({eventJson("e1", "acme", "1", now)})), std::string("202"));
    QCOMPARE(send("application/x-ndjson", eventJson("e2", "acme", "1", now)), std::string("202"));
    QCOMPARE(send("application/cloudevents-batch+json", "[" + cloud + "]"), std::string("202"));
    QCOMPARE(waitingRows(rooms), 3);
}

void TestPostUsage::aTenantJustMadeIsFound()
{
    test::ApiFixture rooms;
    const api::Call call = rooms.post(eventJson("e1", "acme", "1", now));
    QCOMPARE(test::outcome(rooms.postUsage(call).value()), std::string("422 unknown_tenant tenant_id"));
    rooms.addTenant("acme");
    QCOMPARE(rooms.postUsage(call).value().status, 201);
    // From then on without asking the store: the commit is the only task.
    rooms.usage(rooms.post(eventJson("e2", "acme", "1", now)),
                http::Responder::toFunction([](const auto&) {}));
    QCOMPARE(rooms.executor.pending(), std::size_t{1});
    rooms.executor.runUntilIdle();
    QCOMPARE(waitingRows(rooms), 2);
}

void TestPostUsage::aThousandUnknownTenantsAreOneQuestion()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    test::CountingStorage storage(rooms.store.storage());
    TenantDirectory directory(storage);
    const api::PostUsage usage({rooms.intake, rooms.waits, directory, *rooms.meters, rooms.clock,
                                rooms.executor, rooms.store.storage(), rooms.idempotency});
    std::vector<std::string> events{eventJson("a", "acme", "1", now)};
    while (events.size() < 1'000)
        events.push_back(eventJson("e", "nobody-" + std::to_string(events.size()), "1", now));
    std::optional<http::Response> answer;
    usage(rooms.post(batchJson(events)),
          http::Responder::toFunction([&](http::Response response) { answer = std::move(response); }));
    rooms.executor.runUntilIdle();
    QVERIFY(answer && answer->status == 202);
    QCOMPARE(storage.reads.load(), 1);
    const auto told = wire::decodeUsageAnswer(test::bodyText(*answer)).value();
    QCOMPARE(told.results.front().status, wire::EventStatus::Accepted);
    QCOMPARE(std::count_if(told.results.begin(), told.results.end(),
                           [](const auto& result) {
                               return result.error && result.error->code == ErrorCode::UnknownTenant;
                           }),
             std::ptrdiff_t{999});
}

QTEST_GUILESS_MAIN(TestPostUsage)
#include "tst_post_usage.moc"
