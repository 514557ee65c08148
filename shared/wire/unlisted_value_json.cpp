#include "shared/wire/unlisted_value_json.h"

#include "shared/wire/json_write.h"

namespace billing::wire {

std::string encodeUnlistedValue(const UnlistedValue& unlisted)
{
    OrderedJson json{{"tenant_id", unlisted.tenant.text()}, {"meter", unlisted.meter.text()}};
    if (unlisted.dimension.empty()) {
        json["more"] = true;
    } else {
        json["dimension"] = unlisted.dimension;
        json["value"] = unlisted.value;
    }
    if (!unlisted.hint.empty())
        json["hint"] = unlisted.hint;
    json["first_at"] = unlisted.firstAt.toText();
    return dump(json);
}

} // namespace billing::wire
