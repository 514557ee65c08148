// The journal: in order, at least one row at a time, marked once, forgotten only when settled long ago; and a
// body that is read back digit for digit or refused.
//
// Tests: journal.cpp journal_body.cpp
#include "server/storage/journal.h"
#include "server/storage/journal_body.h"
#include "tests/server/storage/storage_fixture.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::storage;
using namespace billing::test;

namespace {

const Instant noon = Instant::parse("2023-11-01T12:00:00Z").value();

struct Journal
{
    template <class F>
    auto write(F&& body)
    {
        return writeValue(store.storage(), Scope::system("test"), Priority::Settle, anyWork(), body);
    }
    template <class F>
    auto read(F&& body)
    {
        return readValue(store.storage(), Scope::system("test"), body);
    }
    std::int64_t append(std::int64_t events, Instant at = noon)
    {
        const NewJournalRow row{at, events, "body"};
        return write([&](Work& work) { return appendJournal(work, {&row, 1}); })->front().number();
    }
    std::string waiting(std::int64_t maxEvents)
    {
        std::string text;
        const auto rows = read([&](Work& work) { return waitingRows(work, maxEvents); });
        for (const JournalRow& row : *rows)
            text += std::to_string(row.position.number()) + " ";
        return text;
    }
    Result<int> settle(std::int64_t position, std::string outcomes, Instant at = noon)
    {
        const SettledRow row{JournalPosition(position), std::move(outcomes)};
        return settle({&row, 1}, at);
    }
    Result<int> settle(std::span<const SettledRow> rows, Instant at = noon)
    {
        return write([&](Work& work) -> Result<int> {
            const auto done = markSettled(work, rows, at);
            return done ? Result<int>(0) : done.error();
        });
    }
    /// Of each row up to that one; "-" where there are none.
    std::string outcomes(std::int64_t last)
    {
        std::string text;
        for (std::int64_t position = 1; position <= last; ++position)
            text +=
                read([&](Work& work) { return outcomesOf(work, JournalPosition(position)); })->value_or("-") +
                " ";
        return text;
    }

    StorageFixture store{StorageFixture::Writer::Inline};
};

std::vector<UsageEvent> events(std::size_t count)
{
    std::vector<UsageEvent> all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back({TenantId("nova"),
                       "kernel\0x",
                       "e" + std::to_string(i),
                       "llm_tokens",
                       Decimal::parse("123456789012345678.000000000001").value(),
                       noon,
                       {{"direction", ""}, {"model", "gpt,4=%"}}});
    return all;
}

} // namespace

class TestJournal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowIsSettledOnce();
    void manyRowsAreSettledEachWithItsOutcomes();
    void oneRowThatIsSettledAlreadyRefusesAll();
    void waitingRowsAreLimitedByEvents();
    void longBacklogIsReadToItsLimit();
    void deadRowsDoNotWait();
    void forgetsOnlyWhatWasSettledBefore();
    void damagedBodiesAreRefused();
    void bodiesComeBack();
};

void TestJournal::rowIsSettledOnce()
{
    Journal journal;
    QCOMPARE(journal.append(2), std::int64_t{1});
    QVERIFY(!journal.read([](Work& work) { return outcomesOf(work, JournalPosition(1)); })->has_value());
    QVERIFY(journal.settle(1, "sd"));
    QCOMPARE(journal.settle(1, "ss").error().code, ErrorCode::StorageBusy);
    QCOMPARE(journal.settle(9, "ss").error().code, ErrorCode::StorageBusy);
    QCOMPARE(journal.read([](Work& work) { return outcomesOf(work, JournalPosition(1)); })->value(),
             std::string("sd"));
}

void TestJournal::manyRowsAreSettledEachWithItsOutcomes()
{
    Journal journal;
    for (int i = 0; i < 9; ++i)
        journal.append(1);
    // Those between are not ours: 3 is left out, 6 is dead, and neither may be drawn into its neighbours'
    // run.
    QVERIFY(journal.store.storage().write(Scope::system("test"), Priority::Settle, anyWork(), [](Work& work) {
        return markDead(work, JournalPosition(6), "corrupt", noon);
    }));
    std::vector<SettledRow> rows;
    for (const auto& [position, outcomes] : std::initializer_list<std::pair<std::int64_t, const char*>>{
             {1, "s"}, {2, "s"}, {4, "s"}, {5, "s"}, {7, "s"}, {8, "d"}, {9, "s"}})
        rows.push_back({JournalPosition(position), outcomes});
    QVERIFY(journal.settle(rows));
    QCOMPARE(journal.outcomes(9), std::string("s s - s s - s d s "));
    QCOMPARE(journal.waiting(99), std::string("3 "));
}

