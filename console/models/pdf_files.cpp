#include "console/models/pdf_files.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>

#include <algorithm>
#include <array>
#include <set>

namespace billing::console {

namespace {

constexpr qsizetype nameBytesMax =
    150; ///< of 255, which leaves room for " (1000).pdf" and QSaveFile's suffix
constexpr int namesTried = 1000;

bool isUnsafe(QChar c)
{
    constexpr std::u16string_view refused = u"/\\:*?\"<>|";
    return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format ||
           c.category() == QChar::Separator_Line || c.category() == QChar::Separator_Paragraph ||
           c.category() == QChar::Other_NotAssigned || refused.find(c.unicode()) != refused.npos;
}

bool isDevice(const QString& name)
{
    constexpr std::array devices{"con", "prn", "aux", "nul", "com", "lpt"};
    const QString stem = name.section(QLatin1Char('.'), 0, 0).trimmed().toLower();
    return std::any_of(devices.begin(), devices.end(), [&](const char* device) {
        const QLatin1String word(device);
        return stem == word || (stem.size() == 4 && stem.startsWith(word) && stem.back().isDigit());
    });
}

bool isFringe(QChar c)
{
    return c == QLatin1Char('.') || c.isSpace();
}

QString withoutFringe(QString name)
{
    while (!name.isEmpty() && isFringe(name.back()))
        name.chop(1);
    qsizetype first = 0;
    while (first < name.size() && isFringe(name[first]))
        ++first;
    return name.mid(first);
}

QString numbered(const QString& name, int number)
{
    return number == 1 ? name : QStringLiteral("%1 (%2)").arg(name).arg(number);
}

/// Whether the file is there and holds exactly these bytes.
enum class Found
{
    Nothing,
    Same,
    Other
};

Found compare(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    if (!file.exists())
        return Found::Nothing;
    if (file.size() != bytes.size() || !file.open(QIODevice::ReadOnly))
        return Found::Other;
    return file.readAll() == bytes ? Found::Same : Found::Other;
}

Result<StoredAs> write(const QString& path, const QByteArray& bytes)
{
    QSaveFile file(path);
    const bool isWritten =
        file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
    if (isWritten)
        return StoredAs::Written;
    return Error{ErrorCode::FileUnwritable, path.toStdString(), file.errorString().toStdString()};
}

} // namespace

QString safeFileName(const QString& name)
{
    QString safe = QString::fromUtf8(name.toUtf8()); // without half surrogates
    for (QChar& c : safe)
        if (isUnsafe(c))
            c = QLatin1Char('_');
    safe = withoutFringe(safe);
    while (safe.toUtf8().size() > nameBytesMax)
        safe.chop(safe.back().isLowSurrogate() ? 2 : 1);
    safe = withoutFringe(safe);
    if (safe.isEmpty())
        return QStringLiteral("document");
    return isDevice(safe) ? QLatin1Char('_') + safe : safe;
}

std::vector<QString> uniqueFileNames(const std::vector<QString>& names)
{
    std::set<QString> taken;
    std::vector<QString> unique;
    for (const QString& name : names) {
        const QString safe = safeFileName(name);
        int number = 1;
        while (!taken.insert(numbered(safe, number).toCaseFolded()).second)
            ++number;
        unique.push_back(numbered(safe, number));
    }
    return unique;
}

Result<StoredAs> storePdf(const QString& folder, const QString& name, const QByteArray& pdf)
{
    const QDir directory(folder);
    for (int number = 1; number <= namesTried; ++number) {
        const QString path = directory.filePath(numbered(name, number) + QStringLiteral(".pdf"));
        switch (compare(path, pdf)) {
        case Found::Nothing:
            return write(path, pdf);
        case Found::Same:
            return StoredAs::AlreadyThere;
        case Found::Other:
            break;
        }
    }
    return Error{ErrorCode::FileUnwritable, name.toStdString(), "too many files of that name"};
}

} // namespace billing::console
