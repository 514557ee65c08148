#include "server/storage/unlisted_values.h"

#include "server/storage/sql/stored.h"

#include <limits>

namespace billing::storage {

using sql::Row;
using sql::Value;

namespace {

std::string_view view(const std::string& text)
{
    return text;
}

/// How many values the table holds of each key's tenant and meter, counted no further than the bound.
Result<std::vector<std::int64_t>> notedOf(Work& work, std::span<const UnlistedKey> keys)
{
    std::vector<Value> values;
    for (const UnlistedKey& key : keys) {
        values.emplace_back(view(key.tenant.text()));
        values.emplace_back(view(key.meter.text()));
        values.emplace_back(notedValues);
    }
    std::vector<std::int64_t> counts(keys.size());
    const auto counted =
        work.session().queryMany("SELECT count(*) FROM (SELECT 1 FROM unlisted_value WHERE tenant_id = ? AND "
                                 "meter_code = ? LIMIT ?) AS part",
                                 3, values, [&](std::size_t index, const Row& row) -> Result<void> {
                                     counts[index] = row.integer(0);
                                     return {};
                                 });
    return counted ? Result<std::vector<std::int64_t>>(std::move(counts)) : counted.error();
}

/// The keys within the bound; for those beyond it a mark per tenant and meter.
std::vector<UnlistedKey> withinBound(std::span<const UnlistedKey> keys, std::span<const std::int64_t> noted)
{
    std::vector<UnlistedKey> within;
    std::int64_t added = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const UnlistedKey& key = keys[i];
        const bool sameMeter = i > 0 && keys[i - 1].tenant == key.tenant && keys[i - 1].meter == key.meter;
        added = sameMeter ? added : 0;
        if (noted[i] + added < notedValues) {
            within.push_back(key);
            ++added;
            continue;
        }
        const UnlistedKey mark{key.tenant, key.meter, {}, {}};
        if (within.empty() || within.back() != mark)
            within.push_back(mark);
    }
    return within;
}

} // namespace

Result<std::vector<UnlistedKey>> noteUnlistedValues(Work& work, std::span<const UnlistedKey> keys, Instant at)
{
    const auto noted = notedOf(work, keys);
    if (!noted)
        return noted.error();
    std::vector<UnlistedKey> within = withinBound(keys, *noted);
    std::vector<Value> values;
    for (const UnlistedKey& key : within) {
        values.emplace_back(view(key.tenant.text()));
        values.emplace_back(view(key.meter.text()));
        values.emplace_back(view(key.dimension));
        values.emplace_back(view(key.value));
        values.emplace_back(at.micros());
    }
    const auto done = work.session().executeMany(
        "INSERT INTO unlisted_value (tenant_id, meter_code, dimension, value, first_at) VALUES "
        "(?, ?, ?, ?, ?) ON CONFLICT (tenant_id, meter_code, dimension, value) DO NOTHING",
        5, values);
    return done ? Result<std::vector<UnlistedKey>>(std::move(within)) : done.error();
}

namespace {

Result<UnlistedValue> valueOf(const Row& row)
{
    return UnlistedValue{{TenantId(row.text(0)), MeterCode(row.text(1)), row.text(2), row.text(3)},
                         Instant::fromMicros(row.integer(4))};
}

#define BILLING_UNLISTED_PAGE(condition)                                                                     \
    "SELECT tenant_id, meter_code, dimension, value, first_at FROM unlisted_value WHERE " condition          \
    "(first_at, tenant_id, meter_code, dimension, value) > (?, ?, ?, ?, ?) "                                 \
    "ORDER BY first_at, tenant_id, meter_code, dimension, value LIMIT ?"

} // namespace

Result<std::vector<UnlistedValue>> oldestUnlistedValues(Work& work, const UnlistedFilter& filter)
{
    const UnlistedValue beginning{{TenantId(""), MeterCode(""), {}, {}},
                                  Instant::fromMicros(std::numeric_limits<std::int64_t>::min())};
    const UnlistedValue& behind = filter.behind ? *filter.behind : beginning;
    const std::int64_t at = behind.firstAt.micros();
    const std::string_view tenant = behind.key.tenant.text();
    const std::string_view meter = behind.key.meter.text();
    const std::string_view dimension = behind.key.dimension;
    const std::string_view value = behind.key.value;
    if (filter.tenant)
        return sql::queryAll(work.session(), BILLING_UNLISTED_PAGE("tenant_id = ? AND "),
                             {view(filter.tenant->text()), at, tenant, meter, dimension, value, filter.limit},
                             valueOf);
    return sql::queryAll(work.session(), BILLING_UNLISTED_PAGE(""),
                         {at, tenant, meter, dimension, value, filter.limit}, valueOf);
}

Result<std::int64_t> unlistedValueCount(Work& work, std::int64_t atMost)
{
    const auto found =
        queryOne(work.session(), "SELECT count(*) FROM (SELECT 1 FROM unlisted_value LIMIT ?) AS part",
                 {atMost}, [](const Row& row) { return row.integer(0); });
    return found ? Result<std::int64_t>(**found) : found.error();
}

} // namespace billing::storage
