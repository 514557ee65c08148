// What kinds of characters matter for showing text on paper. Pure. Source: Unicode 14 character database
// (through QChar), UAX 9 for the bidirectional classes.
#pragma once

namespace billing::document {

inline constexpr char32_t leftToRightIsolate = 0x2066;
inline constexpr char32_t firstStrongIsolate = 0x2068;
inline constexpr char32_t popIsolate = 0x2069;

/// Strong, or an Arabic number: it can change the order of what stands beside it.
bool isRightToLeft(char32_t code);
bool isVariationSelector(char32_t code);
bool isMongolianSelector(char32_t code);
bool isJoiner(char32_t code);
bool isDirectionMark(char32_t code);
bool isIsolate(char32_t code); ///< or what ends one

/// Invisible, and a letter's neighbour in Mongolian: what stands beside it is no longer taken as part of the
/// script before.
inline constexpr char32_t scriptBreak = 0x180E;

/// Stands before an Arabic or Syriac number and around it: seen, although Unicode calls it a format.
bool isNumberSign(char32_t code);
/// Leaves ink or space on paper by itself.
bool isSeen(char32_t code);

/// A letter of a script in which words stand beside each other without spaces and invisible ones part them.
bool writesWithoutSpaces(char32_t code);
/// Qt sets text of these scripts, spaces and signs among it included, only in fonts made for them.
bool needsOwnFont(char32_t letter);
/// Of no script: it is taken as part of the one before it, or else of the next.
bool isOfNoScript(char32_t code);
/// A letter that a joiner can change, or a picture that it can make one with the next.
bool takesJoiner(char32_t code);

} // namespace billing::document
