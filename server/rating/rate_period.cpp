#include "server/rating/rate_period.h"

#include "server/rating/matrix.h"

#include <algorithm>
#include <map>
#include <set>

namespace billing {

namespace {

/// Quantity by dimension key, by meter.
using Usage = std::map<MeterCode, std::map<std::string, Decimal>>;

Result<void> checkPrices(const PlanVersion& plan, Currency currency)
{
    for (const Charge& charge : plan.charges) {
        const bool free = charge.unlimited || charge.limit == LimitPolicy::Hard;
        const bool priced =
            charge.model == ChargeModel::Matrix
                ? std::all_of(charge.matrix.begin(), charge.matrix.end(),
                              [&](const MatrixPrice& cell) { return cell.price.contains(currency); })
                : charge.price.contains(currency);
        if (!free && !priced)
            return Error{ErrorCode::PriceNotInCurrency, charge.code, std::string(currency.code())};
    }
    return {};
}

Result<void> checkMeters(const PlanVersion& plan, std::span<const Meter> meters)
{
    for (const Charge& charge : plan.charges)
        if (charge.model != ChargeModel::Flat && (!charge.meter || !findMeter(meters, *charge.meter)))
            return Error{ErrorCode::InvalidCatalog, charge.code, "its meter does not exist"};
    return {};
}

Result<Usage> collect(std::span<const UsageTotal> totals)
{
    for (const UsageTotal& total : totals) {
        if (total.quantity.isNegative())
            return Error{ErrorCode::NegativeQuantity, total.meter.text(), total.dimensionKey};
        if (const auto key = parseDimensionKey(total.dimensionKey); !key)
            return key.error();
    }
    Usage usage;
    for (const UsageTotal& total : totals) {
        if (total.quantity.isZero())
            continue;
        Decimal& sum = usage[total.meter][total.dimensionKey];
        const auto more = sum.plus(total.quantity);
        if (!more)
            return more.error();
        sum = *more;
    }
    return usage;
}

/// "LLM tokens, gpt4, input": the values from the key's last dimension to its first, which puts the model
/// before the direction and the most telling word of our meters first.
std::string describe(const Charge& charge, const Dimensions& key)
{
    std::string text = charge.name;
    for (auto dimension = key.rbegin(); dimension != key.rend(); ++dimension)
        if (!dimension->value.empty())
            text += ", " + dimension->value;
    return text;
}

/// Rates one metered charge; holds what is left of its allowance while it walks the dimension keys.
class MeteredCharge
{
public:
    MeteredCharge(const Charge& charge, const Meter& meter, Currency currency, RatedPeriod& out)
        : m_charge(charge)
        , m_meter(meter)
        , m_currency(currency)
        , m_included(charge.included.value_or(Decimal()))
        , m_left(m_included)
        , m_out(out)
    {
    }

    Result<void> rate(const std::string& key, const Decimal& quantity)
    {
        const Decimal free = m_charge.unlimited ? quantity : std::min(quantity, m_left);
        const Decimal above = Decimal::fromScaled(quantity.scaled() - free.scaled());
        if (!m_charge.unlimited)
            m_left = Decimal::fromScaled(m_left.scaled() - free.scaled());
        if (!free.isZero())
            addIncluded(key, free);
        if (above.isZero())
            return {};
        if (m_charge.limit == LimitPolicy::Hard) {
            addUnbilled(key, above, UnbilledReason::OverLimit);
            return {};
        }
        const PriceByCurrency* price = priceOf(*parseDimensionKey(key));
        if (!price) {
            addUnbilled(key, above, UnbilledReason::NoPrice);
            return {};
        }
        return addCharged(key, above, price->at(m_currency));
    }

private:
    const PriceByCurrency* priceOf(const Dimensions& key) const
    {
        if (m_charge.model != ChargeModel::Matrix)
            return &m_charge.price;
        const MatrixPrice* cell = findCell(m_charge.matrix, key);
        return cell ? &cell->price : nullptr;
    }

