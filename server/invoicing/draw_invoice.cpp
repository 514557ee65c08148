#include "server/invoicing/draw_invoice.h"

#include "server/rating/place_of_supply.h"
#include "server/rating/rate_period.h"
#include "server/rating/totals.h"
#include "server/secrets/sha256.h"
#include "server/storage/usage_totals.h"

#include <algorithm>

namespace billing {

namespace {

Result<PlanVersion> billablePlan(const Catalog& catalog, const Subscription& subscription)
{
    auto plan = planVersion(catalog, subscription.plan, subscription.planVersion);
    if (!plan)
        return plan;
    for (const Charge& charge : plan->charges)
        if (charge.timing == Timing::Advance)
            return Error{ErrorCode::InvalidCatalog, charge.code, "billing in advance is not available yet"};
    return plan;
}

storage::Disposition dispositionOf(const storage::MeteredUsage& used, const RatedPeriod& rated)
{
    for (const UnbilledUsage& unbilled : rated.unbilled)
        if (unbilled.meter == used.meter && unbilled.dimensionKey == used.dimensionKey)
            return unbilled.reason == UnbilledReason::OverLimit ? storage::Disposition::OverLimit
                                                                : storage::Disposition::NoPrice;
    return storage::Disposition::Billed;
}

std::vector<storage::InvoiceUsageRow> usageRows(std::span<const storage::MeteredUsage> usage,
                                                const RatedPeriod& rated, const UsageRange& range)
{
    std::vector<storage::InvoiceUsageRow> rows;
    for (const storage::MeteredUsage& used : usage)
        rows.push_back({used.meter, used.meterVersion, used.dimensionKey, range, used.state.quantity(),
                        used.state.events(), dispositionOf(used, rated)});
    return rows;
}

Result<std::string> usageDigest(Work& work, const TenantId& tenant, const InstantRange& range)
{
    std::string evidence;
    const auto done =
        storage::usageEvidence(work, tenant, range, [&](std::string_view line) { evidence += line; });
    return done ? Result<std::string>(secrets::toHex(secrets::sha256(evidence))) : done.error();
}

Party partyOf(const Tenant& tenant)
{
    return {tenant.legalName, tenant.address, tenant.country, tenant.taxIds, tenant.email, {}};
}

void addLines(Invoice& invoice, std::vector<RatedLine> lines, const Tenant& buyer, const UsageRange& range)
{
    int number = 0;
    for (RatedLine& rated : lines) {
        const bool usage = rated.kind == LineKind::Usage;
        invoice.lines.push_back({++number, std::move(rated), invoice.period.firstDay, invoice.period.endDay,
                                 buyer.taxCategory, usage ? std::optional(range) : std::nullopt});
    }
}

Result<void> addTaxAndTotals(Invoice& invoice, const Tenant& buyer, const Issuer& issuer)
{
    std::vector<TaxableLine> taxable;
    for (const InvoiceLine& line : invoice.lines)
        taxable.push_back({line.taxCategory, line.rated.amount});
    // The tax date is the last day of the service, not the day someone happens to finalise.
    TaxCase taxCase = taxCaseOf(issuer, buyer, invoice.period.endDay.plusDays(-1));
    taxCase.rounding = invoice.taxRounding;
    auto taxes = taxLines(taxable, taxCase);
    if (!taxes)
        return taxes.error();
    const auto totals = totalsOf(taxable, *taxes, invoice.currency);
    if (!totals)
        return totals.error();
    invoice.taxes = std::move(*taxes);
    invoice.net = totals->net;
    invoice.tax = totals->tax;
    invoice.total = totals->total;
    return {};
}

Invoice emptyInvoice(const Invoicing& invoicing, const DrawRequest& request, const PlanVersion& plan,
                     const Tenant& buyer)
{
    const Money zero = Money::zero(request.subscription.currency);
    return {.id = request.id,
            .tenant = buyer.id,
            .subscription = request.subscription.id,
            .period = request.period,
            .timeZone = request.subscription.timeZone,
            .currency = request.subscription.currency,
            .plan = plan.code,
            .planVersion = plan.version,
            .planName = plan.name,
            .tier = plan.tier,
            .seller = invoicing.issuer.party,
            .buyer = partyOf(buyer),
            .bank = invoicing.issuer.bank,
            .locale = buyer.locale,
            .netDays = plan.netDays,
            .net = zero,
            .tax = zero,
            .total = zero,
            .notes = invoicing.issuer.notes};
}

} // namespace

Result<DrawnInvoice> drawInvoice(Work& work, const Invoicing& invoicing, const DrawRequest& request)
{
    const TenantId& tenant = request.subscription.tenant;
    const auto buyer = invoicing.tenants.find(work, tenant);
    if (!buyer)
        return buyer.error();
    if (!buyer->has_value())
        return Error{ErrorCode::NotFound, "tenant_id"};
    const auto plan = billablePlan(invoicing.catalog, request.subscription);
    if (!plan)
        return plan.error();
    const auto usage = storage::usageIn(work, tenant, request.period.range, invoicing.meters);
    if (!usage)
        return usage.error();
    auto rated =
        ratePeriod(*plan, invoicing.catalog.meters, request.subscription.currency, storage::totalsOf(*usage));
    if (!rated)
        return rated.error();
    auto digest = usageDigest(work, tenant, request.period.range);
    if (!digest)
        return digest.error();

    const UsageRange range{request.period.range, SettleNumber(0), request.upTo};
    DrawnInvoice drawn{emptyInvoice(invoicing, request, *plan, **buyer), usageRows(*usage, *rated, range)};
    drawn.invoice.usageDigest = std::move(*digest);
    drawn.invoice.unbilled = rated->unbilled;
    addLines(drawn.invoice, std::move(rated->lines), **buyer, range);
    const auto added = addTaxAndTotals(drawn.invoice, **buyer, invoicing.issuer);
    return added ? Result<DrawnInvoice>(std::move(drawn)) : added.error();
}

} // namespace billing
