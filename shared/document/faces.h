// The faces invoices are set in as Qt fonts: Invoice Sans, compiled into the program, and behind it those of
// fallback_faces.h, each loaded when a document needs it first. Sizes are decipoints (a tenth of a point),
// the unit of all layout, so that they are whole pixels at 720 dots per inch. No other font ever stands in: a
// file that is not the one that was asked for is not used. Needs a QGuiApplication; any thread after the
// first call of loadFaces.
#pragma once

#include "shared/document/fallback_faces.h"
#include "shared/kernel/result.h"

#include <QFont>
#include <QString>

namespace billing::document {

enum class Face
{
    Regular,
    Bold
};

/// Whose way of writing Han characters a document follows; the rows of the face for Han, in its file's order.
enum class HanForms
{
    Japanese,
    Korean,
    Simplified,
    Traditional,
    HongKong
};

/// Makes the built-in faces known to Qt, once. Refuses RenderFailed when they cannot be loaded.
Result<void> loadFaces();

/// Invoice Sans. Asserts that loadFaces has succeeded.
QFont font(Face face, int decipoints);
/// The same for text that other faces are part of.
QFont fontAmongOthers(Face face, int decipoints);

/// A face behind it, set to the same size; nothing when its file is missing or Qt takes another for it.
std::optional<QFont> fallbackFont(FaceNumber number, Face face, int decipoints, HanForms forms);

} // namespace billing::document
