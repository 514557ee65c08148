// Goal: every line of a period is right to the cent and to the step. Method: refusals in their order; tables
// at every boundary of each price model, a rated period written as text; the design's price list with real
// usage.
#include "server/rating/rate_period.h"
#include "shared/wire/plan_json.h"

#include "tests/support/printing.h"

#include <QFile>
#include <QTest>

using namespace billing;

namespace {

Decimal decimal(const QByteArray& text)
{
    return Decimal::parseTotal(text.constData()).value();
}

Currency usd()
{
    return *Currency::parse("USD");
}

PriceByCurrency price(const char* dollars)
{
    return {{usd(), decimal(dollars)}};
}

std::vector<Meter> meters()
{
    return {{.code = MeterCode("calls"), .metricType = "calls", .unit = "requests", .name = "Calls"},
            {.code = MeterCode("tokens"),
             .metricType = "tokens",
             .dimensions = {"direction", "model"},
             .unit = "tokens",
             .name = "Tokens"}};
}

Charge fee(const char* amount)
{
    return {.code = "fee", .name = "Monthly fee", .price = price(amount)};
}

Charge calls()
{
    return {.code = "calls",
            .name = "API requests",
            .model = ChargeModel::PerUnit,
            .meter = MeterCode("calls"),
            .included = decimal("100"),
            .price = price("0.015")};
}

Charge tokens()
{
    return {.code = "tokens",
            .name = "LLM tokens",
            .model = ChargeModel::Matrix,
            .meter = MeterCode("tokens"),
            .unitDivisor = decimal("1000"),
            .matrix = {{{{"direction", "input"}, {"model", "gpt4"}}, price("0.030")},
                       {{{"direction", "input"}}, price("0.002")}}};
}

PlanVersion plan(std::vector<Charge> charges)
{
    return {.code = PlanCode("p"), .name = "P", .charges = std::move(charges)};
}

UsageTotal used(const char* meter, const char* key, const QByteArray& quantity)
{
    return {MeterCode(meter), key, decimal(quantity), 1};
}

/// "description [quantity x price / divisor, (from, upTo]] = amount", one per line, unbilled usage after it.
std::string text(const RatedPeriod& rated)
{
    std::string all;
    for (const RatedLine& line : rated.lines)
        all += line.description + " [" + line.quantity.toText() + " x " + line.unitPrice.toText() + " / " +
               line.unitDivisor.toText() + ", (" + line.stepFrom.toText() + ", " +
               (line.stepUpTo ? line.stepUpTo->toText() : "-") + "]] = " + line.amount.toText() + '\n';
    for (const UnbilledUsage& left : rated.unbilled)
        all += (left.reason == UnbilledReason::OverLimit ? "over limit: " : "no price: ") +
               left.meter.text() + " {" + left.dimensionKey + "} " + left.quantity.toText() + '\n';
    return all;
}

std::string rate(const PlanVersion& of, const std::vector<UsageTotal>& totals)
{
    return test::outcome(ratePeriod(of, meters(), usd(), totals), text);
}

} // namespace

class RatePeriodTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesInOrder();
    void perUnit_data();
    void perUnit();
    void hardLimit_data();
    void hardLimit();
    void withoutIncluded_data();
    void withoutIncluded();
    void unlimited();
    void flat();
    void matrix();
    void allowanceIsForAllKeys();
    void hardLimitIsForAllKeys();
    void linesKnowWhereTheyComeFrom();
    void orderOfTotalsDoesNotMatter();
    void roundsOncePerLine_data();
    void roundsOncePerLine();
    void priceList_data();
    void priceList();
};

