// The published price list in the store: meters and plan versions are written once and never changed. What
// the program ships (resources/catalog/price_list.json) is published by `init` and again after every upgrade;
// versions already there must be the same.
#pragma once

#include "server/storage/storage.h"
#include "shared/model/plan.h"

namespace billing {

/// The price list this program ships. Asserts that it is readable and keeps the catalogue's rules.
Catalog shippedCatalog();

/// Adds what is not there yet. Refuses InvalidCatalog when the list breaks a rule or a published version
/// would change (subject: its code and version).
Result<void> publishCatalog(Work& work, const Catalog& catalog);

/// Everything published, in order of code and version.
Result<Catalog> loadCatalog(Work& work);

} // namespace billing
