// Which tax category a buyer of our services has, and which may be said of it. Pure. Source: Directive
// 2006/112/EC, art. 44 and 196 (businesses: where they are, and they account for the tax themselves), 58 and
// 59c (consumers: where they are, or at home below the threshold), 6 and 7 (the VAT area); UNTDID 5305 as EN
// 16931 uses it.
//
// "Home" is the issuer's country, "the Union" the EU's VAT area (place_of_supply.h), "business" a buyer with
// a valid VAT id of a member state that is not the issuer's; every other buyer is treated as a consumer. XI
// in a VAT id is for goods only, so that a buyer in Northern Ireland is one in GB. A rate "holds" when the
// issuer has one in force today where the buyer is.
//
//   issuer, buyer                            default                         allowed, if said
//   at home, a rate holds                    S                               S Z E
//   at home, no rate (issuer in the Union)   must be said                    Z E
//   Union to Union, business                 AE, or S (1)                    AE S Z E
//   Union to Union, consumer                 S (2)                           S Z E
//   Union to outside the Union               S if a rate holds, else O       S Z E G O
//   outside to Union, business, a rate       AE, or S (1)                    AE S Z E G O
//   outside to Union, business, no rate      O                               AE Z E G O
//   outside to Union, consumer               S if a rate, else must be said  S Z E G O
//   outside to outside                       S if a rate holds, else O       S Z E O, G if not at home
//
// (1) S where the issuer has a VAT id of that state and a rate there. (2) The policy's rate; where there is
// none, and by the policy "ask" always, the category must be said.
//
// S may be said only where a rate holds now or will. AE also of a business outside the Union that is
// registered in a member state, but not in the one it is apart from (a company in the Canary Islands with a
// Spanish number).
#pragma once

#include "shared/model/issuer.h"

namespace billing {

/// The category of a buyer who did not say, today. Refuses TaxCategoryRequired where the table says "must be
/// said".
Result<TaxCategory> defaultTaxCategory(const Issuer& issuer, const Tenant& buyer, Instant now);

/// Whether the buyer may have the category it has. Refuses TaxCategoryNotAllowed, NoTaxRate (S without a
/// rate); the subject of both is tax_category.
Result<void> checkTaxCategory(const Issuer& issuer, const Tenant& buyer, Instant now);

} // namespace billing