void RatePeriodTest::refusesInOrder()
{
    const Currency euro = *Currency::parse("EUR");
    Charge lost = tokens();
    lost.meter = MeterCode("lost");
    const std::vector<UsageTotal> negative{used("calls", "", "-1")};
    const std::vector<UsageTotal> noKey{used("calls", "nothing", "1")};
    const std::vector<UsageTotal> huge{used("calls", "", "100000000000000000000000000")};
    const auto code = [&](const PlanVersion& of, Currency currency, const std::vector<UsageTotal>& totals) {
        const auto rated = ratePeriod(of, meters(), currency, totals);
        return rated ? ErrorCode::Internal : rated.error().code;
    };
    QCOMPARE(code(plan({lost, calls()}), euro, negative), ErrorCode::PriceNotInCurrency);
    QCOMPARE(code(plan({calls()}), euro, {}), ErrorCode::PriceNotInCurrency);
    QCOMPARE(code(plan({fee("1")}), euro, {}), ErrorCode::PriceNotInCurrency);
    QCOMPARE(code(plan({tokens()}), euro, {}), ErrorCode::PriceNotInCurrency);
    QCOMPARE(code(plan({lost, calls()}), usd(), negative), ErrorCode::InvalidCatalog);
    QCOMPARE(code(plan({calls()}), usd(), negative), ErrorCode::NegativeQuantity);
    QCOMPARE(code(plan({calls()}), usd(), noKey), ErrorCode::InvalidValue);
    QCOMPARE(code(plan({calls()}), usd(), huge), ErrorCode::AmountOverflow);
    QCOMPARE(code(plan({calls()}), usd(), {huge[0], huge[0]}), ErrorCode::AmountOverflow);
}

void RatePeriodTest::perUnit_data()
{
    QTest::addColumn<QByteArray>("quantity");
    QTest::addColumn<QByteArray>("lines");
    const auto row = [](const char* quantity, const char* lines) {
        QTest::newRow(quantity) << QByteArray(quantity) << QByteArray(lines);
    };
    row("0", "");
    row("0.000000000001", "API requests, included [0.000000000001 x 0 / 1, (0, 100]] = 0.00\n");
    row("1", "API requests, included [1 x 0 / 1, (0, 100]] = 0.00\n");
    row("99", "API requests, included [99 x 0 / 1, (0, 100]] = 0.00\n");
    row("100", "API requests, included [100 x 0 / 1, (0, 100]] = 0.00\n");
    row("100.000000000001", "API requests, included [100 x 0 / 1, (0, 100]] = 0.00\n"
                            "API requests [0.000000000001 x 0.015 / 1, (100, -]] = 0.00\n");
    row("100.5", "API requests, included [100 x 0 / 1, (0, 100]] = 0.00\n"
                 "API requests [0.5 x 0.015 / 1, (100, -]] = 0.01\n");
    row("101", "API requests, included [100 x 0 / 1, (0, 100]] = 0.00\n"
               "API requests [1 x 0.015 / 1, (100, -]] = 0.02\n");
    row("1000100", "API requests, included [100 x 0 / 1, (0, 100]] = 0.00\n"
                   "API requests [1000000 x 0.015 / 1, (100, -]] = 15000.00\n");
    // (2^63 - 1 cents) / 0.015, and the next whole request.
    row("6148914691236517304.666666666666",
        "API requests, included [100 x 0 / 1, (0, 100]] = 0.00\n"
        "API requests [6148914691236517204.666666666666 x 0.015 / 1, (100, -]] = 92233720368547758.07\n");
    row("6148914691236517305.1", "amount_overflow");
}

void RatePeriodTest::perUnit()
{
    QFETCH(QByteArray, quantity);
    QFETCH(QByteArray, lines);
    QCOMPARE(rate(plan({calls()}), {used("calls", "", quantity)}), lines.toStdString());
}

