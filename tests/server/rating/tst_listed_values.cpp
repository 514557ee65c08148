// Which values of a dimension a price list names, and which lines a fallback priced.
#include "server/rating/listed_values.h"

#include "tests/support/printing.h"

#include <QTest>

using namespace billing;

class TestListedValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knows_data();
    void knows();
    void linesOfAFallback();
};

namespace {

const MeterCode tokens("tokens");

Catalog catalog()
{
    const auto cell = [](Dimensions match) {
        return MatrixPrice{std::move(match), {{*Currency::parse("USD"), Decimal::fromInteger(1)}}};
    };
    const auto plan = [](const char* code, std::vector<MatrixPrice> matrix) {
        Charge charge;
        charge.code = "tokens";
        charge.model = ChargeModel::Matrix;
        charge.meter = tokens;
        charge.matrix = std::move(matrix);
        PlanVersion version{.code = PlanCode(code), .name = code};
        version.charges = {std::move(charge)};
        return version;
    };
    Meter meter{.code = tokens, .metricType = "tokens", .dimensions = {"direction", "model", "region"}};
    meter.allowed = {{"model", {"claude", "gpt4", "o1"}}, {"region", {"eu"}}};
    Catalog all{
        {meter, {.code = MeterCode("calls"), .metricType = "calls", .dimensions = {"model"}}},
        {plan("lite", {cell({{"direction", "input"}, {"model", "gpt4"}}), cell({{"direction", "input"}})}),
         plan("shared", {cell({{"model", "claude"}})}), plan("old", {cell({{"model", "gpt2"}})})}};
    all.plans.back().activity = Activity::Inactive;
    return all;
}

} // namespace

void TestListedValues::knows_data()
{
    QTest::addColumn<QString>("meter");
    QTest::addColumn<QString>("dimension");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("told"); // "listed", or "unlisted" and the hint
    const auto row = [](const char* meter, const char* dimension, const char* value, const char* told) {
        QTest::addRow("%s %s=%s", meter, dimension, value)
            << QString::fromUtf8(meter) << QString::fromUtf8(dimension) << QString::fromUtf8(value)
            << QString::fromUtf8(told);
    };
    row("tokens", "model", "gpt4", "listed");
    row("tokens", "model", "claude", "listed"); // another plan names it
    row("tokens", "model", "o1", "listed");     // allowed on purpose, whatever prices it
    row("tokens", "model", "GPT4", "unlisted gpt4");
    row("tokens", "model", " gpt-4 ", "unlisted gpt4");
    row("tokens", "model", "gpt_4", "unlisted gpt4");
    row("tokens", "model", "gpt5", "unlisted ");
    row("tokens", "model", "gpt2", "unlisted "); // of an inactive version
    row("tokens", "model", "", "unlisted ");
    row("tokens", "direction", "Input", "unlisted input");
    row("tokens", "region", "us", "listed"); // no price looks at it
    row("calls", "model", "GPT4", "listed");
    row("other", "model", "GPT4", "listed");
}

void TestListedValues::knows()
{
    QFETCH(QString, meter);
    QFETCH(QString, dimension);
    QFETCH(QString, value);
    QFETCH(QString, told);
    const ListedValues listed(catalog());
    const MeterCode code(meter.toStdString());
    std::string text = "listed";
    if (listed.isUnlisted(code, dimension.toStdString(), value.toStdString())) {
        const std::string* hint = listed.hint(code, dimension.toStdString(), value.toStdString());
        text = "unlisted " + (hint ? *hint : std::string());
    }
    QCOMPARE(text, told.toStdString());
}

void TestListedValues::linesOfAFallback()
{
    const PlanVersion plan = catalog().plans.front();
    const auto line = [](const char* charge, const char* key) {
        RatedLine one{.kind = LineKind::Usage,
                      .chargeCode = charge,
                      .description = {},
                      .quantity = Decimal(),
                      .unitPrice = Decimal(),
                      .amount = Money::zero(*Currency::parse("USD"))};
        one.meter = tokens;
        one.dimensionKey = key;
        return one;
    };
    const std::vector<RatedLine> lines{line("tokens", "direction=input,model=gpt4,region=eu"),
                                       line("tokens", "direction=input,model=GPT4,region="),
                                       line("fee", "direction=input,model=GPT4"),
                                       line("tokens", "direction=Input,model=claude,region=us")};
    const std::vector<FallbackPriced> expected{{1, "tokens", tokens, "model", "GPT4", "gpt4"},
                                               {3, "tokens", tokens, "direction", "Input", "input"},
                                               {3, "tokens", tokens, "model", "claude", ""}};
    QVERIFY(pricedByFallback(plan, lines) == expected);
    QVERIFY(pricedByFallback(plan, {}).empty());
}

QTEST_APPLESS_MAIN(TestListedValues)
#include "tst_listed_values.moc"
