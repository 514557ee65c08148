// The clockwork's billing run: every subscription's periods that are over, with their grace, become finalised
// invoices. One transaction each, so that a crash costs nothing but the rest of the run, which the next one
// does.
//
// A period that cannot be closed for a reason of its own (no tax rate, an amount that overflows, a plan that
// cannot be billed) is set aside with that reason, holds up no other, and is tried again every six hours, or
// as soon as somebody changes something (storage::retryNow). What only says that it is too early, that
// somebody else was faster or that the store refuses is tried again at the next run.
#pragma once

#include "server/invoicing/invoicing.h"
#include "server/storage/set_aside.h"
#include "server/storage/subscriptions.h"

#include <functional>
#include <map>

namespace billing {

struct ClosingReport
{
    std::int64_t closed = 0;
    std::int64_t failed = 0; ///< tries that failed, told one by one
    bool mustWait = false;   ///< usage still waits to be settled: what needs it comes at a later run
    bool more = false;       ///< to do at once: the run ended at its bound
};

class PeriodCloser
{
public:
    using Failed = std::function<void(const SubscriptionId&, const Error&)>;

    explicit PeriodCloser(const Invoicing& invoicing);

    /// What is due over all tenants, up to 12 periods of each subscription and some seconds: then the report
    /// says `more`, and the next run goes on there. It remembers how far each subscription is closed, so a
    /// run costs what is due and not what ever was. Refuses as storage. Belongs to one thread.
    Result<ClosingReport> run(const Failed& failed);

private:
    enum class Outcome
    {
        Closed,
        SetAside,
        Later ///< nothing of it is to blame
    };
    struct Run;

    Result<void> closeAgain(Run& run);
    Result<void> closeAgain(Run& run, const storage::AsideRow& row);
    Result<void> walk(Run& run);
    Result<void> closeSome(Run& run, const Subscription& subscription);
    Result<Outcome> close(Run& run, const Subscription& subscription, const BillingPeriod& period);
    Result<Outcome> refused(Run& run, const Subscription& subscription, LocalDate firstDay,
                            const Error& reason);
    Result<void> setAside(const Subscription& subscription, LocalDate firstDay, const Error& reason);
    Result<void> cannotTell(Run& run, const Subscription& subscription, LocalDate firstDay,
                            const Error& reason);

    const Invoicing& m_invoicing;
    std::map<SubscriptionId, LocalDate> m_doneBefore; ///< all periods that begin earlier are closed or aside
    std::optional<storage::SubscriptionKey> m_after;  ///< where the walk stands
};

/// Runs until nothing is due any more or usage must be settled first. Refuses as storage.
Result<ClosingReport> closeDuePeriods(const Invoicing& invoicing, const PeriodCloser::Failed& failed);

} // namespace billing
