// Decimals: the wire's grammar to the letter, exact sums, one rounding, overflow told and never wrapped. The
// same against an independent implementation: tst_decimal_oracle.
#include "shared/kernel/decimal.h"

#include "tests/support/dies.h"
#include "tests/support/printing.h"

#include <QTest>

#include <limits>

using namespace billing;

namespace {

using Text = std::string;

const Decimal largest = Decimal::fromScaled(~(Int128{1} << 126 << 1)); // 2^127 - 1 units of 10^-12

Decimal decimal(std::string_view text)
{
    return Decimal::parse(text).value();
}

Text written(const Result<Decimal>& result)
{
    return test::outcome(result, [](const Decimal& value) { return value.toText(); });
}

} // namespace

class TestDecimal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void grammarRefuses_data();
    void grammarRefuses();
    void grammarAccepts_data();
    void grammarAccepts();
    void totals_data();
    void totals();
    void overflowIsTold();
    void everyValueHasAnOpposite();
    void sums_data();
    void sums();
    void products_data();
    void products();
    void quotients_data();
    void quotients();
    void rounding_data();
    void rounding();
    void roundingToMoreDigitsThanThereAreDies();
    void comparison();
};

void TestDecimal::grammarRefuses_data()
{
    QTest::addColumn<Text>("text");
    for (const char* text : {"1e309",
                             "-1e309",
                             "1E2",
                             "1e2",
                             "1e-400",
                             "NaN",
                             "nan",
                             "Infinity",
                             "-Infinity",
                             "inf",
                             "0.1+0.2",
                             "+1",
                             ".5",
                             "-.5",
                             "1.",
                             "-1.",
                             "-",
                             "--1",
                             "1-",
                             " 1",
                             "1 ",
                             "\t1",
                             "1\n",
                             "1,5",
                             "1'000",
                             "1_000",
                             "1.2.3",
                             "..",
                             ".",
                             "0x10",
                             "0b1",
                             "true",
                             "null",
                             "\"1\"",
                             "1f",
                             "$1",
                             "\xd9\xa1",            // Arabic-Indic one
                             "\xef\xbc\x91",        // full-width one
                             "1234567890123456789", // 19 integer digits
                             "0000000000000000001", // zeros count
                             "9223372036854775808",
                             "18446744073709551616",
                             "0.1234567890123",
                             "0.0000000000000",
                             "1234567890123456789012345678901234567890",
                             "0.1234567890123456789012345678901234567890"})
        QTest::newRow(text) << Text(text);
    QTest::newRow("empty") << Text();
    QTest::newRow("NUL behind") << Text("1\0", 2);
}

void TestDecimal::grammarRefuses()
{
    QFETCH(Text, text);
    QCOMPARE(written(Decimal::parse(text)), "invalid_decimal");
}

void TestDecimal::grammarAccepts_data()
{
    QTest::addColumn<Text>("text");
    QTest::addColumn<Text>("written");
    const auto row = [](const char* text, const char* written) {
        QTest::newRow(text) << Text(text) << Text(written);
    };
    row("0", "0");
    row("-0", "0");
    row("-0.000", "0");
    row("-1", "-1");
    row("01", "1");
    row("007", "7");
    row("1.50", "1.5");
    row("0.1", "0.1");
    row("-0.000000000001", "-0.000000000001");
    row("9007199254740991", "9007199254740991"); // 2^53 - 1
    row("9007199254740993", "9007199254740993"); // 2^53 + 1
    row("999999999999999999.999999999999", "999999999999999999.999999999999");
    row("-999999999999999999.999999999999", "-999999999999999999.999999999999");
    row("22361870", "22361870");
}

void TestDecimal::grammarAccepts()
{
    QFETCH(Text, text);
    QFETCH(Text, written);
    QCOMPARE(::written(Decimal::parse(text)), written);
    QCOMPARE(::written(Decimal::parseTotal(text)), written);
}

