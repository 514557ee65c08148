// The demo's cast and what they use: fixed data and a fixed seed, so that every demo is the same company.
#pragma once

#include "shared/kernel/local_date.h"
#include "shared/kernel/ports.h"
#include "shared/model/tenant.h"
#include "shared/model/usage_event.h"

#include <vector>

namespace billing::demo {

struct Customer
{
    Tenant tenant;
    PlanCode plan;
    int scale; ///< how much they use, 100 is usual for their plan
};

/// Eight customers on four tiers, in USD and EUR.
std::vector<Customer> customers();

/// A month of a customer's usage: one event per day, metric and dimension values, at varying times of the
/// day; more on working days and growing from month to month.
std::vector<UsageEvent> usageOfMonth(const Customer& customer, LocalDate firstDay, Random& random);

} // namespace billing::demo
