#include "shared/format/number.h"

#include <algorithm>
#include <array>

namespace billing::format {

namespace {

/// Longer integers than QLocale takes are grouped by threes.
constexpr std::size_t digitsOfQLocale = 18;

QString localDigits(std::string_view digits, const QLocale& locale)
{
    const QString zero = locale.zeroDigit();
    QString text;
    for (const char digit : digits)
        text += zero.size() == 1 ? QString(QChar(static_cast<char16_t>(zero[0].unicode() + (digit - '0'))))
                                 : locale.toString(digit - '0');
    return text;
}

QString groupedInteger(std::string_view digits, const QLocale& locale)
{
    if (digits.size() <= digitsOfQLocale)
        return locale.toString(
            QByteArray(digits.data(), static_cast<qsizetype>(digits.size())).toULongLong());
    const std::size_t head = digits.size() % 3;
    QString text = localDigits(digits.substr(0, head), locale);
    for (std::size_t at = head; at < digits.size(); at += 3)
        text += (text.isEmpty() ? QString() : locale.groupSeparator()) +
                localDigits(digits.substr(at, 3), locale);
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

    QString text =
        (negative ? locale.negativeSign() : QString()) + groupedInteger(plain.substr(0, point), locale);
    if (!fraction.empty())
        text += locale.decimalPoint() + localDigits(fraction, locale);
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
    return text + locale.percent();
}

} // namespace billing::format
