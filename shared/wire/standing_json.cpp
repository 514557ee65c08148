#include "shared/wire/standing_json.h"

#include "shared/wire/form.h"
#include "shared/wire/json_write.h"

namespace billing::wire {

namespace {

constexpr std::array<std::string_view, 3> stateNames{"ok", "near", "exceeded"};
constexpr std::array<std::string_view, 2> policyNames{"none", "hard"};

template <class Value, std::size_t count>
Value readName(ObjectReader& reader, std::string_view member,
               const std::array<std::string_view, count>& names)
{
    const auto found = std::find(names.begin(), names.end(), reader.requiredString(member));
    if (found == names.end()) {
        reader.refuse(ErrorCode::InvalidValue, member);
        return Value();
    }
    return static_cast<Value>(found - names.begin());
}

LimitStanding readLimit(ObjectReader& parent, const JsonValue& value, std::size_t index)
{
    ObjectReader reader(value, "limits[" + std::to_string(index) + "]");
    LimitStanding limit;
    limit.metricType = readText(reader, "metric_type", Presence::Required);
    limit.charge = readText(reader, "charge", Presence::Required);
    limit.included = readTotal(reader, "included");
    limit.used = readTotal(reader, "used");
    limit.state = readName<LimitState>(reader, "state", stateNames);
    limit.policy = readName<LimitPolicy>(reader, "policy", policyNames);
    if (auto finished = reader.finish(); !finished)
        parent.refuse(finished.error().code, finished.error().subject, finished.error().detail);
    return limit;
}

} // namespace

std::string_view wireName(LimitState state)
{
    return stateNames.at(static_cast<std::size_t>(state));
}

Result<LimitState> parseLimitState(std::string_view name)
{
    const auto found = std::find(stateNames.begin(), stateNames.end(), name);
    if (found == stateNames.end())
        return Error{ErrorCode::InvalidValue, "state", "expected ok, near or exceeded"};
    return static_cast<LimitState>(found - stateNames.begin());
}

std::string encodeStanding(const Standing& standing)
{
    OrderedJson limits = OrderedJson::array();
    for (const LimitStanding& limit : standing.limits)
        limits.push_back({{"metric_type", limit.metricType},
                          {"charge", limit.charge},
                          {"included", limit.included.toText()},
                          {"used", limit.used.toText()},
                          {"state", wireName(limit.state)},
                          {"policy", policyNames.at(static_cast<std::size_t>(limit.policy))}});
    return dump(OrderedJson{{"tenant_id", standing.tenant.text()},
                            {"as_of", standing.asOf.toText()},
                            {"limits", std::move(limits)}});
}

Result<Standing> decodeStanding(std::string_view text)
{
    const auto document = JsonDocument::parse(text);
    if (!document)
        return document.error();
    ObjectReader reader(document->root());
    Standing standing{readTenantId(reader), reader.requiredInstant("as_of")};
    if (const JsonValue* limits = reader.requiredArray("limits"))
        for (const JsonValue& limit : limits->items())
            standing.limits.push_back(readLimit(reader, limit, standing.limits.size()));
    if (auto finished = reader.finish(); !finished)
        return finished.error();
    return standing;
}

} // namespace billing::wire
