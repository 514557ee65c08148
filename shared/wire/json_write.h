// How the small documents are written: members in the order given, no white space. Only the .cpp files of
// this room include it. Any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace billing::wire {

using OrderedJson = nlohmann::ordered_json;

/// Text that is not UTF-8 (it can only come from our own mistake) is written with replacement characters
/// instead of throwing.
inline std::string dump(const OrderedJson& json)
{
    return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

} // namespace billing::wire
