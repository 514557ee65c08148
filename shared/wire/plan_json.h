// The price list as JSON: meters, plan versions and whole catalogues, as they are published over HTTP,
// stored, and kept in resources/catalog/price_list.json. Prices and quantities are decimal strings. Encoding
// "allowed_values" of a meter says, per dimension it declares, which values an event may have; without it any
// will do. Encoding is deterministic (equal values give equal bytes) and decoding is strict: what it accepts,
// encode writes back. Values only, any thread.
#pragma once

#include "shared/model/plan.h"

#include <string>
#include <string_view>

namespace billing::wire {

std::string encodeMeter(const Meter& meter);
std::string encodePlan(const PlanVersion& plan);
std::string encodeCatalog(const Catalog& catalog);

/// Refuse what JsonDocument and ObjectReader refuse, with the path of the field: UnknownField, MissingField,
/// WrongType, InvalidValue, InvalidDecimal, UnknownCurrency. Whether a catalogue makes sense is for
/// checkCatalog (shared/wire/check_catalog.h) to say.
Result<Meter> decodeMeter(std::string_view json);
Result<PlanVersion> decodePlan(std::string_view json);
Result<Catalog> decodeCatalog(std::string_view json);

} // namespace billing::wire
