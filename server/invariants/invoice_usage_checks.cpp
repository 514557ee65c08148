#include "server/invariants/invoice_usage_checks.h"

#include "server/storage/invoices.h"
#include "server/storage/usage.h"

#include <map>
#include <tuple>

namespace billing {

namespace {

using Key = std::tuple<std::string, int, std::string>; ///< meter, version, dimension key

struct LessRange
{
    bool operator()(const UsageRange& a, const UsageRange& b) const
    {
        return std::tie(a.range.start, a.range.end, a.after, a.upTo) <
               std::tie(b.range.start, b.range.end, b.after, b.upTo);
    }
};

using RowsByRange = std::map<UsageRange, std::map<Key, storage::InvoiceUsageRow>, LessRange>;

Result<std::map<Key, MeterState>> foldRange(Work& work, const MeterIndex& meters, const TenantId& tenant,
                                            const UsageRange& range)
{
    std::map<Key, MeterState> states;
    const auto done = storage::eventsIn(
        work, tenant, range.range, [&](const UsageEvent& event, SettleNumber settledBy) -> Result<void> {
            if (settledBy <= range.after || settledBy > range.upTo)
                return {};
            for (const Meter* meter : meters.ofMetric(event.metricType)) {
                if (!takes(*meter, event))
                    continue;
                const auto empty = MeterState::empty(meter->aggregation);
                if (!empty)
                    return empty.error();
                const auto place = states.try_emplace(
                    {meter->code.text(), meter->version, dimensionKey(event.dimensions, meter->dimensions)},
                    *empty);
                if (const auto added = place.first->second.add(event); !added)
                    return added;
            }
            return {};
        });
    return done ? Result<std::map<Key, MeterState>>(std::move(states)) : done.error();
}

std::string nameOf(const Key& key)
{
    return std::get<0>(key) + " " + std::get<2>(key);
}

} // namespace

Result<void> checkInvoiceUsage(Work& work, const MeterIndex& meters, const TenantId& tenant,
                               const InvoiceId& id, Violations& found)
{
    const auto rows = storage::invoiceUsage(work, tenant, id);
    if (!rows)
        return rows.error();
    RowsByRange byRange;
    for (const storage::InvoiceUsageRow& row : *rows)
        byRange[row.range].emplace(Key{row.meter.text(), row.meterVersion, row.dimensionKey}, row);

    const auto wrong = [&](std::string detail) {
        found.add({"I7", "invoice:" + id.text(), std::move(detail)});
    };
    for (const auto& [range, billed] : byRange) {
        const auto folded = foldRange(work, meters, tenant, range);
        if (!folded)
            return folded.error();
        for (const auto& [key, row] : billed) {
            const auto used = folded->find(key);
            const Decimal quantity = used == folded->end() ? Decimal() : used->second.quantity();
            const std::int64_t events = used == folded->end() ? 0 : used->second.events();
            if (quantity != row.quantity || events != row.events)
                wrong(nameOf(key) + ": accounts for " + row.quantity.toText() + " in " +
                      std::to_string(row.events) + " events, there are " + quantity.toText() + " in " +
                      std::to_string(events));
        }
        for (const auto& [key, state] : *folded)
            if (!billed.contains(key))
                wrong(nameOf(key) + ": not accounted for, there are " + state.quantity().toText());
    }
    return {};
}

} // namespace billing
