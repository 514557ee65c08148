// Goal: late usage costs exactly what it would have cost in time. Method: worked examples, then 2,000 random
// splits of usage into "in time" and "late" whose amounts must add up to the rating of all of it.
#include "server/rating/late_usage.h"

#include "tests/support/printing.h"
#include "tests/support/seeded_random.h"

#include <QTest>

using namespace billing;

namespace {

Decimal decimal(const QByteArray& text)
{
    return Decimal::parse(text.constData()).value();
}

Currency usd()
{
    return *Currency::parse("USD");
}

PlanVersion plan(LimitPolicy limit = LimitPolicy::None)
{
    Charge tokens{.code = "tokens",
                  .name = "Tokens",
                  .model = ChargeModel::Matrix,
                  .meter = MeterCode("tokens"),
                  .included = decimal("100"),
                  .limit = limit};
    if (limit == LimitPolicy::None)
        tokens.matrix = {{{{"model", "a"}}, {{usd(), decimal("0.013")}}},
                         {{{"model", "b"}}, {{usd(), decimal("0.037")}}}};
    return {.code = PlanCode("p"),
            .name = "P",
            .charges = {{.code = "fee", .name = "Fee", .price = {{usd(), decimal("9")}}}, tokens}};
}

const std::vector<Meter> meters{
    {.code = MeterCode("tokens"), .metricType = "tokens", .dimensions = {"model"}}};

UsageTotal used(const char* model, const QByteArray& quantity)
{
    return {MeterCode("tokens"), std::string("model=") + model, decimal(quantity)};
}

std::string text(const RatedPeriod& rated)
{
    std::string all;
    for (const RatedLine& line : rated.lines)
        all += line.description + ' ' + line.quantity.toText() + " = " + line.amount.toText() + '\n';
    for (const UnbilledUsage& left : rated.unbilled)
        all += "unbilled " + left.dimensionKey + ' ' + left.quantity.toText() + '\n';
    return all;
}

std::string late(const PlanVersion& of, const std::vector<UsageTotal>& billed,
                 const std::vector<UsageTotal>& more)
{
    return test::outcome(rateLateUsage(of, meters, usd(), {billed, more}), text);
}

} // namespace

class LateUsageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses();
    void examples_data();
    void examples();
    void addsUp();
};

void LateUsageTest::refuses()
{
    const std::vector<UsageTotal> some{used("a", "1")};
    const auto noPrice = rateLateUsage(plan(), meters, *Currency::parse("EUR"), {some, some});
    QVERIFY(!noPrice);
    QCOMPARE(noPrice.error().code, ErrorCode::PriceNotInCurrency);
    QCOMPARE(late(plan(), some, {used("a", "-1")}), std::string("negative_quantity"));
}

void LateUsageTest::examples_data()
{
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    QTest::addColumn<QByteArray>("lateA");
    QTest::addColumn<QByteArray>("lines");
    const auto row = [](const char* name, const char* a, const char* b, const char* lateA,
                        const char* lines) {
        QTest::newRow(name) << QByteArray(a) << QByteArray(b) << QByteArray(lateA) << QByteArray(lines);
    };
    row("nothing late", "50", "10", "0", "");
    row("inside the allowance", "50", "10", "40", "Tokens, a, included 40 = 0.00\n");
    row("across it", "50", "0", "150", "Tokens, a, included 50 = 0.00\nTokens, a 100 = 1.30\n");
    row("above it", "150", "0", "100", "Tokens, a 100 = 1.30\n");
    row("a fraction that rounds away", "150", "0", "0.3", "Tokens, a 0.3 = 0.00\n");
    row("nothing was billed", "0", "0", "101", "Tokens, a, included 100 = 0.00\nTokens, a 1 = 0.01\n");
    row("takes another key's allowance", "50", "50", "20",
        "Tokens, a, included 20 = 0.00\nTokens, b, included -20 = 0.00\nTokens, b 20 = 0.74\n");
    row("takes all of it", "50", "50", "50",
        "Tokens, a, included 50 = 0.00\nTokens, b, included -50 = 0.00\nTokens, b 50 = 1.85\n");
}

void LateUsageTest::examples()
{
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, b);
    QFETCH(QByteArray, lateA);
    QFETCH(QByteArray, lines);
    QCOMPARE(late(plan(), {used("a", a), used("b", b)}, {used("a", lateA)}), lines.toStdString());
    if (QByteArray(QTest::currentDataTag()) == "takes another key's allowance")
        QCOMPARE(
            late(plan(LimitPolicy::Hard), {used("a", a), used("b", b)}, {used("a", lateA), used("c", "7")}),
            std::string("Tokens, a, included 20 = 0.00\nTokens, b, included -20 = 0.00\n"
                        "unbilled model=b 20\nunbilled model=c 7\n"));
}

void LateUsageTest::addsUp()
{
    test::SeededRandom random(20231101);
    const auto quantity = [&] {
        return Decimal::fromScaled(static_cast<Int128>(random.below(200'000'000'000'000)));
    };
    const auto sum = [](const RatedPeriod& rated) {
        std::int64_t cents = 0;
        for (const RatedLine& line : rated.lines)
            cents += line.amount.minorUnits();
        return cents;
    };
    for (int round = 0; round < 2'000; ++round) {
        std::vector<UsageTotal> billed;
        std::vector<UsageTotal> more;
        for (const char* model : {"a", "b", "c"}) {
            billed.push_back({MeterCode("tokens"), std::string("model=") + model, quantity()});
            more.push_back({MeterCode("tokens"), std::string("model=") + model, quantity()});
        }
        std::vector<UsageTotal> all = billed;
        all.insert(all.end(), more.begin(), more.end());
        const auto whole = ratePeriod(plan(), meters, usd(), all);
        const auto first = ratePeriod(plan(), meters, usd(), billed);
        const auto rest = rateLateUsage(plan(), meters, usd(), {billed, more});
        QVERIFY(whole && first && rest);
        QCOMPARE(sum(*first) + sum(*rest), sum(*whole));
    }
}

QTEST_APPLESS_MAIN(LateUsageTest)
#include "tst_late_usage.moc"
