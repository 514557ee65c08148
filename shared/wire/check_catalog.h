// The rules a price list keeps before anybody can be billed by it, beyond what its types say. Pure, any
// thread.
#pragma once

#include "shared/model/plan.h"

namespace billing::wire {

/// Whether a catalogue can be published: codes, names and units present, (code, version) and charge codes
/// unique, dimensions sorted, allowed values (1 to 1,000 of 1 to
/// 256 bytes, sorted, each once) for declared dimensions only and holding every value that the meter's filter
/// and the cells of its prices name, meters of charges exist, each charge has exactly the fields its model
/// uses, quantities and prices not negative, fees on the currency's grid, divisors positive, matrix cells
/// over dimensions the meter declares and never two of equal weight for one key, and the same currencies
/// wherever a plan has a price. Refuses InvalidCatalog; the subject names the place ("lite v1, charge
/// api_request"), the detail says what is wrong.
Result<void> checkCatalog(const Catalog& catalog);

} // namespace billing::wire
