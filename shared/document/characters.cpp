#include "shared/document/characters.h"

#include <QChar>

namespace billing::document {

namespace {

/// Letters and marks without ink, which a name could be made of without being seen.
bool isBlank(char32_t code)
{
    return code == 0x034F || code == 0x115F || code == 0x1160 || code == 0x17B4 || code == 0x17B5 ||
           code == 0x2800 || code == 0x3164 || code == 0xFFA0 || code == 0x180E ||
           (code >= 0xE0000 && code <= 0xE0FFF && !isVariationSelector(code));
}

} // namespace

bool isNumberSign(char32_t code)
{
    return (code >= 0x0600 && code <= 0x0605) || code == 0x06DD || code == 0x070F || code == 0x0890 ||
           code == 0x0891 || code == 0x08E2 || code == 0x110BD || code == 0x110CD;
}

bool isRightToLeft(char32_t code)
{
    const QChar::Direction direction = QChar::direction(code);
    return direction == QChar::DirR || direction == QChar::DirAL || direction == QChar::DirAN;
}

bool isVariationSelector(char32_t code)
{
    return (code >= 0xFE00 && code <= 0xFE0F) || (code >= 0xE0100 && code <= 0xE01EF);
}

bool isMongolianSelector(char32_t code)
{
    return (code >= 0x180B && code <= 0x180D) || code == 0x180F;
}

bool isJoiner(char32_t code)
{
    return code == 0x200C || code == 0x200D;
}

bool isDirectionMark(char32_t code)
{
    return code == 0x200E || code == 0x200F || code == 0x061C;
}

bool isIsolate(char32_t code)
{
    return code >= leftToRightIsolate && code <= popIsolate;
}

bool isSeen(char32_t code)
{
    switch (QChar::category(code)) {
    case QChar::Other_Control:
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return false;
    case QChar::Other_Format:
        return isNumberSign(code);
    default:
        return !isBlank(code) && !isVariationSelector(code) && !isMongolianSelector(code);
    }
}

bool writesWithoutSpaces(char32_t code)
{
    const QChar::Script script = QChar::script(code);
    return script == QChar::Script_Thai || script == QChar::Script_Lao || script == QChar::Script_Khmer ||
           script == QChar::Script_Myanmar;
}

bool needsOwnFont(char32_t letter)
{
    const QChar::Script script = QChar::script(letter);
    return (script >= QChar::Script_Syriac && script <= QChar::Script_Sinhala) ||
           script == QChar::Script_Khmer || script == QChar::Script_Nko;
}

bool isOfNoScript(char32_t code)
{
    return QChar::script(code) <= QChar::Script_Common;
}

bool takesJoiner(char32_t code)
{
    const QChar::Script script = QChar::script(code);
    return (script > QChar::Script_Cyrillic && script != QChar::Script_Han) ||
           (code >= 0x1F000 && code <= 0x1FAFF) || (code >= 0x2190 && code <= 0x2BFF) ||
           isVariationSelector(code);
}

} // namespace billing::document
