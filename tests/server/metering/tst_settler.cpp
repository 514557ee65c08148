// An event counts once, however often it is sent, in whatever batch, by whichever settler; a row nobody can
// read stands in nobody's way.
//
// Tests: settler.cpp settle_batch.cpp
#include "server/storage/journal_body.h"
#include "server/storage/usage.h"
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

QTEST_GUILESS_MAIN(TestSettler)
#include "tst_settler.moc"
