#include "server/jobs/close_due_periods.h"

#include "server/audit/append_entry.h"
#include "server/invoicing/close_period.h"
#include "shared/calendar/billing_periods.h"

#include <array>

namespace billing {

namespace {

using namespace std::chrono_literals;

constexpr int pageSize = 200;
constexpr std::int64_t againARun = 50;
/// Other jobs share the thread.
constexpr MonotonicTime runAtMost = 5s;
constexpr std::array<Duration, 1> backOff{6h};
/// One that is refused by the store may be to blame itself; so many in a row are not.
constexpr int storeRefusalsInARow = 3;

bool isOfTheStore(ErrorCode code)
{
    return code == ErrorCode::StorageBusy || code == ErrorCode::StorageUnavailable ||
           code == ErrorCode::StorageFull;
}

/// It is too early, or somebody else was faster: nothing that a person could mend.
bool isOfTheMoment(ErrorCode code)
{
    return isTransient(code) || code == ErrorCode::PeriodAlreadyInvoiced ||
           code == ErrorCode::InvoiceNotDraft || code == ErrorCode::Cancelled;
}

} // namespace

struct PeriodCloser::Run
{
    const Failed& failed;
    ClosingReport report = {};
    MonotonicTime began;
    /// Usage received by then waits: periods with a later cut need not be tried.
    std::optional<Instant> waitsFrom = {};
    int refusedByTheStore = 0; ///< in a row
    bool someHaveMore = false;
};

PeriodCloser::PeriodCloser(const Invoicing& invoicing)
    : m_invoicing(invoicing)
{
}

Result<ClosingReport> PeriodCloser::run(const Failed& failed)
{
    Run run{.failed = failed, .began = m_invoicing.clock.monotonic()};
    const auto done = closeAgain(run).and_then([&] { return walk(run); });
    if (!done)
        return done.error();
    return run.report;
}

Result<void> PeriodCloser::closeAgain(Run& run)
{
    const Instant now = m_invoicing.clock.now();
    const auto due = readValue(m_invoicing.storage, Scope::allTenants("close_again"), [&](Work& work) {
        return storage::dueAside(work, storage::AsideKind::Period, now, againARun);
    });
    if (!due)
        return due.error();
    const std::int64_t before = run.report.closed + run.report.failed;
    for (const storage::AsideRow& row : *due)
        if (const auto done = closeAgain(run, row); !done)
            return done;
    // Those that still are due would be due for ever.
    run.report.more = due->size() == againARun && run.report.closed + run.report.failed > before;
    return {};
}

Result<void> PeriodCloser::closeAgain(Run& run, const storage::AsideRow& row)
{
    const auto forget = [&]() -> Result<void> {
        const auto gone = writeValue(m_invoicing.storage, Scope::tenant(row.key.tenant), Priority::Money,
                                     WorkId(m_invoicing.ids.next("wrk")),
                                     [&](Work& work) { return storage::forgetAside(work, row.key); });
        return gone ? Result<void>() : gone.error();
    };
    const auto subject = storage::periodOf(row.key);
    if (!subject)
        return forget(); // the walk finds what is behind it
    const auto found = readValue(m_invoicing.storage, Scope::tenant(row.key.tenant), [&](Work& work) {
        return storage::findSubscription(work, row.key.tenant, subject->subscription);
    });
    if (!found)
        return found.error();
    if (!found->has_value())
        return forget();
    const Subscription& subscription = **found;
    const auto plan = planVersion(m_invoicing.catalog, subscription.plan, subscription.planVersion);
    const auto period = plan ? periodContaining(subscription, plan->interval, subject->firstDay)
                             : Result<BillingPeriod>(plan.error());
    if (!period && period.error().code == ErrorCode::NoSubscription) // it ends before, by now
        return forget();
    if (period && period->firstDay != subject->firstDay)
        return forget();
    const auto done = period ? close(run, subscription, *period)
                             : refused(run, subscription, subject->firstDay, period.error());
    return done ? Result<void>() : done.error();
}

Result<void> PeriodCloser::walk(Run& run)
{
    while (true) {
        const auto page =
            readValue(m_invoicing.storage, Scope::allTenants("close_due_periods"),
                      [&](Work& work) { return storage::listSubscriptions(work, m_after, pageSize); });
        if (!page)
            return page.error();
        for (const Subscription& subscription : *page) {
            m_after = storage::SubscriptionKey{subscription.tenant, subscription.id};
            if (const auto done = closeSome(run, subscription); !done)
                return done; // the next run goes on behind it: it is not in the way of the others
            if (m_invoicing.clock.monotonic() - run.began >= runAtMost) {
                run.report.more = true;
                return {};
            }
        }
        if (page->size() < pageSize) {
            m_after.reset();
            run.report.more = run.report.more || run.someHaveMore;
            return {};
        }
    }
}

Result<void> PeriodCloser::closeSome(Run& run, const Subscription& subscription)
{
    const auto known = m_doneBefore.find(subscription.id);
    const LocalDate from = known == m_doneBefore.end() ? subscription.billFrom : known->second;
    const auto due = duePeriods(m_invoicing, subscription, from);
    if (!due && isOfTheStore(due.error().code))
        return due.error();
    if (!due)
        return cannotTell(run, subscription, from, due.error());
    for (const BillingPeriod& period : due->periods) {
        const auto outcome = close(run, subscription, period);
        if (!outcome)
            return outcome.error();
        if (*outcome == Outcome::Later) {
            m_doneBefore.insert_or_assign(subscription.id, period.firstDay);
            return {};
        }
    }
    m_doneBefore.insert_or_assign(subscription.id, due->next);
    run.someHaveMore = run.someHaveMore || due->more;
    return {};
}

Result<PeriodCloser::Outcome> PeriodCloser::close(Run& run, const Subscription& subscription,
                                                  const BillingPeriod& period)
{
    const Instant cut = period.range.end.plus(m_invoicing.grace);
    if (run.waitsFrom && cut >= *run.waitsFrom)
        return Outcome::Later;
    const auto invoice = closePeriod(m_invoicing, subscription, period, "clockwork");
    if (!invoice && invoice.error().code == ErrorCode::UsageNotSettled) {
        run.waitsFrom = cut;
        run.report.mustWait = true;
        return Outcome::Later;
    }
    if (!invoice)
        return refused(run, subscription, period.firstDay, invoice.error());
    run.refusedByTheStore = 0;
    run.report.closed += invoice->has_value() ? 1 : 0;
    return Outcome::Closed;
}

Result<PeriodCloser::Outcome> PeriodCloser::refused(Run& run, const Subscription& subscription,
                                                    LocalDate firstDay, const Error& reason)
{
    ++run.report.failed;
    run.failed(subscription.id, reason);
    const bool isStore = isOfTheStore(reason.code);
    run.refusedByTheStore = isStore ? run.refusedByTheStore + 1 : 0;
    if (run.refusedByTheStore >= storeRefusalsInARow)
        return reason;
    if (isOfTheMoment(reason.code))
        return Outcome::Later;
    const auto noted = setAside(subscription, firstDay, reason);
    if (noted)
        return Outcome::SetAside;
    // Not even that can be written of it; the others go on.
    return isOfTheStore(noted.error().code) ? noted.error() : Result<Outcome>(Outcome::Later);
}

Result<void> PeriodCloser::setAside(const Subscription& subscription, LocalDate firstDay, const Error& reason)
{
    const Instant now = m_invoicing.clock.now();
    const storage::AsideKey key = storage::periodKey(subscription.tenant, subscription.id, firstDay);
    return m_invoicing.storage.write(
        Scope::tenant(subscription.tenant), Priority::Money, WorkId(m_invoicing.ids.next("wrk")),
        [&](Work& work) -> Result<void> {
            const auto attempts = storage::setAside(work, {key, reason, now, backOff});
            if (!attempts)
                return attempts.error();
            if (*attempts > 1)
                return {};
            const auto noted = audit::appendEntry(
                work,
                {subscription.tenant, "clockwork", "set_aside", "subscription:" + subscription.id.text(),
                 R"({"period_start":")" + firstDay.toText() + R"(","code":")" +
                     std::string(wireName(reason.code)) + R"("})"},
                now);
            return noted ? Result<void>() : noted.error();
        });
}

/// Its periods cannot even be named: that waits at the first of them, and is told once, not at every run.
Result<void> PeriodCloser::cannotTell(Run& run, const Subscription& subscription, LocalDate firstDay,
                                      const Error& reason)
{
    const storage::AsideKey key = storage::periodKey(subscription.tenant, subscription.id, firstDay);
    const auto known = readValue(m_invoicing.storage, Scope::tenant(subscription.tenant),
                                 [&](Work& work) { return storage::findAside(work, key); });
    if (!known)
        return known.error();
    if (known->has_value())
        return {};
    const auto noted = refused(run, subscription, firstDay, reason);
    return noted ? Result<void>() : noted.error();
}

Result<ClosingReport> closeDuePeriods(const Invoicing& invoicing, const PeriodCloser::Failed& failed)
{
    PeriodCloser closer(invoicing);
    ClosingReport all;
    while (true) {
        const auto report = closer.run(failed);
        if (!report)
            return report;
        all.closed += report->closed;
        all.failed += report->failed;
        all.mustWait = report->mustWait;
        if (!report->more)
            return all;
    }
}

} // namespace billing
