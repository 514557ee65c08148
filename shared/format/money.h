// Amounts as localised text. The decimals are the currency's, whatever the locale's own currency has;
// separators and the side of the sign are the locale's. A symbol is used only where it can mean one currency:
// "$" is USD, unless the locale has a dollar or peso of its own; everything else is shown by its ISO code in
// Latin letters. Pure, any thread. Source: CLDR 42 for placement (through QLocale).
#pragma once

#include "shared/format/document_locale.h"
#include "shared/kernel/money.h"

#include <QString>

namespace billing::format {

enum class CurrencyStyle
{
    Symbol, ///< "$1,234.50", "1.234,50 €", "BHD 1,234.500"
    Code,   ///< "USD 1,234.50", "1.234,50 EUR"
    Bare    ///< "1,234.50"
};

QString formatMoney(const Money& money, const QLocale& locale, CurrencyStyle style = CurrencyStyle::Symbol);

/// A price in major units with every digit it has, and at least the currency's: "$0.03", "$0.000123",
/// "$2.50".
QString formatUnitPrice(const Decimal& price, Currency currency, const QLocale& locale);

} // namespace billing::format
