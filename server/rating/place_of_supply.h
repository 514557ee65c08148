// Where a buyer's services are taxed, as the EU's rules for electronic services see addresses, and at whose
// rates. Pure, any thread. Source: Directive 2006/112/EC, art. 5 to 7 (the VAT area), 44 and 45, 58 and 59c
// (consumers in other states).
#pragma once

#include "server/rating/tax.h"

#include <string>

namespace billing {

/// A place as VAT law sees it.
struct TaxPlace
{
    std::string country;    ///< whose rates hold: FR for Monaco, GB for the Isle of Man (art. 7)
    bool isInUnion = false; ///< in the VAT area of the EU
    /// A part of a member state outside that area (art. 6): the Canary Islands, Ceuta, Melilla; overseas
    /// France; Büsingen and Helgoland; Livigno and Campione; Åland; Athos. Its country's rates do not hold
    /// there, only rows of its own region.
    bool isApart = false;

    friend bool operator==(const TaxPlace&, const TaxPlace&) = default;
};

/// By country, region (ISO 3166-2 or name) and postal code.
TaxPlace taxPlaceOf(std::string_view country, const Address& address);

/// Both in one country and neither apart from it.
bool isHome(const TaxPlace& one, const TaxPlace& other);

/// Where and by which rates a buyer's lines of the standard category are taxed on that day. In its own place,
/// but a buyer in another member state than the issuer's by the issuer's policy (EuConsumerTax): it is asked
/// of those alone who are not reverse-charged, so consumers.
TaxCase standardCase(const Issuer& issuer, const Tenant& buyer, LocalDate taxDate);

/// As standardCase for a buyer of the standard category. Others are taxed nowhere; their notes are those of
/// its own place.
TaxCase taxCaseOf(const Issuer& issuer, const Tenant& buyer, LocalDate taxDate);

} // namespace billing
