// An event counts once, however often it is sent, in whatever batch, by whichever settler; a row nobody can
// read stands in nobody's way.
//
// Tests: settler.cpp settle_batch.cpp unlisted_watch.cpp
#include "server/storage/journal_body.h"
#include "server/storage/unlisted_values.h"
#include "server/storage/usage_conflicts.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

namespace {

class House : public BillingWorld
{
public:
    House() { addTenant("nova"); }

    UsageEvent at(const std::string& id, const std::string& value) const
    {
        return event("nova", id, value, "2023-10-31T10:15:00Z");
    }
    /// What became of the events of the oldest rows, one word per row.
    std::string settle(std::int64_t maxEvents = 1'000)
    {
        const auto report = settler.settle(maxEvents).value();
        intake.settled(report.events);
        std::string words;
        for (const SettledNotice& notice : report.notices)
            words += (words.empty() ? "" : " ") + notice.outcomes;
        return words;
    }
    UsageEvent tokens(const std::string& id, const std::string& direction, const std::string& model) const
    {
        UsageEvent one = at(id, "1");
        one.metricType = "llm_tokens";
        one.dimensions = {{"direction", direction}, {"model", model}};
        return one;
    }
    /// "model=GPT4@09", oldest first, with the hour in which it was noted.
    std::string unlisted() const
    {
        const auto all = readValue(storage(), Scope::allTenants("test"),
                                   [](Work& work) { return storage::oldestUnlistedValues(work, {}); });
        std::string text;
        for (const storage::UnlistedValue& one : *all)
            text += one.key.dimension + "=" + one.key.value + "@" + one.firstAt.toText().substr(11, 2) + " ";
        return text;
    }
    std::string rollup() const
    {
        const storage::RollupKey key{"nova", "api_request", 1, "",
                                     Instant::parse("2023-10-31T10:00:00Z")->micros()};
        return readValue(storage(), Scope::tenant(TenantId("nova")),
                         [&](Work& work) -> Result<std::string> {
                             const auto found = storage::findRollup(work, key);
                             return *found ? (*found)->encode() : std::string("none");
                         })
            .value();
    }
    std::int64_t head() const
    {
        return readValue(storage(), Scope::tenant(TenantId("nova")),
                         [&](Work& work) { return storage::readHead(work, TenantId("nova")); })
            ->number();
    }
    std::int64_t count(Result<std::int64_t> (*ask)(Work&)) const
    {
        return readValue(storage(), Scope::allTenants("test"), ask).value();
    }
    void appendRaw(std::string body)
    {
        const storage::NewJournalRow row{clock.now(), 1, std::move(body)};
        BILLING_ASSERT(
            storage().write(Scope::allTenants("test"), Priority::Accept, anyWork(), [&](Work& work) {
                const auto done = storage::appendJournal(work, {&row, 1});
                return done ? Result<void>() : done.error();
            }));
    }
};

} // namespace

class TestSettler : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingWaits();
    void repeatsAndConflictsCountOnce();
    void copiesInOneBatchCountOnce();
    void anotherSettlerGoesOn();
    void unreadableRowIsBuriedAlone();
    void overflowIsBuriedAlone();
    void takesAtLeastOneRow();
    void settleNumberGrowsPerSettling();
    void conflictsKeepBothPayloads();
    void unlistedValuesAreNotedWhenMetered();
    void listedValuesAreNot();
    void tooManyUnlistedValuesAreOneMark();
    void whatTheRulesOfTodayRefuseStillSettles();
};

