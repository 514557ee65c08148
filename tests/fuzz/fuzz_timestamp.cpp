// Time stamps and dates: what is accepted reads back as the same moment or day.
#include "tests/fuzz/fuzz_input.h"

#include "shared/kernel/instant.h"
#include "shared/kernel/local_date.h"

using namespace billing;

void fuzz(std::string_view text)
{
    if (const auto instant = Instant::parse(text))
        BILLING_ASSERT(Instant::parse(instant->toText()).value() == *instant);
    if (const auto date = LocalDate::parse(text))
        BILLING_ASSERT(date->toText() == text);
}
