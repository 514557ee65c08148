// Goal: the price list survives the trip through JSON bit for bit, and nothing that is not exactly a price
// list gets in. Method: a table of refused documents with their code and place, then round trips.
#include "shared/wire/plan_json.h"

#include <QTest>

using namespace billing;
using namespace billing::wire;

namespace {

Decimal decimal(const char* text)
{
    return *Decimal::parse(text);
}

PriceByCurrency price(const char* dollars, const char* euros)
{
    return {{*Currency::parse("USD"), decimal(dollars)}, {*Currency::parse("EUR"), decimal(euros)}};
}

Meter tokens()
{
    return {.code = MeterCode("llm_tokens"),
            .version = 3,
            .metricType = "llm_tokens",
            .aggregation = Aggregation::UniqueCount,
            .filter = {{"region", "eu,\"west\""}},
            .dimensions = {"direction", "model"},
            .unit = "tokens",
            .name = "LLM tokens – größte",
            .activity = Activity::Inactive,
            .allowed = {{"direction", {"input", "output"}}, {"model", {"claude", "gpt4"}}}};
}

PlanVersion everything()
{
    return {.code = PlanCode("all"),
            .version = 7,
            .name = "All",
            .tier = Tier::AirGapped,
            .interval = Interval::Year,
            .activity = Activity::Inactive,
            .netDays = 90,
            .charges = {
                {.code = "fee", .name = "Fee", .timing = Timing::Advance, .price = price("199", "185.5")},
                {.code = "a",
                 .name = "A",
                 .model = ChargeModel::PerUnit,
                 .meter = MeterCode("a"),
                 .included = decimal("1000.5"),
                 .limit = LimitPolicy::Hard},
                {.code = "b",
                 .name = "B",
                 .model = ChargeModel::PerUnit,
                 .meter = MeterCode("b"),
                 .unlimited = true},
                {.code = "m",
                 .name = "M",
                 .model = ChargeModel::Matrix,
                 .meter = MeterCode("llm_tokens"),
                 .unitDivisor = decimal("1000"),
                 .matrix = {{{{"direction", "input"}, {"model", "gpt4"}}, price("0.030", "0.000000000001")},
                            {{}, price("0", "0")}}},
            }};
}

} // namespace

class PlanJsonTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void readsAllowedValues();
    void readsWhatItWrites();
    void writesEqualBytesForEqualValues();
    void readsNumbersAsTheyAreWritten();
};

void PlanJsonTest::refuses_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("subject");

    const auto row = [](const char* name, const QByteArray& charge, ErrorCode code, const char* subject) {
        const QByteArray head =
            R"({"code":"p","version":1,"name":"P","tier":"lite","interval":"month","net_days":14,"charges":[)";
        QTest::newRow(name) << head + charge + "]}" << static_cast<int>(code) << QByteArray(subject);
    };
    row("not an object", "1", ErrorCode::WrongType, "charges[0]");
    row("unknown field", R"({"code":"c","name":"C","model":"flat","colour":"red"})", ErrorCode::UnknownField,
        "charges[0].colour");
    row("no code", R"({"name":"C","model":"flat"})", ErrorCode::MissingField, "charges[0].code");
    row("no model", R"({"code":"c","name":"C"})", ErrorCode::MissingField, "charges[0].model");
    row("no such model", R"({"code":"c","name":"C","model":"tiered"})", ErrorCode::InvalidValue,
        "charges[0].model");
    row("no such timing", R"({"code":"c","name":"C","model":"flat","timing":"later"})",
        ErrorCode::InvalidValue, "charges[0].timing");
    row("no such limit", R"({"code":"c","name":"C","model":"flat","limit":"soft"})", ErrorCode::InvalidValue,
        "charges[0].limit");
    row("exponent", R"({"code":"c","name":"C","model":"flat","included":1e3})", ErrorCode::InvalidDecimal,
        "charges[0].included");
    row("price of no currency", R"({"code":"c","name":"C","model":"flat","price":{"XYZ":"1"}})",
        ErrorCode::UnknownCurrency, "charges[0].price.XYZ");
    row("price is no decimal", R"({"code":"c","name":"C","model":"flat","price":{"USD":"1,5"}})",
        ErrorCode::InvalidDecimal, "charges[0].price.USD");
    row("price is a truth", R"({"code":"c","name":"C","model":"flat","price":{"USD":true}})",
        ErrorCode::WrongType, "charges[0].price.USD");
    row("currency twice", R"({"code":"c","name":"C","model":"flat","price":{"USD":"1","USD":"2"}})",
        ErrorCode::DuplicateKey, "USD");
    row("cell without price", R"({"code":"c","name":"C","model":"matrix","matrix":[{"match":{}}]})",
        ErrorCode::MissingField, "charges[0].matrix[0].price");
    row("match is a number",
        R"({"code":"c","name":"C","model":"matrix","matrix":[{"match":{"k":1},"price":{}}]})",
        ErrorCode::WrongType, "charges[0].matrix[0].match.k");

    QTest::newRow("negative net days")
        << QByteArray(
               R"({"code":"p","version":1,"name":"P","tier":"lite","interval":"month","net_days":-1,"charges":[]})")
        << static_cast<int>(ErrorCode::InvalidValue) << QByteArray("net_days");
    QTest::newRow("no such tier")
        << QByteArray(
               R"({"code":"p","version":1,"name":"P","tier":"gold","interval":"month","net_days":1,"charges":[]})")
        << static_cast<int>(ErrorCode::InvalidValue) << QByteArray("tier");
    QTest::newRow("version beyond an int")
        << QByteArray(
               R"({"code":"p","version":4294967297,"name":"P","tier":"lite","interval":"month","net_days":1,"charges":[]})")
        << static_cast<int>(ErrorCode::InvalidValue) << QByteArray("version");
}

