// Answers kept for idempotency keys: once per owner and key, with the effect or not at all. And how far the
// journal says it has come.
//
// Tests: idempotency.cpp journal_state.cpp
#include "server/storage/also_write.h"
#include "server/storage/idempotency.h"
#include "server/storage/journal.h"
#include "server/storage/journal_state.h"
#include "tests/server/storage/storage_fixture.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::storage;
using namespace billing::test;

namespace {

const Instant noon = Instant::parse("2023-11-01T12:00:00Z").value();

KeptAnswer answer(std::string body, Instant at = noon)
{
    return {std::string("\x00\xff", 2) + std::string(30, 'd'), 201, std::move(body), at};
}

struct Answers
{
    Result<void> write(const Storage::Body& body)
    {
        return store.storage().write(Scope::system("test"), Priority::Money, anyWork(), body);
    }
    std::string keep(const AnswerKey& key, const KeptAnswer& kept)
    {
        const auto done = write([&](Work& work) { return keepAnswer(work, key, kept); });
        return done ? "kept" : std::string(wireName(done.error().code));
    }
    std::string find(const AnswerKey& key)
    {
        const auto found = readValue(store.storage(), Scope::system("test"), [&](Work& work) {
                               return findKeptAnswer(work, key);
                           }).value();
        return found ? found->sealedBody : "(nothing)";
    }
    std::string journal()
    {
        const auto state = readValue(store.storage(), Scope::system("test"), [](Work& work) {
                               return journalState(work);
                           }).value();
        return "accepted " + std::to_string(state.acceptedUpTo.number()) + ", settled " +
               std::to_string(state.settledUpTo.number()) + ", oldest " +
               (state.oldestWaiting ? state.oldestWaiting->toText() : "none");
    }
    void append(Instant at)
    {
        const NewJournalRow row{at, 1, "body"};
        QVERIFY(write([&](Work& work) -> Result<void> {
            const auto rows = appendJournal(work, {&row, 1});
            return rows ? Result<void>() : rows.error();
        }));
    }
    void settle(std::int64_t position)
    {
        const SettledRow row{JournalPosition(position), "s"};
        QVERIFY(write([&](Work& work) { return markSettled(work, {&row, 1}, noon); }));
    }

    StorageFixture store{StorageFixture::Writer::Inline};
};

} // namespace

class TestKeptAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTakenKeyRefusesTheWholeWork();
    void aRefusedWorkKeepsNothing();
    void keysCompareAsBytesAndByOwner();
    void everythingComesBack();
    void theOldestGoFirst();
    void theJournalsState();
};

void TestKeptAnswers::aTakenKeyRefusesTheWholeWork()
{
    Answers answers;
    QCOMPARE(answers.keep({"tenant:acme", "k"}, answer("first")), std::string("kept"));
    const auto second = answers.write([&](Work& work) {
        return keepAnswer(work, {"tenant:acme", "effect"}, answer("effect")).and_then([&] {
            return keepAnswer(work, {"tenant:acme", "k"}, answer("second"));
        });
    });
    QCOMPARE(second.error().code, ErrorCode::IdempotencyKeyInFlight);
    QCOMPARE(answers.find({"tenant:acme", "k"}), std::string("first"));
    QCOMPARE(answers.find({"tenant:acme", "effect"}), std::string("(nothing)"));
}

void TestKeptAnswers::aRefusedWorkKeepsNothing()
{
    Answers answers;
    const AlsoWrite<int> also = [](Work& work, const int& result) {
        return keepAnswer(work, {"tenant:acme", "k"}, answer(std::to_string(result)));
    };
    const auto refused = answers.write([&](Work& work) -> Result<void> {
        const auto done = alsoWriting<int>(work, Error{ErrorCode::NotFound}, also);
        return done ? Result<void>() : done.error();
    });
    QCOMPARE(refused.error().code, ErrorCode::NotFound);
    QCOMPARE(answers.find({"tenant:acme", "k"}), std::string("(nothing)"));
    QVERIFY(answers.write([&](Work& work) -> Result<void> {
        const auto done = alsoWriting<int>(work, 42, also);
        return done ? Result<void>() : done.error();
    }));
    QCOMPARE(answers.find({"tenant:acme", "k"}), std::string("42"));
}

