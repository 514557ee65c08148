// The faces that stand behind Invoice Sans, by file: Noto for every script that Debian 12 has a face for,
// then its symbols, and Symbola for emoji as plain glyphs. Exactly these files are looked at, never what
// fontconfig would find. One that is missing on a machine has no characters, so that theirs are printed as
// codes (see printable.h). Coverage is read when a document needs it first. No QGuiApplication; any thread.
#pragma once

#include "shared/document/coverage.h"

#include <span>
#include <string>

namespace billing::document {

/// 0 is Invoice Sans, the others stand for a row of the table in fallback_faces.cpp.
using FaceNumber = int;
inline constexpr FaceNumber invoiceSans = 0;

/// Before a built-in file's path is used otherwise than by the functions below.
void makeBuiltInFacesKnown();

bool covers(FaceNumber face, char32_t code);

/// A face that has all of these characters: the one before if it can, then the one of their script, then
/// those for symbols, then any. Nothing when there is none.
std::optional<FaceNumber> faceWith(std::span<const char32_t> codes, FaceNumber before);

/// Where it is, its bold file if it has one.
QString fileOf(FaceNumber face, bool bold);
/// The head tables of that file, empty when there is none.
std::vector<QByteArray> headsOf(FaceNumber face, bool bold);
/// Whether it has one set of glyphs each for Japanese, Korean, simplified and traditional Chinese.
bool hasHanForms(FaceNumber face);

/// The files that are not on this machine, for health and the log; empty on a complete installation.
std::vector<std::string> missingFaces();

/// For tests: a directory in whose stead "/" is looked at. Before anything is printed.
void lookForFacesBelow(const QString& root);

} // namespace billing::document