    RatedLine line(const std::string& key, const Decimal& quantity) const
    {
        return {.kind = LineKind::Usage,
                .chargeCode = m_charge.code,
                .description = describe(m_charge, *parseDimensionKey(key)),
                .meter = m_meter.code,
                .dimensionKey = key,
                .unit = m_meter.unit,
                .quantity = quantity,
                .unitPrice = {},
                .unitDivisor = m_charge.unitDivisor,
                .amount = Money::zero(m_currency)};
    }

    void addIncluded(const std::string& key, const Decimal& quantity)
    {
        RatedLine included = line(key, quantity);
        included.description += ", included";
        if (!m_charge.unlimited)
            included.stepUpTo = m_included;
        m_out.lines.push_back(std::move(included));
    }

    Result<void> addCharged(const std::string& key, const Decimal& quantity, const Decimal& unitPrice)
    {
        const auto amount = Money::charge(quantity, unitPrice, m_charge.unitDivisor, m_currency);
        if (!amount)
            return Error{amount.error().code, m_charge.code, key};
        RatedLine charged = line(key, quantity);
        charged.unitPrice = unitPrice;
        charged.stepFrom = m_included;
        charged.amount = *amount;
        m_out.lines.push_back(std::move(charged));
        return {};
    }

    void addUnbilled(const std::string& key, const Decimal& quantity, UnbilledReason reason)
    {
        m_out.unbilled.push_back({m_meter.code, key, quantity, reason});
    }

    const Charge& m_charge;
    const Meter& m_meter;
    Currency m_currency;
    Decimal m_included;
    Decimal m_left;
    RatedPeriod& m_out;
};

Result<void> rateFlat(const Charge& charge, Currency currency, RatedPeriod& out)
{
    const Decimal one = Decimal::fromInteger(1);
    const auto found = charge.price.find(currency);
    if (found == charge.price.end())
        return Error{ErrorCode::PriceNotInCurrency, charge.code, std::string(currency.code())};
    const Decimal price = found->second;
    const auto amount = Money::charge(one, price, one, currency);
    if (!amount)
        return Error{amount.error().code, charge.code};
    out.lines.push_back({.kind = LineKind::Fee,
                         .chargeCode = charge.code,
                         .description = charge.name,
                         .quantity = one,
                         .unitPrice = price,
                         .amount = *amount});
    return {};
}

Result<void> rateMetered(MeteredCharge charge, const std::map<std::string, Decimal>& quantities)
{
    for (const auto& [key, quantity] : quantities)
        if (const auto rated = charge.rate(key, quantity); !rated)
            return rated.error();
    return {};
}

} // namespace

Result<RatedPeriod> ratePeriod(const PlanVersion& plan, std::span<const Meter> meters, Currency currency,
                               std::span<const UsageTotal> totals)
{
    if (const auto checked = checkPrices(plan, currency); !checked)
        return checked.error();
    if (const auto checked = checkMeters(plan, meters); !checked)
        return checked.error();
    const auto usage = collect(totals);
    if (!usage)
        return usage.error();

    RatedPeriod out;
    std::set<MeterCode> rated;
    for (const Charge& charge : plan.charges) {
        if (charge.model == ChargeModel::Flat) {
            if (const auto done = rateFlat(charge, currency, out); !done)
                return done.error();
            continue;
        }
        rated.insert(*charge.meter);
        const auto used = usage->find(*charge.meter);
        if (used == usage->end())
            continue;
        const Meter& meter = *findMeter(meters, *charge.meter);
        if (const auto done = rateMetered({charge, meter, currency, out}, used->second); !done)
            return done.error();
    }
    for (const auto& [meter, quantities] : *usage)
        if (!rated.contains(meter))
            for (const auto& [key, quantity] : quantities)
                out.unbilled.push_back({meter, key, quantity, UnbilledReason::NoPrice});
    return out;
}

} // namespace billing
