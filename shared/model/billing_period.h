// A billing period: half-open, in the subscription's zone, fixed as instants when it starts. Dates are what
// people see, instants are what counts; both are stored, so that a later change of a zone's rules moves no
// event.
#pragma once

#include "shared/kernel/instant.h"
#include "shared/kernel/local_date.h"

namespace billing {

struct BillingPeriod
{
    LocalDate firstDay;
    LocalDate endDay; ///< the first day that is no longer in it
    InstantRange range;

    friend bool operator==(const BillingPeriod&, const BillingPeriod&) = default;
};

} // namespace billing
