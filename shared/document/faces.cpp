#include "shared/document/faces.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QRawFont>
#include <QTextCharFormat>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

namespace billing::document {

namespace {

bool loadBuiltInFaces()
{
    makeBuiltInFacesKnown();
    bool loaded = true;
    for (const bool bold : {false, true})
        loaded = QFontDatabase::addApplicationFont(fileOf(invoiceSans, bold)) >= 0 && loaded;
    return loaded;
}

bool builtInFacesLoaded()
{
    static const bool loaded = loadBuiltInFaces();
    return loaded;
}

QFont fontOf(const QString& family, QFont::Weight weight, int decipoints)
{
    QFont font(family);
    font.setPixelSize(decipoints);
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    font.setStyleStrategy(QFont::PreferOutline);
    return font;
}

QFont invoiceSansOf(Face face, int decipoints)
{
    return fontOf(QStringLiteral("Invoice Sans"), face == Face::Bold ? QFont::DemiBold : QFont::Normal,
                  decipoints);
}

std::atomic<int>& filesAdded()
{
    static std::atomic<int> count = 0;
    return count;
}

/// Fonts as QTextLayout makes them from a format, each kept so that Qt keeps what it has loaded for them: its
/// own cache is far too small for a text of many scripts, and each font costs it milliseconds. Qt's caches
/// are a thread's own, and empty after each font file that is added.
QFont kept(const QFont& font)
{
    thread_local std::map<QString, QFont> fonts;
    thread_local int seen = 0;
    if (const int now = filesAdded(); std::exchange(seen, now) != now)
        fonts.clear();
    const auto [entry, isNew] = fonts.try_emplace(font.toString());
    if (isNew) {
        QTextCharFormat format;
        format.setFont(font);
        entry->second = format.font();
        QFontMetricsF(entry->second).ascent(); // loads it
    }
    return entry->second;
}

/// The families of a fallback file, in its order, as Qt knows them; empty when they are not of that file.
class Families
{
public:
    QString family(FaceNumber number, bool bold, HanForms forms)
    {
        const std::lock_guard lock(m_mutex);
        const auto [entry, isNew] = m_families.try_emplace({number, bold});
        if (isNew)
            entry->second = load(number, bold);
        const qsizetype index = hasHanForms(number) ? static_cast<qsizetype>(forms) : 0;
        return entry->second.value(index);
    }

private:
    static QStringList load(FaceNumber number, bool bold)
    {
        const std::vector<QByteArray> heads = headsOf(number, bold);
        const int id = heads.empty() ? -1 : QFontDatabase::addApplicationFont(fileOf(number, bold));
        if (id < 0)
            return {};
        ++filesAdded();
        QStringList families = QFontDatabase::applicationFontFamilies(id);
        const QFont::Weight weight = bold ? QFont::Bold : QFont::Normal;
        const QByteArray head = QRawFont::fromFont(fontOf(families.value(0), weight, 100)).fontTable("head");
        // Qt knows fonts by name: an installed one of the same name could have been taken.
        if (std::find(heads.begin(), heads.end(), head) == heads.end())
            families.clear();
        return families;
    }

    std::mutex m_mutex;
    std::map<std::pair<FaceNumber, bool>, QStringList> m_families;
};

} // namespace

Result<void> loadFaces()
{
    if (!builtInFacesLoaded())
        return Error{ErrorCode::RenderFailed, "fonts", "the built-in faces cannot be loaded"};
    return {};
}

QFont font(Face face, int decipoints)
{
    BILLING_ASSERT(builtInFacesLoaded());
    QFont font = invoiceSansOf(face, decipoints);
    font.setStyleStrategy(static_cast<QFont::StyleStrategy>(QFont::NoFontMerging | QFont::PreferOutline));
    return font;
}

// Qt gives a font without merging only for scripts whose languages it holds letters of, and would take any
// other one for the spaces and figures among them. No character is laid out in a face that lacks it, so that
// nothing is ever merged.
QFont fontAmongOthers(Face face, int decipoints)
{
    BILLING_ASSERT(builtInFacesLoaded());
    return kept(invoiceSansOf(face, decipoints));
}

std::optional<QFont> fallbackFont(FaceNumber number, Face face, int decipoints, HanForms forms)
{
    static Families families;
    const bool bold = face == Face::Bold && fileOf(number, true) != fileOf(number, false);
    const QString family = families.family(number, bold, forms);
    if (family.isEmpty())
        return std::nullopt;
    return kept(fontOf(family, bold ? QFont::Bold : QFont::Normal, decipoints));
}

} // namespace billing::document