void PlanJsonTest::refuses()
{
    QFETCH(QByteArray, json);
    QFETCH(int, code);
    QFETCH(QByteArray, subject);
    const auto plan = decodePlan({json.data(), static_cast<std::size_t>(json.size())});
    QVERIFY(!plan);
    QCOMPARE(static_cast<int>(plan.error().code), code);
    QCOMPARE(QByteArray::fromStdString(plan.error().subject), subject);
}

void PlanJsonTest::readsAllowedValues()
{
    const std::string before =
        R"({"code":"t","version":1,"metric_type":"t","aggregation":"sum","dimensions":["a","b"],)";
    const std::string after = R"("unit":"u","name":"n","activity":"active"})";
    const auto read = [&](const std::string& allowed) { return decodeMeter(before + allowed + after); };
    const auto said = [&](const std::string& allowed) {
        const auto meter = read(allowed);
        return meter ? "ok"
                     : std::string(billing::wireName(meter.error().code)) + " " + meter.error().subject;
    };
    // A meter without them is written as it always was: published bytes never change.
    QCOMPARE(encodeMeter(*read("")), before + after);
    QVERIFY(read("")->allowed.empty());
    // In whatever order they come.
    QVERIFY(read(R"("allowed_values":{"b":["y","x"],"a":["z"]},)")->allowed ==
            (std::vector<AllowedValues>{{"a", {"z"}}, {"b", {"x", "y"}}}));
    QCOMPARE(encodeMeter(*read(R"("allowed_values":{"b":["y","x"],"a":["z"]},)")),
             before + R"("allowed_values":{"a":["z"],"b":["x","y"]},)" + after);
    QVERIFY(read(R"("allowed_values":null,)")->allowed.empty());
    QCOMPARE(said(R"("allowed_values":[],)"), std::string("wrong_type allowed_values"));
    QCOMPARE(said(R"("allowed_values":{"a":"x"},)"), std::string("wrong_type allowed_values.a"));
    QCOMPARE(said(R"("allowed_values":{"a":["x",1]},)"), std::string("wrong_type allowed_values.a[1]"));
    QCOMPARE(said(R"("allowed_values":{"a":["x"],"a":["y"]},)"), std::string("duplicate_key a"));
}

void PlanJsonTest::readsWhatItWrites()
{
    const auto plan = decodePlan(encodePlan(everything()));
    QVERIFY2(plan.has_value(), plan ? "" : toText(plan.error()).c_str());
    QVERIFY(*plan == everything());

    const auto meter = decodeMeter(encodeMeter(tokens()));
    QVERIFY2(meter.has_value(), meter ? "" : toText(meter.error()).c_str());
    QVERIFY(*meter == tokens());

    const Catalog catalog{{tokens()}, {everything()}};
    const auto read = decodeCatalog(encodeCatalog(catalog));
    QVERIFY(read.has_value());
    QVERIFY(*read == catalog);
}

void PlanJsonTest::writesEqualBytesForEqualValues()
{
    PlanVersion other = everything();
    other.charges.front().price = {{*Currency::parse("EUR"), decimal("185.50")},
                                   {*Currency::parse("USD"), decimal("199.000")}};
    QCOMPARE(encodePlan(other), encodePlan(everything()));
    QCOMPARE(encodePlan(*decodePlan(encodePlan(other))), encodePlan(other));
}

void PlanJsonTest::readsNumbersAsTheyAreWritten()
{
    const auto plan = decodePlan(
        R"({"code":"p","version":1,"name":"P","tier":"lite","interval":"month","net_days":14,"charges":[)"
        R"({"code":"c","name":"C","model":"flat","price":{"USD":0.1,"EUR":"0.1"},"included":9007199254740993}]})");
    QVERIFY2(plan.has_value(), plan ? "" : toText(plan.error()).c_str());
    const Charge& charge = plan->charges.front();
    QCOMPARE(charge.price.at(*Currency::parse("USD")), charge.price.at(*Currency::parse("EUR")));
    QCOMPARE(charge.included->toText(), std::string("9007199254740993"));
}

QTEST_APPLESS_MAIN(PlanJsonTest)
#include "tst_plan_json.moc"
