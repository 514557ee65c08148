#include "server/storage/catalog.h"

#include "server/storage/sql/stored.h"

namespace billing::storage {

namespace {

Result<MeterRow> toMeter(const sql::Row& row)
{
    return MeterRow{MeterCode(row.text(0)), static_cast<int>(row.integer(1)), row.text(2)};
}

Result<PlanVersionRow> toPlanVersion(const sql::Row& row)
{
    return PlanVersionRow{PlanCode(row.text(0)), static_cast<int>(row.integer(1)),
                          row.integer(2) == 1 ? Activity::Active : Activity::Inactive, row.text(3)};
}

/// What a repeated insert means: the same is harmless, anything else would edit what is published.
template <class T>
Result<void> sameOrRefused(const Result<std::optional<T>>& kept, const T& row)
{
    if (!kept)
        return kept.error();
    if (*kept && **kept == row)
        return {};
    return Error{ErrorCode::AlreadyExists, row.code.text(), "version " + std::to_string(row.version)};
}

} // namespace

Result<void> insertMeter(Work& work, const MeterRow& row)
{
    const auto inserted = work.session().execute(
        "INSERT INTO meter (meter_code, version, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        {row.code.text(), std::int64_t{row.version}, row.body});
    if (!inserted)
        return inserted.error();
    if (*inserted == 1)
        return {};
    const auto kept = sql::queryFirst(
        work.session(), "SELECT meter_code, version, body FROM meter WHERE meter_code = ? AND version = ?",
        {row.code.text(), std::int64_t{row.version}}, toMeter);
    return sameOrRefused(kept, row);
}

Result<void> insertPlanVersion(Work& work, const PlanVersionRow& row)
{
    const std::int64_t active = row.activity == Activity::Active ? 1 : 0;
    const auto inserted =
        work.session().execute("INSERT INTO plan_version (plan_code, version, active, body)"
                               " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                               {row.code.text(), std::int64_t{row.version}, active, row.body});
    if (!inserted)
        return inserted.error();
    if (*inserted == 1)
        return {};
    return sameOrRefused(findPlanVersion(work, row.code, row.version), row);
}

Result<std::vector<MeterRow>> allMeters(Work& work)
{
    return sql::queryAll(work.session(),
                         "SELECT meter_code, version, body FROM meter ORDER BY meter_code, version", {},
                         toMeter);
}

Result<std::vector<PlanVersionRow>> allPlanVersions(Work& work)
{
    return sql::queryAll(
        work.session(),
        "SELECT plan_code, version, active, body FROM plan_version ORDER BY plan_code, version", {},
        toPlanVersion);
}

Result<std::optional<PlanVersionRow>> findPlanVersion(Work& work, const PlanCode& code, int version)
{
    return sql::queryFirst(
        work.session(),
        "SELECT plan_code, version, active, body FROM plan_version WHERE plan_code = ? AND version = ?",
        {code.text(), std::int64_t{version}}, toPlanVersion);
}

} // namespace billing::storage