void RatePeriodTest::hardLimit_data()
{
    QTest::addColumn<QByteArray>("quantity");
    QTest::addColumn<QByteArray>("lines");
    const auto row = [](const char* quantity, const char* lines) {
        QTest::newRow(quantity) << QByteArray(quantity) << QByteArray(lines);
    };
    row("0", "");
    row("1", "API requests, included [1 x 0 / 1, (0, 100]] = 0.00\n");
    row("100", "API requests, included [100 x 0 / 1, (0, 100]] = 0.00\n");
    row("100.5", "API requests, included [100 x 0 / 1, (0, 100]] = 0.00\nover limit: calls {} 0.5\n");
    row("101", "API requests, included [100 x 0 / 1, (0, 100]] = 0.00\nover limit: calls {} 1\n");
    row("100000000000000000000000100", "API requests, included [100 x 0 / 1, (0, 100]] = 0.00\n"
                                       "over limit: calls {} 100000000000000000000000000\n");
}

void RatePeriodTest::hardLimit()
{
    QFETCH(QByteArray, quantity);
    QFETCH(QByteArray, lines);
    Charge charge = calls();
    charge.limit = LimitPolicy::Hard;
    charge.price.clear();
    QCOMPARE(rate(plan({charge}), {used("calls", "", quantity)}), lines.toStdString());
}

void RatePeriodTest::withoutIncluded_data()
{
    QTest::addColumn<bool>("zero");
    QTest::newRow("nothing said") << false;
    QTest::newRow("0 included") << true;
}

void RatePeriodTest::withoutIncluded()
{
    QFETCH(bool, zero);
    Charge charge = calls();
    charge.included.reset();
    if (zero)
        charge.included = Decimal();
    QCOMPARE(rate(plan({charge}), {used("calls", "", "2")}),
             std::string("API requests [2 x 0.015 / 1, (0, -]] = 0.03\n"));
    QCOMPARE(rate(plan({charge}), {used("calls", "", "0")}), std::string());
}

void RatePeriodTest::unlimited()
{
    Charge charge = tokens();
    charge.unlimited = true;
    charge.matrix.clear();
    QCOMPARE(rate(plan({charge}), {used("tokens", "direction=input,model=x", "5"),
                                   used("tokens", "direction=output,model=x", "99999999999999999999999999")}),
             std::string(
                 "LLM tokens, x, input, included [5 x 0 / 1000, (0, -]] = 0.00\n"
                 "LLM tokens, x, output, included [99999999999999999999999999 x 0 / 1000, (0, -]] = 0.00\n"));
    QCOMPARE(rate(plan({charge}), {}), std::string());
}

void RatePeriodTest::flat()
{
    QCOMPARE(rate(plan({fee("199")}), {}), std::string("Monthly fee [1 x 199 / 1, (0, -]] = 199.00\n"));
    QCOMPARE(rate(plan({fee("0")}), {}), std::string("Monthly fee [1 x 0 / 1, (0, -]] = 0.00\n"));
    QCOMPARE(rate(plan({fee("100000000000000000")}), {}), std::string("amount_overflow"));
    QCOMPARE(rate(plan({}), {}), std::string());
}

void RatePeriodTest::matrix()
{
    const std::string rated =
        rate(plan({tokens()}), {used("tokens", "direction=input,model=gpt4", "22361870"),
                                used("tokens", "direction=input,model=other", "500"),
                                used("tokens", "direction=output,model=gpt4", "7"), used("calls", "", "3")});
    QCOMPARE(rated, std::string("LLM tokens, gpt4, input [22361870 x 0.03 / 1000, (0, -]] = 670.86\n"
                                "LLM tokens, other, input [500 x 0.002 / 1000, (0, -]] = 0.00\n"
                                "no price: tokens {direction=output,model=gpt4} 7\n"
                                "no price: calls {} 3\n"));
}

