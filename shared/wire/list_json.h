// A page of a list: {"<name>":[...],"next_cursor":"..."}; without a cursor the list ends here. Values only,
// any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace billing::wire {

/// items are JSON texts already.
std::string encodeList(std::string_view name, std::span<const std::string> items,
                       std::string_view nextCursor);

} // namespace billing::wire
