#include "server/jobs/close_due_periods.h"

#include "server/invoicing/close_period.h"
#include "server/storage/subscriptions.h"

namespace billing {

namespace {

constexpr int pageSize = 200;

/// Closes what is due of one subscription, oldest period first; a refusal leaves the later ones for the next
/// run, since numbers follow time.
Result<std::int64_t> closeOne(const Invoicing& invoicing, const Subscription& subscription)
{
    const auto due = duePeriods(invoicing, subscription);
    if (!due)
        return due.error();
    std::int64_t closed = 0;
    for (const BillingPeriod& period : *due) {
        const auto invoice = closePeriod(invoicing, subscription, period, "clockwork");
        if (!invoice)
            return invoice.error();
        closed += invoice->has_value() ? 1 : 0;
    }
    return closed;
}

} // namespace

Result<ClosingReport> closeDuePeriods(const Invoicing& invoicing,
                                      const std::function<void(const SubscriptionId&, const Error&)>& failed)
{
    ClosingReport report;
    std::optional<storage::SubscriptionKey> after;
    while (true) {
        const auto page =
            readValue(invoicing.storage, Scope::allTenants("close_due_periods"),
                      [&](Work& work) { return storage::listSubscriptions(work, after, pageSize); });
        if (!page)
            return page.error();
        for (const Subscription& subscription : *page) {
            const auto closed = closeOne(invoicing, subscription);
            if (closed) {
                report.closed += *closed;
                continue;
            }
            if (closed.error().code == ErrorCode::UsageNotSettled) {
                report.mustWait = true;
                return report;
            }
            ++report.failed;
            failed(subscription.id, closed.error());
        }
        if (page->size() < pageSize)
            return report;
        after = storage::SubscriptionKey{page->back().tenant, page->back().id};
    }
}

} // namespace billing
