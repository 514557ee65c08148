// Money: minor units that never wrap and never mix, lines rounded once, and splits that add up.
#include "shared/kernel/money.h"

#include "tests/support/dies.h"
#include "tests/support/printing.h"

#include <QTest>

#include <limits>
#include <numeric>

using namespace billing;

namespace {

using Text = std::string;
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

Currency currency(std::string_view code)
{
    return Currency::parse(code).value();
}

Decimal decimal(std::string_view text)
{
    return Decimal::parseTotal(text).value();
}

Money usd(std::int64_t minor)
{
    return Money::fromMinor(minor, currency("USD"));
}

Text written(const Result<Money>& result)
{
    return test::outcome(result, [](const Money& money) { return money.toText(); });
}

} // namespace

class TestMoney : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void currenciesDoNotMix();
    void overflowIsTold();
    void exact_data();
    void exact();
    void rounding_data();
    void rounding();
    void charge_data();
    void charge();
    void times_data();
    void times();
    void text_data();
    void text();
    void sums();
    void splitWithoutWeightsDies();
    void split_data();
    void split();
    void splitOfTheLargestAmounts();
};

void TestMoney::currenciesDoNotMix()
{
    const Money euros = Money::fromMinor(100, currency("EUR"));
    QCOMPARE(written(usd(100).plus(euros)), "currency_mismatch");
    QCOMPARE(written(usd(100).minus(euros)), "currency_mismatch");
    QCOMPARE(written(usd(most).plus(euros)), "currency_mismatch"); // before the overflow
    QVERIFY(usd(100) != euros);
}

void TestMoney::overflowIsTold()
{
    QCOMPARE(written(usd(most).plus(usd(1))), "amount_overflow");
    QCOMPARE(written(usd(least).minus(usd(1))), "amount_overflow");
    QCOMPARE(written(usd(least).negated()), "amount_overflow");
    QCOMPARE(written(usd(most).times(decimal("1.000000000001"))), "amount_overflow");
    QCOMPARE(written(usd(least).times(decimal("-1"))), "amount_overflow");
    QCOMPARE(written(Money::round(decimal("92233720368547758.08"), currency("USD"))), "amount_overflow");
    QCOMPARE(written(Money::round(decimal("92233720368547758.075"), currency("USD"))), "amount_overflow");
    QCOMPARE(written(Money::round(decimal("92233720368547758.074"), currency("USD"))),
             "92233720368547758.07");
    QCOMPARE(written(Money::round(decimal("-92233720368547758.08"), currency("USD"))),
             "-92233720368547758.08");
    QCOMPARE(usd(most).negated().value().minorUnits(), -most);
}

void TestMoney::exact_data()
{
    QTest::addColumn<Text>("amount");
    QTest::addColumn<Text>("code");
    QTest::addColumn<Text>("expected");
    const auto row = [](const char* amount, const char* code, const char* expected) {
        QTest::addRow("%s %s", amount, code) << Text(amount) << Text(code) << Text(expected);
    };
    row("0.001", "USD", "invalid_value");
    row("0.5", "JPY", "invalid_value");
    row("1.2345", "KWD", "invalid_value");
    row("-0.005", "EUR", "invalid_value");
    row("92233720368547758.08", "USD", "amount_overflow");
    row("12.34", "USD", "12.34");
    row("12.3", "USD", "12.30");
    row("500", "JPY", "500");
    row("1.23", "KWD", "1.230");
    row("-0.0001", "CLF", "-0.0001");
}

void TestMoney::exact()
{
    QFETCH(Text, amount);
    QFETCH(Text, code);
    QFETCH(Text, expected);
    QCOMPARE(written(Money::exact(decimal(amount), currency(code))), expected);
}

