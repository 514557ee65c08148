#include "shared/document/faces.h"

#include <QFontDatabase>
#include <QRawFont>
#include <array>
#include <bitset>

// Q_INIT_RESOURCE must stand outside any namespace.
static void initialiseResource()
{
    Q_INIT_RESOURCE(invoice);
}

namespace billing::document {

namespace {

constexpr int charactersOfPlane = 0x10000;
constexpr std::array files{":/invoice/fonts/InvoiceSans-Regular.ttf", ":/invoice/fonts/InvoiceSans-Bold.ttf"};

struct Faces
{
    Faces()
    {
        initialiseResource();
        for (std::size_t index = 0; index < files.size(); ++index) {
            const QString file = QString::fromLatin1(files[index]);
            loaded = QFontDatabase::addApplicationFont(file) >= 0 && loaded;
            const QRawFont raw(file, 100);
            for (int code = 0; raw.isValid() && code < charactersOfPlane; ++code)
                shown[index][static_cast<std::size_t>(code)] = raw.supportsCharacter(static_cast<uint>(code));
        }
    }

    bool loaded = true;
    std::array<std::bitset<charactersOfPlane>, files.size()> shown;
};

const Faces& faces()
{
    static const Faces instance;
    return instance;
}

bool isInvisible(char32_t code)
{
    const QChar::Category category = QChar::category(code);
    return code == U'\n' || category == QChar::Other_Format || category == QChar::Separator_Line;
}

} // namespace

Result<void> loadFaces()
{
    if (!faces().loaded)
        return Error{ErrorCode::RenderFailed, "fonts", "the built-in faces cannot be loaded"};
    return {};
}

QFont font(Face face, int decipoints)
{
    BILLING_ASSERT(faces().loaded);
    QFont font(QStringLiteral("Invoice Sans"));
    font.setPixelSize(decipoints);
    font.setWeight(face == Face::Bold ? QFont::DemiBold : QFont::Normal);
    font.setHintingPreference(QFont::PreferNoHinting);
    font.setStyleStrategy(static_cast<QFont::StyleStrategy>(QFont::NoFontMerging | QFont::PreferOutline));
    return font;
}

std::optional<char32_t> missingCharacter(const QString& text, Face face)
{
    const auto& shown = faces().shown[static_cast<std::size_t>(face)];
    for (const uint code : text.toUcs4()) {
        const bool known = code < charactersOfPlane && shown[code];
        if (!known && !isInvisible(code))
            return code;
    }
    return std::nullopt;
}

} // namespace billing::document
