#include "console/app/english_plurals.h"

namespace billing::console {

QString EnglishPlurals::translate(const char*, const char* source, const char*, int n) const
{
    const QString text = QString::fromUtf8(source);
    if (n < 0 || !text.contains(QLatin1String("(s)")))
        return {}; // as it stands
    return QString(text).replace(QLatin1String("(s)"), n == 1 ? QString() : QStringLiteral("s"));
}

} // namespace billing::console
