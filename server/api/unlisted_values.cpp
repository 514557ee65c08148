// GET /unlisted-values?tenant_id=&limit=&cursor=: values of dimensions that were metered though no active
// plan's prices name them, so that only a fallback prices them (or none does), oldest first, with the value
// that was probably meant. What the catalogue names by now is left out. A token bound to a tenant sees its
// own. The cursor belongs to the list it came from, its tenant_id included (InvalidCursor).
#include "server/storage/unlisted_values.h"
#include "server/api/endpoints.h"
#include "server/api/error_status.h"
#include "server/rating/listed_values.h"
#include "shared/wire/list_json.h"
#include "shared/wire/unlisted_value_json.h"

#include <charconv>

namespace billing::api {

namespace {

using storage::UnlistedFilter;
using storage::UnlistedValue;

/// Rows one answer looks at: those that the catalogue names by now are passed over. Where it ends early it
/// has fewer items than the limit and a cursor all the same.
constexpr std::int64_t mostRows = 2'000;
constexpr std::int64_t rowsAtOnce = 200;

std::string listOf(const UnlistedFilter& filter)
{
    return filter.tenant ? "unlisted values of " + filter.tenant->text() : "unlisted values";
}

Result<void> readPlace(const Services& services, const Call& call, UnlistedFilter& filter)
{
    const auto limit = limitOf(call);
    if (!limit)
        return limit.error();
    filter.limit = *limit;
    const auto cursor = call.parameter("cursor");
    if (!cursor)
        return {};
    const auto key = services.cursors.read(listOf(filter), *cursor);
    if (!key)
        return key.error();
    if (key->size() != 5)
        return Error{ErrorCode::InvalidCursor, "cursor"};
    std::int64_t at = 0;
    std::from_chars(key->at(0).data(), key->at(0).data() + key->at(0).size(), at);
    filter.behind = UnlistedValue{{TenantId(key->at(1)), MeterCode(key->at(2)), key->at(3), key->at(4)},
                                  Instant::fromMicros(at)};
    return {};
}

Result<UnlistedFilter> filterOf(const Services& services, const Call& call)
{
    if (const auto allowed = call.onlyParameters({"tenant_id", "limit", "cursor"}); !allowed)
        return allowed.error();
    UnlistedFilter filter;
    filter.tenant = call.principal.tenant;
    if (const auto text = call.parameter("tenant_id")) {
        const auto tenant = parseTenantId(*text);
        if (!tenant)
            return tenant.error();
        if (const auto visible = call.maySee(*tenant); !visible)
            return visible.error();
        filter.tenant = *tenant;
    }
    const auto read = readPlace(services, call, filter);
    return read ? Result<UnlistedFilter>(std::move(filter)) : read.error();
}

std::string itemOf(const UnlistedValue& unlisted, const ListedValues& listed)
{
    const storage::UnlistedKey& key = unlisted.key;
    const std::string* hint = listed.hint(key.meter, key.dimension, key.value);
    return wire::encodeUnlistedValue(
        {key.tenant, key.meter, key.dimension, key.value, hint ? *hint : "", unlisted.firstAt});
}

struct Page
{
    std::vector<std::string> items = {};
    std::vector<std::string> next = {}; ///< the cursor's key; empty at the end of the list
};

std::vector<std::string> placeOf(const UnlistedValue& unlisted)
{
    const storage::UnlistedKey& key = unlisted.key;
    return {std::to_string(unlisted.firstAt.micros()), key.tenant.text(), key.meter.text(), key.dimension,
            key.value};
}

Result<Page> readPage(Work& work, UnlistedFilter filter, const ListedValues& listed)
{
    const auto wanted = static_cast<std::size_t>(filter.limit);
    filter.limit = rowsAtOnce;
    Page page;
    for (std::int64_t rows = 0; rows < mostRows; rows += rowsAtOnce) {
        const auto found = storage::oldestUnlistedValues(work, filter);
        if (!found)
            return found.error();
        for (const UnlistedValue& one : *found) {
            if (one.key.isOverflow() || listed.isUnlisted(one.key.meter, one.key.dimension, one.key.value))
                page.items.push_back(itemOf(one, listed));
            if (page.items.size() == wanted) {
                page.next = placeOf(one);
                return page;
            }
        }
        if (found->size() < static_cast<std::size_t>(rowsAtOnce)) {
            page.next.clear();
            return page;
        }
        page.next = placeOf(found->back());
        filter.behind = found->back();
    }
    return page;
}

} // namespace

Result<http::Response> getUnlistedValues(const Services& services, const Call& call)
{
    const auto filter = filterOf(services, call);
    if (!filter)
        return filter.error();
    const ListedValues listed(services.invoicing.catalog);
    const Scope scope =
        filter->tenant ? Scope::tenant(*filter->tenant) : Scope::allTenants("list_unlisted_values");
    const auto page = readValue(services.invoicing.storage, scope,
                                [&](Work& work) { return readPage(work, *filter, listed); });
    if (!page)
        return page.error();
    const std::string next =
        page->next.empty() ? std::string() : services.cursors.write(listOf(*filter), page->next);
    return json(200, wire::encodeList("unlisted_values", page->items, next));
}

} // namespace billing::api
