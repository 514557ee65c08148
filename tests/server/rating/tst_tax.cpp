// Goal: the right rate of the right day, rounded as the issuer says. Method: refusals, a table of places and
// days, both roundings where they differ, every category.
#include "server/rating/tax.h"

#include "tests/support/printing.h"

#include <QTest>

using namespace billing;

namespace {

Decimal decimal(const char* text)
{
    return *Decimal::parse(text);
}

LocalDate date(const char* text)
{
    return *LocalDate::parse(text);
}

Money euros(std::int64_t cents)
{
    return Money::fromMinor(cents, *Currency::parse("EUR"));
}

const std::vector<TaxRate>& rates()
{
    static const std::vector<TaxRate> table{
        {.country = "DE",
         .name = "VAT",
         .rate = decimal("0.19"),
         .validFrom = date("2007-01-01"),
         .validUntil = date("2020-07-01")},
        {.country = "DE",
         .name = "VAT",
         .rate = decimal("0.16"),
         .validFrom = date("2020-07-01"),
         .validUntil = date("2021-01-01")},
        {.country = "DE", .name = "VAT", .rate = decimal("0.19"), .validFrom = date("2021-01-01")},
        {.country = "DE",
         .category = TaxCategory::ReverseCharge,
         .name = "VAT",
         .rate = decimal("0.19"),
         .validFrom = date("2007-01-01"),
         .note = "Reverse charge, section 13b UStG"},
        {.country = "ES", .name = "VAT", .rate = decimal("0.21"), .validFrom = date("2012-09-01")},
        {.country = "ES",
         .region = "CN",
         .name = "IGIC",
         .rate = decimal("0.07"),
         .validFrom = date("2020-01-01")},
        {.country = "US",
         .region = "NY",
         .name = "Sales tax",
         .rate = decimal("0.08875"),
         .validFrom = date("2020-01-01")},
        {.country = "GB",
         .name = "VAT",
         .rate = decimal("0.2"),
         .validFrom = date("2011-01-04"),
         .validUntil = date("2021-01-01")},
        {.country = "MX", .name = "IVA", .rate = decimal("0.16"), .validFrom = date("2010-01-01")},
        {.country = "MX", .name = "IVA", .rate = decimal("0.17"), .validFrom = date("2024-01-01")},
    };
    return table;
}

TaxCase taxCase(const char* country, const char* region = "", const char* day = "2023-12-01")
{
    return {.rates = rates(), .country = country, .region = region, .taxDate = date(day)};
}

std::string text(const std::vector<TaxLine>& lines)
{
    std::string all;
    for (const TaxLine& line : lines)
        all += std::string(wireName(line.category)) + ' ' + line.name + ' ' + line.rate.toText() + " of " +
               line.base.toText() + " = " + line.tax.toText() +
               (line.note.empty() ? "" : " (" + line.note + ')') + '\n';
    return all;
}

std::string taxed(const std::vector<TaxableLine>& lines, const TaxCase& of)
{
    return test::outcome(taxLines(lines, of), text);
}

TaxableLine standard(std::int64_t cents)
{
    return {TaxCategory::Standard, euros(cents)};
}

} // namespace

class TaxTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses();
    void rate_data();
    void rate();
    void rounding_data();
    void rounding();
    void categories();
};

void TaxTest::refuses()
{
    QCOMPARE(taxed({standard(100)}, taxCase("FR")), std::string("no_tax_rate"));
    QCOMPARE(taxed({standard(0)}, taxCase("FR")), std::string("no_tax_rate"));
    QCOMPARE(taxed({standard(100)}, taxCase("US")), std::string("no_tax_rate"));
    QCOMPARE(taxed({standard(100)}, taxCase("US", "CA")), std::string("no_tax_rate"));
    QCOMPARE(taxed({standard(100)}, taxCase("DE", "", "2006-12-31")), std::string("no_tax_rate"));
    QCOMPARE(taxed({standard(100), {TaxCategory::Standard, Money::fromMinor(1, *Currency::parse("USD"))}},
                   taxCase("DE")),
             std::string("currency_mismatch"));
    const std::int64_t most = std::numeric_limits<std::int64_t>::max();
    QCOMPARE(taxed({standard(most), standard(1)}, taxCase("DE")), std::string("amount_overflow"));
    QCOMPARE(taxed({standard(100)}, taxCase("GB", "", "2020-12-31")),
             std::string("S VAT 0.2 of 1.00 = 0.20\n"));
    QCOMPARE(taxed({standard(100)}, taxCase("GB", "", "2021-01-01")), std::string("no_tax_rate"));
    QCOMPARE(taxed({}, taxCase("FR")), std::string());
}

