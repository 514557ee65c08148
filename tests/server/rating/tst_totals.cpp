// Goal: the sums at the foot are the sums of what is printed. Method: refusals, then small tables.
#include "server/rating/totals.h"

#include "tests/support/printing.h"

#include <QTest>

using namespace billing;

namespace {

Money money(std::int64_t minor, const char* currency = "EUR")
{
    return Money::fromMinor(minor, *Currency::parse(currency));
}

TaxableLine line(const Money& net)
{
    return {TaxCategory::Standard, net};
}

TaxLine tax(const Money& amount)
{
    return {.base = money(0), .tax = amount};
}

std::string sums(const std::vector<TaxableLine>& lines, const std::vector<TaxLine>& taxes)
{
    return test::outcome(totalsOf(lines, taxes, *Currency::parse("EUR")), [](const Totals& totals) {
        return totals.net.toText() + " + " + totals.tax.toText() + " = " + totals.total.toText();
    });
}

} // namespace

class TotalsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses();
    void adds();
};

void TotalsTest::refuses()
{
    const std::int64_t most = std::numeric_limits<std::int64_t>::max();
    QCOMPARE(sums({line(money(1, "USD"))}, {}), std::string("currency_mismatch"));
    QCOMPARE(sums({}, {tax(money(1, "USD"))}), std::string("currency_mismatch"));
    QCOMPARE(sums({line(money(most)), line(money(1))}, {}), std::string("amount_overflow"));
    QCOMPARE(sums({line(money(most))}, {tax(money(1))}), std::string("amount_overflow"));
}

void TotalsTest::adds()
{
    QCOMPARE(sums({}, {}), std::string("0.00 + 0.00 = 0.00"));
    QCOMPARE(sums({line(money(0))}, {tax(money(0))}), std::string("0.00 + 0.00 = 0.00"));
    QCOMPARE(sums({line(money(67'086)), line(money(24'532)), line(money(19'900))}, {tax(money(21'188))}),
             std::string("1115.18 + 211.88 = 1327.06"));
    QCOMPARE(sums({line(money(1'000)), line(money(-333))}, {tax(money(100)), tax(money(27))}),
             std::string("6.67 + 1.27 = 7.94"));
}

QTEST_APPLESS_MAIN(TotalsTest)
#include "tst_totals.moc"
