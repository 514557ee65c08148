#include "shared/document/fallback_faces.h"

#include "shared/document/characters.h"

#include <QChar>
#include <QFileInfo>

#include <algorithm>
#include <array>
#include <mutex>

// Q_INIT_RESOURCE must stand outside any namespace.
static void initialiseResource()
{
    Q_INIT_RESOURCE(invoice);
}

namespace billing::document {

namespace {

enum class Directory
{
    BuiltIn, ///< Qt would not take Debian's file for this script: see resources/invoice/fonts/make_fonts.py
    Noto,
    Cjk,
    Symbola
};

struct Row
{
    QChar::Script script; ///< Common for symbols
    Directory directory;
    const char* name;
    bool hasBold;
};

// Debian 12: fonts-noto-cjk, fonts-noto-core, fonts-symbola.
constexpr Row rowList[] = {
    {QChar::Script_Han, Directory::Cjk, "NotoSansCJK", true},
    {QChar::Script_Armenian, Directory::Noto, "NotoSansArmenian", true},
    {QChar::Script_Hebrew, Directory::Noto, "NotoSansHebrew", true},
    {QChar::Script_Arabic, Directory::Noto, "NotoSansArabic", true},
    {QChar::Script_Syriac, Directory::Noto, "NotoSansSyriac", false},
    {QChar::Script_Thaana, Directory::BuiltIn, "InvoiceThaana", true},
    {QChar::Script_Devanagari, Directory::Noto, "NotoSansDevanagari", true},
    {QChar::Script_Bengali, Directory::Noto, "NotoSansBengali", true},
    {QChar::Script_Gurmukhi, Directory::Noto, "NotoSansGurmukhi", true},
    {QChar::Script_Gujarati, Directory::Noto, "NotoSansGujarati", true},
    {QChar::Script_Oriya, Directory::Noto, "NotoSansOriya", true},
    {QChar::Script_Tamil, Directory::Noto, "NotoSansTamil", true},
    {QChar::Script_Telugu, Directory::Noto, "NotoSansTelugu", true},
    {QChar::Script_Kannada, Directory::Noto, "NotoSansKannada", true},
    {QChar::Script_Malayalam, Directory::Noto, "NotoSansMalayalam", true},
    {QChar::Script_Sinhala, Directory::Noto, "NotoSansSinhala", true},
    {QChar::Script_Thai, Directory::Noto, "NotoSansThai", true},
    {QChar::Script_Lao, Directory::Noto, "NotoSansLao", true},
    {QChar::Script_Tibetan, Directory::Noto, "NotoSerifTibetan", true},
    {QChar::Script_Myanmar, Directory::Noto, "NotoSansMyanmar", true},
    {QChar::Script_Georgian, Directory::Noto, "NotoSansGeorgian", true},
    {QChar::Script_Ethiopic, Directory::Noto, "NotoSansEthiopic", true},
    {QChar::Script_Cherokee, Directory::Noto, "NotoSansCherokee", true},
    {QChar::Script_CanadianAboriginal, Directory::Noto, "NotoSansCanadianAboriginal", true},
    {QChar::Script_Ogham, Directory::Noto, "NotoSansOgham", false},
    {QChar::Script_Runic, Directory::Noto, "NotoSansRunic", false},
    {QChar::Script_Khmer, Directory::Noto, "NotoSansKhmer", true},
    {QChar::Script_Mongolian, Directory::Noto, "NotoSansMongolian", false},
    {QChar::Script_Yi, Directory::Noto, "NotoSansYi", false},
    {QChar::Script_OldItalic, Directory::Noto, "NotoSansOldItalic", false},
    {QChar::Script_Gothic, Directory::Noto, "NotoSansGothic", false},
    {QChar::Script_Deseret, Directory::Noto, "NotoSansDeseret", false},
    {QChar::Script_Tagalog, Directory::Noto, "NotoSansTagalog", false},
    {QChar::Script_Hanunoo, Directory::Noto, "NotoSansHanunoo", false},
    {QChar::Script_Buhid, Directory::Noto, "NotoSansBuhid", false},
    {QChar::Script_Tagbanwa, Directory::Noto, "NotoSansTagbanwa", false},
    {QChar::Script_Coptic, Directory::Noto, "NotoSansCoptic", false},
    {QChar::Script_Limbu, Directory::Noto, "NotoSansLimbu", false},
    {QChar::Script_TaiLe, Directory::Noto, "NotoSansTaiLe", false},
    {QChar::Script_LinearB, Directory::Noto, "NotoSansLinearB", false},
    {QChar::Script_Ugaritic, Directory::Noto, "NotoSansUgaritic", false},
    {QChar::Script_Shavian, Directory::Noto, "NotoSansShavian", false},
    {QChar::Script_Osmanya, Directory::Noto, "NotoSansOsmanya", false},
    {QChar::Script_Cypriot, Directory::Noto, "NotoSansCypriot", false},
    {QChar::Script_Buginese, Directory::Noto, "NotoSansBuginese", false},
    {QChar::Script_NewTaiLue, Directory::Noto, "NotoSansNewTaiLue", false},
    {QChar::Script_Glagolitic, Directory::Noto, "NotoSansGlagolitic", false},
    {QChar::Script_Tifinagh, Directory::Noto, "NotoSansTifinagh", false},
    {QChar::Script_SylotiNagri, Directory::Noto, "NotoSansSylotiNagri", false},
    {QChar::Script_OldPersian, Directory::Noto, "NotoSansOldPersian", false},
    {QChar::Script_Kharoshthi, Directory::Noto, "NotoSansKharoshthi", false},
    {QChar::Script_Balinese, Directory::Noto, "NotoSansBalinese", true},
    {QChar::Script_Cuneiform, Directory::Noto, "NotoSansCuneiform", false},
    {QChar::Script_Phoenician, Directory::Noto, "NotoSansPhoenician", false},
    {QChar::Script_PhagsPa, Directory::Noto, "NotoSansPhagsPa", false},
    {QChar::Script_Nko, Directory::Noto, "NotoSansNKo", false},
    {QChar::Script_Sundanese, Directory::Noto, "NotoSansSundanese", true},
    {QChar::Script_Lepcha, Directory::Noto, "NotoSansLepcha", false},
    {QChar::Script_OlChiki, Directory::Noto, "NotoSansOlChiki", true},
    {QChar::Script_Vai, Directory::Noto, "NotoSansVai", false},
    {QChar::Script_Saurashtra, Directory::Noto, "NotoSansSaurashtra", false},
    {QChar::Script_KayahLi, Directory::Noto, "NotoSansKayahLi", true},
    {QChar::Script_Rejang, Directory::Noto, "NotoSansRejang", false},
    {QChar::Script_Lycian, Directory::Noto, "NotoSansLycian", false},
    {QChar::Script_Carian, Directory::Noto, "NotoSansCarian", false},
    {QChar::Script_Lydian, Directory::Noto, "NotoSansLydian", false},
    {QChar::Script_Cham, Directory::Noto, "NotoSansCham", true},
    {QChar::Script_TaiTham, Directory::Noto, "NotoSansTaiTham", true},
    {QChar::Script_TaiViet, Directory::Noto, "NotoSansTaiViet", false},
    {QChar::Script_Avestan, Directory::Noto, "NotoSansAvestan", false},
    {QChar::Script_EgyptianHieroglyphs, Directory::Noto, "NotoSansEgyptianHieroglyphs", false},
    {QChar::Script_Samaritan, Directory::Noto, "NotoSansSamaritan", false},
    {QChar::Script_Lisu, Directory::Noto, "NotoSansLisu", true},
    {QChar::Script_Bamum, Directory::Noto, "NotoSansBamum", true},
    {QChar::Script_Javanese, Directory::Noto, "NotoSansJavanese", true},
    {QChar::Script_MeeteiMayek, Directory::Noto, "NotoSansMeeteiMayek", true},
    {QChar::Script_ImperialAramaic, Directory::Noto, "NotoSansImperialAramaic", false},
    {QChar::Script_OldSouthArabian, Directory::Noto, "NotoSansOldSouthArabian", false},
    {QChar::Script_InscriptionalParthian, Directory::Noto, "NotoSansInscriptionalParthian", false},
    {QChar::Script_InscriptionalPahlavi, Directory::Noto, "NotoSansInscriptionalPahlavi", false},
    {QChar::Script_OldTurkic, Directory::Noto, "NotoSansOldTurkic", false},
    {QChar::Script_Kaithi, Directory::Noto, "NotoSansKaithi", false},
    {QChar::Script_Batak, Directory::Noto, "NotoSansBatak", false},
    {QChar::Script_Brahmi, Directory::Noto, "NotoSansBrahmi", false},
    {QChar::Script_Mandaic, Directory::Noto, "NotoSansMandaic", false},
    {QChar::Script_Chakma, Directory::Noto, "NotoSansChakma", false},
    {QChar::Script_MeroiticCursive, Directory::Noto, "NotoSansMeroitic", false},
    {QChar::Script_MeroiticHieroglyphs, Directory::Noto, "NotoSansMeroitic", false},
    {QChar::Script_Miao, Directory::Noto, "NotoSansMiao", false},
    {QChar::Script_Sharada, Directory::Noto, "NotoSansSharada", false},
    {QChar::Script_SoraSompeng, Directory::Noto, "NotoSansSoraSompeng", true},
    {QChar::Script_Takri, Directory::Noto, "NotoSansTakri", false},
    {QChar::Script_CaucasianAlbanian, Directory::Noto, "NotoSansCaucasianAlbanian", false},
    {QChar::Script_BassaVah, Directory::Noto, "NotoSansBassaVah", false},
    {QChar::Script_Duployan, Directory::Noto, "NotoSansDuployan", false},
    {QChar::Script_Elbasan, Directory::Noto, "NotoSansElbasan", false},
    {QChar::Script_Grantha, Directory::Noto, "NotoSansGrantha", false},
    {QChar::Script_PahawhHmong, Directory::Noto, "NotoSansPahawhHmong", false},
    {QChar::Script_Khojki, Directory::Noto, "NotoSansKhojki", false},
    {QChar::Script_LinearA, Directory::Noto, "NotoSansLinearA", false},
    {QChar::Script_Mahajani, Directory::Noto, "NotoSansMahajani", false},
    {QChar::Script_Manichaean, Directory::Noto, "NotoSansManichaean", false},
    {QChar::Script_MendeKikakui, Directory::Noto, "NotoSansMendeKikakui", false},
    {QChar::Script_Modi, Directory::Noto, "NotoSansModi", false},
    {QChar::Script_Mro, Directory::Noto, "NotoSansMro", false},
    {QChar::Script_OldNorthArabian, Directory::Noto, "NotoSansOldNorthArabian", false},
    {QChar::Script_Nabataean, Directory::Noto, "NotoSansNabataean", false},
    {QChar::Script_Palmyrene, Directory::Noto, "NotoSansPalmyrene", false},
    {QChar::Script_PauCinHau, Directory::Noto, "NotoSansPauCinHau", false},
    {QChar::Script_OldPermic, Directory::Noto, "NotoSansOldPermic", false},
    {QChar::Script_PsalterPahlavi, Directory::Noto, "NotoSansPsalterPahlavi", false},
    {QChar::Script_Siddham, Directory::Noto, "NotoSansSiddham", false},
    {QChar::Script_Khudawadi, Directory::Noto, "NotoSansKhudawadi", false},
    {QChar::Script_Tirhuta, Directory::Noto, "NotoSansTirhuta", false},
    {QChar::Script_WarangCiti, Directory::Noto, "NotoSansWarangCiti", false},
    {QChar::Script_Ahom, Directory::Noto, "NotoSerifAhom", false},
    {QChar::Script_AnatolianHieroglyphs, Directory::Noto, "NotoSansAnatolianHieroglyphs", false},
    {QChar::Script_Hatran, Directory::Noto, "NotoSansHatran", false},
    {QChar::Script_Multani, Directory::Noto, "NotoSansMultani", false},
    {QChar::Script_OldHungarian, Directory::Noto, "NotoSansOldHungarian", false},
    {QChar::Script_SignWriting, Directory::Noto, "NotoSansSignWriting", false},
    {QChar::Script_Adlam, Directory::Noto, "NotoSansAdlam", true},
    {QChar::Script_Bhaiksuki, Directory::Noto, "NotoSansBhaiksuki", false},
    {QChar::Script_Marchen, Directory::Noto, "NotoSansMarchen", false},
    {QChar::Script_Newa, Directory::Noto, "NotoSansNewa", false},
    {QChar::Script_Osage, Directory::Noto, "NotoSansOsage", false},
    {QChar::Script_Tangut, Directory::Noto, "NotoSerifTangut", false},
    {QChar::Script_MasaramGondi, Directory::Noto, "NotoSansMasaramGondi", false},
    {QChar::Script_Nushu, Directory::Noto, "NotoSansNushu", false},
    {QChar::Script_Soyombo, Directory::Noto, "NotoSansSoyombo", false},
    {QChar::Script_ZanabazarSquare, Directory::Noto, "NotoSansZanabazarSquare", false},
    {QChar::Script_Dogra, Directory::Noto, "NotoSerifDogra", false},
    {QChar::Script_GunjalaGondi, Directory::Noto, "NotoSansGunjalaGondi", false},
    {QChar::Script_HanifiRohingya, Directory::Noto, "NotoSansHanifiRohingya", true},
    {QChar::Script_Medefaidrin, Directory::Noto, "NotoSansMedefaidrin", true},
    {QChar::Script_OldSogdian, Directory::Noto, "NotoSansOldSogdian", false},
    {QChar::Script_Sogdian, Directory::Noto, "NotoSansSogdian", false},
    {QChar::Script_Elymaic, Directory::Noto, "NotoSansElymaic", false},
    {QChar::Script_NyiakengPuachueHmong, Directory::Noto, "NotoSerifNyiakengPuachueHmong", true},
    {QChar::Script_Wancho, Directory::Noto, "NotoSansWancho", false},
    {QChar::Script_Yezidi, Directory::Noto, "NotoSerifYezidi", true},
    {QChar::Script_Latin, Directory::Noto, "NotoSans", true},
    {QChar::Script_Common, Directory::Noto, "NotoSansSymbols", true},
    {QChar::Script_Common, Directory::Noto, "NotoSansSymbols2", false},
    {QChar::Script_Common, Directory::Noto, "NotoSansMath", false},
    {QChar::Script_Common, Directory::Noto, "NotoMusic", false},
    {QChar::Script_Common, Directory::Symbola, "Symbola_hint.ttf", false},
};
constexpr std::array rows = std::to_array(rowList);

constexpr FaceNumber hanFace = 1;

const QString builtIn = QStringLiteral(":/invoice/fonts/");

QString& root()
{
    static QString directory;
    return directory;
}

QString pathOf(const Row& row, bool bold)
{
    const QString name = QString::fromLatin1(row.name);
    const QString style = bold && row.hasBold ? QStringLiteral("-Bold") : QStringLiteral("-Regular");
    switch (row.directory) {
    case Directory::BuiltIn:
        return builtIn + name + style + QStringLiteral(".ttf");
    case Directory::Noto:
        return root() + QStringLiteral("/usr/share/fonts/truetype/noto/") + name + style +
               QStringLiteral(".ttf");
    case Directory::Cjk:
        return root() + QStringLiteral("/usr/share/fonts/opentype/noto/") + name + style +
               QStringLiteral(".ttc");
    case Directory::Symbola:
        break;
    }
    return root() + QStringLiteral("/usr/share/fonts/truetype/ancient-scripts/") + name;
}

/// Each file is looked at once, when it is asked for first.
class Coverages
{
public:
    Coverages() { makeBuiltInFacesKnown(); }

