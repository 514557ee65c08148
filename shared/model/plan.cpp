#include "shared/model/plan.h"

namespace billing {

Result<PlanVersion> newestPlan(const Catalog& catalog, const PlanCode& code)
{
    const PlanVersion* newest = nullptr;
    for (const PlanVersion& plan : catalog.plans)
        if (plan.code == code && (!newest || plan.version > newest->version))
            newest = &plan;
    return newest ? Result<PlanVersion>(*newest) : Error{ErrorCode::UnknownPlan, "plan"};
}

Result<PlanVersion> planVersion(const Catalog& catalog, const PlanCode& code, int version)
{
    for (const PlanVersion& plan : catalog.plans)
        if (plan.code == code && plan.version == version)
            return plan;
    return Error{ErrorCode::UnknownPlan, "plan"};
}

} // namespace billing
