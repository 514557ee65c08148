// Which of the known values somebody probably meant who wrote another one: the hint behind "GPT4" where
// "gpt4" is known. Pure, any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace billing {

/// The first value that is the same but for case of ASCII letters, white space, "-", "_" and "."; nullptr
/// when none is. Costs little more than one look at each value, whatever is asked.
const std::string* nearestValue(std::span<const std::string> values, std::string_view asked);

} // namespace billing
