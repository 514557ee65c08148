// What was used in a span of time, by meter and dimension key: the answer to a usage question and the input
// of rating.
#pragma once

#include "shared/kernel/decimal.h"
#include "shared/model/ids.h"

#include <cstdint>
#include <string>

namespace billing {

struct UsageTotal
{
    MeterCode meter;
    std::string dimensionKey;
    Decimal quantity;
    std::int64_t events = 0;

    friend bool operator==(const UsageTotal&, const UsageTotal&) = default;
};

} // namespace billing
