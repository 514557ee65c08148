// Exact numbers as localised text: grouped, every digit shown, nothing rounded and nothing through floating
// point. Spaces inside a number are no-break. Pure, any thread.
#pragma once

#include "shared/format/document_locale.h"
#include "shared/kernel/decimal.h"

#include <QString>

namespace billing::format {

/// "22,361,870", "118.402739726027"
QString formatQuantity(const Decimal& quantity, const QLocale& locale);

/// A rate as a percentage: 0.08625 is "8.625%", in German "8,625 %".
QString formatPercent(const Decimal& rate, const QLocale& locale);

/// Plain decimal text ("-1234.50", as Decimal::toText and Money::toText write it) with the locale's sign,
/// grouping and decimal point; at least that many fractional digits, zeros added behind.
QString localiseDecimal(std::string_view plain, const QLocale& locale, int fractionDigitsAtLeast = 0);

} // namespace billing::format
