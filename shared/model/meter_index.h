// The active meters by the metric type they listen to: what intake asks "is this metric known" and metering
// "who counts this event". Built once from a catalog and never changed; a new catalog is a new index. Any
// thread.
#pragma once

#include "shared/model/meter.h"

#include <map>
#include <span>
#include <string_view>
#include <vector>

namespace billing {

class MeterIndex
{
public:
    /// Inactive meters are left out, and of each code only the highest version counts.
    explicit MeterIndex(std::span<const Meter> meters);

    MeterIndex(const MeterIndex&) = delete;
    MeterIndex& operator=(const MeterIndex&) = delete;

    /// The meters of a metric type; empty for an unknown one.
    std::span<const Meter* const> ofMetric(std::string_view metricType) const;
    /// Whether any meter of the metric type reads that dimension: declares it, or filters by it.
    bool reads(std::string_view metricType, std::string_view dimension) const;
    const Meter* find(const MeterCode& code) const;
    const std::vector<Meter>& all() const noexcept { return m_meters; }

private:
    std::vector<Meter> m_meters;
    std::map<std::string, std::vector<const Meter*>, std::less<>> m_byMetric;
};

} // namespace billing
