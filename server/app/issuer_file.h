// D/issuer.toml: who sells. Read at every start, strictly: an unknown key, a wrong type, a bad date or rate
// stops the start and is named. Amounts and rates are strings, never TOML floats.
#pragma once

#include "shared/kernel/result.h"
#include "shared/model/issuer.h"

#include <filesystem>

namespace billing {

/// Refuses FileUnreadable, InvalidConfiguration (subject: the key, e.g. "tax_rate[2].rate").
Result<Issuer> readIssuerFile(const std::filesystem::path& file);

/// Writes the sample company `init` starts with, to be edited. Refuses FileUnwritable, AlreadyExists.
Result<void> writeSampleIssuer(const std::filesystem::path& file);

} // namespace billing
