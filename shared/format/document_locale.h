// The locale a document is written in: the customer's, never the machine's or the clerk's. QLocale gives
// separators, placement and the order of dates; how many decimals an amount has is the currency's business.
//
// Digits are Western in every locale: the documents' words are English so far, IBANs, tax ids and numbers of
// invoices have Western digits anyway, and one figure never mixes two kinds. A locale with digits of its own
// (fa, ar-EG, mr, my ...) separates Western ones by "," and ".", as CLDR 42 has it for the "latn" digits of
// all of them. Invisible direction marks that locales put around signs are left out: figures are printed in
// an order of their own. Pure, any thread.
#pragma once

#include <QLocale>
#include <QString>

#include <string_view>

namespace billing::format {

inline constexpr char16_t noBreakSpace = u'\u00A0';

/// From BCP 47 ("de-DE"); a text that names no known language is taken as en-US.
QLocale documentLocale(std::string_view bcp47);

/// What a locale puts between Western digits and beside them.
struct Signs
{
    QString decimalPoint, group, minus, percent;
};

Signs signsOf(const QLocale& locale);

/// Without the invisible marks and isolates that steer the reading direction.
QString withoutDirectionMarks(QString text);

} // namespace billing::format
