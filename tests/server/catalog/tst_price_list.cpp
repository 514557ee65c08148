// Goal: resources/catalog/price_list.json is the design's price list and can be billed by.
// Method: load it strictly, check it, and compare the dollar prices figure by figure.
#include "shared/wire/check_catalog.h"
#include "shared/wire/plan_json.h"

#include <QFile>
#include <QTest>

using namespace billing;

namespace {

QByteArray file()
{
    QFile list(qEnvironmentVariable("BILLING_SOURCE_DIR") +
               QStringLiteral("/resources/catalog/price_list.json"));
    return list.open(QIODevice::ReadOnly) ? list.readAll() : QByteArray();
}

Catalog load()
{
    const auto catalog = wire::decodeCatalog(file().toStdString());
    if (!catalog)
        qFatal("%s", toText(catalog.error()).c_str());
    return *catalog;
}

const PlanVersion* planOf(const Catalog& catalog, const char* code)
{
    for (const PlanVersion& plan : catalog.plans)
        if (plan.code.text() == code)
            return &plan;
    return nullptr;
}

const Charge* chargeOf(const PlanVersion& plan, const char* code)
{
    for (const Charge& charge : plan.charges)
        if (charge.code == code)
            return &charge;
    return nullptr;
}

std::string dollars(const PriceByCurrency& prices)
{
    const auto found = prices.find(*Currency::parse("USD"));
    return found == prices.end() ? "none" : found->second.toText();
}

} // namespace

class PriceListTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passesTheCheck();
    void meters_data();
    void meters();
    void plans_data();
    void plans();
    void matrix_data();
    void matrix();
    void paidPlansHaveThreeCurrencies();
    void zeroHasNoPrices();
};

void PriceListTest::passesTheCheck()
{
    const auto checked = wire::checkCatalog(load());
    QVERIFY2(checked.has_value(), checked ? "" : toText(checked.error()).c_str());
    QCOMPARE(load().meters.size(), std::size_t{5});
    QCOMPARE(load().plans.size(), std::size_t{5});
}

void PriceListTest::meters_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("aggregation");
    QTest::addColumn<QByteArray>("dimensions");
    QTest::addColumn<bool>("active");
    const auto row = [](const char* code, const char* aggregation, const char* dimensions, bool active) {
        QTest::newRow(code) << QByteArray(code) << QByteArray(aggregation) << QByteArray(dimensions)
                            << active;
    };
    row("agent_execution", "sum", "", true);
    row("api_request", "sum", "", true);
    row("llm_tokens", "sum", "direction,model", true);
    row("compute_time", "sum", "kind", true);
    row("storage_gb", "time_weighted", "class", false);
}

void PriceListTest::meters()
{
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, aggregation);
    QFETCH(QByteArray, dimensions);
    QFETCH(bool, active);
    const Catalog catalog = load();
    const Meter* meter = findMeter(catalog.meters, MeterCode(code.toStdString()));
    QVERIFY(meter);
    QCOMPARE(meter->metricType, code.toStdString());
    QCOMPARE(QByteArray(wireName(meter->aggregation).data()), aggregation);
    QByteArrayList names;
    for (const std::string& name : meter->dimensions)
        names << QByteArray::fromStdString(name);
    QCOMPARE(names.join(','), dimensions);
    QCOMPARE(meter->activity == Activity::Active, active);
}

void PriceListTest::plans_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("fee");
    QTest::addColumn<QByteArray>("executions"); // included / dollars
    QTest::addColumn<QByteArray>("requests");
    QTest::addColumn<int>("netDays");
    QTest::addColumn<bool>("active");
    const auto row = [](const char* code, const char* fee, const char* executions, const char* requests) {
        const QByteArray name(code);
        QTest::newRow(code) << name << QByteArray(fee) << QByteArray(executions) << QByteArray(requests)
                            << (name == "enterprise" || name == "air_gapped" ? 30 : 14)
                            << (name != "air_gapped");
    };
    row("zero", "none", "1000 hard", "100000 hard");
    row("shared", "29", "10000 then 0.001", "1000000 then 0.0001");
    row("lite", "199", "100000 then 0.0005", "10000000 then 0.00005");
    row("enterprise", "2500", "unlimited", "unlimited");
    row("air_gapped", "24000", "unlimited", "unlimited");
}