void TestDecimal::totals_data()
{
    QTest::addColumn<Text>("text");
    QTest::addColumn<Text>("written");
    const auto row = [](const char* text, const char* written) {
        QTest::newRow(text) << Text(text) << Text(written);
    };
    row("1e5", "invalid_decimal");
    row("1234567890123456789012345678", "invalid_decimal"); // 28 integer digits
    row("170141183460469231731687304", "amount_overflow");  // 27 digits, beyond 2^127 units
    row("170141183460469231731687303.715884105728", "amount_overflow");
    row("170141183460469231731687303.715884105727", "170141183460469231731687303.715884105727");
    row("-170141183460469231731687303.715884105727", "-170141183460469231731687303.715884105727");
    row("1234567890123456789", "1234567890123456789");
}

void TestDecimal::totals()
{
    QFETCH(Text, text);
    QFETCH(Text, written);
    QCOMPARE(::written(Decimal::parseTotal(text)), written);
}

void TestDecimal::overflowIsTold()
{
    const Decimal step = Decimal::fromScaled(1);
    QCOMPARE(written(largest.plus(step)), "amount_overflow");
    QCOMPARE(written(largest.negated().minus(step)), "amount_overflow");
    QCOMPARE(written(largest.negated().plus(step.negated())), "amount_overflow");
    QCOMPARE(written(largest.times(decimal("1.000000000001"))), "amount_overflow");
    QCOMPARE(written(largest.times(largest)), "amount_overflow");
    QCOMPARE(written(largest.dividedBy(decimal("0.999999999999"))), "amount_overflow");
    QCOMPARE(written(largest.rounded(0, Rounding::Ceiling)), "amount_overflow");
    QCOMPARE(written(largest.dividedBy(Decimal())), "division_by_zero");
    QCOMPARE(written(Decimal().dividedBy(Decimal())), "division_by_zero");
    QVERIFY(largest.times(decimal("1")).value() == largest);
    QVERIFY(largest.minus(largest).value().isZero());
}

// The range is symmetric: the one 128-bit value without an opposite is never a result.
void TestDecimal::everyValueHasAnOpposite()
{
    const Decimal lowest = largest.negated();
    QVERIFY(lowest.negated() == largest);
    QCOMPARE(written(lowest.minus(Decimal::fromScaled(1))), "amount_overflow");
    QCOMPARE(lowest.toText(), "-170141183460469231731687303.715884105727");
    QVERIFY(test::diesByAssertion([] { Decimal::fromScaled((~Int128{0}) << 127); }));
}

void TestDecimal::sums_data()
{
    QTest::addColumn<Text>("a");
    QTest::addColumn<Text>("b");
    QTest::addColumn<Text>("sum");
    QTest::addColumn<Text>("difference");
    const auto row = [](const char* a, const char* b, const char* sum, const char* difference) {
        QTest::addRow("%s, %s", a, b) << Text(a) << Text(b) << Text(sum) << Text(difference);
    };
    row("0.1", "0.2", "0.3", "-0.1");
    row("0.999999999999", "0.000000000001", "1", "0.999999999998");
    row("-1.5", "1.5", "0", "-3");
    row("999999999999999999", "999999999999999999", "1999999999999999998", "0");
}

void TestDecimal::sums()
{
    QFETCH(Text, a);
    QFETCH(Text, b);
    QFETCH(Text, sum);
    QFETCH(Text, difference);
    QCOMPARE(written(decimal(a).plus(decimal(b))), sum);
    QCOMPARE(written(decimal(a).minus(decimal(b))), difference);
}

void TestDecimal::products_data()
{
    QTest::addColumn<Text>("a");
    QTest::addColumn<Text>("b");
    QTest::addColumn<Text>("product");
    const auto row = [](const char* a, const char* b, const char* product) {
        QTest::addRow("%s * %s", a, b) << Text(a) << Text(b) << Text(product);
    };
    row("0", "-5", "0");
    row("22361870", "0.00003", "670.8561");
    row("0.000001", "0.000001", "0.000000000001");
    row("0.000001", "0.0000005", "0.000000000001"); // 5e-13: half goes away from zero
    row("-0.000001", "0.0000005", "-0.000000000001");
    row("0.000001", "0.0000004", "0");
    row("999999999999999999", "100000000", "99999999999999999900000000");
}

