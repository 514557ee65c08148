// The locale a document is written in: the customer's, never the machine's or the clerk's. QLocale gives
// digits, separators, placement and the order of dates; how many decimals an amount has is the currency's
// business. Pure, any thread.
#pragma once

#include <QLocale>

#include <string_view>

namespace billing::format {

inline constexpr char16_t noBreakSpace = u'\u00A0';

/// From BCP 47 ("de-DE"); a text that names no known language is taken as en-US.
QLocale documentLocale(std::string_view bcp47);

} // namespace billing::format
