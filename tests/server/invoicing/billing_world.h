// A small real house on one thread: a store of the test's engine, the shipped price list, intake, settler and
// invoicing, with a clock the test moves. The issuer sits in Berlin and is registered for 19 % VAT in
// Germany; tenants are German, in EUR, unless said otherwise. The clock starts at 2023-11-01T09:00:00Z.
#pragma once

#include "server/bus/in_process.h"
#include "server/intake/intake.h"
#include "server/invoicing/draft_invoice.h"
#include "server/invoicing/finalise_invoice.h"
#include "server/metering/settler.h"
#include "server/subscriptions/create_subscription.h"
#include "server/tenants/create_tenant.h"
#include "tests/server/storage/storage_fixture.h"
#include "tests/support/inline_executor.h"
#include "tests/support/seeded_random.h"

#include <string>
#include <vector>

namespace billing::test {

class BillingWorld
{
public:
    explicit BillingWorld(Engine engine = testEngine());

    /// All of these assert that they succeed.
    Tenant addTenant(const std::string& id);
    Subscription subscribe(const std::string& tenant, const std::string& plan, const std::string& startsOn);
    UsageEvent event(const std::string& tenant, const std::string& id, const std::string& value,
                     const std::string& at) const;
    /// One request; answers when it is committed.
    JournalPosition accept(std::vector<UsageEvent> events);
    void settleAll();
    /// A draft of the month that begins on that day.
    Invoice draft(const std::string& tenant, const std::string& firstDay, const std::string& endDay);
    Invoice finalise(const Invoice& draft);

    /// The refusals' own words, for comparing: "period_not_over period_end", or "ok".
    static std::string said(const Error& error);
    template <class T>
    static std::string said(const Result<T>& result)
    {
        return result ? "ok" : said(result.error());
    }

    TenantPorts tenantPorts() { return {storage(), clock, ids, tenants}; }
    SubscriptionPorts subscriptionPorts() { return {storage(), clock, ids, catalog}; }
    Storage& storage() const { return store.storage(); }
    void moveTo(std::string_view instant);

    StorageFixture store;
    ManualClock clock{"2023-11-01T09:00:00Z"};
    SeededRandom random{1};
    SeededSecureRandom secureRandom{2};
    IdFactory ids{clock, random};
    secrets::KeyRing keys;
    secrets::Sealer sealer{keys, secureRandom};
    TenantRecords tenants{sealer};
    InvoiceRecords records{sealer};
    Issuer issuer;
    Catalog catalog;
    std::shared_ptr<const MeterIndex> meters;
    InlineExecutor executor{clock};
    Intake intake;
    Settler settler;
    Invoicing invoicing;
};

} // namespace billing::test
