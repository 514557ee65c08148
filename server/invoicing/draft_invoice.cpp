#include "server/invoicing/draft_invoice.h"

#include "server/audit/append_entry.h"
#include "server/invoicing/draw_invoice.h"
#include "server/storage/subscriptions.h"
#include "server/storage/tenants.h"
#include "server/storage/usage.h"
#include "shared/calendar/billing_periods.h"

namespace billing {

namespace {

struct Subject
{
    Subscription subscription;
    BillingPeriod period;
};

Result<Subscription> subscriptionOn(Work& work, const TenantId& tenant, LocalDate day)
{
    const auto exists = storage::findTenant(work, tenant);
    if (!exists)
        return exists.error();
    if (!exists->has_value())
        return Error{ErrorCode::NotFound, "tenant_id"};
    const auto all = storage::subscriptionsOf(work, tenant);
    if (!all)
        return all.error();
    for (const Subscription& subscription : *all)
        if (subscription.startsOn <= day && (!subscription.endsOn || day < *subscription.endsOn))
            return subscription;
    return Error{ErrorCode::NoSubscription, "period_start", "no subscription holds on that day"};
}

Result<Subject> subjectOf(Work& work, const Invoicing& invoicing, const DraftInvoice& command)
{
    const auto subscription = subscriptionOn(work, command.tenant, command.periodStart);
    if (!subscription)
        return subscription.error();
    const auto plan = planVersion(invoicing.catalog, subscription->plan, subscription->planVersion);
    if (!plan)
        return plan.error();
    const auto period = periodStartingOn(*subscription, plan->interval, command.periodStart);
    if (!period || period->endDay != command.periodEnd)
        return Error{ErrorCode::NotABillingPeriod, "period_start",
                     "period_start and period_end must be one billing period of the subscription"};
    return Subject{*subscription, *period};
}

Result<void> mayBeKept(Work& work, const Subject& subject, Instant now)
{
    if (now < subject.period.range.end)
        return Error{ErrorCode::PeriodNotOver, "period_end"};
    const auto other = storage::findInvoiceOfPeriod(work, subject.subscription.tenant,
                                                    subject.subscription.id, subject.period.range.start);
    if (!other)
        return other.error();
    if (other->has_value())
        return Error{ErrorCode::PeriodAlreadyInvoiced, "period_start", (*other)->id.text()};
    return {};
}

Result<Invoice> dryRun(Work& work, const Invoicing& invoicing, const DraftInvoice& command,
                       const InvoiceId& id)
{
    const auto subject = subjectOf(work, invoicing, command);
    if (!subject)
        return subject.error();
    const auto head = storage::readHead(work, command.tenant);
    if (!head)
        return head.error();
    auto drawn = drawInvoice(work, invoicing, {id, subject->subscription, subject->period, *head});
    return drawn ? Result<Invoice>(std::move(drawn->invoice)) : drawn.error();
}

Result<Invoice> draft(Work& work, const Invoicing& invoicing, const DraftInvoice& command,
                      const InvoiceId& id, Instant now)
{
    const auto subject = subjectOf(work, invoicing, command);
    if (!subject)
        return subject.error();
    const auto allowed = mayBeKept(work, *subject, now);
    if (!allowed)
        return allowed.error();
    const auto head = storage::lockHead(work, command.tenant);
    if (!head)
        return head.error();
    auto drawn = drawInvoice(work, invoicing, {id, subject->subscription, subject->period, *head});
    if (!drawn)
        return drawn.error();
    const auto stored = invoicing.records.insert(
        work, drawn->invoice, {invoicing.issuer.code, invoicing.issuer.series, {}, now, {}}, drawn->usage);
    return stored ? Result<Invoice>(std::move(drawn->invoice)) : stored.error();
}

} // namespace

Result<Invoice> draftInvoice(const Invoicing& invoicing, const DraftInvoice& command, std::string_view actor,
                             const AlsoWrite<Invoice>& also)
{
    const InvoiceId id(invoicing.ids.next("inv"));
    const Instant now = invoicing.clock.now();
    const Scope scope = Scope::tenant(command.tenant);
    if (command.keep == Keep::Nothing)
        return readValue(invoicing.storage, scope,
                         [&](Work& work) { return dryRun(work, invoicing, command, id); });
    return writeValue(invoicing.storage, scope, Priority::Money, WorkId(invoicing.ids.next("wrk")),
                      [&](Work& work) -> Result<Invoice> {
                          auto invoice = draft(work, invoicing, command, id, now);
                          if (!invoice)
                              return invoice;
                          const auto noted = audit::appendEntry(
                              work,
                              {command.tenant, std::string(actor), "draft", "invoice:" + id.text(),
                               R"({"period_start":")" + command.periodStart.toText() + R"("})"},
                              now);
                          if (!noted)
                              return noted.error();
                          return alsoWriting(work, std::move(invoice), also);
                      });
}

} // namespace billing
