#include "shared/format/money.h"

#include "shared/format/number.h"

#include <array>

namespace billing::format {

namespace {

struct Symbol
{
    std::string_view code;
    QStringView symbol;
};

/// Symbols that mean one currency wherever they are read; USD's and JPY's give way at home of another "$" or
/// "¥".
constexpr std::array<Symbol, 11> worldwide{{{"USD", u"$"},
                                            {"EUR", u"€"},
                                            {"GBP", u"£"},
                                            {"JPY", u"¥"},
                                            {"INR", u"₹"},
                                            {"KRW", u"₩"},
                                            {"ILS", u"₪"},
                                            {"VND", u"₫"},
                                            {"UAH", u"₴"},
                                            {"TRY", u"₺"},
                                            {"NGN", u"₦"}}};

/// Written "$" at home only.
constexpr std::array<std::string_view, 12> dollars{"ARS", "AUD", "BBD", "CAD", "CLP", "COP",
                                                   "HKD", "MXN", "NZD", "SGD", "TWD", "UYU"};

bool isDollar(QStringView code)
{
    for (const std::string_view dollar : dollars)
        if (code == QLatin1StringView(dollar.data(), static_cast<qsizetype>(dollar.size())))
            return true;
    return false;
}

QString nameOf(Currency currency, const QLocale& locale, CurrencyStyle style)
{
    const QString code =
        QString::fromLatin1(currency.code().data(), static_cast<qsizetype>(currency.code().size()));
    if (style == CurrencyStyle::Code)
        return code;
    const QString home = locale.currencySymbol(QLocale::CurrencyIsoCode);
    if (isDollar(code))
        return home == code ? QStringLiteral("$") : code;
    if ((currency.code() == "USD" && isDollar(home)) ||
        (currency.code() == "JPY" && home == QLatin1String("CNY")))
        return code;
    for (const Symbol& entry : worldwide)
        if (entry.code == currency.code())
            return entry.symbol.toString();
    return code;
}

/// Puts the amount where the locale has it beside the sign, learnt from how it writes one unit of "¤".
QString place(const QString& amount, const QString& name, const QLocale& locale)
{
    const QString minus = signsOf(locale).minus;
    const bool negative = amount.startsWith(minus);
    const QString digits = negative ? amount.mid(minus.size()) : amount;
    const QString pattern = withoutDirectionMarks(locale.toCurrencyString(qlonglong{1}, QStringLiteral("¤")));
    const bool before = pattern.indexOf(QChar(u'¤')) < pattern.indexOf(locale.toString(1));
    const bool apart = pattern.size() > 1 + locale.toString(1).size() || (before && name.back().isLetter());
    const QString gap = apart ? QString(QChar(noBreakSpace)) : QString();
    const QString sign = negative ? minus : QString();
    return before ? sign + name + gap + digits : sign + digits + gap + name;
}

QString withCurrency(const QString& amount, Currency currency, const QLocale& locale, CurrencyStyle style)
{
    return style == CurrencyStyle::Bare ? amount : place(amount, nameOf(currency, locale, style), locale);
}

} // namespace

QString formatMoney(const Money& money, const QLocale& locale, CurrencyStyle style)
{
    return withCurrency(localiseDecimal(money.toText(), locale), money.currency(), locale, style);
}

QString formatUnitPrice(const Decimal& price, Currency currency, const QLocale& locale)
{
    return withCurrency(localiseDecimal(price.toText(), locale, currency.digits()), currency, locale,
                        CurrencyStyle::Symbol);
}

} // namespace billing::format
