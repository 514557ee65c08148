// What libFuzzer hands over, as text, and the entry that every target defines: fuzz(text). A property that
// does not hold asserts, which libFuzzer reports with the input like any crash.
#pragma once

#include "shared/kernel/assert.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

void fuzz(std::string_view text);

// libFuzzer's own name for it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz({reinterpret_cast<const char*>(data), size});
    return 0;
}
