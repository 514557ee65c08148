#include "shared/format/number.h"

#include <algorithm>
#include <array>
#include <vector>

namespace billing::format {

namespace {

/// Longer integers than QLocale takes are grouped by threes.
constexpr std::size_t digitsOfQLocale = 18;

QString latin(std::string_view digits)
{
    return QString::fromLatin1(digits.data(), static_cast<qsizetype>(digits.size()));
}

/// Where a locale puts separators, counted from the end: learnt from how it writes such a number, digit by
/// digit, since each of its digits may be one or two units long.
std::vector<std::size_t> groupsOf(std::string_view digits, const QLocale& locale)
{
    const QString example = locale.toString(latin(digits).toULongLong());
    const QString separator = locale.groupSeparator();
    const qsizetype digitSize = locale.zeroDigit().size();
    std::vector<std::size_t> groups(1, 0);
    for (qsizetype at = 0; at < example.size();) {
        const bool parts = !separator.isEmpty() && QStringView(example).mid(at).startsWith(separator);
        if (parts)
            groups.push_back(0);
        else
            ++groups.back();
        at += parts ? separator.size() : digitSize;
    }
    return groups;
}

QString groupedInteger(std::string_view digits, const QLocale& locale, const Signs& signs)
{
    if (digits.size() <= digitsOfQLocale && locale.zeroDigit() == QLatin1String("0"))
        return locale.toString(latin(digits).toULongLong());
    std::vector<std::size_t> groups;
    if (digits.size() <= digitsOfQLocale)
        groups = groupsOf(digits, locale);
    else
        groups.assign(1, digits.size() % 3);
    QString text;
    for (std::size_t at = 0, group = 0; at < digits.size(); ++group) {
        const std::size_t size = group < groups.size() ? groups[group] : 3;
        text += (at == 0 ? QString() : signs.group) + latin(digits.substr(at, size));
        at += size;
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
