#include "server/invoicing/close_period.h"

#include "server/invoicing/draw_invoice.h"
#include "server/invoicing/finalise_invoice.h"
#include "server/storage/usage.h"
#include "shared/calendar/billing_periods.h"

namespace billing {

namespace {

Result<bool> isFinalised(const Invoicing& invoicing, const Subscription& subscription,
                         const BillingPeriod& period)
{
    return readValue(invoicing.storage, Scope::tenant(subscription.tenant), [&](Work& work) -> Result<bool> {
        const auto row =
            storage::findInvoiceOfPeriod(work, subscription.tenant, subscription.id, period.range.start);
        if (!row)
            return row.error();
        return row->has_value() && (*row)->status == InvoiceStatus::Finalised;
    });
}

/// The draft of the period as stored, made first if there is none.
Result<storage::InvoiceRow> draftRow(Work& work, const Invoicing& invoicing, const DrawRequest& request,
                                     Instant now)
{
    const auto find = [&] {
        return storage::findInvoiceOfPeriod(work, request.subscription.tenant, request.subscription.id,
                                            request.period.range.start);
    };
    auto row = find();
    if (row && !row->has_value()) {
        const auto drawn = drawInvoice(work, invoicing, request);
        if (!drawn)
            return drawn.error();
        const auto stored = invoicing.records.insert(
            work, drawn->invoice, {invoicing.issuer.code, invoicing.issuer.series, {}, now, {}},
            drawn->usage);
        if (!stored)
            return stored.error();
        row = find();
    }
    if (!row)
        return row.error();
    return **row;
}

} // namespace

Result<std::vector<BillingPeriod>> duePeriods(const Invoicing& invoicing, const Subscription& subscription)
{
    std::vector<BillingPeriod> due;
    const auto plan = planVersion(invoicing.catalog, subscription.plan, subscription.planVersion);
    if (!plan)
        return plan.error();
    auto period = periodContaining(subscription, plan->interval, subscription.billFrom);
    if (period && period->firstDay < subscription.billFrom)
        period = nextPeriod(subscription, plan->interval, *period);
    const Instant now = invoicing.clock.now();
    while (period && period->range.end.plus(invoicing.grace) <= now) {
        const auto finalised = isFinalised(invoicing, subscription, *period);
        if (!finalised)
            return finalised.error();
        if (!*finalised)
            due.push_back(*period);
        period = nextPeriod(subscription, plan->interval, *period);
    }
    // A subscription that ended has no next period; any other refusal is one.
    if (!period && period.error().code != ErrorCode::NoSubscription)
        return period.error();
    return due;
}

Result<std::optional<Invoice>> closePeriod(const Invoicing& invoicing, const Subscription& subscription,
                                           const BillingPeriod& period, std::string_view actor)
{
    const InvoiceId id(invoicing.ids.next("inv"));
    const Instant now = invoicing.clock.now();
    return writeValue(invoicing.storage, Scope::tenant(subscription.tenant), Priority::Money,
                      WorkId(invoicing.ids.next("wrk")), [&](Work& work) -> Result<std::optional<Invoice>> {
                          const auto head = storage::lockHead(work, subscription.tenant);
                          if (!head)
                              return head.error();
                          const auto row = draftRow(work, invoicing, {id, subscription, period, *head}, now);
                          if (!row)
                              return row.error();
                          if (row->status == InvoiceStatus::Finalised)
                              return std::optional<Invoice>();
                          // A draft this call has just made has no cut of its own.
                          const bool madeByHand = row->id != id;
                          const Instant due = period.range.end.plus(invoicing.grace);
                          auto invoice = finaliseWithin(work, invoicing, *row, actor,
                                                        {now, madeByHand ? cutOf(invoicing, *row) : due});
                          return invoice ? Result<std::optional<Invoice>>(std::move(*invoice))
                                         : invoice.error();
                      });
}

} // namespace billing