void TestSettler::nothingWaits()
{
    House house;
    const auto report = house.settler.settle(1'000).value();
    QVERIFY(report.notices.empty() && report.events == 0 && report.deadLetters == 0);
}

void TestSettler::repeatsAndConflictsCountOnce()
{
    House house;
    house.accept({house.at("a", "1.5"), house.at("b", "2")});
    QCOMPARE(house.settle(), std::string("ss"));
    house.accept({house.at("a", "1.50"), house.at("b", "3"), house.at("c", "4")});
    QCOMPARE(house.settle(), std::string("dcs"));
    QCOMPARE(house.rollup(), std::string("1:sum:3:7.5"));
    QCOMPARE(readValue(house.storage(), Scope::allTenants("test"),
                       [](Work& work) { return storage::conflictsOf(work, TenantId("nova")); })
                 .value(),
             std::int64_t{1});
}

void TestSettler::copiesInOneBatchCountOnce()
{
    House house;
    house.accept({house.at("a", "1"), house.at("a", "1"), house.at("a", "2")});
    house.accept({house.at("a", "1")});
    QCOMPARE(house.settle(), std::string("sdc d"));
    QCOMPARE(house.rollup(), std::string("1:sum:1:1"));
}

void TestSettler::anotherSettlerGoesOn()
{
    House house;
    house.accept({house.at("a", "1")});
    house.settle();
    house.accept({house.at("a", "1"), house.at("b", "2")});
    Settler second({house.storage(), house.clock, house.ids}, house.meters);
    QCOMPARE(second.settle(1'000)->notices.at(0).outcomes, std::string("ds"));
    QCOMPARE(house.rollup(), std::string("1:sum:2:3"));
}

void TestSettler::unreadableRowIsBuriedAlone()
{
    House house;
    house.accept({house.at("a", "1")});
    house.appendRaw("not a journal body");
    house.accept({house.at("b", "2")});
    const auto report = house.settler.settle(1'000).value();
    QCOMPARE(report.deadLetters, std::int64_t{1});
    QCOMPARE(report.events, std::int64_t{3});
    QCOMPARE(house.rollup(), std::string("1:sum:2:3"));
    QCOMPARE(house.count(storage::deadLetters), std::int64_t{1});
    QCOMPARE(house.settle(), std::string());
}

void TestSettler::overflowIsBuriedAlone()
{
    House house;
    std::vector<UsageEvent> many;
    UsageEvent huge = house.at("h", "1");
    huge.value = Decimal::parseTotal("99999999999999999999999999").value();
    for (int i = 0; i < 2; ++i) {
        huge.eventId = "h" + std::to_string(i);
        many.push_back(huge);
    }
    house.appendRaw(storage::encodeJournalBody(many));
    house.accept({house.at("a", "1")});
    const auto report = house.settler.settle(1'000).value();
    QCOMPARE(report.deadLetters + static_cast<std::int64_t>(report.notices.size()), std::int64_t{2});
    QCOMPARE(house.settle(), std::string());
}

void TestSettler::takesAtLeastOneRow()
{
    House house;
    house.accept({house.at("a", "1"), house.at("b", "1"), house.at("c", "1")});
    house.accept({house.at("d", "1")});
    QCOMPARE(house.settle(2), std::string("sss"));
    QCOMPARE(house.settle(2), std::string("s"));
}

void TestSettler::settleNumberGrowsPerSettling()
{
    House house;
    QCOMPARE(house.head(), std::int64_t{0});
    for (const std::int64_t number : {1, 2, 3}) {
        house.accept({house.at("e" + std::to_string(number), "1")});
        house.settle();
        QCOMPARE(house.head(), number);
    }
}

void TestSettler::conflictsKeepBothPayloads()
{
    House house;
    house.accept({house.at("a", "1")});
    house.settle();
    house.accept({house.at("b", "5"), house.at("a", "2"), house.at("a", "2.0"), house.at("a", "3")});
    QCOMPARE(house.settle(), std::string("sccc"));
    house.accept({house.at("a", "2")});
    QCOMPARE(house.settle(), std::string("c"));
    const auto kept = readValue(house.storage(), Scope::allTenants("test"), [](Work& work) {
                          return storage::newestConflicts(work, {});
                      }).value();
    std::string told;
    for (const storage::KeptConflict& one : kept) {
        QVERIFY(one.noticedAt == house.clock.now());
        told += one.eventId + "=" + one.refused->value.toText() + "@" +
                std::to_string(one.place.position.number()) + "." + std::to_string(one.place.ordinal) + " ";
    }
    QCOMPARE(told, std::string("a=3@2.3 a=2@2.1 "));
}

void TestSettler::unlistedValuesAreNotedWhenMetered()
{
    House house;
    house.accept({house.tokens("a", "input", "gpt4"), house.tokens("b", "input", "GPT4")});
    house.settle();
    house.moveTo("2023-11-01T10:00:00Z");
    house.accept({house.tokens("c", "input", "GPT4"), house.tokens("d", "Input", "GPT4"),
                  house.tokens("b", "input", "gpt5")}); // the last one is a conflict: it is not metered
    QCOMPARE(house.settle(), std::string("ssc"));
    QCOMPARE(house.unlisted(), std::string("model=GPT4@09 direction=Input@10 "));
    // Another process knows nothing and notes nothing anew.
    Settler second({house.storage(), house.clock, house.ids}, house.meters,
                   std::make_shared<UnlistedWatch>(house.catalog));
    house.moveTo("2023-11-01T11:00:00Z");
    house.accept({house.tokens("e", "input", "GPT4"), house.tokens("f", "output", "gpt-4")});
    QCOMPARE(second.settle(1'000)->notices.at(0).outcomes, std::string("ss"));
    QCOMPARE(house.unlisted(), std::string("model=GPT4@09 direction=Input@10 model=gpt-4@11 "));
}

void TestSettler::listedValuesAreNot()
{
    House house;
    for (const char* direction : {"input", "output"})
        for (const char* model : {"gpt4", "gpt35", "claude"})
            house.accept({house.tokens(std::string(direction) + model, direction, model)});
    UsageEvent other = house.at("x", "1"); // a dimension that no meter declares
    other.dimensions = {{"model", "GPT4"}};
    house.accept({other});
    while (!house.settle().empty()) {
    }
    QCOMPARE(house.unlisted(), std::string());
}

void TestSettler::tooManyUnlistedValuesAreOneMark()
{
    House house;
    std::vector<UsageEvent> many;
    for (int i = 0; i < 1'200; ++i)
        many.push_back(house.tokens("e" + std::to_string(i), "input", "model-" + std::to_string(i)));
    house.accept(many);
    house.settle(10'000);
    QCOMPARE(house.count([](Work& work) { return storage::unlistedValueCount(work, 10'000); }),
             storage::notedValues + 1);
    house.accept({house.tokens("f", "input", "model-x")});
    QCOMPARE(house.settle(), std::string("s"));
    QCOMPARE(house.count([](Work& work) { return storage::unlistedValueCount(work, 10'000); }),
             storage::notedValues + 1);
}

void TestSettler::whatTheRulesOfTodayRefuseStillSettles()
{
    // Accepted by an older version: what is in the journal was acknowledged, and is metered.
    House house;
    UsageEvent old = house.at("id\x01\xE2\x80\x8B", "4");
    old.source = "edge\x7F";
    old.dimensions = {{"zone", "a\nb"}};
    UsageEvent without = house.tokens("m", "input", "gpt4");
    without.dimensions.pop_back();
    house.appendRaw(storage::encodeJournalBody(std::vector<UsageEvent>{old, without}));
    const auto report = house.settler.settle(1'000).value();
    QCOMPARE(report.deadLetters, std::int64_t{0});
    QCOMPARE(report.notices.at(0).outcomes, std::string("ss"));
    QCOMPARE(house.rollup(), std::string("1:sum:1:4"));
}

QTEST_GUILESS_MAIN(TestSettler)
#include "tst_settler.moc"