void TaxTest::rate_data()
{
    QTest::addColumn<QByteArray>("country");
    QTest::addColumn<QByteArray>("region");
    QTest::addColumn<QByteArray>("day");
    QTest::addColumn<QByteArray>("line");
    const auto row = [](const char* country, const char* region, const char* day, const char* line) {
        QTest::addRow("%s %s %s", country, region, day)
            << QByteArray(country) << QByteArray(region) << QByteArray(day) << QByteArray(line);
    };
    row("DE", "", "2007-01-01", "S VAT 0.19 of 100.00 = 19.00\n");
    row("DE", "", "2020-06-30", "S VAT 0.19 of 100.00 = 19.00\n");
    row("DE", "", "2020-07-01", "S VAT 0.16 of 100.00 = 16.00\n");
    row("DE", "", "2020-12-31", "S VAT 0.16 of 100.00 = 16.00\n");
    row("DE", "", "2021-01-01", "S VAT 0.19 of 100.00 = 19.00\n");
    row("DE", "BY", "2023-12-01", "S VAT 0.19 of 100.00 = 19.00\n");
    row("ES", "", "2023-12-01", "S VAT 0.21 of 100.00 = 21.00\n");
    row("ES", "CN", "2023-12-01", "S IGIC 0.07 of 100.00 = 7.00\n");
    row("ES", "CN", "2019-12-31", "S VAT 0.21 of 100.00 = 21.00\n");
    row("US", "NY", "2023-12-01", "S Sales tax 0.08875 of 100.00 = 8.88\n");
    row("MX", "", "2023-12-31", "S IVA 0.16 of 100.00 = 16.00\n");
    row("MX", "", "2024-01-01", "S IVA 0.17 of 100.00 = 17.00\n");
}

void TaxTest::rate()
{
    QFETCH(QByteArray, country);
    QFETCH(QByteArray, region);
    QFETCH(QByteArray, day);
    QFETCH(QByteArray, line);
    QCOMPARE(taxed({standard(10'000)}, taxCase(country.constData(), region.constData(), day.constData())),
             line.toStdString());
}

void TaxTest::rounding_data()
{
    QTest::addColumn<QList<int>>("cents");
    QTest::addColumn<QByteArray>("perDocument");
    QTest::addColumn<QByteArray>("perLine");
    const auto row = [](const char* name, const QList<int>& cents, const char* perDocument,
                        const char* perLine) {
        QTest::newRow(name) << cents << QByteArray(perDocument) << QByteArray(perLine);
    };
    row("one cent", {1}, "0.00", "0.00");
    row("just under half", {2}, "0.00", "0.00");
    row("just over half", {3}, "0.01", "0.01");
    row("three twos", {2, 2, 2}, "0.01", "0.00");
    row("three threes", {3, 3, 3}, "0.02", "0.03");
    row("exactly half up", {50}, "0.10", "0.10");
    row("exactly half down", {-50}, "-0.10", "-0.10");
    row("the trace", {67'086, 24'532, 19'900}, "211.88", "211.88");
    row("a discount", {1'000, -333}, "1.27", "1.27");
}

void TaxTest::rounding()
{
    QFETCH(QList<int>, cents);
    QFETCH(QByteArray, perDocument);
    QFETCH(QByteArray, perLine);
    std::vector<TaxableLine> lines;
    for (const int amount : cents)
        lines.push_back(standard(amount));
    TaxCase of = taxCase("DE");
    QCOMPARE(taxLines(lines, of)->front().tax.toText(), perDocument.toStdString());
    of.rounding = TaxRounding::PerLine;
    QCOMPARE(taxLines(lines, of)->front().tax.toText(), perLine.toStdString());
}

void TaxTest::categories()
{
    const std::vector<TaxableLine> lines{
        {TaxCategory::OutOfScope, euros(6)},    {TaxCategory::Export, euros(5)},
        {TaxCategory::ReverseCharge, euros(4)}, {TaxCategory::Exempt, euros(3)},
        {TaxCategory::Zero, euros(2)},          {TaxCategory::Standard, euros(100)},
        {TaxCategory::Standard, euros(200)}};
    QCOMPARE(taxed(lines, taxCase("DE")),
             std::string("S VAT 0.19 of 3.00 = 0.57\n"
                         "Z Tax 0 of 0.02 = 0.00\n"
                         "E Tax 0 of 0.03 = 0.00 (Exempt from tax)\n"
                         "AE VAT 0 of 0.04 = 0.00 (Reverse charge, section 13b UStG)\n"
                         "G Tax 0 of 0.05 = 0.00 (Export outside the tax territory, zero-rated)\n"
                         "O Tax 0 of 0.06 = 0.00 (Outside the scope of tax)\n"));
    QCOMPARE(taxed({{TaxCategory::ReverseCharge, euros(4)}}, taxCase("FR")),
             std::string("AE Tax 0 of 0.04 = 0.00 (Reverse charge)\n"));
}

QTEST_APPLESS_MAIN(TaxTest)
#include "tst_tax.moc"
