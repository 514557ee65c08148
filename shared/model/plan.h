// The price list as values: a plan version holds charges; a charge says what is priced, when and how. Plans
// are immutable once published; a change is a new version. Prices exist per currency and are never converted
// at billing time.
#pragma once

#include "shared/kernel/currency.h"
#include "shared/kernel/decimal.h"
#include "shared/model/dimensions.h"
#include "shared/model/ids.h"
#include "shared/model/meter.h"
#include "shared/model/tier.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace billing {

enum class Interval
{
    Month,
    Year
};
enum class Timing
{
    Advance,
    Arrears
};
enum class ChargeModel
{
    Flat,    ///< an amount per period, whatever is used
    PerUnit, ///< included quantity, then a unit price
    Matrix,  ///< a unit price chosen by dimension values
};
/// What happens above a charge's included quantity when it has no price: nothing (None), or the standing says
/// exceeded and the usage is listed as unbilled over limit (Hard).
enum class LimitPolicy
{
    None,
    Hard
};

using PriceByCurrency = std::map<Currency, Decimal>; ///< major units

/// One cell of a price matrix. It prices a dimension key when every listed dimension has the listed value;
/// the cell with most matching dimensions wins, so {direction=input} is the fallback behind {direction=input,
/// model=gpt4}.
struct MatrixPrice
{
    Dimensions match;
    PriceByCurrency price;

    friend bool operator==(const MatrixPrice&, const MatrixPrice&) = default;
};

struct Charge
{
    std::string code; ///< unique in its plan: "fee", "api_request"
    std::string name; ///< as printed: "Monthly fee"
    ChargeModel model = ChargeModel::Flat;
    std::optional<MeterCode> meter = {}; ///< absent for Flat
    Timing timing = Timing::Arrears;
    std::optional<Decimal> included = {}; ///< quantity free of charge per period; absent means none
    bool unlimited = false;               ///< everything is included
    LimitPolicy limit = LimitPolicy::None;
    Decimal unitDivisor = Decimal::fromInteger(1); ///< the price is per this many units ("per 1,000" is 1000)
    PriceByCurrency price = {};                    ///< Flat: the amount; PerUnit: the price per unitDivisor
    std::vector<MatrixPrice> matrix = {};

    friend bool operator==(const Charge&, const Charge&) = default;
};

struct PlanVersion
{
    PlanCode code;
    int version = 1;
    std::string name; ///< as printed: "Lite"
    Tier tier = Tier::Zero;
    Interval interval = Interval::Month;
    Activity activity = Activity::Active; ///< nobody can subscribe to an inactive version
    int netDays = 14;                     ///< due this many days after the issue date
    std::vector<Charge> charges = {};

    friend bool operator==(const PlanVersion&, const PlanVersion&) = default;
};

struct Catalog
{
    std::vector<Meter> meters = {};
    std::vector<PlanVersion> plans = {};

    friend bool operator==(const Catalog&, const Catalog&) = default;
};

/// The newest version of a plan. Refuses UnknownPlan.
Result<PlanVersion> newestPlan(const Catalog& catalog, const PlanCode& code);
/// Exactly that version. Refuses UnknownPlan.
Result<PlanVersion> planVersion(const Catalog& catalog, const PlanCode& code, int version);

} // namespace billing
