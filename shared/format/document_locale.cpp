#include "shared/format/document_locale.h"

#include <QString>

namespace billing::format {

QLocale documentLocale(std::string_view bcp47)
{
    const QLocale locale(QString::fromUtf8(bcp47.data(), static_cast<qsizetype>(bcp47.size())));
    return locale.language() == QLocale::C ? QLocale(QLocale::English, QLocale::UnitedStates) : locale;
}

} // namespace billing::format
