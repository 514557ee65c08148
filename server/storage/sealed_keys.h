// Which keys the store's sealed values name, by the version that stands in clear in each.
#pragma once

#include "server/storage/storage.h"

#include <cstdint>

namespace billing::storage {

/// The newest key among all tenants' profiles and the newest invoice; zero when nothing is sealed. For a
/// scope over all tenants.
Result<std::uint32_t> newestSealingKey(Work& work);

} // namespace billing::storage
