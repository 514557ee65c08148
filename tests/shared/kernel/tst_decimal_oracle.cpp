// The kernel's arithmetic against an independent one: 100,000 random cases that decimal_oracle.py computes
// with Python's decimal and fractions from a fixed seed, all operations and all rounding modes.
#include "shared/kernel/money.h"

#include "tests/support/printing.h"
#include "tests/support/process.h"

#include <QTest>

#include <charconv>

using namespace billing;

namespace {

using Fields = std::vector<std::string_view>;

constexpr std::size_t caseCount = 100'000;

Fields split(std::string_view text, char separator)
{
    Fields fields;
    for (std::size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
        fields.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    fields.push_back(text);
    return fields;
}

template <class T>
T integer(std::string_view text)
{
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    BILLING_ASSERT(error == std::errc() && end == text.data() + text.size());
    return value;
}

Decimal decimal(std::string_view text)
{
    return Decimal::parseTotal(text).value();
}

Currency currency(std::string_view code)
{
    return Currency::parse(code).value();
}

Rounding rounding(std::string_view name)
{
    static const std::map<std::string_view, Rounding> modes{{"half_away", Rounding::HalfAwayFromZero},
                                                            {"half_even", Rounding::HalfEven},
                                                            {"towards_zero", Rounding::TowardsZero},
                                                            {"floor", Rounding::Floor},
                                                            {"ceiling", Rounding::Ceiling}};
    return modes.at(name);
}

template <class T>
std::string written(const Result<T>& result)
{
    return test::outcome(result, [](const T& value) { return value.toText(); });
}

std::string allocated(const Fields& fields)
{
    std::vector<std::uint64_t> weights;
    for (const std::string_view weight : split(fields[2], ' '))
        weights.push_back(integer<std::uint64_t>(weight));
    QStringList parts;
    const Money total = Money::fromMinor(integer<std::int64_t>(fields[1]), currency("USD"));
    for (const Money& part : allocate(total, weights))
        parts.append(QString::number(part.minorUnits()));
    return parts.join(QLatin1Char(' ')).toStdString();
}

using Operation = std::function<std::string(const Fields&)>;

// The first field is the operation, the last one what is expected; the arguments are between them.
const std::map<std::string_view, Operation>& operations()
{
    static const std::map<std::string_view, Operation> table{
        {"parse", [](const Fields& f) { return written(Decimal::parse(f[1])); }},
        {"plus", [](const Fields& f) { return written(decimal(f[1]).plus(decimal(f[2]))); }},
        {"minus", [](const Fields& f) { return written(decimal(f[1]).minus(decimal(f[2]))); }},
        {"times",
         [](const Fields& f) { return written(decimal(f[1]).times(decimal(f[2]), rounding(f[3]))); }},
        {"divided_by",
         [](const Fields& f) { return written(decimal(f[1]).dividedBy(decimal(f[2]), rounding(f[3]))); }},
        {"rounded",
         [](const Fields& f) { return written(decimal(f[1]).rounded(integer<int>(f[2]), rounding(f[3]))); }},
        {"money_round",
         [](const Fields& f) {
             return written(Money::round(decimal(f[1]), currency(f[2]), rounding(f[3])));
         }},
        {"money_times",
         [](const Fields& f) {
             const Money money = Money::fromMinor(integer<std::int64_t>(f[1]), currency(f[2]));
             return written(money.times(decimal(f[3]), rounding(f[4])));
         }},
        {"charge",
         [](const Fields& f) {
             return written(Money::charge(decimal(f[1]), decimal(f[2]), decimal(f[3]), currency(f[4])));
         }},
        {"allocate", allocated},
    };
    return table;
}

} // namespace

class TestDecimalOracle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithPython()
    {
        const auto lines =
            test::pythonLines("tests/shared/kernel/decimal_oracle.py", {std::to_string(caseCount)});
        QCOMPARE(lines.size(), caseCount);
        std::map<std::string_view, std::size_t> seen;
        std::size_t wrong = 0;
        for (const std::string& line : lines) {
            const Fields fields = split(line, '\t');
            const std::string actual = operations().at(fields.front())(fields);
            ++seen[fields.front()];
            if (actual != fields.back() && ++wrong <= 10)
                qWarning("%s\n  got %s", line.c_str(), actual.c_str());
        }
        QCOMPARE(wrong, std::size_t{0});
        QCOMPARE(seen.size(), operations().size()); // every operation was in it
    }
};

QTEST_GUILESS_MAIN(TestDecimalOracle)

#include "tst_decimal_oracle.moc"
