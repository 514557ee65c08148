#include "shared/format/number.h"

#include <QStringList>

#include <algorithm>
#include <array>

namespace billing::format {

namespace {

QString latin(std::string_view digits)
{
    return QString::fromLatin1(digits.data(), static_cast<qsizetype>(digits.size()));
}

/// How many digits lie between separators, from the end; 0 is all of them.
struct Grouping
{
    std::size_t last = 0, others = 0;
    std::size_t least = 0; ///< digits of the shortest number that is grouped
};

/// Learnt from how a locale writes a long number. Not that number itself: Qt 6.4 leaves out the first
/// separator where four digits stand without one ("1234.567" in es-ES; CLDR 42 has "1.234.567").
Grouping groupingOf(const QLocale& locale)
{
    const QString separator = locale.groupSeparator();
    const QStringList groups = locale.toString(123'456'789'012ULL).split(separator);
    const qsizetype digitSize = locale.zeroDigit().size();
    if (separator.isEmpty() || groups.size() < 3)
        return {};
    const bool four = locale.toString(1234).contains(separator);
    return {static_cast<std::size_t>(groups.last().size() / digitSize),
            static_cast<std::size_t>(groups[groups.size() - 2].size() / digitSize), four ? 4U : 5U};
}

QString groupedInteger(std::string_view digits, const QLocale& locale, const Signs& signs)
{
    const Grouping grouping = groupingOf(locale);
    if (grouping.last == 0 || digits.size() < grouping.least)
        return latin(digits);
    QString text = latin(digits.substr(digits.size() - grouping.last));
    for (std::size_t left = digits.size() - grouping.last; left > 0;) {
        const std::size_t size = std::min(left, grouping.others);
        left -= size;
        text.prepend(latin(digits.substr(left, size)) + signs.group);
    }
    return text;
}

/// QLocale has no percent pattern; CLDR 42 puts a no-break space before the sign in these languages.
bool spacesPercent(const QLocale& locale)
{
    static constexpr std::array languages{
        QLocale::Czech,    QLocale::Danish,     QLocale::Finnish, QLocale::French,          QLocale::German,
        QLocale::Croatian, QLocale::Lithuanian, QLocale::Latvian, QLocale::NorwegianBokmal, QLocale::Romanian,
        QLocale::Russian,  QLocale::Slovak,     QLocale::Spanish, QLocale::Slovenian,       QLocale::Swedish};
    if (locale.territory() == QLocale::Mexico || locale.territory() == QLocale::Switzerland)
        return false;
    return std::find(languages.begin(), languages.end(), locale.language()) != languages.end();
}

} // namespace

QString localiseDecimal(std::string_view plain, const QLocale& locale, int fractionDigitsAtLeast)
{
    const bool negative = plain.starts_with('-');
    plain.remove_prefix(negative ? 1 : 0);
    const std::size_t point = std::min(plain.find('.'), plain.size());
    std::string fraction(plain.substr(std::min(point + 1, plain.size())));
    if (fraction.size() < static_cast<std::size_t>(fractionDigitsAtLeast))
        fraction.resize(static_cast<std::size_t>(fractionDigitsAtLeast), '0');

    const Signs signs = signsOf(locale);
    QString text =
        (negative ? signs.minus : QString()) + groupedInteger(plain.substr(0, point), locale, signs);
    if (!fraction.empty())
        text += signs.decimalPoint + latin(fraction);
    return text.replace(QLatin1Char(' '), QChar(noBreakSpace));
}

QString formatQuantity(const Decimal& quantity, const QLocale& locale)
{
    return localiseDecimal(quantity.toText(), locale);
}

QString formatPercent(const Decimal& rate, const QLocale& locale)
{
    const Decimal hundredfold = Decimal::fromScaled(rate.scaled() * 100);
    QString text = localiseDecimal(hundredfold.toText(), locale);
    if (spacesPercent(locale))
        text += QChar(noBreakSpace);
    return text + signsOf(locale).percent;
}

} // namespace billing::format
