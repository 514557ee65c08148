#include "shared/wire/list_json.h"

#include "shared/wire/json_text.h"

namespace billing::wire {

std::string encodeList(std::string_view name, std::span<const std::string> items, std::string_view nextCursor)
{
    std::string json = "{";
    appendJsonString(json, name);
    json += ":[";
    for (const std::string& item : items) {
        if (&item != items.data())
            json += ',';
        json += item;
    }
    json += ']';
    if (!nextCursor.empty()) {
        json += R"(,"next_cursor":)";
        appendJsonString(json, nextCursor);
    }
    return json + '}';
}

} // namespace billing::wire
