#include "shared/model/meter_index.h"

#include <algorithm>

namespace billing {

MeterIndex::MeterIndex(std::span<const Meter> meters)
{
    for (const Meter& meter : meters) {
        const bool newest = std::none_of(meters.begin(), meters.end(), [&](const Meter& other) {
            return other.code == meter.code && other.version > meter.version;
        });
        if (newest && meter.activity == Activity::Active)
            m_meters.push_back(meter);
    }
    for (const Meter& meter : m_meters)
        m_byMetric[meter.metricType].push_back(&meter);
}

std::span<const Meter* const> MeterIndex::ofMetric(std::string_view metricType) const
{
    const auto found = m_byMetric.find(metricType);
    return found == m_byMetric.end() ? std::span<const Meter* const>()
                                     : std::span<const Meter* const>(found->second);
}

bool MeterIndex::reads(std::string_view metricType, std::string_view dimension) const
{
    const auto meters = ofMetric(metricType);
    return std::any_of(meters.begin(), meters.end(), [&](const Meter* meter) {
        const auto& declared = meter->dimensions;
        return findDimension(meter->filter, dimension) ||
               std::find(declared.begin(), declared.end(), dimension) != declared.end();
    });
}

const Meter* MeterIndex::find(const MeterCode& code) const
{
    const auto found = std::find_if(m_meters.begin(), m_meters.end(),
                                    [&](const Meter& meter) { return meter.code == code; });
    return found == m_meters.end() ? nullptr : &*found;
}

} // namespace billing