void TestJournal::oneRowThatIsSettledAlreadyRefusesAll()
{
    Journal journal;
    for (int i = 0; i < 4; ++i)
        journal.append(1);
    QVERIFY(journal.settle(3, "c"));
    std::vector<SettledRow> rows;
    for (const std::int64_t position : {1, 2, 3, 4})
        rows.push_back({JournalPosition(position), "s"});
    QCOMPARE(journal.settle(rows).error().code, ErrorCode::StorageBusy);
    QCOMPARE(journal.outcomes(4), std::string("- - c - "));
}

void TestJournal::waitingRowsAreLimitedByEvents()
{
    Journal journal;
    for (const std::int64_t count : {5, 2, 2, 1})
        journal.append(count);
    QCOMPARE(journal.waiting(1), std::string("1 "));
    QCOMPARE(journal.waiting(7), std::string("1 2 "));
    QCOMPARE(journal.waiting(8), std::string("1 2 ")); // the row of one event does not overtake
    QCOMPARE(journal.waiting(99), std::string("1 2 3 4 "));
}

void TestJournal::longBacklogIsReadToItsLimit()
{
    Journal journal;
    const std::vector<NewJournalRow> rows(300, {noon, 2, "body"});
    QVERIFY(journal.write([&](Work& work) { return appendJournal(work, rows); }));
    for (const std::int64_t count : {1, 63, 64, 65, 191, 192, 193, 300}) {
        const auto found = journal.read([&](Work& work) { return waitingRows(work, count * 2 + 1); });
        QCOMPARE(found->size(), static_cast<std::size_t>(count));
        QCOMPARE(found->back().position.number(), count);
    }
    const auto behind = journal.read([&](Work& work) { return waitingRows(work, 4, JournalPosition(298)); });
    QCOMPARE(behind->front().position.number(), std::int64_t{299});
    QCOMPARE(behind->size(), std::size_t{2});
    QVERIFY(journal.settle(2, "ss"));
    const auto taken = journal.write([&](Work& work) -> Result<std::size_t> {
        const auto positions = takeWaiting(work, JournalPosition(1), JournalPosition(3));
        return positions ? Result<std::size_t>(positions->size()) : positions.error();
    });
    QCOMPARE(taken.value(), std::size_t{2}); // what is settled is not taken again
}

void TestJournal::deadRowsDoNotWait()
{
    Journal journal;
    journal.append(3);
    journal.append(4, noon.plus(std::chrono::seconds(1)));
    const auto before = journal.read([](Work& work) { return backlog(work); });
    QCOMPARE(before->events, std::int64_t{7});
    QVERIFY(before->oldest == noon);
    QVERIFY(journal.store.storage().write(Scope::system("test"), Priority::Settle, anyWork(), [](Work& work) {
        return markDead(work, JournalPosition(1), "corrupt", noon);
    }));
    QVERIFY(
        !journal.read([](Work& work) { return anyWaitingBefore(work, noon.plus(std::chrono::seconds(1))); })
             .value());
    QVERIFY(
        journal.read([](Work& work) { return anyWaitingBefore(work, noon.plus(std::chrono::seconds(2))); })
            .value());
    QCOMPARE(journal.read([](Work& work) { return deadLetters(work); }).value(), std::int64_t{1});
    QCOMPARE(journal.read([](Work& work) { return settledUpTo(work); })->number(), std::int64_t{1});
}

void TestJournal::forgetsOnlyWhatWasSettledBefore()
{
    Journal journal;
    journal.append(1);
    journal.append(1);
    QVERIFY(journal.settle(1, "s", noon));
    const auto forget = [&](Instant before) {
        return journal.write([&](Work& work) { return forgetSettledBefore(work, before); }).value();
    };
    QCOMPARE(forget(noon), std::int64_t{0});
    QCOMPARE(forget(noon.plus(std::chrono::hours(1))), std::int64_t{1});
    QCOMPARE(forget(noon.plus(std::chrono::hours(9))), std::int64_t{0});
    QCOMPARE(journal.append(1), std::int64_t{3}); // positions are never used again
}

void TestJournal::damagedBodiesAreRefused()
{
    for (const std::size_t count : {std::size_t{1}, std::size_t{200}}) { // plain and compressed
        const std::string whole = encodeJournalBody(events(count));
        for (std::size_t length = 0; length < whole.size(); ++length)
            QCOMPARE(decodeJournalBody(whole.substr(0, length)).error().code, ErrorCode::CorruptJournalRow);
        QCOMPARE(decodeJournalBody("\x03" + whole).error().code, ErrorCode::CorruptJournalRow);
    }
}

void TestJournal::bodiesComeBack()
{
    for (const std::size_t count : {std::size_t{1}, std::size_t{1'000}}) {
        const auto all = events(count);
        QVERIFY(decodeJournalBody(encodeJournalBody(all)).value() == all);
    }
}

QTEST_GUILESS_MAIN(TestJournal)
#include "tst_journal.moc"
