// The tax category of a tenant who did not say: S where the issuer is registered for the buyer's country, AE
// for a buyer with a tax id in another EU state when the issuer is in one (Directive 2006/112/EC, art. 44 and
// 196), else O. Pure.
#pragma once

#include "shared/model/issuer.h"

namespace billing {

TaxCategory defaultTaxCategory(const Issuer& issuer, const Tenant& buyer, Instant now);

} // namespace billing
