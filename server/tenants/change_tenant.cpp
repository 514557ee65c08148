#include "server/tenants/change_tenant.h"

#include "server/audit/append_entry.h"
#include "server/secrets/sha256.h"
#include "server/storage/set_aside.h"
#include "server/storage/subscriptions.h"
#include "server/tenants/check_profile.h"
#include "shared/wire/tenant_json.h"

namespace billing {

namespace {

/// Subscriptions took currency and zone over when they were made, and periods and sums are counted in them.
Result<void> keepsWhatMoneyDependsOn(Work& work, const Tenant& stored, const Tenant& changed)
{
    const bool currency = stored.currency != changed.currency;
    if (!currency && stored.timeZone == changed.timeZone)
        return {};
    const auto subscriptions = storage::subscriptionsOf(work, stored.id);
    if (!subscriptions)
        return subscriptions.error();
    if (subscriptions->empty())
        return {};
    return Error{ErrorCode::InvalidValue, currency ? "currency" : "time_zone",
                 "cannot be changed: the tenant has subscriptions, which are billed in it"};
}

/// Names of members and digests: what the profile says stays out of the chain.
std::string auditBody(const Tenant& stored, const Tenant& changed)
{
    std::string names;
    for (const std::string& name : wire::changedMembers(stored, changed))
        names.append(names.empty() ? "\"" : ",\"").append(name).append("\"");
    return R"({"changed":[)" + names + R"(],"profile_before":")" + profileDigest(stored) +
           R"(","profile_after":")" + profileDigest(changed) + R"("})";
}

struct Change
{
    const Tenant& stored;
    const Tenant& changed;
    const std::string& actor;
    Instant at;
};

Result<void> keep(Work& work, const TenantRecords& records, const Change& change)
{
    const Tenant& changed = change.changed;
    const auto kept = records.replace(work, change.stored, changed);
    if (!kept)
        return kept;
    const auto noted = audit::appendEntry(work,
                                          {changed.id, change.actor, "change", "tenant:" + changed.id.text(),
                                           auditBody(change.stored, changed)},
                                          change.at);
    if (!noted)
        return noted.error();
    // What could not be billed or printed may be possible now.
    const auto again = storage::retryNow(work, changed.id);
    return again ? Result<void>() : again.error();
}

} // namespace

std::string profileDigest(const Tenant& tenant)
{
    return secrets::toHex(secrets::sha256(wire::encodeTenant(tenant)));
}

Result<Tenant> changeTenant(TenantPorts ports, const TenantChange& command)
{
    const Instant now = ports.clock.now();
    return writeValue(
        ports.storage, Scope::tenant(command.id), Priority::Money, WorkId(ports.ids.next("wrk")),
        [&](Work& work) -> Result<Tenant> {
            const auto stored = ports.records.find(work, command.id);
            if (!stored)
                return stored.error();
            if (!stored->has_value())
                return Error{ErrorCode::NotFound, "tenant_id"};
            if (!command.hasSeen(profileDigest(**stored)))
                return Error{ErrorCode::PreconditionFailed, "If-Match", "the tenant is another by now"};
            const auto changed = command.change(**stored).and_then(
                [](const Tenant& tenant) { return checkedProfile(tenant); });
            if (!changed)
                return changed.error();
            if (const auto kept = keepsWhatMoneyDependsOn(work, **stored, *changed); !kept)
                return kept.error();
            if (*changed != **stored)
                if (const auto kept = keep(work, ports.records, {**stored, *changed, command.actor, now});
                    !kept)
                    return kept.error();
            return alsoWriting<Tenant>(work, *changed, command.also);
        });
}

} // namespace billing