void TestDecimal::products()
{
    QFETCH(Text, a);
    QFETCH(Text, b);
    QFETCH(Text, product);
    QCOMPARE(written(decimal(a).times(decimal(b))), product);
    QCOMPARE(written(decimal(b).times(decimal(a))), product);
}

void TestDecimal::quotients_data()
{
    QTest::addColumn<Text>("a");
    QTest::addColumn<Text>("b");
    QTest::addColumn<Text>("quotient");
    const auto row = [](const char* a, const char* b, const char* quotient) {
        QTest::addRow("%s / %s", a, b) << Text(a) << Text(b) << Text(quotient);
    };
    row("1", "0", "division_by_zero");
    row("1", "3", "0.333333333333");
    row("2", "3", "0.666666666667");
    row("-2", "3", "-0.666666666667");
    row("2", "-3", "-0.666666666667");
    row("-2", "-3", "0.666666666667");
    row("7", "1000", "0.007");
    row("1", "0.000000000001", "1000000000000");
}

void TestDecimal::quotients()
{
    QFETCH(Text, a);
    QFETCH(Text, b);
    QFETCH(Text, quotient);
    QCOMPARE(written(decimal(a).dividedBy(decimal(b))), quotient);
}

void TestDecimal::rounding_data()
{
    QTest::addColumn<Text>("value");
    QTest::addColumn<int>("digits");
    QTest::addColumn<Text>("expected"); // half away, half even, towards zero, floor, ceiling
    const auto row = [](const char* value, int digits, const char* expected) {
        QTest::addRow("%s to %d", value, digits) << Text(value) << digits << Text(expected);
    };
    row("0.5", 0, "1 0 0 0 1");
    row("-0.5", 0, "-1 0 0 -1 0");
    row("1.5", 0, "2 2 1 1 2");
    row("-1.5", 0, "-2 -2 -1 -2 -1");
    row("2.5", 0, "3 2 2 2 3");
    row("2.500000000001", 0, "3 3 2 2 3");
    row("2.499999999999", 0, "2 2 2 2 3");
    row("-2.499999999999", 0, "-2 -2 -2 -3 -2");
    row("1.005", 2, "1.01 1 1 1 1.01"); // the classic a binary fraction gets wrong
    row("670.8561", 2, "670.86 670.86 670.85 670.85 670.86");
    row("0.0000000000005", 12, "invalid_decimal");
    row("0.123456789012", 12, "0.123456789012 0.123456789012 0.123456789012 0.123456789012 0.123456789012");
    row("0.000000000001", 11, "0 0 0 0 0.00000000001");
    row("7", 0, "7 7 7 7 7");
}

void TestDecimal::rounding()
{
    QFETCH(Text, value);
    QFETCH(int, digits);
    QFETCH(Text, expected);
    const auto parsed = Decimal::parse(value);
    if (!parsed) {
        QCOMPARE(written(parsed), expected);
        return;
    }
    QStringList all;
    for (const Rounding mode : {Rounding::HalfAwayFromZero, Rounding::HalfEven, Rounding::TowardsZero,
                                Rounding::Floor, Rounding::Ceiling})
        all.append(QString::fromStdString(written(parsed->rounded(digits, mode))));
    QCOMPARE(all.join(QLatin1Char(' ')).toStdString(), expected);
}

void TestDecimal::roundingToMoreDigitsThanThereAreDies()
{
    QVERIFY(test::diesByAssertion([] { static_cast<void>(decimal("1").rounded(13)); }));
    QVERIFY(test::diesByAssertion([] { static_cast<void>(decimal("1").rounded(-1)); }));
}

void TestDecimal::comparison()
{
    QVERIFY(decimal("1.0") == decimal("1"));
    QVERIFY(decimal("-0") == Decimal());
    QVERIFY(decimal("-2") < decimal("-1.999999999999"));
    QVERIFY(decimal("10") > decimal("9.999999999999"));
    QVERIFY(decimal("-1").isNegative() && !decimal("-0").isNegative());
    QVERIFY(Decimal::fromInteger(-7) == decimal("-7"));
}

QTEST_APPLESS_MAIN(TestDecimal)

#include "tst_decimal.moc"
