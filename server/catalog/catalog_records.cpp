#include "server/catalog/catalog_records.h"

#include "server/storage/catalog.h"
#include "shared/wire/check_catalog.h"
#include "shared/wire/plan_json.h"

#include <string_view>

namespace billing {

namespace embedded {
extern const std::string_view priceList;
}

namespace {

Error named(const Error& error, const std::string& code, int version)
{
    if (error.code != ErrorCode::AlreadyExists)
        return error;
    return {ErrorCode::InvalidCatalog, code + " v" + std::to_string(version),
            "a published version never changes"};
}

} // namespace

Catalog shippedCatalog()
{
    auto catalog = wire::decodeCatalog(embedded::priceList);
    BILLING_ASSERT(catalog.has_value() && wire::checkCatalog(*catalog).has_value());
    return std::move(*catalog);
}

Result<void> publishCatalog(Work& work, const Catalog& catalog)
{
    const auto checked = wire::checkCatalog(catalog);
    if (!checked)
        return checked;
    for (const Meter& meter : catalog.meters) {
        const auto stored = storage::insertMeter(work, {meter.code, meter.version, wire::encodeMeter(meter)});
        if (!stored)
            return named(stored.error(), meter.code.text(), meter.version);
    }
    for (const PlanVersion& plan : catalog.plans) {
        const auto stored = storage::insertPlanVersion(
            work, {plan.code, plan.version, plan.activity, wire::encodePlan(plan)});
        if (!stored)
            return named(stored.error(), plan.code.text(), plan.version);
    }
    return {};
}

Result<Catalog> loadCatalog(Work& work)
{
    const auto meters = storage::allMeters(work);
    if (!meters)
        return meters.error();
    const auto plans = storage::allPlanVersions(work);
    if (!plans)
        return plans.error();
    Catalog catalog;
    for (const auto& row : *meters) {
        auto meter = wire::decodeMeter(row.body);
        if (!meter)
            return Error{ErrorCode::StorageCorrupt, "meter", toText(meter.error())};
        catalog.meters.push_back(std::move(*meter));
    }
    for (const auto& row : *plans) {
        auto plan = wire::decodePlan(row.body);
        if (!plan)
            return Error{ErrorCode::StorageCorrupt, "plan_version", toText(plan.error())};
        catalog.plans.push_back(std::move(*plan));
    }
    return catalog;
}

} // namespace billing
