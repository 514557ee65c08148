// The form and check digits of VAT identification numbers: the 27 member states of the European Union, Great
// Britain and Northern Ireland, Switzerland and Norway. Only whether a number can be one is judged; whether
// it is given to anybody, and to whom, only the authority knows (VIES). Pure, any thread. Sources: Directive
// 2006/112/EC, art. 214 and 215; the European Commission's "VIES VAT number structures"; the national rules
// for check digits as the member states published them; for CH eCH-0108, for NO the Brønnøysund register's
// rule of organisation numbers (modulus 11).
#pragma once

#include <string>
#include <string_view>

namespace billing {

enum class VatVerdict
{
    Good,
    WrongForm,
    WrongCheckDigits
};

/// Of the number behind the prefix ("EL" for Greece, "XI" for Northern Ireland), in capitals without
/// separators. WrongForm for an unknown prefix: ask isVatPrefix first.
VatVerdict judgeVatNumber(std::string_view prefix, std::string_view number);

/// The 27 of the Union, with EL for Greece, and GB, XI, CH, NO.
bool isVatPrefix(std::string_view prefix);

/// What a number of that prefix looks like, for a refusal: "9 digits". Empty for an unknown prefix.
std::string_view vatNumberForm(std::string_view prefix);

} // namespace billing