    const std::optional<Coverage>& of(FaceNumber face)
    {
        const auto index = static_cast<std::size_t>(face);
        std::call_once(m_once[index], [&] { m_coverages[index] = Coverage::ofFile(fileOf(face, false)); });
        return m_coverages[index];
    }

private:
    std::array<std::once_flag, rows.size() + 1> m_once;
    std::array<std::optional<Coverage>, rows.size() + 1> m_coverages;
};

/// Punctuation and full-width forms belong to no script but are at home in the face for Han.
bool isEastAsian(char32_t code)
{
    return (code >= 0x2E80 && code <= 0x33FF) || (code >= 0xFE30 && code <= 0xFE4F) ||
           (code >= 0xFF00 && code <= 0xFFEF);
}

QChar::Script scriptOf(std::span<const char32_t> codes)
{
    for (const char32_t code : codes) {
        const QChar::Script script = QChar::script(code);
        if (isEastAsian(code) || script == QChar::Script_Hiragana || script == QChar::Script_Katakana ||
            script == QChar::Script_Hangul || script == QChar::Script_Bopomofo)
            return QChar::Script_Han;
        if (script > QChar::Script_Common)
            return script;
    }
    return QChar::Script_Common;
}

} // namespace

void makeBuiltInFacesKnown()
{
    initialiseResource();
}

bool covers(FaceNumber face, char32_t code)
{
    static Coverages coverages;
    const std::optional<Coverage>& coverage = coverages.of(face);
    return coverage && coverage->contains(code);
}

std::optional<FaceNumber> faceWith(std::span<const char32_t> codes, FaceNumber before)
{
    const auto hasAll = [codes](FaceNumber face) {
        return std::all_of(codes.begin(), codes.end(), [face](char32_t code) { return covers(face, code); });
    };
    if (before != invoiceSans && hasAll(before))
        return before;
    const QChar::Script script = scriptOf(codes);
    const auto letter = std::find_if_not(codes.begin(), codes.end(), isOfNoScript);
    const bool ownOnly = letter != codes.end() && needsOwnFont(*letter);
    for (const QChar::Script wanted :
         {script, ownOnly ? script : QChar::Script_Latin, ownOnly ? script : QChar::Script_Common})
        for (std::size_t index = 0; index < rows.size(); ++index)
            if (const auto face = static_cast<FaceNumber>(index + 1);
                rows[index].script == wanted && hasAll(face))
                return face;
    // Letters are in the face of their script or nowhere; a sign of several scripts may be in any of theirs.
    for (std::size_t index = 0; script == QChar::Script_Common && index < rows.size(); ++index)
        if (const auto face = static_cast<FaceNumber>(index + 1); hasAll(face))
            return face;
    return std::nullopt;
}

QString fileOf(FaceNumber face, bool bold)
{
    if (face == invoiceSans)
        return builtIn +
               (bold ? QStringLiteral("InvoiceSans-Bold.ttf") : QStringLiteral("InvoiceSans-Regular.ttf"));
    return pathOf(rows.at(static_cast<std::size_t>(face) - 1), bold);
}

std::vector<QByteArray> headsOf(FaceNumber face, bool bold)
{
    const std::optional<Coverage> coverage = Coverage::ofFile(fileOf(face, bold));
    return coverage ? coverage->heads() : std::vector<QByteArray>();
}

bool hasHanForms(FaceNumber face)
{
    return face == hanFace;
}

std::vector<std::string> missingFaces()
{
    std::vector<std::string> missing;
    for (const Row& row : rows)
        for (const bool bold : {false, true})
            if (const QString path = pathOf(row, bold);
                (!bold || row.hasBold) && !QFileInfo(path).isReadable())
                missing.push_back(path.toStdString());
    return missing;
}

void lookForFacesBelow(const QString& directory)
{
    root() = directory;
}

} // namespace billing::document