void TestMoney::rounding_data()
{
    QTest::addColumn<Text>("amount");
    QTest::addColumn<Text>("code");
    QTest::addColumn<Text>("expected"); // half away, half even, towards zero, floor, ceiling
    const auto row = [](const char* amount, const char* code, const char* expected) {
        QTest::addRow("%s %s", amount, code) << Text(amount) << Text(code) << Text(expected);
    };
    row("0.125", "USD", "0.13 0.12 0.12 0.12 0.13");
    row("-0.125", "USD", "-0.13 -0.12 -0.12 -0.13 -0.12");
    row("0.5", "JPY", "1 0 0 0 1");
    row("-0.5", "JPY", "-1 0 0 -1 0");
    row("0.0005", "KWD", "0.001 0.000 0.000 0.000 0.001");
    row("0.00015", "CLF", "0.0002 0.0002 0.0001 0.0001 0.0002");
}

void TestMoney::rounding()
{
    QFETCH(Text, amount);
    QFETCH(Text, code);
    QFETCH(Text, expected);
    QStringList all;
    for (const Rounding mode : {Rounding::HalfAwayFromZero, Rounding::HalfEven, Rounding::TowardsZero,
                                Rounding::Floor, Rounding::Ceiling})
        all.append(QString::fromStdString(written(Money::round(decimal(amount), currency(code), mode))));
    QCOMPARE(all.join(QLatin1Char(' ')).toStdString(), expected);
}

void TestMoney::charge_data()
{
    QTest::addColumn<Text>("quantity");
    QTest::addColumn<Text>("price");
    QTest::addColumn<Text>("divisor");
    QTest::addColumn<Text>("code");
    QTest::addColumn<Text>("expected");
    const auto row = [](const char* quantity, const char* price, const char* divisor, const char* code,
                        const char* expected) {
        QTest::addRow("%s x %s / %s %s", quantity, price, divisor, code)
            << Text(quantity) << Text(price) << Text(divisor) << Text(code) << Text(expected);
    };
    const char* const huge = "170141183460469231731687303";
    row("1", "1", "0", "USD", "division_by_zero");
    row("0", "0", "0", "USD", "division_by_zero");
    row(huge, huge, "0", "USD", "division_by_zero"); // before the overflow
    row(huge, huge, "1", "USD", "amount_overflow");
    row(huge, huge, huge, "CLF", "amount_overflow");
    row("999999999999999999", "1", "1", "USD", "amount_overflow");
    row("22361870", "0.030", "1000", "USD", "670.86");
    row("4088665", "0.060", "1000", "USD", "245.32");
    row("0", "0.030", "1000", "USD", "0.00");
    row("1", "1", "3", "USD", "0.33");
    row("2", "1", "3", "USD", "0.67");
    row("-2", "1", "3", "USD", "-0.67");
    row("1", "0.005", "1", "USD", "0.01");
    row("-1", "0.005", "1", "USD", "-0.01");
    row("1", "0.004999999999", "1", "USD", "0.00");
    row("3600", "3.00", "3600", "USD", "3.00");
    row("5", "0.1", "1", "JPY", "1");
    row("0.0005", "1", "1", "KWD", "0.001");
    // No digit is lost between the product and the division: 10^-12 x 10^12 / 10^-12 x ...
    row("0.000000000001", "0.000000000001", "0.000000000001", "USD", "0.00");
    row("0.000000000001", "10000000000", "0.000000000001", "USD", "10000000000.00");
    row("999999999999999999", "0.000000000001", "999999999999999999", "USD", "0.00");
}

void TestMoney::charge()
{
    QFETCH(Text, quantity);
    QFETCH(Text, price);
    QFETCH(Text, divisor);
    QFETCH(Text, code);
    QFETCH(Text, expected);
    QCOMPARE(written(Money::charge(decimal(quantity), decimal(price), decimal(divisor), currency(code))),
             expected);
}

void TestMoney::times_data()
{
    QTest::addColumn<qint64>("minor");
    QTest::addColumn<Text>("rate");
    QTest::addColumn<Text>("expected");
    QTest::newRow("19 % of 1.00") << qint64{100} << Text("0.19") << Text("0.19");
    QTest::newRow("half a cent") << qint64{50} << Text("0.01") << Text("0.01");
    QTest::newRow("minus half a cent") << qint64{-50} << Text("0.01") << Text("-0.01");
    QTest::newRow("below half a cent") << qint64{49} << Text("0.01") << Text("0.00");
    QTest::newRow("nothing") << qint64{12345} << Text("0") << Text("0.00");
    QTest::newRow("the largest") << qint64{most} << Text("1") << Text("92233720368547758.07");
}

