#include "shared/calendar/accepted_days.h"

namespace billing {

namespace {

constexpr int firstDay = -25'567; // 1900-01-01
constexpr int endDay = 376'200;   // 3000-01-01
constexpr std::int64_t microsPerDay = 86'400'000'000;

Error refused(ErrorCode code, std::string_view field)
{
    return {code, std::string(field), "expected 1900-01-01 to 2999-12-31"};
}

} // namespace

Result<LocalDate> acceptedDay(LocalDate day, std::string_view field)
{
    const bool isAccepted = day.daysSinceEpoch() >= firstDay && day.daysSinceEpoch() < endDay;
    return isAccepted ? Result<LocalDate>(day) : refused(ErrorCode::InvalidDate, field);
}

Result<LocalDate> acceptedEndDay(LocalDate day, std::string_view field)
{
    const bool isAccepted = day.daysSinceEpoch() >= firstDay && day.daysSinceEpoch() <= endDay;
    return isAccepted ? Result<LocalDate>(day) : refused(ErrorCode::InvalidDate, field);
}

Result<Instant> acceptedInstant(Instant at, std::string_view field)
{
    const bool isAccepted = at.micros() >= firstDay * microsPerDay && at.micros() <= endDay * microsPerDay;
    return isAccepted ? Result<Instant>(at) : refused(ErrorCode::InvalidTimestamp, field);
}

} // namespace billing
