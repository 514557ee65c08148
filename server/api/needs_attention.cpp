// GET /needs-attention?kind=&tenant_id=&limit=&cursor=: what could not be done and waits for a person, oldest
// first, and how much of each kind there is. Refuses InvalidValue (kind), InvalidTenantId, NotFound (a tenant
// the caller may not see), InvalidCursor (also one of another filter).
#include "server/api/attention.h"
#include "server/api/endpoints.h"
#include "server/api/error_status.h"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace billing::api {

namespace {

/// Where the list goes on: behind the item of that moment, kind, tenant and key.
struct Place
{
    Instant at;
    std::string kind;
    std::string tenant;
    std::string key;
};

struct Filter
{
    std::optional<TenantId> tenant = {};
    std::string kind = {};
    std::optional<Place> behind = {};
    std::int64_t limit = 0;

    std::string tenantText() const { return tenant ? tenant->text() : std::string(); }
};

Result<void> readTenant(const Call& call, Filter& filter)
{
    filter.tenant = call.principal.tenant;
    const auto text = call.parameter("tenant_id");
    if (!text)
        return {};
    const auto tenant = parseTenantId(*text);
    if (!tenant)
        return tenant.error();
    filter.tenant = *tenant;
    return call.maySee(*tenant);
}

Result<void> readKind(const Call& call, Filter& filter)
{
    filter.kind = call.parameter("kind").value_or("");
    const auto sources = attentionSources();
    const bool isKnown = std::any_of(sources.begin(), sources.end(), [&](const AttentionSource& source) {
        return source.kind == filter.kind;
    });
    if (isKnown || !call.parameter("kind"))
        return {};
    std::string kinds;
    for (const AttentionSource& source : sources)
        kinds.append(kinds.empty() ? "expected " : ", ").append(source.kind);
    return Error{ErrorCode::InvalidValue, "kind", kinds};
}

Result<void> readPlace(const Services& services, const Call& call, Filter& filter)
{
    const auto limit = limitOf(call);
    if (!limit)
        return limit.error();
    filter.limit = *limit;
    const auto cursor = call.parameter("cursor");
    if (!cursor)
        return {};
    const auto parts = services.cursors.read("needs-attention", *cursor);
    if (!parts)
        return parts.error();
    std::int64_t micros = 0;
    const std::string& at = parts->at(2);
    std::from_chars(at.data(), at.data() + at.size(), micros);
    if (parts->at(0) != filter.kind || parts->at(1) != filter.tenantText())
        return Error{ErrorCode::InvalidCursor, "cursor", "it belongs to another filter"};
    filter.behind = Place{Instant::fromMicros(micros), parts->at(3), parts->at(4), parts->at(5)};
    return {};
}

Result<Filter> filterOf(const Services& services, const Call& call)
{
    Filter filter;
    const auto read = call.onlyParameters({"kind", "tenant_id", "limit", "cursor"})
                          .and_then([&] { return readTenant(call, filter); })
                          .and_then([&] { return readKind(call, filter); })
                          .and_then([&] { return readPlace(services, call, filter); });
    return read ? Result<Filter>(std::move(filter)) : read.error();
}

/// What that source is asked for, so that its items are behind the place in the order of all kinds.
AttentionAsked askedOf(const AttentionSource& source, const Filter& filter, const AttentionToday& today)
{
    constexpr const char* behindAll = "\x7f"; // ids are printable ASCII
    const Instant start = Instant::fromMicros(std::numeric_limits<std::int64_t>::min());
    if (!filter.behind)
        return {today, filter.tenant, start, {}, {}, filter.limit};
    const Place& place = *filter.behind;
    if (source.kind == place.kind)
        return {today, filter.tenant, place.at, place.tenant, place.key, filter.limit};
    // Of one moment, kinds that come later are still to be shown, and earlier ones were.
    const bool isStillToCome = source.kind > place.kind;
    return {today, filter.tenant, place.at, isStillToCome ? "" : behindAll, {}, filter.limit};
}

bool isVisible(const AttentionSource& source, const Filter& filter)
{
    return source.namesTenants || !filter.tenant;
}

struct Page
{
    std::vector<AttentionFound> found = {};
    std::vector<wire::AttentionCount> counts = {};
};

auto orderOf(const AttentionFound& found)
{
    return std::tuple(found.item.firstAt, std::string_view(found.item.kind),
                      std::string_view(found.item.tenant ? found.item.tenant->text() : std::string_view()),
                      std::string_view(found.key));
}

Result<Page> readPage(Work& work, const Filter& filter, const AttentionToday& today)
{
    Page page;
    for (const AttentionSource& source : attentionSources()) {
        if (!isVisible(source, filter))
            continue;
        const auto count = source.count(work, today, filter.tenant);
        if (!count)
            return count.error();
        page.counts.push_back({source.kind, *count});
        if (!filter.kind.empty() && source.kind != filter.kind)
            continue;
        auto found = source.find(work, askedOf(source, filter, today));
        if (!found)
            return found.error();
        std::move(found->begin(), found->end(), std::back_inserter(page.found));
    }
    std::sort(page.found.begin(), page.found.end(),
              [](const auto& a, const auto& b) { return orderOf(a) < orderOf(b); });
    const auto most = static_cast<std::size_t>(filter.limit);
    if (page.found.size() > most)
        page.found.erase(page.found.begin() + static_cast<std::ptrdiff_t>(most), page.found.end());
    return page;
}

std::string nextCursor(const Services& services, const Filter& filter, const Page& page)
{
    if (page.found.size() < static_cast<std::size_t>(filter.limit))
        return {};
    const AttentionFound& last = page.found.back();
    return services.cursors.write("needs-attention",
                                  {filter.kind, filter.tenantText(),
                                   std::to_string(last.item.firstAt.micros()), last.item.kind,
                                   last.item.tenant ? last.item.tenant->text() : std::string(), last.key});
}

} // namespace

Result<http::Response> getNeedsAttention(const Services& services, const Call& call)
{
    const auto filter = filterOf(services, call);
    if (!filter)
        return filter.error();
    const Scope scope =
        filter->tenant ? Scope::tenant(*filter->tenant) : Scope::allTenants("needs_attention");
    const AttentionToday today{services.invoicing.catalog, services.invoicing.clock.now()};
    const auto page = readValue(services.invoicing.storage, scope,
                                [&](Work& work) { return readPage(work, *filter, today); });
    if (!page)
        return page.error();
    std::vector<wire::AttentionItem> items;
    for (const AttentionFound& found : page->found)
        items.push_back(found.item);
    return json(200, wire::encodeAttention(items, page->counts, nextCursor(services, *filter, *page)));
}

} // namespace billing::api
