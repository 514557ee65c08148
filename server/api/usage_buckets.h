// Time spans of usage questions: what from and to mean, and how a span is cut into hours, or into days and
// months of the tenant's zone. Pure.
#pragma once

#include "shared/wire/usage_report_json.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace billing::api {

/// RFC 3339 instants, or dates, which start where that day starts in the zone. Refuses MissingField,
/// InvalidTimestamp, InvalidDate and InvalidTimestamp (outside of shared/calendar/accepted_days.h),
/// InvalidValue (to is not after from).
Result<InstantRange> rangeOf(const std::optional<std::string>& from, const std::optional<std::string>& to,
                             std::string_view timeZone);

/// In order, without gap; the first and the last may be cut by the range. Refuses RangeTooLarge beyond 2,000.
Result<std::vector<InstantRange>> bucketsOf(const InstantRange& range, wire::Granularity granularity,
                                            std::string_view timeZone);

} // namespace billing::api
