// Calendar days as localised text, unambiguous and of medium length: English has the month's name ("Nov 1,
// 2023", "1 Nov 2023"), other languages are written in figures in their own order with a four-digit year
// ("01.11.2023"), so that no month's name of one language stands in a document of another. Always the
// Gregorian calendar and Western digits, also where another calendar is at home (fa, th, ar-SA, ja), and
// without the invisible direction marks and words that some locales have between figures: every date is day,
// month and year in an order that no neighbour changes. Pure, any thread.
#pragma once

#include "shared/format/document_locale.h"
#include "shared/kernel/local_date.h"

#include <QString>

namespace billing::format {

QString formatDate(LocalDate date, const QLocale& locale);

/// A half-open period as people say it, with its last day: "Nov 1 – Nov 30, 2023"; one day is that day's
/// date. Asserts that endExclusive lies after first.
QString formatPeriod(LocalDate first, LocalDate endExclusive, const QLocale& locale);

} // namespace billing::format
