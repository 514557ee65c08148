// Rating and tax against an independent computation: 5,000 random plans with usage that rating_oracle.py
// rates with Python's decimal from a fixed seed, compared line by line and cent by cent, tax in both
// roundings.
#include "server/rating/rate_period.h"
#include "server/rating/totals.h"
#include "shared/wire/check_catalog.h"
#include "shared/wire/plan_json.h"

#include "tests/support/printing.h"
#include "tests/support/process.h"

#include <QTest>

using namespace billing;

namespace {

constexpr std::size_t caseCount = 5'000;

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> fields;
    if (text.empty())
        return fields;
    for (std::size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
        fields.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    fields.emplace_back(text);
    return fields;
}

std::vector<Meter> meters()
{
    const auto meter = [](const char* code, std::vector<std::string> dimensions) {
        return Meter{.code = MeterCode(code),
                     .metricType = code,
                     .dimensions = std::move(dimensions),
                     .unit = "units",
                     .name = code};
    };
    return {meter("calls", {}), meter("tokens", {"direction", "model"}), meter("hours", {"kind"})};
}

std::vector<UsageTotal> totals(const std::string& text)
{
    std::vector<UsageTotal> result;
    for (const std::string& item : split(text, ';')) {
        const auto fields = split(item, '|');
        result.push_back({MeterCode(fields.at(0)), fields.at(1), Decimal::parse(fields.at(2)).value()});
    }
    return result;
}

std::string linesText(const RatedPeriod& rated)
{
    std::string text;
    for (const RatedLine& line : rated.lines)
        text += (text.empty() ? "" : ";") + line.chargeCode + '|' + line.dimensionKey + '|' +
                line.quantity.toText() + '|' + line.amount.toText();
    return text;
}

std::string unbilledText(const RatedPeriod& rated)
{
    std::string text;
    for (const UnbilledUsage& left : rated.unbilled)
        text += (text.empty() ? "" : ";") + left.meter.text() + '|' + left.dimensionKey + '|' +
                left.quantity.toText() + '|' +
                (left.reason == UnbilledReason::OverLimit ? "over_limit" : "no_price");
    return text;
}

/// Net and tax of the lines, "net tax total".
std::string sums(const RatedPeriod& rated, Currency currency, const std::string& rate, TaxRounding rounding)
{
    const LocalDate day = *LocalDate::create(2023, 12, 1);
    const std::vector<TaxRate> rates{
        {.country = "DE", .name = "VAT", .rate = Decimal::parse(rate).value(), .validFrom = day}};
    std::vector<TaxableLine> lines;
    for (const RatedLine& line : rated.lines)
        lines.push_back({TaxCategory::Standard, line.amount});
    const auto taxes =
        taxLines(lines, {.rates = rates, .country = "DE", .taxDate = day, .rounding = rounding});
    const auto total = totalsOf(lines, taxes.value(), currency);
    BILLING_ASSERT(total->total == total->net.plus(total->tax).value());
    return total->net.toText() + ' ' + total->tax.toText();
}

} // namespace

class RatingOracleTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agrees();
};

void RatingOracleTest::agrees()
{
    const auto cases = test::pythonLines("tests/server/rating/rating_oracle.py", {std::to_string(caseCount)});
    QCOMPARE(cases.size(), caseCount);
    for (const std::string& text : cases) {
        const auto fields = split(text, '\t');
        QCOMPARE(fields.size(), std::size_t{9});
        const auto plan = wire::decodePlan(fields[0]);
        QVERIFY2(plan.has_value(), plan ? "" : toText(plan.error()).c_str());
        const auto checked = wire::checkCatalog({meters(), {*plan}});
        QVERIFY2(checked.has_value(), checked ? "" : toText(checked.error()).c_str());
        const Currency currency = Currency::parse(fields[1]).value();

        const auto rated = ratePeriod(*plan, meters(), currency, totals(fields[2]));
        QVERIFY2(rated.has_value(), text.c_str());
        QCOMPARE(linesText(*rated), fields[4]);
        QCOMPARE(unbilledText(*rated), fields[5]);
        QCOMPARE(sums(*rated, currency, fields[3], TaxRounding::PerDocument), fields[6] + ' ' + fields[7]);
        QCOMPARE(sums(*rated, currency, fields[3], TaxRounding::PerLine), fields[6] + ' ' + fields[8]);
    }
}

QTEST_GUILESS_MAIN(RatingOracleTest)
#include "tst_rating_oracle.moc"
