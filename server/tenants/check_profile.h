// What a tenant's profile has to be, whoever makes or changes it. Pure; asks the zone database only.
#pragma once

#include "shared/kernel/result.h"
#include "shared/model/tenant.h"

namespace billing {

/// The profile in its one form: texts without outer spaces, country and tax ids as country.h and tax_id.h
/// have them. Refuses, in order: MissingField (an empty legal_name), as checkName (legal_name),
/// InvalidCountry, UnknownTimeZone, InvalidLocale, as checkText (address, email), CardDataRefused, as
/// checkEmail, as parseTaxIds.
Result<Tenant> checkedProfile(Tenant tenant);

} // namespace billing
