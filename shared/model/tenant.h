// A tenant: who is invoiced. Legal name stays readable for search; address, tax ids and e-mail are personal
// data and are sealed where they are stored.
#pragma once

#include "shared/kernel/currency.h"
#include "shared/kernel/instant.h"
#include "shared/model/ids.h"

#include <string>
#include <vector>

namespace billing {

struct Address
{
    std::string line1 = {};
    std::string line2 = {};
    std::string city = {};
    std::string region = {};
    std::string postalCode = {};

    friend bool operator==(const Address&, const Address&) = default;
};

/// "S" standard rate, "Z" zero rate, "E" exempt, "AE" reverse charge, "G" export, "O" outside the scope of
/// tax (UNTDID 5305 as EN 16931 uses it).
enum class TaxCategory
{
    Standard,
    Zero,
    Exempt,
    ReverseCharge,
    Export,
    OutOfScope
};

std::string_view wireName(TaxCategory category);                 ///< "S", "Z", "E", "AE", "G", "O"
Result<TaxCategory> parseTaxCategory(std::string_view wireName); ///< refuses InvalidValue

struct Tenant
{
    TenantId id;
    std::string legalName;
    std::string country; ///< ISO 3166-1 alpha-2
    Currency currency;
    std::string timeZone; ///< IANA name
    std::string locale;   ///< BCP 47, the language of its documents: "en-US"
    Address address = {};
    std::vector<std::string> taxIds = {}; ///< with country prefix, "DE136695976"
    TaxCategory taxCategory = TaxCategory::Standard;
    std::string email = {};
    Instant createdAt = Instant::fromMicros(0);

    friend bool operator==(const Tenant&, const Tenant&) = default;
};

} // namespace billing
