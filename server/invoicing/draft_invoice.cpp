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

struct Asked
{
    const Invoicing& invoicing;
    const DraftInvoice& command;
    InvoiceId id;
    Instant now;
};

Result<PreparedInvoice> withWarnings(Work& work, const Asked& asked, const Subject& subject,
                                     DrawnInvoice drawn)
{
    auto warnings = finalisingWarnings(work, asked.invoicing, {drawn, subject.subscription, asked.now});
    if (!warnings)
        return warnings.error();
    return PreparedInvoice{std::move(drawn.invoice), std::move(*warnings)};
}

Result<PreparedInvoice> dryRun(Work& work, const Asked& asked)
{
    const auto subject = subjectOf(work, asked.invoicing, asked.command);
    if (!subject)
        return subject.error();
    const auto head = storage::readHead(work, asked.command.tenant);
    if (!head)
        return head.error();
    auto drawn =
        drawInvoice(work, asked.invoicing, {asked.id, subject->subscription, subject->period, *head});
    return drawn ? withWarnings(work, asked, *subject, std::move(*drawn)) : drawn.error();
}

Result<PreparedInvoice> draft(Work& work, const Asked& asked)
{
    const Invoicing& invoicing = asked.invoicing;
    const auto subject = subjectOf(work, invoicing, asked.command);
    if (!subject)
        return subject.error();
    const auto allowed = mayBeKept(work, *subject, asked.now);
    if (!allowed)
        return allowed.error();
    const auto head = storage::lockHead(work, asked.command.tenant);
    if (!head)
        return head.error();
    auto drawn = drawInvoice(work, invoicing, {asked.id, subject->subscription, subject->period, *head});
    if (!drawn)
        return drawn.error();
    const auto stored = invoicing.records.insert(
        work, drawn->invoice, {invoicing.issuer.code, invoicing.issuer.series, {}, asked.now, {}},
        drawn->usage);
    return stored ? withWarnings(work, asked, *subject, std::move(*drawn)) : stored.error();
}

} // namespace

Result<PreparedInvoice> draftInvoice(const Invoicing& invoicing, const DraftInvoice& command,
                                     std::string_view actor, const AlsoWrite<PreparedInvoice>& also)
{
    const Asked asked{invoicing, command, InvoiceId(invoicing.ids.next("inv")), invoicing.clock.now()};
    const Scope scope = Scope::tenant(command.tenant);
    if (command.keep == Keep::Nothing)
        return readValue(invoicing.storage, scope, [&](Work& work) { return dryRun(work, asked); });
    return writeValue(invoicing.storage, scope, Priority::Money, WorkId(invoicing.ids.next("wrk")),
                      [&](Work& work) -> Result<PreparedInvoice> {
                          auto prepared = draft(work, asked);
                          if (!prepared)
                              return prepared;
                          const auto noted = audit::appendEntry(
                              work,
                              {command.tenant, std::string(actor), "draft", "invoice:" + asked.id.text(),
                               R"({"period_start":")" + command.periodStart.toText() + R"("})"},
                              asked.now);
                          if (!noted)
                              return noted.error();
                          return alsoWriting(work, std::move(prepared), also);
                      });
}

} // namespace billing
