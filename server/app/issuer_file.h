// D/issuer.toml: who sells. Read at every start, strictly, as finance's most important file: an unknown key,
// a wrong type, a bad date or rate stops the start and is named, and so does whatever could not be printed,
// paid into or taxed: a country that is none (ISO 3166-1; EL and UK are read as GR and GB), an IBAN or BIC
// that cannot be (ISO 13616, ISO 9362), a VAT id with wrong check digits, a pattern that could give two
// invoices one number, two tax rates for the same place, category and day, a rate in a category that has
// none, texts with characters that do not print (shared/model/text_rules.h) or spaces at an end. Amounts and
// rates are strings, never TOML floats. IBAN, BIC and VAT ids are brought into one form.
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
