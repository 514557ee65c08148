#include "shared/usage_client/file_rows.h"

#include "shared/wire/json_text.h"

#include <simdjson.h>

namespace billing::client {

std::string shownText(std::string_view text)
{
    constexpr std::size_t longest = 40;
    const bool readable = simdjson::validate_utf8(text.data(), text.size());
    std::string shown = readable ? wire::excerpt(text, longest) : std::string(text.substr(0, longest));
    for (char& c : shown) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F || (!readable && byte >= 0x80))
            c = '?';
    }
    return shown.size() < text.size() ? shown + "..." : shown;
}

} // namespace billing::client
