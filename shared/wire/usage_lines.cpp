#include "shared/wire/usage_lines.h"

#include "shared/wire/usage_reader.h"

#include <algorithm>

namespace billing::wire {

namespace {

std::string_view withoutBlankEnd(std::string_view body)
{
    const std::size_t last = body.find_last_not_of(" \t\r\n");
    return last == std::string_view::npos ? std::string_view() : body.substr(0, last + 1);
}

} // namespace

Result<std::vector<DecodedEvent>> decodeUsageLines(std::string_view body, UsageLimits limits)
{
    std::string_view rest = withoutBlankEnd(body);
    const std::size_t count =
        rest.empty() ? 0 : static_cast<std::size_t>(std::count(rest.begin(), rest.end(), '\n')) + 1;
    if (auto refused = refusalOfCount(count, limits.maxEvents, "body"))
        return *refused;
    std::vector<DecodedEvent> events;
    events.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        events.push_back(decodeUsageEvent(line));
    }
    return events;
}

} // namespace billing::wire
