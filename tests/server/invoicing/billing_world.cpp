#include "tests/server/invoicing/billing_world.h"

#include "server/catalog/catalog_records.h"

#include <cstdio>

namespace billing::test {

namespace {

template <class T>
T demand(Result<T> result)
{
    if (!result)
        std::fprintf(stderr, "%s\n", toText(result.error()).c_str());
    BILLING_ASSERT(result.has_value());
    return std::move(*result);
}

Catalog publishedCatalog(Storage& storage)
{
    return demand(
        writeValue(storage, Scope::system("test"), Priority::Maintenance, anyWork(), [](Work& work) {
            return publishCatalog(work, shippedCatalog()).and_then([&] { return loadCatalog(work); });
        }));
}

Issuer berlinIssuer()
{
    Issuer issuer;
    issuer.code = "main";
    issuer.party = {
        "ENIS Systems GmbH", {"Torstrasse 49", "", "Berlin", "", "10119"}, "DE", {"DE136695976"}, {}, {}};
    issuer.timeZone = "Europe/Berlin";
    issuer.series = "EB";
    issuer.numberPattern = "{series}-{year}-{number:6}";
    issuer.taxRates = {
        {"DE", "", TaxCategory::Standard, "VAT", *Decimal::parse("0.19"), *LocalDate::parse("2021-01-01")}};
    return issuer;
}

} // namespace

BillingWorld::BillingWorld(Engine engine)
    : store(StorageFixture::Writer::Inline, engine)
    , keys(demand(secrets::KeyRing::create(store.directory().file("sealing.keys"), secureRandom)))
    , issuer(berlinIssuer())
    , catalog(publishedCatalog(store.storage()))
    , meters(std::make_shared<const MeterIndex>(catalog.meters))
    , intake({store.storage(), clock, ids, executor}, {}, [](JournalPosition) {})
    , settler({store.storage(), clock, ids}, meters, std::make_shared<UnlistedWatch>(catalog))
    , invoicing{store.storage(), clock, ids, issuer, catalog, *meters, tenants, records}
{
}

Tenant BillingWorld::addTenant(const std::string& id)
{
    const Tenant tenant{
        TenantId(id), "Fjordlicht Energie GmbH", "DE", *Currency::parse("EUR"), "Europe/Berlin", "en-DE"};
    return demand(createTenant(tenantPorts(), tenant, "user:anna"));
}

Subscription BillingWorld::subscribe(const std::string& tenant, const std::string& plan,
                                     const std::string& startsOn)
{
    const LocalDate day = demand(LocalDate::parse(startsOn));
    return demand(
        createSubscription(subscriptionPorts(), {TenantId(tenant), PlanCode(plan), day, day}, "user:anna"));
}

UsageEvent BillingWorld::event(const std::string& tenant, const std::string& id, const std::string& value,
                               const std::string& at) const
{
    return {TenantId(tenant),           "kernel", id, "api_request", demand(Decimal::parse(value)),
            demand(Instant::parse(at)), {}};
}

JournalPosition BillingWorld::accept(std::vector<UsageEvent> events)
{
    std::optional<JournalPosition> position;
    BILLING_ASSERT(
        intake.submit(std::move(events), [&](Result<JournalPosition> done) { position = demand(done); }));
    executor.runUntilIdle();
    BILLING_ASSERT(position.has_value());
    return *position;
}

void BillingWorld::settleAll()
{
    for (auto report = demand(settler.settle(1'000)); report.events > 0;
         report = demand(settler.settle(1'000)))
        intake.settled(report.events);
}

Invoice BillingWorld::draft(const std::string& tenant, const std::string& firstDay, const std::string& endDay)
{
    return demand(draftInvoice(invoicing,
                               {TenantId(tenant), demand(LocalDate::parse(firstDay)),
                                demand(LocalDate::parse(endDay))},
                               "user:anna"))
        .invoice;
}

Invoice BillingWorld::finalise(const Invoice& draft)
{
    return demand(finaliseInvoice(invoicing, draft.tenant, draft.id, "user:anna"));
}

std::string BillingWorld::said(const Error& error)
{
    const std::string code(wireName(error.code));
    return error.subject.empty() ? code : code + " " + error.subject;
}

void BillingWorld::moveTo(std::string_view instant)
{
    const Duration step = demand(Instant::parse(instant)).since(clock.now());
    clock.advance(step);
}

} // namespace billing::test
