// What a rollup holds for one (tenant, meter, dimension key, hour): a versioned state that can take one more
// event and be merged with another, so that every aggregation needs one table only. Version 1 knows sum and
// count; a state of a later version is refused by name, never misread. Values only, any thread.
#pragma once

#include "shared/model/meter.h"

#include <cstdint>

namespace billing {

class MeterState
{
public:
    /// A state without events. Refuses InvalidValue for an aggregation that this version cannot fold.
    static Result<MeterState> empty(Aggregation aggregation);

    /// Reads what encode wrote. Refuses InvalidValue (damaged, or of an unknown version).
    static Result<MeterState> decode(std::string_view text);
    /// "1:sum:<events>:<total>", as stored.
    std::string encode() const;

    /// Refuse AmountOverflow; merge asserts equal aggregations.
    Result<void> add(const UsageEvent& event);
    Result<void> merge(const MeterState& other);

    Aggregation aggregation() const noexcept { return m_aggregation; }
    std::int64_t events() const noexcept { return m_events; }
    /// The metered quantity: the sum of values, or the number of events.
    Decimal quantity() const;

    friend bool operator==(const MeterState&, const MeterState&) = default;

private:
    explicit MeterState(Aggregation aggregation)
        : m_aggregation(aggregation)
    {
    }

    Aggregation m_aggregation;
    std::int64_t m_events = 0;
    Decimal m_total;
};

} // namespace billing
