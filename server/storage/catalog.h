// The catalog's meters and plan versions: immutable once stored. Their bodies are the JSON texts of the
// catalog room; storage does not read them.
#pragma once

#include "server/storage/storage.h"
#include "shared/model/meter.h"

#include <optional>
#include <vector>

namespace billing::storage {

struct MeterRow
{
    MeterCode code;
    int version;
    std::string body;

    friend bool operator==(const MeterRow&, const MeterRow&) = default;
};

struct PlanVersionRow
{
    PlanCode code;
    int version;
    Activity activity;
    std::string body;

    friend bool operator==(const PlanVersionRow&, const PlanVersionRow&) = default;
};

/// Storing the same content again is harmless; other content under the same version refuses AlreadyExists.
Result<void> insertMeter(Work& work, const MeterRow& row);
Result<void> insertPlanVersion(Work& work, const PlanVersionRow& row);

/// In order of code, then version.
Result<std::vector<MeterRow>> allMeters(Work& work);
Result<std::vector<PlanVersionRow>> allPlanVersions(Work& work);
Result<std::optional<PlanVersionRow>> findPlanVersion(Work& work, const PlanCode& code, int version);

} // namespace billing::storage
