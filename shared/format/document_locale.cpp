#include "shared/format/document_locale.h"

#include <algorithm>

namespace billing::format {

QLocale documentLocale(std::string_view bcp47)
{
    const QLocale locale(QString::fromUtf8(bcp47.data(), static_cast<qsizetype>(bcp47.size())));
    return locale.language() == QLocale::C ? QLocale(QLocale::English, QLocale::UnitedStates) : locale;
}

QString withoutDirectionMarks(QString text)
{
    text.removeIf([](QChar unit) { return unit.category() == QChar::Other_Format; });
    return text;
}

Signs signsOf(const QLocale& locale)
{
    if (locale.zeroDigit() != QLatin1String("0"))
        return {QStringLiteral("."), QStringLiteral(","), QStringLiteral("-"), QStringLiteral("%")};
    return {locale.decimalPoint(), locale.groupSeparator(), withoutDirectionMarks(locale.negativeSign()),
            withoutDirectionMarks(locale.percent())};
}

} // namespace billing::format