void TestKeptAnswers::keysCompareAsBytesAndByOwner()
{
    Answers answers;
    for (const char* owner : {"tenant:acme", "tenant:Acme", "subject:acme"})
        for (const char* key : {"k", "K", "k ", "k%", "k_"})
            QCOMPARE(answers.keep({owner, key}, answer(std::string(owner) + key)), std::string("kept"));
    QCOMPARE(answers.find({"tenant:Acme", "k "}), std::string("tenant:Acmek "));
}

void TestKeptAnswers::everythingComesBack()
{
    Answers answers;
    const KeptAnswer kept{std::string("\x00\x01\xfe\xff", 4) + std::string(28, '\0'), 202,
                          std::string("\x00 any bytes \xff", 13), noon};
    QCOMPARE(answers.keep({"tenant:acme", std::string(255, '~')}, kept), std::string("kept"));
    const auto found = readValue(answers.store.storage(), Scope::system("test"), [](Work& work) {
                           return findKeptAnswer(work, {"tenant:acme", std::string(255, '~')});
                       }).value();
    QVERIFY(found);
    QCOMPARE(found->requestDigest, kept.requestDigest);
    QCOMPARE(found->status, kept.status);
    QCOMPARE(found->sealedBody, kept.sealedBody);
    QCOMPARE(found->keptAt, kept.keptAt);
}

void TestKeptAnswers::theOldestGoFirst()
{
    Answers answers;
    for (int i = 0; i < 3; ++i)
        answers.keep({"tenant:acme", std::to_string(i)}, answer("a", noon.plus(std::chrono::hours(i))));
    const auto forget = [&](Instant before, std::int64_t atMost) {
        return writeValue(answers.store.storage(), Scope::system("test"), Priority::Maintenance, anyWork(),
                          [&](Work& work) { return forgetAnswersBefore(work, before, atMost); })
            .value();
    };
    QCOMPARE(forget(noon, 10), std::int64_t{0});
    QCOMPARE(forget(noon.plus(std::chrono::hours(9)), 1), std::int64_t{1});
    QCOMPARE(answers.find({"tenant:acme", "0"}), std::string("(nothing)"));
    QCOMPARE(answers.find({"tenant:acme", "1"}), std::string("a"));
    QCOMPARE(forget(noon.plus(std::chrono::hours(9)), 10), std::int64_t{2});
}

void TestKeptAnswers::theJournalsState()
{
    Answers answers;
    QCOMPARE(answers.journal(), std::string("accepted 0, settled 0, oldest none"));
    answers.append(noon);
    answers.append(noon.plus(std::chrono::seconds(1)));
    answers.append(noon.plus(std::chrono::seconds(2)));
    QCOMPARE(answers.journal(), std::string("accepted 3, settled 0, oldest 2023-11-01T12:00:00Z"));
    answers.settle(1);
    answers.settle(3); // out of turn: 2 still waits
    QCOMPARE(answers.journal(), std::string("accepted 3, settled 1, oldest 2023-11-01T12:00:01Z"));
    answers.settle(2);
    QCOMPARE(answers.journal(), std::string("accepted 3, settled 3, oldest none"));
    // Forgetting old rows does not set the journal back.
    QCOMPARE(
        writeValue(answers.store.storage(), Scope::system("test"), Priority::Maintenance, anyWork(),
                   [](Work& work) { return forgetSettledBefore(work, noon.plus(std::chrono::hours(1))); })
            .value(),
        std::int64_t{2});
    QCOMPARE(answers.journal(), std::string("accepted 3, settled 3, oldest none"));
}

QTEST_APPLESS_MAIN(TestKeptAnswers)
#include "tst_kept_answers.moc"
