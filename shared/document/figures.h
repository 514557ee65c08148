// An invoice's fields as the texts its paper shows. Nothing is computed here but what a table needs to be
// followed from page to page. Pure, any thread.
#pragma once

#include "shared/document/texts.h"
#include "shared/model/invoice.h"

#include <QStringList>

namespace billing::document {

/// "first 100,000 included", "above 100,000", "above 1,000 up to 5,000"; empty for a line of one step only.
QString stepText(const RatedLine& line, const QLocale& locale);
/// "22,361,870 tokens"
QString quantityText(const RatedLine& line, const QLocale& locale);
/// "$0.03 per 1,000"; "included" for usage that costs nothing.
QString unitPriceText(const RatedLine& line, const QLocale& locale);

/// Name, address, country's name, tax ids, registration, e-mail; empty ones left out. The first is the name.
QStringList partyLines(const Party& party, const Texts& texts);

/// In groups of four, joined by no-break spaces: "DE89 3704 0044 0532 0130 00".
QString groupedIban(const QString& iban);

QString fromUtf8(std::string_view text);

/// The net sum of the first so many lines. Refuses AmountOverflow, CurrencyMismatch.
Result<Money> sumOfLines(const Invoice& invoice, std::size_t count);

} // namespace billing::document
