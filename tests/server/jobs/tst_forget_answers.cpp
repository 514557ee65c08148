// Answers kept for idempotency keys go after 30 days and not before, a slice at a time.
#include "server/jobs/forget_answers.h"
#include "server/storage/idempotency.h"
#include "tests/server/invoicing/billing_world.h"

#include <QTest>

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

const storage::AnswerKey key(std::string owner, int number)
{
    return {std::move(owner), "key-" + std::to_string(number)};
}

void keep(BillingWorld& world, int from, int to)
{
    const storage::KeptAnswer answer{std::string(32, 'd'), 201, "sealed", world.clock.now()};
    QVERIFY(world.storage().write(
        Scope::system("test"), Priority::Money, anyWork(), [&](Work& work) -> Result<void> {
            for (int i = from; i < to; ++i) {
                const auto kept = storage::keepAnswer(work, key("tenant:acme", i), answer);
                if (!kept)
                    return kept;
            }
            return {};
        }));
}

bool isKept(BillingWorld& world, int number)
{
    return readValue(world.storage(), Scope::system("test"),
                     [&](Work& work) { return storage::findKeptAnswer(work, key("tenant:acme", number)); })
        .value()
        .has_value();
}

} // namespace

class TestForgetAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyAfterThirtyDays();
    void aSliceAtATime();
};

void TestForgetAnswers::onlyAfterThirtyDays()
{
    BillingWorld world;
    const ForgettingPorts ports{world.storage(), world.clock, world.ids};
    keep(world, 0, 1);
    world.clock.advance(std::chrono::hours(24 * 30));
    keep(world, 1, 2);
    QCOMPARE(forgetOldAnswers(ports).value(), false);
    QVERIFY(isKept(world, 0)); // exactly 30 days old
    world.clock.advance(1us);
    QCOMPARE(forgetOldAnswers(ports).value(), false);
    QVERIFY(!isKept(world, 0));
    QVERIFY(isKept(world, 1));
}

void TestForgetAnswers::aSliceAtATime()
{
    BillingWorld world;
    const ForgettingPorts ports{world.storage(), world.clock, world.ids};
    keep(world, 0, 1'001);
    world.clock.advance(std::chrono::hours(24 * 31));
    QCOMPARE(forgetOldAnswers(ports).value(), true);
    QCOMPARE(forgetOldAnswers(ports).value(), false);
    QVERIFY(!isKept(world, 1'000));
}

QTEST_GUILESS_MAIN(TestForgetAnswers)
#include "tst_forget_answers.moc"
