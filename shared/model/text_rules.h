// Which characters a text that people write and read may hold: names, addresses, notes, values that are
// printed. Refused is what cannot be seen yet changes what is seen (direction overrides, invisible fillers),
// what ends a line, and what stands for no character at all. Letters of every script, combining marks, emoji
// and all kinds of spaces pass. Pure, standard C++ only; the few ranges in the source file are the Unicode
// Character Database's, version 15.0 (General_Category, Default_Ignorable_Code_Point, Bidi_Control,
// Noncharacter_Code_Point), and Unicode Technical Report 36, section 3.
#pragma once

#include "shared/kernel/result.h"

#include <string_view>

namespace billing {

/// Refuses the first of, by position: InvalidUtf8; InvalidCharacter for
/// - control characters: C0 with tab and newline, DEL, C1, line and paragraph separator;
/// - what changes the direction of the text around it: embeddings, overrides, isolates (U+202A to U+202E,
/// U+2066 to U+2069);
/// - invisible fillers and format characters: soft hyphen, zero width space, word joiner, byte order mark,
/// Hangul and Khmer
///   fillers, tag characters, annotation and object replacement;
/// - a joiner (ZWJ, ZWNJ, Mongolian vowel separator) that is not between two visible characters, and a
/// variation selector
///   that does not follow one: scripts and emoji need them there, elsewhere they only hide;
/// - more than 8 combining marks on a character, which would cover the lines above;
/// - private use, noncharacters, and planes 4 to 13, in which Unicode has no character.
/// The marks LRM, RLM and ALM pass: right-to-left names with digits need them, and they reorder no letter.
/// Spaces pass wherever they are; see withoutOuterSpaces. The detail names code point and place ("U+202E at
/// character 5, which ..."), never the text.
Result<void> checkText(std::string_view field, std::string_view utf8);

/// Whether there is anything to see: false for spaces of all kinds, marks, joiners and combining marks alone.
/// The text has passed checkText; of malformed UTF-8 nothing is seen.
bool hasVisible(std::string_view utf8);

/// checkText, then InvalidValue when nothing in it can be seen: for names.
Result<void> checkName(std::string_view field, std::string_view utf8);

/// Whether there is a space of any kind in it.
bool hasSpace(std::string_view utf8);

/// Without the spaces of all kinds at either end. A part of the argument, which must outlive it.
std::string_view withoutOuterSpaces(std::string_view utf8);

} // namespace billing
