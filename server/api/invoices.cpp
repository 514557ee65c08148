// POST /invoices, GET /invoices (newest first), GET /invoices/{id}, GET /invoices/{id}/pdf, POST
// /invoices/{id}/finalise.
#include "server/api/attachment.h"
#include "server/api/endpoints.h"
#include "server/api/error_status.h"
#include "server/invoicing/draft_invoice.h"
#include "server/invoicing/finalise_invoice.h"
#include "server/storage/catalog.h"
#include "server/storage/invoice_list.h"
#include "shared/model/file_name.h"
#include "shared/wire/invoice_json.h"
#include "shared/wire/invoice_request_json.h"
#include "shared/wire/invoice_summary_json.h"
#include "shared/wire/list_json.h"
#include "shared/wire/plan_json.h"

#include <map>

namespace billing::api {

Result<storage::InvoiceRow> invoiceOfPath(const Services& services, const Call& call)
{
    const Error absent{ErrorCode::NotFound, "invoice_id"};
    const InvoiceId id(call.path.front());
    const auto row = readValue(services.invoicing.storage, Scope::allTenants("find_invoice"),
                               [&](Work& work) -> Result<std::optional<storage::InvoiceRow>> {
                                   const auto tenant = storage::tenantOfInvoice(work, id);
                                   if (!tenant)
                                       return tenant.error();
                                   if (!tenant->has_value() || !call.maySee(**tenant))
                                       return std::optional<storage::InvoiceRow>();
                                   return storage::findInvoice(work, **tenant, id);
                               });
    if (!row)
        return row.error();
    return row->has_value() ? Result<storage::InvoiceRow>(**row) : absent;
}

Result<http::Response> postInvoice(const Services& services, const Call& call)
{
    const auto allowed = call.onlyParameters({}).and_then([&] { return call.requireJson(); });
    if (!allowed)
        return allowed.error();
    const auto request = wire::decodeInvoiceRequest(call.request.body);
    if (!request)
        return request.error();
    const auto visible = call.maySee(request->tenant);
    if (!visible)
        return visible.error();
    const Keep keep = request->dryRun ? Keep::Nothing : Keep::Draft;
    const auto respond = [keep](const PreparedInvoice& prepared) {
        return json(keep == Keep::Nothing ? 200 : 201, wire::encodePreparedInvoice(prepared));
    };
    const auto prepared =
        draftInvoice(services.invoicing, {request->tenant, request->periodStart, request->periodEnd, keep},
                     call.principal.subject, services.idempotency.keeping<PreparedInvoice>(call, respond));
    return prepared ? Result<http::Response>(respond(*prepared)) : prepared.error();
}

Result<http::Response> getInvoice(const Services& services, const Call& call)
{
    const auto row = call.onlyParameters({}).and_then([&] { return invoiceOfPath(services, call); });
    if (!row)
        return row.error();
    // Byte for byte what was frozen.
    auto snapshot = services.invoicing.records.openSnapshot(*row);
    return snapshot ? Result<http::Response>(json(200, std::move(*snapshot))) : snapshot.error();
}

Result<http::Response> postFinalise(const Services& services, const Call& call)
{
    const auto row = call.onlyParameters({}).and_then([&] { return invoiceOfPath(services, call); });
    if (!row)
        return row.error();
    const auto respond = [](const Invoice& invoice) { return json(200, wire::encodeInvoice(invoice)); };
    const auto invoice =
        finaliseInvoice(services.invoicing, {row->tenant, row->id, call.principal.subject,
                                             services.idempotency.keeping<Invoice>(call, respond)});
    return invoice ? Result<http::Response>(respond(*invoice)) : invoice.error();
}

Result<http::Response> getInvoicePdf(const Services& services, const Call& call)
{
    const auto row = call.onlyParameters({}).and_then([&] { return invoiceOfPath(services, call); });
    if (!row)
        return row.error();
    if (row->status == InvoiceStatus::Draft)
        return Error{ErrorCode::DraftHasNoDocument, "invoice_id", "it gets one when it is finalised"};
    auto document = services.documents.read(row->tenant, row->id);
    if (!document)
        return document.error();
    return http::Response{200,
                          {{"Content-Disposition", attachment(fileNameOf(*row->number) + ".pdf")}},
                          "application/pdf",
                          std::move(*document)};
}

namespace {

using Filter = storage::ListedInvoiceFilter;

Result<std::optional<LocalDate>> dayOf(const Call& call, std::string_view name)
{
    const auto text = call.parameter(name);
    if (!text)
        return std::optional<LocalDate>();
    const auto day = LocalDate::parse(*text);
    return day ? Result<std::optional<LocalDate>>(*day) : Error{ErrorCode::InvalidDate, std::string(name)};
}

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

Result<void> readStatus(const Call& call, Filter& filter)
{
    const auto text = call.parameter("status");
    if (!text)
        return {};
    const auto status = parseInvoiceStatus(*text);
    if (!status)
        return status.error();
    filter.status = *status;
    return {};
}

Result<void> readText(const Call& call, Filter& filter)
{
    auto text = searchTextOf(call);
    if (!text)
        return text.error();
    filter.text = std::move(*text);
    return {};
}

Result<void> readDays(const Call& call, Filter& filter)
{
    const auto from = dayOf(call, "issued_from");
    if (!from)
        return from.error();
    const auto to = dayOf(call, "issued_to");
    if (!to)
        return to.error();
    filter.issuedFrom = *from;
    filter.issuedTo = *to;
    return {};
}

Result<void> readPlace(const Services& services, const Call& call, Filter& filter)
{
    if (const auto cursor = call.parameter("cursor")) {
        const auto key = services.cursors.read("invoices", *cursor, 2);
        if (!key)
            return key.error();
        filter.behind = std::pair(InvoiceId(key->at(0)), TenantId(key->at(1)));
    }
    const auto limit = limitOf(call);
    if (!limit)
        return limit.error();
    filter.limit = *limit;
    return {};
}

Result<Filter> filterOf(const Services& services, const Call& call)
{
    Filter filter;
    const auto read =
        call.onlyParameters({"tenant_id", "status", "text", "issued_from", "issued_to", "limit", "cursor"})
            .and_then([&] { return readTenant(call, filter); })
            .and_then([&] { return readStatus(call, filter); })
            .and_then([&] { return readText(call, filter); })
            .and_then([&] { return readDays(call, filter); })
            .and_then([&] { return readPlace(services, call, filter); });
    return read ? Result<Filter>(filter) : read.error();
}

/// Tiers by plan version: a page has few of them.
using Tiers = std::map<std::pair<PlanCode, int>, Tier>;

Result<void> readTier(Work& work, const storage::ListedInvoice& row, Tiers& tiers)
{
    if (tiers.contains({row.plan, row.planVersion}))
        return {};
    const auto stored = storage::findPlanVersion(work, row.plan, row.planVersion);
    if (!stored)
        return stored.error();
    const auto plan = *stored ? wire::decodePlan((*stored)->body) : Error{ErrorCode::UnknownPlan};
    if (!plan)
        return Error{ErrorCode::StorageCorrupt, "plan_version", row.plan.text()};
    tiers.emplace(std::pair(row.plan, row.planVersion), plan->tier);
    return {};
}

struct ListedPage
{
    std::vector<storage::ListedInvoice> rows;
    Tiers tiers;
};

Result<ListedPage> readPage(Work& work, const Filter& filter)
{
    auto rows = storage::newestInvoices(work, filter);
    if (!rows)
        return rows.error();
    ListedPage page{std::move(*rows), {}};
    for (const storage::ListedInvoice& row : page.rows)
        if (const auto read = readTier(work, row, page.tiers); !read)
            return read.error();
    return page;
}

std::string summaryOf(const storage::ListedInvoice& row, const Tiers& tiers)
{
    return wire::encodeInvoiceSummary({row.id, row.tenant, row.subscription, row.status, row.number,
                                       row.firstDay, row.endDay, row.net, row.tax, row.total, row.issueDate,
                                       row.dueDate, row.legalName, tiers.at({row.plan, row.planVersion})});
}

} // namespace

Result<http::Response> getInvoices(const Services& services, const Call& call)
{
    const auto filter = filterOf(services, call);
    if (!filter)
        return filter.error();
    const Scope scope = filter->tenant ? Scope::tenant(*filter->tenant) : Scope::allTenants("list_invoices");
    const auto page =
        readValue(services.invoicing.storage, scope, [&](Work& work) { return readPage(work, *filter); });
    if (!page)
        return page.error();
    std::vector<std::string> items;
    for (const storage::ListedInvoice& row : page->rows)
        items.push_back(summaryOf(row, page->tiers));
    const bool full = items.size() == static_cast<std::size_t>(filter->limit);
    const std::string next = full ? services.cursors.write("invoices", {page->rows.back().id.text(),
                                                                        page->rows.back().tenant.text()})
                                  : std::string();
    return json(200, wire::encodeList("invoices", items, next));
}

} // namespace billing::api
