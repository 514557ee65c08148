// Goal: no price list that cannot be billed by gets published. Method: one good catalogue, one change per
// refusal.
#include "shared/wire/check_catalog.h"

#include <QTest>
#include <functional>

using namespace billing;
using namespace billing::wire;

namespace {

using Change = std::function<void(Catalog&)>;

Decimal decimal(const char* text)
{
    return *Decimal::parse(text);
}

PriceByCurrency price(const char* dollars, const char* yen)
{
    return {{*Currency::parse("USD"), decimal(dollars)}, {*Currency::parse("JPY"), decimal(yen)}};
}

Catalog good()
{
    const Meter calls{.code = MeterCode("calls"), .metricType = "calls", .unit = "calls", .name = "Calls"};
    Meter tokens{.code = MeterCode("tokens"), .metricType = "tokens", .unit = "tokens", .name = "Tokens"};
    tokens.dimensions = {"direction", "model"};
    return {{calls, tokens},
            {{.code = PlanCode("lite"),
              .name = "Lite",
              .charges = {
                  {.code = "fee", .name = "Fee", .price = price("199", "30000")},
                  {.code = "calls",
                   .name = "Calls",
                   .model = ChargeModel::PerUnit,
                   .meter = MeterCode("calls"),
                   .included = decimal("10"),
                   .price = price("0.01", "1.5")},
                  {.code = "tokens",
                   .name = "Tokens",
                   .model = ChargeModel::Matrix,
                   .meter = MeterCode("tokens"),
                   .matrix = {{{{"direction", "input"}, {"model", "gpt4"}}, price("0.03", "4")},
                              {{{"direction", "input"}}, price("0.02", "3")},
                              {{}, price("0.01", "1")}}},
              }}}};
}

Charge& fee(Catalog& catalog)
{
    return catalog.plans.front().charges.at(0);
}
Charge& calls(Catalog& catalog)
{
    return catalog.plans.front().charges.at(1);
}
Charge& tokens(Catalog& catalog)
{
    return catalog.plans.front().charges.at(2);
}

} // namespace

Q_DECLARE_METATYPE(Change)

class CheckCatalogTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void accepts_data();
    void accepts();
};

