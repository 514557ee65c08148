// The options that say how a table becomes usage, as a CsvMapping. Pure.
#pragma once

#include "shared/usage_client/billing_usage/written_options.h"
#include "shared/usage_client/csv_mapping.h"

namespace billing::client {

/// Refuses, naming the option: MissingField, InvalidValue (also two that exclude each other),
/// InvalidTenantId, ReservedTenantId, DuplicateKey (a dimension twice), UnknownTimeZone.
Result<CsvMapping> csvMappingOf(const WrittenOptions& written);

} // namespace billing::client
