// The endpoints that answer by returning, one source file each (or a pair that reads the same row). Each
// lists in its file what it refuses beyond its use case. All run on a worker thread and may block on storage.
#pragma once

#include "server/api/api.h"

namespace billing::api {

Result<http::Response> postTenant(const Services& services, const Call& call);
Result<http::Response> patchTenant(const Services& services, const Call& call);
/// An answer that shows a tenant, with its ETag; of an answer kept for an idempotency key only the body is.
http::Response taggedTenant(http::Response response);
Result<http::Response> getTenants(const Services& services, const Call& call);
Result<http::Response> getTenant(const Services& services, const Call& call);
Result<http::Response> getStanding(const Services& services, const Call& call);
Result<http::Response> postSubscription(const Services& services, const Call& call);
Result<http::Response> getSubscriptions(const Services& services, const Call& call);
Result<http::Response> getPlans(const Services& services, const Call& call);
Result<http::Response> getUsage(const Services& services, const Call& call);
Result<http::Response> getCurrentUsage(const Services& services, const Call& call);
Result<http::Response> getConflicts(const Services& services, const Call& call);
Result<http::Response> getUnlistedValues(const Services& services, const Call& call);
Result<http::Response> postInvoice(const Services& services, const Call& call);
Result<http::Response> getInvoices(const Services& services, const Call& call);
Result<http::Response> getInvoice(const Services& services, const Call& call);
Result<http::Response> getInvoicePdf(const Services& services, const Call& call);
Result<http::Response> postFinalise(const Services& services, const Call& call);
Result<http::Response> getNeedsAttention(const Services& services, const Call& call);

/// The tenant a path's first placeholder names, if the caller may see it and it exists. Refuses NotFound.
Result<Tenant> tenantOfPath(const Services& services, const Call& call);
/// The invoice a path's first placeholder names, if the caller may see it. Refuses NotFound.
Result<storage::InvoiceRow> invoiceOfPath(const Services& services, const Call& call);
/// limit=1..200 (50), cursor. Refuses InvalidValue.
Result<std::int64_t> limitOf(const Call& call);
/// text: what a list is searched for; empty when it is not. Refuses InvalidValue.
Result<std::string> searchTextOf(const Call& call);

} // namespace billing::api