void CheckCatalogTest::refuses_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("detail");
    const auto row = [](const char* name, const char* detail, Change change) {
        QTest::newRow(name) << change << QString::fromLatin1(detail);
    };
    row("meter twice", "same version", [](Catalog& c) { c.meters.push_back(c.meters.front()); });
    row("meter without unit", "unit", [](Catalog& c) { c.meters.front().unit.clear(); });
    row("meter code with a space", "code", [](Catalog& c) { c.meters.front().code = MeterCode("a b"); });
    row("dimensions unsorted", "sorted", [](Catalog& c) {
        c.meters.back().dimensions = {"model", "direction"};
    });
    row("dimension twice", "sorted", [](Catalog& c) { c.meters.back().dimensions = {"model", "model"}; });
    row("plan twice", "same version", [](Catalog& c) { c.plans.push_back(c.plans.front()); });
    row("plan version 0", "version", [](Catalog& c) { c.plans.front().version = 0; });
    row("net 400", "net days", [](Catalog& c) { c.plans.front().netDays = 400; });
    row("charge code twice", "same code", [](Catalog& c) { fee(c).code = "calls"; });
    row("no meter", "meter", [](Catalog& c) { calls(c).meter.reset(); });
    row("unknown meter", "meter", [](Catalog& c) { calls(c).meter = MeterCode("nothing"); });
    row("flat with a meter", "flat", [](Catalog& c) { fee(c).meter = MeterCode("calls"); });
    row("flat per 1,000", "flat", [](Catalog& c) { fee(c).unitDivisor = decimal("1000"); });
    row("fee without price", "no price", [](Catalog& c) { fee(c).price.clear(); });
    row("fee of half a cent", "minor unit", [](Catalog& c) { fee(c).price = price("0.005", "1"); });
    row("fee of half a yen", "minor unit", [](Catalog& c) { fee(c).price = price("1", "0.5"); });
    row("negative price", "negative", [](Catalog& c) { calls(c).price = price("-0.01", "1"); });
    row("negative cell", "negative", [](Catalog& c) { tokens(c).matrix[1].price = price("-0.01", "1"); });
    row("negative included", "negative", [](Catalog& c) { calls(c).included = decimal("-1"); });
    row("divisor 0", "divisor", [](Catalog& c) { calls(c).unitDivisor = Decimal(); });
    row("divisor negative", "divisor", [](Catalog& c) { calls(c).unitDivisor = decimal("-1"); });
    row("unit price missing", "no price", [](Catalog& c) { calls(c).price.clear(); });
    row("unlimited with included", "unlimited", [](Catalog& c) { calls(c).unlimited = true; });
    row("unlimited with price", "never be charged", [](Catalog& c) {
        calls(c).unlimited = true;
        calls(c).included.reset();
    });
    row("hard limit with price", "never be charged", [](Catalog& c) { calls(c).limit = LimitPolicy::Hard; });
    row("hard limit of nothing", "included", [](Catalog& c) {
        calls(c).limit = LimitPolicy::Hard;
        calls(c).price.clear();
        calls(c).included.reset();
    });
    row("matrix with a unit price", "another model", [](Catalog& c) { tokens(c).price = price("1", "1"); });
    row("unit price with a matrix", "another model", [](Catalog& c) { calls(c).matrix = tokens(c).matrix; });
    row("matrix without cells", "no price", [](Catalog& c) { tokens(c).matrix.clear(); });
    row("cell without price", "no price", [](Catalog& c) { tokens(c).matrix[0].price.clear(); });
    row("undeclared dimension", "declare", [](Catalog& c) {
        tokens(c).matrix[1].match = {{"region", "eu"}};
    });
    row("cell twice", "as good a match",
        [](Catalog& c) { tokens(c).matrix[0].match = tokens(c).matrix[1].match; });
    row("tie", "as good a match", [](Catalog& c) { tokens(c).matrix[0].match = {{"model", "gpt4"}}; });
    row("allowed: undeclared dimension", "does not declare", [](Catalog& c) {
        c.meters.back().allowed = {{"region", {"eu"}}};
    });
    row("allowed: none", "1 to 1,000", [](Catalog& c) { c.meters.back().allowed = {{"model", {}}}; });
    row("allowed: 1,001", "1 to 1,000", [](Catalog& c) {
        c.meters.back().allowed = {{"model", {}}};
        for (int i = 0; i < 1'001; ++i)
            c.meters.back().allowed[0].values.push_back("v" + std::to_string(10'000 + i));
    });
    row("allowed: twice", "each value once", [](Catalog& c) {
        c.meters.back().allowed = {{"model", {"gpt4", "gpt4"}}};
    });
    row("allowed: unsorted", "sorted", [](Catalog& c) {
        c.meters.back().allowed = {{"model", {"gpt4", "claude"}}};
    });
    row("allowed: a dimension twice", "each dimension once", [](Catalog& c) {
        c.meters.back().allowed = {{"model", {"gpt4"}}, {"model", {"gpt4"}}};
    });
    row("allowed: an empty value", "1 to 256", [](Catalog& c) {
        c.meters.back().allowed = {{"model", {"", "gpt4"}}};
    });
    row("allowed: a long value", "1 to 256", [](Catalog& c) {
        c.meters.back().allowed = {{"model", {"gpt4", std::string(257, 'x')}}};
    });
    row("a cell's value is not allowed", "does not allow", [](Catalog& c) {
        c.meters.back().allowed = {{"model", {"claude"}}};
    });
    row("the filter's value is not allowed", "not allowed", [](Catalog& c) {
        c.meters.back().filter = {{"model", "gpt3"}};
        c.meters.back().allowed = {{"model", {"gpt4"}}};
    });
    row("other currencies", "currencies", [](Catalog& c) { calls(c).price.erase(*Currency::parse("JPY")); });
    row("other currencies in a cell", "currencies",
        [](Catalog& c) { tokens(c).matrix[2].price.erase(*Currency::parse("USD")); });
}

void CheckCatalogTest::refuses()
{
    QFETCH(Change, change);
    QFETCH(QString, detail);
    Catalog catalog = good();
    change(catalog);
    const auto checked = checkCatalog(catalog);
    QVERIFY(!checked);
    QCOMPARE(checked.error().code, ErrorCode::InvalidCatalog);
    const QString said = QString::fromStdString(checked.error().detail);
    QVERIFY2(said.contains(detail), qPrintable(said));
}

void CheckCatalogTest::accepts_data()
{
    QTest::addColumn<Change>("change");
    const auto row = [](const char* name, Change change) { QTest::newRow(name) << change; };
    row("as it is", [](Catalog&) {});
    row("nothing at all", [](Catalog& c) { c = {}; });
    row("a later version of each", [](Catalog& c) {
        c.meters.push_back(c.meters.front());
        c.meters.back().version = 2;
        c.plans.push_back(c.plans.front());
        c.plans.back().version = 2;
    });
    row("prices of nothing", [](Catalog& c) { calls(c).price = price("0", "0"); });
    row("unlimited", [](Catalog& c) {
        calls(c).unlimited = true;
        calls(c).included.reset();
        calls(c).price.clear();
    });
    row("hard limit", [](Catalog& c) {
        calls(c).limit = LimitPolicy::Hard;
        calls(c).price.clear();
    });
}

void CheckCatalogTest::accepts()
{
    QFETCH(Change, change);
    Catalog catalog = good();
    change(catalog);
    const auto checked = checkCatalog(catalog);
    QVERIFY2(checked.has_value(), checked ? "" : toText(checked.error()).c_str());
}

QTEST_APPLESS_MAIN(CheckCatalogTest)
#include "tst_check_catalog.moc"
