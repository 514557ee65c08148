// POST /invoices, GET /invoices, GET /invoices/{id}, GET /invoices/{id}/pdf, POST /invoices/{id}/finalise.
#include "server/api/endpoints.h"
#include "server/api/error_status.h"
#include "server/invoicing/draft_invoice.h"
#include "server/invoicing/finalise_invoice.h"
#include "shared/wire/invoice_json.h"
#include "shared/wire/invoice_request_json.h"
#include "shared/wire/invoice_summary_json.h"
#include "shared/wire/list_json.h"

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
    const auto respond = [keep](const Invoice& invoice) {
        return json(keep == Keep::Nothing ? 200 : 201, wire::encodeInvoice(invoice));
    };
    const auto invoice =
        draftInvoice(services.invoicing, {request->tenant, request->periodStart, request->periodEnd, keep},
                     call.principal.subject, services.idempotency.keeping<Invoice>(call, respond));
    return invoice ? Result<http::Response>(respond(*invoice)) : invoice.error();
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
        return Error{ErrorCode::DocumentNotReady, "invoice_id", "a draft has no document"};
    auto document = services.documents.read(row->tenant, row->id);
    if (!document)
        return document.error();
    return http::Response{200,
                          {{"Content-Disposition", "attachment; filename=\"" + *row->number + ".pdf\""}},
                          "application/pdf",
                          std::move(*document)};
}

namespace {

Result<storage::InvoiceFilter> filterOf(const Services& services, const Call& call)
{
    storage::InvoiceFilter filter;
    filter.tenant = call.principal.tenant;
    if (const auto text = call.parameter("tenant_id")) {
        const auto tenant = parseTenantId(*text);
        if (!tenant)
            return tenant.error();
        const auto visible = call.maySee(*tenant);
        if (!visible)
            return visible.error();
        filter.tenant = *tenant;
    }
    if (const auto text = call.parameter("status")) {
        const auto status = parseInvoiceStatus(*text);
        if (!status)
            return status.error();
        filter.status = *status;
    }
    if (const auto cursor = call.parameter("cursor")) {
        const auto key = services.cursors.read("invoices", *cursor);
        if (!key)
            return key.error();
        filter.after = std::pair(key->at(0), key->at(1));
    }
    const auto limit = limitOf(call);
    if (!limit)
        return limit.error();
    filter.limit = *limit;
    return filter;
}

} // namespace

Result<http::Response> getInvoices(const Services& services, const Call& call)
{
    const auto filter = call.onlyParameters({"tenant_id", "status", "limit", "cursor"}).and_then([&] {
        return filterOf(services, call);
    });
    if (!filter)
        return filter.error();
    const Scope scope = filter->tenant ? Scope::tenant(*filter->tenant) : Scope::allTenants("list_invoices");
    const auto rows = readValue(services.invoicing.storage, scope,
                                [&](Work& work) { return storage::listInvoices(work, *filter); });
    if (!rows)
        return rows.error();
    std::vector<std::string> items;
    for (const storage::InvoiceRow& row : *rows)
        items.push_back(wire::encodeInvoiceSummary(
            {row.id, row.tenant, row.subscription, row.status, row.number, row.period.firstDay,
             row.period.endDay, row.net, row.tax, row.total, row.issueDate, row.dueDate}));
    const bool full = rows->size() == static_cast<std::size_t>(filter->limit);
    const std::string next =
        full ? services.cursors.write("invoices", {rows->back().tenant.text(), rows->back().id.text()})
             : std::string();
    return json(200, wire::encodeList("invoices", items, next));
}

} // namespace billing::api
