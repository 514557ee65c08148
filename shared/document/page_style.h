// The look of template version 1: lengths in decipoints, colours, text styles.
#pragma once

#include "shared/document/measured_text.h"

namespace billing::document {

namespace page {

inline constexpr qreal marginSide = 500;
inline constexpr qreal marginTop = 430;
inline constexpr qreal marginBottom = 350; ///< below the footer
inline constexpr qreal footerGap = 80;     ///< kept free above the footer

} // namespace page

namespace colour {

inline const QColor ink(0x16, 0x18, 0x1D);
inline const QColor grey(0x63, 0x6B, 0x78);
inline const QColor hairline(0xE2, 0xE5, 0xEA);
inline const QColor rule(0xB9, 0xBF, 0xC9);
inline const QColor panel(0xF6, 0xF7, 0xF9);
inline const QColor draftMark(0xF3, 0xF4, 0xF6);
inline const QColor voidMark(0xFB, 0xEC, 0xEC);

} // namespace colour

namespace style {

inline const TextStyle title{Face::Bold, 260, colour::ink};
inline const TextStyle headline{Face::Bold, 170, colour::ink};
inline const TextStyle caption{Face::Regular, 76, colour::grey};
inline const TextStyle captionRight{Face::Regular, 76, colour::grey, Align::Right};
inline const TextStyle body{Face::Regular, 90, colour::ink};
inline const TextStyle bodyRight{Face::Regular, 90, colour::ink, Align::Right};
inline const TextStyle strong{Face::Bold, 90, colour::ink};
inline const TextStyle strongRight{Face::Bold, 90, colour::ink, Align::Right};
inline const TextStyle quiet{Face::Regular, 80, colour::grey};
inline const TextStyle quietRight{Face::Regular, 80, colour::grey, Align::Right};
inline const TextStyle total{Face::Bold, 120, colour::ink};
inline const TextStyle totalRight{Face::Bold, 120, colour::ink, Align::Right};

} // namespace style

} // namespace billing::document
