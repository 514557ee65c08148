#include "server/tenants/current_tiers.h"

#include "server/storage/subscriptions.h"
#include "shared/calendar/time_zone.h"

#include <algorithm>
#include <map>

namespace billing {

namespace {

/// A page of tenants lives in few zones, and finding one reads a file.
class Days
{
public:
    explicit Days(Instant now)
        : m_now(now)
    {
    }

    Result<LocalDate> dayIn(const std::string& zone)
    {
        if (const auto known = m_days.find(zone); known != m_days.end())
            return known->second;
        const auto found = TimeZone::find(zone);
        if (!found)
            return found.error();
        return m_days.emplace(zone, found->dateOf(m_now)).first->second;
    }

private:
    Instant m_now;
    std::map<std::string, LocalDate> m_days;
};

Result<Tier> tierOf(const storage::PlanInForce& inForce, const Catalog& catalog)
{
    const auto found =
        std::find_if(catalog.plans.begin(), catalog.plans.end(), [&](const PlanVersion& version) {
            return version.code == inForce.plan && version.version == inForce.version;
        });
    if (found == catalog.plans.end())
        return Error{ErrorCode::UnknownPlan, inForce.plan.text()};
    return found->tier;
}

} // namespace

Result<std::vector<std::optional<Tier>>> currentTiers(Work& work, std::span<const Tenant> tenants,
                                                      const Catalog& catalog, Instant now)
{
    Days days(now);
    std::vector<storage::TenantDay> asked;
    asked.reserve(tenants.size());
    for (const Tenant& tenant : tenants) {
        const auto day = days.dayIn(tenant.timeZone);
        if (!day)
            return day.error();
        asked.push_back({tenant.id, *day});
    }
    const auto plans = storage::plansInForce(work, asked);
    if (!plans)
        return plans.error();
    std::vector<std::optional<Tier>> tiers;
    tiers.reserve(plans->size());
    for (const std::optional<storage::PlanInForce>& plan : *plans) {
        if (!plan) {
            tiers.emplace_back();
            continue;
        }
        const auto tier = tierOf(*plan, catalog);
        if (!tier)
            return tier.error();
        tiers.emplace_back(*tier);
    }
    return tiers;
}

} // namespace billing
