// Meter states: only what this version wrote is read, sums and counts fold exactly, in any order and
// grouping.
#include "shared/model/meter_state.h"

#include <QTest>

using namespace billing;

namespace {

UsageEvent eventOf(const char* value)
{
    return {TenantId("acme"), "", "e", "m", Decimal::parse(value).value(), Instant::fromMicros(0), {}};
}

MeterState stateOf(Aggregation aggregation, std::initializer_list<const char*> values)
{
    MeterState state = MeterState::empty(aggregation).value();
    for (const char* value : values)
        if (!state.add(eventOf(value)))
            qFatal("a test value overflows");
    return state;
}

} // namespace

class TestMeterState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesAggregation_data();
    void refusesAggregation();
    void refusesText_data();
    void refusesText();
    void refusesOverflow();
    void folds_data();
    void folds();
    void readsWhatItWrote();
};

void TestMeterState::refusesAggregation_data()
{
    QTest::addColumn<int>("aggregation");
    QTest::newRow("max") << int(Aggregation::Max);
    QTest::newRow("unique") << int(Aggregation::UniqueCount);
    QTest::newRow("latest") << int(Aggregation::Latest);
    QTest::newRow("time weighted") << int(Aggregation::TimeWeighted);
}

void TestMeterState::refusesAggregation()
{
    QFETCH(int, aggregation);
    QCOMPARE(int(MeterState::empty(static_cast<Aggregation>(aggregation)).error().code),
             int(ErrorCode::InvalidValue));
}

void TestMeterState::refusesText_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"", "1", "1:sum", "1:sum:1", "2:sum:1:5", "01:sum:1:5", "1:max:1:5",
                             "1:other:1:5", "1:sum:-1:5", "1:sum:x:5", "1:sum:1x:5", "1:sum::5", "1:sum:1:",
                             "1:sum:1:x", "1:sum:1:5:", "1:sum:1:5 ", "1:sum:9223372036854775808:5"})
        QTest::newRow(text) << QByteArray(text);
}

void TestMeterState::refusesText()
{
    QFETCH(QByteArray, text);
    const auto state = MeterState::decode(text.toStdString());
    QVERIFY(!state);
    QCOMPARE(int(state.error().code), int(ErrorCode::InvalidValue));
}

void TestMeterState::refusesOverflow()
{
    MeterState large = MeterState::decode("1:sum:1:170141183460469231731687303").value();
    const MeterState before = large;
    QCOMPARE(int(large.add(eventOf("1")).error().code), int(ErrorCode::AmountOverflow));
    QCOMPARE(int(large.merge(before).error().code), int(ErrorCode::AmountOverflow));
    MeterState counted = MeterState::empty(Aggregation::Count).value();
    QCOMPARE(int(counted.merge(MeterState::empty(Aggregation::Sum).value()).error().code),
             int(ErrorCode::InvalidValue)); // two meanings do not add
    QCOMPARE(large, before);
}

void TestMeterState::folds_data()
{
    QTest::addColumn<int>("aggregation");
    QTest::addColumn<QByteArray>("quantity");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("sum") << int(Aggregation::Sum) << QByteArray("0.6") << QByteArray("1:sum:4:0.6");
    QTest::newRow("count") << int(Aggregation::Count) << QByteArray("4") << QByteArray("1:count:4:0.6");
}

void TestMeterState::folds()
{
    QFETCH(int, aggregation);
    const auto wanted = static_cast<Aggregation>(aggregation);
    MeterState one = stateOf(wanted, {"0.1", "0.2", "0.3", "0"});
    QTEST(QByteArray::fromStdString(one.quantity().toText()), "quantity");
    QTEST(QByteArray::fromStdString(one.encode()), "text");
    QCOMPARE(one.events(), 4);

    MeterState merged = stateOf(wanted, {"0.3"});
    QVERIFY(merged.merge(stateOf(wanted, {"0", "0.2"})));
    QVERIFY(merged.merge(stateOf(wanted, {})));
    QVERIFY(merged.merge(stateOf(wanted, {"0.1"})));
    QCOMPARE(merged, one);
}

void TestMeterState::readsWhatItWrote()
{
    for (const Aggregation aggregation : {Aggregation::Sum, Aggregation::Count})
        for (const MeterState& state :
             {stateOf(aggregation, {}),
              stateOf(aggregation, {"999999999999999999.999999999999", "0.000000000001"})}) {
            QCOMPARE(*MeterState::decode(state.encode()), state);
            QVERIFY(state.aggregation() == aggregation);
        }
}

QTEST_APPLESS_MAIN(TestMeterState)
#include "tst_meter_state.moc"