void TestMoney::times()
{
    QFETCH(qint64, minor);
    QFETCH(Text, rate);
    QFETCH(Text, expected);
    QCOMPARE(written(usd(minor).times(decimal(rate))), expected);
}

void TestMoney::text_data()
{
    QTest::addColumn<qint64>("minor");
    QTest::addColumn<Text>("code");
    QTest::addColumn<Text>("expected");
    const auto row = [](qint64 minor, const char* code, const char* expected) {
        QTest::addRow("%s %lld", code, minor) << minor << Text(code) << Text(expected);
    };
    row(0, "USD", "0.00");
    row(5, "USD", "0.05");
    row(-5, "USD", "-0.05");
    row(12340, "USD", "123.40");
    row(12300, "USD", "123.00");
    row(most, "USD", "92233720368547758.07");
    row(least, "USD", "-92233720368547758.08");
    row(7, "JPY", "7");
    row(-7000, "JPY", "-7000");
    row(1, "KWD", "0.001");
    row(10000, "CLF", "1.0000");
}

void TestMoney::text()
{
    QFETCH(qint64, minor);
    QFETCH(Text, code);
    QFETCH(Text, expected);
    const Money money = Money::fromMinor(minor, currency(code));
    QCOMPARE(money.toText(), expected);
    QVERIFY(Money::exact(money.toDecimal(), currency(code)).value() == money);
}

void TestMoney::sums()
{
    QCOMPARE(written(usd(1).plus(usd(2))), "0.03");
    QCOMPARE(written(usd(1).minus(usd(2))), "-0.01");
    QVERIFY(Money::zero(currency("USD")).isZero());
    QVERIFY(usd(-1).isNegative() && !usd(0).isNegative());
}

void TestMoney::splitWithoutWeightsDies()
{
    QVERIFY(test::diesByAssertion([] { allocate(usd(1), {}); }));
}

void TestMoney::split_data()
{
    QTest::addColumn<qint64>("total");
    QTest::addColumn<QList<quint64>>("weights");
    QTest::addColumn<QList<qint64>>("parts");
    const auto row = [](const char* name, qint64 total, QList<quint64> weights, QList<qint64> parts) {
        QTest::newRow(name) << total << weights << parts;
    };
    row("nothing", 0, {1, 2, 3}, {0, 0, 0});
    row("one part", 101, {7}, {101});
    row("thirds: the earliest gets the cent", 100, {1, 1, 1}, {34, 33, 33});
    row("thirds of a debt", -100, {1, 1, 1}, {-34, -33, -33});
    row("two cents left", 101, {1, 1, 1}, {34, 34, 33});
    row("largest remainder first", 10, {1, 2, 4}, {1, 3, 6}); // 1.43, 2.86, 5.71
    row("a zero weight gets nothing", 100, {1, 0, 1, 1}, {34, 0, 33, 33});
    row("all zero counts as equal", 5, {0, 0}, {3, 2});
    row("fewer cents than parts", 2, {1, 1, 1, 1}, {1, 1, 0, 0});
    row("small beside large", 1, {1, 1'000'000}, {0, 1});
}

void TestMoney::split()
{
    QFETCH(qint64, total);
    QFETCH(QList<quint64>, weights);
    QFETCH(QList<qint64>, parts);
    const std::vector<std::uint64_t> shares(weights.begin(), weights.end());
    QList<qint64> actual;
    for (const Money& part : allocate(usd(total), shares))
        actual.append(part.minorUnits());
    QCOMPARE(actual, parts);
}

void TestMoney::splitOfTheLargestAmounts()
{
    const std::vector<std::uint64_t> shares{std::numeric_limits<std::uint64_t>::max(),
                                            std::numeric_limits<std::uint64_t>::max() - 1, 1};
    for (const std::int64_t total : {most, least}) {
        Int128 sum = 0;
        for (const Money& part : allocate(usd(total), shares))
            sum += part.minorUnits();
        QVERIFY(sum == Int128{total});
    }
}

QTEST_APPLESS_MAIN(TestMoney)

#include "tst_money.moc"
