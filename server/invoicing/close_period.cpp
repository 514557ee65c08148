#include "server/invoicing/close_period.h"

#include "server/invoicing/draw_invoice.h"
#include "server/invoicing/finalise_invoice.h"
#include "server/storage/set_aside.h"
#include "server/storage/usage.h"
#include "shared/calendar/billing_periods.h"

#include <algorithm>

namespace billing {

namespace {

constexpr std::size_t lookedAt = 120;
constexpr std::size_t answered = 12;

/// The periods from that day on that are over, as many as are looked at; where the next one begins.
Result<DuePeriods> periodsOver(const Invoicing& invoicing, const Subscription& subscription, LocalDate from)
{
    const auto plan = planVersion(invoicing.catalog, subscription.plan, subscription.planVersion);
    if (!plan)
        return plan.error();
    const LocalDate first = std::max(from, subscription.billFrom);
    DuePeriods over{{}, first, false};
    auto period = periodContaining(subscription, plan->interval, first);
    if (period && period->firstDay < first)
        period = nextPeriod(subscription, plan->interval, *period);
    const Instant now = invoicing.clock.now();
    while (period && period->range.end.plus(invoicing.grace) <= now) {
        over.more = over.periods.size() == lookedAt;
        if (over.more)
            return over;
        over.next = period->endDay;
        over.periods.push_back(*period);
        period = nextPeriod(subscription, plan->interval, *period);
    }
    // A subscription that ended has no next period; any other refusal is one, when all before it are done.
    if (!period && period.error().code != ErrorCode::NoSubscription && over.periods.empty())
        return period.error();
    return over;
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

/// It was finalised by somebody else meanwhile.
Result<std::optional<Invoice>> noLongerAside(Work& work, const Subscription& subscription,
                                             const BillingPeriod& period)
{
    const auto gone =
        storage::forgetAside(work, storage::periodKey(subscription.tenant, subscription.id, period.firstDay));
    return gone ? Result<std::optional<Invoice>>(std::optional<Invoice>()) : gone.error();
}

} // namespace

Result<DuePeriods> duePeriods(const Invoicing& invoicing, const Subscription& subscription, LocalDate from)
{
    auto due = periodsOver(invoicing, subscription, from);
    if (!due || due->periods.empty())
        return due;
    const InstantRange range{due->periods.front().range.start, due->periods.back().range.end};
    std::vector<Instant> finalised;
    std::vector<LocalDate> aside;
    const auto read = invoicing.storage.read(Scope::tenant(subscription.tenant), [&](Work& work) {
        auto starts = storage::finalisedPeriods(work, subscription.tenant, subscription.id, range);
        if (!starts)
            return Result<void>(starts.error());
        auto days = storage::periodsAside(work, subscription.tenant, subscription.id);
        if (!days)
            return Result<void>(days.error());
        finalised = std::move(*starts);
        aside = std::move(*days);
        return Result<void>();
    });
    if (!read)
        return read.error();
    std::erase_if(due->periods, [&](const BillingPeriod& period) {
        return std::binary_search(finalised.begin(), finalised.end(), period.range.start) ||
               std::binary_search(aside.begin(), aside.end(), period.firstDay);
    });
    if (due->periods.size() > answered) {
        due->next = due->periods[answered].firstDay;
        due->periods.erase(due->periods.begin() + answered, due->periods.end());
        due->more = true;
    }
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
                              return noLongerAside(work, subscription, period);
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
