// Questions about usage that wait until the figures hold what was accepted up to a position; and what stands
// beside the figures: position, lag, limit.
#include "server/api/usage_at_least.h"
#include "server/storage/journal.h"
#include "shared/wire/usage_report_json.h"
#include "tests/server/api/api_fixture.h"

using namespace billing;
using namespace std::chrono_literals;
using test::eventJson;

namespace {

constexpr const char* now = "2026-09-15T11:00:00Z";

struct Asking
{
    Asking()
    {
        rooms.addTenant("acme");
        rooms.sendAndSettle("acme", "1", now);
    }
    /// Accepted and not settled.
    void send(const std::string& id, const std::string& value)
    {
        BILLING_ASSERT(rooms.postUsage(rooms.post(eventJson(id, "acme", value, now))).value().status == 201);
    }
    void ask(test::Query query, const std::string& tenant = "acme")
    {
        query.emplace_back("metric_type", "api_request");
        query.emplace_back("tenant_id", tenant);
        query.emplace_back("period", "current_month");
        api::answerAtLeast(rooms.services, rooms.get({}, std::move(query)),
                           http::Responder::toFunction([this](http::Response response) {
                               BILLING_ASSERT(!answer);
                               answer = std::move(response);
                           }),
                           {api::getCurrentUsage, api::Pool::Kernel});
        rooms.executor.runUntilIdle();
    }
    /// "12 up to 2", or the refusal, or "(waits)".
    std::string told() const
    {
        if (!answer)
            return "(waits)";
        if (answer->status != 200)
            return test::outcome(*answer);
        const auto report = wire::decodeUsageReport(test::bodyText(*answer)).value();
        return report.groups.front().quantity.toText() + " up to " +
               std::to_string(report.position->number());
    }
    wire::UsageReport report() const { return wire::decodeUsageReport(test::bodyText(*answer)).value(); }

    test::ApiFixture rooms;
    std::optional<http::Response> answer;
};

} // namespace

class TestUsageAtLeast : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void refusalsDoNotWait();
    void whatIsSettledIsToldAtOnce();
    void waitsUntilSettled();
    void settlingOutOfTurnIsNotEnough();
    void toldAsItIsWhenTheTimeIsOver_data();
    void toldAsItIsWhenTheTimeIsOver();
    void aLostHintCostsASecond();
    void manyMayWait();
    void tellsItsLag();
    void tellsTheLimit_data();
    void tellsTheLimit();
    void noLimitWithoutOne();
};

void TestUsageAtLeast::refuses_data()
{
    QTest::addColumn<QString>("atLeast");
    QTest::addColumn<QString>("wait");
    QTest::addColumn<QString>("answer");
    const auto row = [](const char* name, const char* atLeast, const char* wait, const char* answer) {
        QTest::newRow(name) << QString::fromUtf8(atLeast) << QString::fromUtf8(wait)
                            << QString::fromUtf8(answer);
    };
    for (const char* position : {"0", "-1", "+1", "1.0", "1e0", " 1", "0x1", "x", "9223372036854775808"})
        row(position, position, "", "422 invalid_value at_least");
    row("ahead", "2", "", "422 position_not_accepted at_least");
    row("far ahead", "9223372036854775807", "", "422 position_not_accepted at_least");
    for (const char* wait : {"-1", "11", "1.5", "settled", "1s"})
        row((std::string("wait ") + wait).c_str(), "1", wait, "422 invalid_value wait");
    row("wait alone", "", "1", "400 unknown_parameter wait");
    row("twin", "1", "10", "1 up to 1");
    row("twin without", "", "", "1 up to 1");
}

void TestUsageAtLeast::refuses()
{
    QFETCH(QString, atLeast);
    QFETCH(QString, wait);
    QFETCH(QString, answer);
    Asking asking;
    test::Query query;
    if (!atLeast.isEmpty())
        query.emplace_back("at_least", atLeast.toStdString());
    if (!wait.isEmpty())
        query.emplace_back("wait", wait.toStdString());
    asking.ask(query);
    QCOMPARE(asking.told(), answer.toStdString());
}

void TestUsageAtLeast::refusalsDoNotWait()
{
    Asking asking;
    asking.send("e2", "2");
    asking.ask({{"at_least", "2"}}, "nobody");
    QCOMPARE(asking.told(), std::string("404 not_found tenant_id"));
}

void TestUsageAtLeast::whatIsSettledIsToldAtOnce()
{
    Asking asking;
    asking.send("e2", "2");
    asking.ask({{"at_least", "1"}}); // the second one is not asked for
    QCOMPARE(asking.told(), std::string("1 up to 1"));
}

void TestUsageAtLeast::waitsUntilSettled()
{
    Asking asking;
    asking.send("e2", "2");
    asking.ask({{"at_least", "2"}});
    QCOMPARE(asking.told(), std::string("(waits)"));
    asking.rooms.settleAll();
    asking.rooms.executor.runUntilIdle();
    QCOMPARE(asking.told(), std::string("3 up to 2"));
    asking.rooms.executor.advance(20s); // and nothing is told twice
}

