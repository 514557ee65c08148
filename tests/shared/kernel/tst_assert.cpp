// An assertion that fails ends the program, in release too; one that holds costs nothing but its condition.
#include "shared/kernel/assert.h"

#include "tests/support/dies.h"

#include <QTest>

using billing::test::diesByAssertion;

class TestAssert : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void failing()
    {
        QVERIFY(diesByAssertion([] { BILLING_ASSERT(false); }));
    }
    void holding()
    {
        QVERIFY(!diesByAssertion([] { BILLING_ASSERT(true); }));
    }
    void conditionIsEvaluatedOnce()
    {
        int evaluated = 0;
        BILLING_ASSERT(++evaluated == 1);
        QCOMPARE(evaluated, 1);
    }
};

QTEST_APPLESS_MAIN(TestAssert)

#include "tst_assert.moc"
