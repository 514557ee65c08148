// The two faces invoices are set in, compiled into the program. Sizes are decipoints (a tenth of a point),
// the unit of all layout, so that they are whole pixels at 720 dots per inch. Characters a face lacks are
// found before anything is drawn: no other font ever stands in. Needs a QGuiApplication; any thread after the
// first call.
#pragma once

#include "shared/kernel/result.h"

#include <QFont>
#include <QString>

namespace billing::document {

enum class Face
{
    Regular,
    Bold
};

/// Makes the faces known to Qt, once. Refuses RenderFailed when they cannot be loaded.
Result<void> loadFaces();

/// Asserts that loadFaces has succeeded.
QFont font(Face face, int decipoints);

/// The first character that the face cannot show; line breaks and invisible marks count as shown.
std::optional<char32_t> missingCharacter(const QString& text, Face face);

} // namespace billing::document
