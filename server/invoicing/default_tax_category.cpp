#include "server/invoicing/default_tax_category.h"

#include "server/rating/place_of_supply.h"
#include "shared/calendar/time_zone.h"
#include "shared/model/tax_id.h"

#include <algorithm>

namespace billing {

namespace {

/// An issuer and a buyer on a day of the issuer's.
class Sale
{
public:
    Sale(const Issuer& issuer, const Tenant& buyer, Instant now)
        : m_issuer(issuer)
        , m_buyer(buyer)
        , m_home(taxPlaceOf(issuer.party.country, issuer.party.address))
        , m_there(taxPlaceOf(buyer.country, buyer.address))
        , m_today(LocalDate::fromDaysSinceEpoch(0))
    {
        const auto zone = TimeZone::find(issuer.timeZone);
        BILLING_ASSERT(zone.has_value()); // the issuer file was checked
        m_today = zone->dateOf(now);
    }

    bool isAtHome() const { return isHome(m_home, m_there); }
    bool sellerInUnion() const { return m_home.isInUnion; }
    bool buyerInUnion() const { return m_there.isInUnion; }

    bool isBusiness() const
    {
        return std::any_of(m_buyer.taxIds.begin(), m_buyer.taxIds.end(), [&](const std::string& id) {
            const std::string state = memberStateOfVatId(id);
            return !state.empty() && state != m_home.country && (buyerInUnion() || state != m_there.country);
        });
    }

    /// The issuer has a VAT id of the buyer's country.
    bool sellerIsRegisteredThere() const
    {
        const std::vector<std::string>& ids = m_issuer.party.taxIds;
        return std::any_of(ids.begin(), ids.end(),
                           [&](const std::string& id) { return memberStateOfVatId(id) == m_there.country; });
    }

    bool rateHoldsToday() const
    {
        return findRate(standardCase(m_issuer, m_buyer, m_today), TaxCategory::Standard) != nullptr;
    }

    /// A rate of the place itself, whatever the policy for consumers.
    bool ownRateHoldsToday() const
    {
        const TaxCase taxed = standardCase(m_issuer, m_buyer, m_today);
        return (taxed.country == m_there.country || taxed.country == m_buyer.country) &&
               findRate(taxed, TaxCategory::Standard);
    }

    bool rateHoldsTodayOrLater() const
    {
        if (rateHoldsToday())
            return true;
        return std::any_of(m_issuer.taxRates.begin(), m_issuer.taxRates.end(), [&](const TaxRate& rate) {
            return rate.validFrom > m_today &&
                   findRate(standardCase(m_issuer, m_buyer, rate.validFrom), TaxCategory::Standard);
        });
    }

    bool asks() const { return m_issuer.euConsumers == EuConsumerTax::Ask; }
    const std::string& country() const { return m_there.country; }

private:
    const Issuer& m_issuer;
    const Tenant& m_buyer;
    TaxPlace m_home;
    TaxPlace m_there;
    LocalDate m_today;
};

Error mustBeSaid(const Sale& sale, std::string why)
{
    return {ErrorCode::TaxCategoryRequired, "tax_category", std::move(why) + " (" + sale.country() + ")"};
}

Result<TaxCategory> acrossTheUnion(const Sale& sale)
{
    if (sale.isBusiness())
        return sale.sellerIsRegisteredThere() && sale.ownRateHoldsToday() ? TaxCategory::Standard
                                                                          : TaxCategory::ReverseCharge;
    if (sale.asks())
        return mustBeSaid(sale, "a buyer without a VAT id in another state of the EU");
    return sale.rateHoldsToday() ? Result<TaxCategory>(TaxCategory::Standard)
                                 : mustBeSaid(sale, "no tax rate holds for a buyer without a VAT id there");
}

Result<TaxCategory> intoTheUnion(const Sale& sale)
{
    if (sale.isBusiness() && !sale.rateHoldsToday())
        return TaxCategory::OutOfScope;
    if (sale.isBusiness() && !sale.sellerIsRegisteredThere())
        return TaxCategory::ReverseCharge;
    return sale.rateHoldsToday() ? Result<TaxCategory>(TaxCategory::Standard)
                                 : mustBeSaid(sale, "no tax rate holds for a buyer without a VAT id there");
}

Error notAllowed(std::string why)
{
    return {ErrorCode::TaxCategoryNotAllowed, "tax_category", std::move(why)};
}

} // namespace

Result<TaxCategory> defaultTaxCategory(const Issuer& issuer, const Tenant& buyer, Instant now)
{
    const Sale sale(issuer, buyer, now);
    if (!sale.isAtHome() && sale.buyerInUnion())
        return sale.sellerInUnion() ? acrossTheUnion(sale) : intoTheUnion(sale);
    if (sale.rateHoldsToday())
        return TaxCategory::Standard;
    if (sale.isAtHome() && sale.sellerInUnion())
        return mustBeSaid(sale, "no tax rate holds today at home");
    return TaxCategory::OutOfScope;
}

Result<void> checkTaxCategory(const Issuer& issuer, const Tenant& buyer, Instant now)
{
    const Sale sale(issuer, buyer, now);
    switch (buyer.taxCategory) {
    case TaxCategory::Standard:
        if (!sale.rateHoldsTodayOrLater())
            return Error{ErrorCode::NoTaxRate, "tax_category",
                         "no rate of category S for this buyer's place"};
        return {};
    case TaxCategory::ReverseCharge:
        if (sale.isAtHome())
            return notAllowed("AE: no reverse charge within one country");
        if (!sale.isBusiness())
            return notAllowed("AE: needs a VAT id of another state of the EU than the issuer's");
        return {};
    case TaxCategory::Export:
        if (sale.isAtHome() || (sale.sellerInUnion() && sale.buyerInUnion()))
            return notAllowed("G: the buyer is in the issuer's tax area");
        return {};
    case TaxCategory::OutOfScope:
        if (sale.sellerInUnion() && sale.buyerInUnion())
            return notAllowed("O: services between two places in the EU are within the scope of VAT");
        return {};
    case TaxCategory::Zero:
    case TaxCategory::Exempt:
        return {};
    }
    BILLING_ASSERT(false);
}

} // namespace billing