void RatePeriodTest::allowanceIsForAllKeys()
{
    Charge charge = tokens();
    charge.included = decimal("1000");
    const auto a = [](const char* quantity) { return used("tokens", "direction=input,model=a", quantity); };
    const auto b = [](const char* quantity) { return used("tokens", "direction=input,model=b", quantity); };
    QCOMPARE(rate(plan({charge}), {a("600"), b("400")}),
             std::string("LLM tokens, a, input, included [600 x 0 / 1000, (0, 1000]] = 0.00\n"
                         "LLM tokens, b, input, included [400 x 0 / 1000, (0, 1000]] = 0.00\n"));
    QCOMPARE(rate(plan({charge}), {a("600"), b("10400")}),
             std::string("LLM tokens, a, input, included [600 x 0 / 1000, (0, 1000]] = 0.00\n"
                         "LLM tokens, b, input, included [400 x 0 / 1000, (0, 1000]] = 0.00\n"
                         "LLM tokens, b, input [10000 x 0.002 / 1000, (1000, -]] = 0.02\n"));
    QCOMPARE(rate(plan({charge}), {a("6000"), b("10000")}),
             std::string("LLM tokens, a, input, included [1000 x 0 / 1000, (0, 1000]] = 0.00\n"
                         "LLM tokens, a, input [5000 x 0.002 / 1000, (1000, -]] = 0.01\n"
                         "LLM tokens, b, input [10000 x 0.002 / 1000, (1000, -]] = 0.02\n"));
}

void RatePeriodTest::hardLimitIsForAllKeys()
{
    Charge charge = tokens();
    charge.included = decimal("1000");
    charge.limit = LimitPolicy::Hard;
    charge.matrix.clear();
    QCOMPARE(rate(plan({charge}), {used("tokens", "direction=input,model=a", "900"),
                                   used("tokens", "direction=input,model=b", "300")}),
             std::string("LLM tokens, a, input, included [900 x 0 / 1000, (0, 1000]] = 0.00\n"
                         "LLM tokens, b, input, included [100 x 0 / 1000, (0, 1000]] = 0.00\n"
                         "over limit: tokens {direction=input,model=b} 200\n"));
}

void RatePeriodTest::linesKnowWhereTheyComeFrom()
{
    const std::vector<UsageTotal> totals{used("tokens", "direction=input,model=gpt4", "1")};
    const auto rated = ratePeriod(plan({fee("1"), tokens()}), meters(), usd(), totals);
    QVERIFY(rated.has_value());
    const RatedLine& feeLine = rated->lines.at(0);
    QVERIFY(feeLine.kind == LineKind::Fee && !feeLine.meter && feeLine.unit.empty());
    QCOMPARE(feeLine.chargeCode, std::string("fee"));
    const RatedLine& usage = rated->lines.at(1);
    QVERIFY(usage.kind == LineKind::Usage && usage.meter == MeterCode("tokens"));
    QCOMPARE(usage.chargeCode, std::string("tokens"));
    QCOMPARE(usage.dimensionKey, std::string("direction=input,model=gpt4"));
    QCOMPARE(usage.unit, std::string("tokens"));
}

void RatePeriodTest::orderOfTotalsDoesNotMatter()
{
    std::vector<UsageTotal> totals{used("calls", "", "60"),
                                   used("tokens", "direction=input,model=gpt4", "700"),
                                   used("tokens", "direction=input,model=a", "5"), used("calls", "", "60.5")};
    const PlanVersion of = plan({fee("29"), tokens(), calls()});
    const std::string rated = rate(of, totals);
    QVERIFY(rated.find("API requests [20.5 x 0.015") != std::string::npos);
    std::reverse(totals.begin(), totals.end());
    QCOMPARE(rate(of, totals), rated);
}

void RatePeriodTest::roundsOncePerLine_data()
{
    QTest::addColumn<QByteArray>("currency");
    QTest::addColumn<QByteArray>("quantity");
    QTest::addColumn<QByteArray>("amount");
    const auto row = [](const char* currency, const char* quantity, const char* amount) {
        QTest::addRow("%s %s", currency, quantity)
            << QByteArray(currency) << QByteArray(quantity) << QByteArray(amount);
    };
    // At 0.5 per 1,000.
    row("USD", "9.999999999999", "0.00");
    row("USD", "10", "0.01");
    row("USD", "29.999999999999", "0.01");
    row("USD", "30", "0.02");
    row("JPY", "999.999999999999", "0");
    row("JPY", "1000", "1");
    row("KWD", "0.999999999999", "0.000");
    row("KWD", "1", "0.001");
}

