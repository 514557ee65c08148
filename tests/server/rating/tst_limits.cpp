// Goal: the standing says near from exactly 80 % on and exceeded only above a hard limit. Method: tables
// around both.
#include "server/rating/limits.h"

#include "tests/support/printing.h"

#include <QTest>

using namespace billing;

namespace {

Decimal decimal(const QByteArray& text)
{
    return Decimal::parseTotal(text.constData()).value();
}

PlanVersion plan()
{
    const Charge hard{.code = "calls",
                      .name = "Calls",
                      .model = ChargeModel::PerUnit,
                      .meter = MeterCode("calls"),
                      .included = decimal("100"),
                      .limit = LimitPolicy::Hard};
    Charge soft = hard;
    soft.code = "soft";
    soft.limit = LimitPolicy::None;
    Charge unlimited = hard;
    unlimited.included.reset();
    unlimited.unlimited = true;
    return {.code = PlanCode("p"),
            .name = "P",
            .charges = {{.code = "fee", .name = "Fee"}, hard, soft, unlimited}};
}

const std::vector<Meter> meters{{.code = MeterCode("calls"), .metricType = "api_call"}};

} // namespace

class LimitsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses();
    void state_data();
    void state();
    void standing();
};

void LimitsTest::refuses()
{
    const auto lost = limitsOf(plan(), {}, {});
    QVERIFY(!lost);
    QCOMPARE(lost.error().code, ErrorCode::InvalidCatalog);
    const UsageTotal huge{MeterCode("calls"), "", decimal("100000000000000000000000000")};
    const auto much = limitsOf(plan(), meters, std::vector<UsageTotal>{huge, huge});
    QVERIFY(!much);
    QCOMPARE(much.error().code, ErrorCode::AmountOverflow);
}

void LimitsTest::state_data()
{
    QTest::addColumn<QByteArray>("included");
    QTest::addColumn<QByteArray>("used");
    QTest::addColumn<QByteArray>("hard");
    QTest::addColumn<QByteArray>("soft");
    const auto row = [](const char* included, const char* used, const char* hard, const char* soft) {
        QTest::addRow("%s of %s", used, included)
            << QByteArray(included) << QByteArray(used) << QByteArray(hard) << QByteArray(soft);
    };
    row("100", "0", "ok", "ok");
    row("100", "1", "ok", "ok");
    row("100", "79.999999999999", "ok", "ok");
    row("100", "80", "near", "near");
    row("100", "99", "near", "near");
    row("100", "100", "near", "near");
    row("100", "100.000000000001", "exceeded", "near");
    row("100", "101", "exceeded", "near");
    row("3", "2.4", "near", "near");
    row("3", "2.399999999999", "ok", "ok");
    row("0", "0", "ok", "ok");
    row("0", "0.000000000001", "exceeded", "near");
    row("100000000000000000000000000", "1", "ok", "ok");
    row("100", "100000000000000000000000000", "exceeded", "near");
}

void LimitsTest::state()
{
    QFETCH(QByteArray, included);
    QFETCH(QByteArray, used);
    QFETCH(QByteArray, hard);
    QFETCH(QByteArray, soft);
    QCOMPARE(wireName(limitState(decimal(included), decimal(used), LimitPolicy::Hard)),
             std::string_view(hard.constData()));
    QCOMPARE(wireName(limitState(decimal(included), decimal(used), LimitPolicy::None)),
             std::string_view(soft.constData()));
}

void LimitsTest::standing()
{
    const std::vector<UsageTotal> totals{{MeterCode("calls"), "a=1", decimal("70.5")},
                                         {MeterCode("other"), "", decimal("1000")},
                                         {MeterCode("calls"), "a=2", decimal("30")}};
    const auto standings = limitsOf(plan(), meters, totals);
    QVERIFY(standings.has_value());
    const std::vector<LimitStanding> expected{{"calls", MeterCode("calls"), "api_call", decimal("100"),
                                               decimal("100.5"), LimitPolicy::Hard, LimitState::Exceeded},
                                              {"soft", MeterCode("calls"), "api_call", decimal("100"),
                                               decimal("100.5"), LimitPolicy::None, LimitState::Near}};
    QVERIFY(*standings == expected);

    const auto unused = limitsOf(plan(), meters, {});
    QVERIFY(unused.has_value());
    QCOMPARE(unused->size(), std::size_t{2});
    QVERIFY(unused->front().used.isZero() && unused->front().state == LimitState::Ok);
}

QTEST_APPLESS_MAIN(LimitsTest)
#include "tst_limits.moc"