void TestUsageAtLeast::settlingOutOfTurnIsNotEnough()
{
    Asking asking;
    asking.send("e2", "2");
    asking.send("e3", "4");
    asking.ask({{"at_least", "3"}});
    // Another settler took the third row; the second still waits.
    const storage::SettledRow third{JournalPosition(3), "s"};
    BILLING_ASSERT(asking.rooms.store.storage()
                       .write(Scope::system("test"), Priority::Settle, test::anyWork(),
                              [&](Work& work) {
                                  return storage::markSettled(work, {&third, 1}, asking.rooms.clock.now());
                              })
                       .has_value());
    const SettledNotice notice{JournalPosition(3), "s"};
    asking.rooms.bus.publishSettled({&notice, 1});
    asking.rooms.executor.runUntilIdle();
    QCOMPARE(asking.told(), std::string("(waits)"));
    asking.rooms.settleAll();
    asking.rooms.executor.advance(1s);
    QCOMPARE(asking.told(), std::string("3 up to 3")); // the third was not really stored
}

void TestUsageAtLeast::toldAsItIsWhenTheTimeIsOver_data()
{
    QTest::addColumn<QString>("wait");
    QTest::addColumn<int>("milliseconds");
    QTest::newRow("ten seconds") << "" << 10'000;
    QTest::newRow("three seconds") << "3" << 3'000;
    QTest::newRow("not at all") << "0" << 0;
}

void TestUsageAtLeast::toldAsItIsWhenTheTimeIsOver()
{
    QFETCH(QString, wait);
    QFETCH(int, milliseconds);
    Asking asking;
    asking.send("e2", "2");
    test::Query query{{"at_least", "2"}};
    if (!wait.isEmpty())
        query.emplace_back("wait", wait.toStdString());
    asking.ask(query);
    if (milliseconds > 0) {
        asking.rooms.executor.advance(std::chrono::milliseconds(milliseconds - 1));
        QCOMPARE(asking.told(), std::string("(waits)"));
        asking.rooms.executor.advance(1ms);
    }
    QCOMPARE(asking.told(), std::string("1 up to 1"));
}

void TestUsageAtLeast::aLostHintCostsASecond()
{
    Asking asking;
    asking.send("e2", "2");
    asking.ask({{"at_least", "2"}});
    QVERIFY(asking.rooms.settler.settle(1'000)); // and tells nobody
    asking.rooms.executor.advance(999ms);
    QCOMPARE(asking.told(), std::string("(waits)"));
    asking.rooms.executor.advance(1ms);
    QCOMPARE(asking.told(), std::string("3 up to 2"));
}

void TestUsageAtLeast::manyMayWait()
{
    Asking asking;
    int answered = 0;
    for (int i = 2; i < 12; ++i) {
        asking.send("e" + std::to_string(i), "1");
        api::answerAtLeast(asking.rooms.services,
                           asking.rooms.get({"acme"}, {{"metric_type", "api_request"},
                                                       {"from", "2026-09-01"},
                                                       {"to", "2026-10-01"},
                                                       {"at_least", std::to_string(i)}}),
                           http::Responder::toFunction([&answered](const http::Response& response) {
                               answered += response.status == 200 ? 1 : 0;
                           }),
                           {api::getUsage, api::Pool::LongReads});
    }
    asking.rooms.executor.runUntilIdle();
    QCOMPARE(answered, 0);
    asking.rooms.settleAll();
    asking.rooms.executor.runUntilIdle();
    QCOMPARE(answered, 10);
}

void TestUsageAtLeast::tellsItsLag()
{
    Asking asking;
    asking.ask({});
    QVERIFY(asking.report().lag == 0ms);
    asking.send("e2", "2");
    asking.rooms.clock.advance(1'500ms);
    asking.send("e3", "2");
    asking.answer.reset();
    asking.ask({});
    QVERIFY(asking.report().lag == 1'500ms);
    QCOMPARE(asking.report().asOf, asking.rooms.clock.now());
}

void TestUsageAtLeast::tellsTheLimit_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("state");
    QTest::newRow("ok") << "79998"
                        << "ok";
    QTest::newRow("near") << "79999"
                          << "near";
    QTest::newRow("at the limit") << "99999"
                                  << "near";
    QTest::newRow("exceeded") << "100000"
                              << "exceeded";
}

void TestUsageAtLeast::tellsTheLimit()
{
    QFETCH(QString, value);
    QFETCH(QString, state);
    Asking asking; // which has used 1
    asking.rooms.subscribe("acme", "zero", "2026-09-01");
    asking.rooms.sendAndSettle("acme", value.toStdString(), now);
    asking.ask({});
    const auto limit = asking.report().limit;
    QVERIFY(limit);
    QCOMPARE(limit->included.toText(), std::string("100000"));
    QCOMPARE(limit->used.toText(), std::to_string(value.toInt() + 1));
    QCOMPARE(limit->asOf, asking.rooms.clock.now());
    QCOMPARE(std::string(wire::wireName(limit->state)), state.toStdString());
    // The same beside any other span: it is about the period that holds now.
    const auto other = api::getUsage(
        asking.rooms.services,
        asking.rooms.get({"acme"},
                         {{"metric_type", "api_request"}, {"from", "2026-01-01"}, {"to", "2026-02-01"}}));
    QVERIFY(wire::decodeUsageReport(test::bodyText(*other)).value().limit == limit);
}

void TestUsageAtLeast::noLimitWithoutOne()
{
    Asking asking;
    asking.ask({});
    QVERIFY(!asking.report().limit); // no subscription
    asking.rooms.subscribe("acme", "enterprise", "2026-09-01");
    asking.answer.reset();
    asking.ask({});
    QVERIFY(!asking.report().limit); // unlimited
}

QTEST_GUILESS_MAIN(TestUsageAtLeast)
#include "tst_usage_at_least.moc"