void RatePeriodTest::roundsOncePerLine()
{
    QFETCH(QByteArray, currency);
    QFETCH(QByteArray, quantity);
    QFETCH(QByteArray, amount);
    const Currency of = *Currency::parse(currency.constData());
    Charge charge = calls();
    charge.included.reset();
    charge.unitDivisor = decimal("1000");
    charge.price = {{of, decimal("0.5")}};
    const std::vector<UsageTotal> totals{used("calls", "", quantity)};
    const auto rated = ratePeriod(plan({charge}), meters(), of, totals);
    QVERIFY(rated.has_value());
    QCOMPARE(rated->lines.at(0).amount.toText(), amount.toStdString());
}

void RatePeriodTest::priceList_data()
{
    QTest::addColumn<QByteArray>("plan");
    QTest::addColumn<QByteArray>("lines");
    const char* tokenLines = "LLM tokens, gpt4, input [22361870 x 0.03 / 1000, (0, -]] = 670.86\n"
                             "LLM tokens, gpt4, output [4088665 x 0.06 / 1000, (0, -]] = 245.32\n"
                             "Compute time, cpu [5400 x 0.05 / 3600, (0, -]] = 0.08\n"
                             "no price: compute_time {kind=tpu} 60\n";
    const auto row = [](const char* code, const QByteArray& lines) {
        QTest::newRow(code) << QByteArray(code) << lines;
    };
    row("zero", "Agent executions, included [1000 x 0 / 1, (0, 1000]] = 0.00\n"
                "over limit: agent_execution {} 100500\n"
                "no price: compute_time {kind=cpu} 5400\n"
                "no price: compute_time {kind=tpu} 60\n"
                "no price: llm_tokens {direction=input,model=gpt4} 22361870\n"
                "no price: llm_tokens {direction=output,model=gpt4} 4088665\n");
    row("shared", QByteArray("Monthly fee [1 x 29 / 1, (0, -]] = 29.00\n"
                             "Agent executions, included [10000 x 0 / 1, (0, 10000]] = 0.00\n"
                             "Agent executions [91500 x 0.001 / 1, (10000, -]] = 91.50\n") +
                      tokenLines);
    row("lite", QByteArray("Monthly fee [1 x 199 / 1, (0, -]] = 199.00\n"
                           "Agent executions, included [100000 x 0 / 1, (0, 100000]] = 0.00\n"
                           "Agent executions [1500 x 0.0005 / 1, (100000, -]] = 0.75\n") +
                    tokenLines);
    row("enterprise", QByteArray("Monthly fee [1 x 2500 / 1, (0, -]] = 2500.00\n"
                                 "Agent executions, included [101500 x 0 / 1, (0, -]] = 0.00\n") +
                          tokenLines);
}

void RatePeriodTest::priceList()
{
    QFETCH(QByteArray, plan);
    QFETCH(QByteArray, lines);
    QFile file(qEnvironmentVariable("BILLING_SOURCE_DIR") +
               QStringLiteral("/resources/catalog/price_list.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto catalog = wire::decodeCatalog(file.readAll().toStdString());
    QVERIFY(catalog.has_value());
    const auto found =
        std::find_if(catalog->plans.begin(), catalog->plans.end(),
                     [&](const PlanVersion& version) { return version.code.text() == plan.toStdString(); });
    QVERIFY(found != catalog->plans.end());
    const std::vector<UsageTotal> totals{
        used("agent_execution", "", "101500"), used("llm_tokens", "direction=input,model=gpt4", "22361870"),
        used("llm_tokens", "direction=output,model=gpt4", "4088665"),
        used("compute_time", "kind=cpu", "5400"), used("compute_time", "kind=tpu", "60")};
    QCOMPARE(test::outcome(ratePeriod(*found, catalog->meters, usd(), totals), text), lines.toStdString());
}

QTEST_APPLESS_MAIN(RatePeriodTest)
#include "tst_rate_period.moc"