void PriceListTest::plans()
{
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, fee);
    QFETCH(QByteArray, executions);
    QFETCH(QByteArray, requests);
    QFETCH(int, netDays);
    QFETCH(bool, active);
    const Catalog catalog = load();
    const PlanVersion* plan = planOf(catalog, code.constData());
    QVERIFY(plan);
    QCOMPARE(QByteArray(wireName(plan->tier).data()), code);
    QCOMPARE(plan->netDays, netDays);
    QCOMPARE(plan->activity == Activity::Active, active);
    QCOMPARE(plan->interval == Interval::Year, code == "air_gapped");
    const Charge* feeCharge = chargeOf(*plan, "fee");
    QCOMPARE(feeCharge ? dollars(feeCharge->price) : std::string("none"), fee.toStdString());

    const auto terms = [](const Charge* charge) -> std::string {
        if (!charge)
            return "none";
        if (charge->unlimited)
            return "unlimited";
        const std::string included = charge->included->toText();
        return charge->limit == LimitPolicy::Hard ? included + " hard"
                                                  : included + " then " + dollars(charge->price);
    };
    QCOMPARE(terms(chargeOf(*plan, "agent_execution")), executions.toStdString());
    QCOMPARE(terms(chargeOf(*plan, "api_request")), requests.toStdString());
}

void PriceListTest::matrix_data()
{
    QTest::addColumn<QByteArray>("charge");
    QTest::addColumn<QByteArray>("divisor");
    QTest::addColumn<QByteArray>("cells");
    QTest::newRow("llm_tokens") << QByteArray("llm_tokens") << QByteArray("1000")
                                << QByteArray(
                                       "direction=input,model=gpt4:0.03 direction=output,model=gpt4:0.06 "
                                       "direction=input,model=gpt35:0.002 "
                                       "direction=output,model=gpt35:0.004 "
                                       "direction=input,model=claude:0.025 "
                                       "direction=output,model=claude:0.05 "
                                       "direction=input:0.002 direction=output:0.004 ");
    QTest::newRow("compute_time") << QByteArray("compute_time") << QByteArray("3600")
                                  << QByteArray("kind=cpu:0.05 kind=gpu_t4:0.5 kind=gpu_a100:3 ");
    QTest::newRow("storage_gb") << QByteArray("storage_gb") << QByteArray("1")
                                << QByteArray("class=hot:0.15 class=warm:0.08 class=cold:0.02 ");
}

void PriceListTest::matrix()
{
    QFETCH(QByteArray, charge);
    QFETCH(QByteArray, divisor);
    QFETCH(QByteArray, cells);
    const Catalog catalog = load();
    for (const char* code : {"shared", "lite", "enterprise", "air_gapped"}) {
        const Charge* found = chargeOf(*planOf(catalog, code), charge.constData());
        QVERIFY2(found, code);
        QCOMPARE(found->unitDivisor.toText(), divisor.toStdString());
        std::string text;
        for (const MatrixPrice& cell : found->matrix) {
            std::vector<std::string> names;
            for (const Dimension& dimension : cell.match)
                names.push_back(dimension.name);
            text += dimensionKey(cell.match, names) + ':' + dollars(cell.price) + ' ';
        }
        QCOMPARE(text, cells.toStdString());
    }
}

void PriceListTest::paidPlansHaveThreeCurrencies()
{
    const Catalog catalog = load();
    for (const char* code : {"shared", "lite", "enterprise", "air_gapped"})
        for (const char* currency : {"USD", "EUR", "MXN"})
            QVERIFY2(chargeOf(*planOf(catalog, code), "fee")->price.contains(*Currency::parse(currency)),
                     code);
}

void PriceListTest::zeroHasNoPrices()
{
    const Catalog catalog = load();
    for (const Charge& charge : planOf(catalog, "zero")->charges)
        QVERIFY(charge.price.empty() && charge.matrix.empty());
}

QTEST_APPLESS_MAIN(PriceListTest)
#include "tst_price_list.moc"
