#include "server/invoicing/invoice_warnings.h"

#include "server/ledger/post_invoice.h"
#include "server/rating/listed_values.h"
#include "server/storage/journal.h"
#include "server/storage/number_preview.h"
#include "shared/calendar/time_zone.h"
#include "shared/model/number_pattern.h"

#include <algorithm>
#include <map>
#include <set>

namespace billing {

namespace {

using Warnings = std::vector<InvoiceWarning>;

constexpr std::size_t mostValuesTold = 50;

InvoiceWarning of(ErrorCode code, std::string subject, std::string detail)
{
    return {std::string(wireName(code)), std::move(subject), std::move(detail)};
}

void warnOfTime(Warnings& warnings, const Invoicing& invoicing, const WarningSubject& subject)
{
    const Instant end = subject.drawn.invoice.period.range.end;
    const Instant from = end.plus(invoicing.grace);
    const std::string when = "it can be finalised from " + from.toText();
    if (subject.now < end)
        warnings.push_back(of(ErrorCode::PeriodNotOver, "period_end", "usage may still come; " + when));
    else if (subject.now < from)
        warnings.push_back(of(ErrorCode::GracePeriodRunning, "period_end", "late usage may arrive; " + when));
    const Subscription& subscription = subject.subscription;
    if (subject.drawn.invoice.period.firstDay < subscription.billFrom)
        warnings.push_back(of(ErrorCode::BeforeBillFrom, "period_start",
                              "the subscription is billed from " + subscription.billFrom.toText() +
                                  ", and this period only because it is asked for"));
}

Result<void> warnOfOtherInvoice(Work& work, Warnings& warnings, const Invoice& invoice)
{
    const auto other =
        storage::findInvoiceOfPeriod(work, invoice.tenant, invoice.subscription, invoice.period.range.start);
    if (!other)
        return other.error();
    if (other->has_value() && (*other)->id != invoice.id)
        warnings.push_back(of(ErrorCode::PeriodAlreadyInvoiced, "period_start", (*other)->id.text()));
    return {};
}

Result<void> warnOfWaitingUsage(Work& work, Warnings& warnings, const Invoicing& invoicing,
                                const WarningSubject& subject)
{
    // The cut of a draft made now.
    const Instant cut = std::max(subject.drawn.invoice.period.range.end.plus(invoicing.grace), subject.now);
    const auto waiting = storage::anyWaitingBefore(work, cut.plus(Duration(1)));
    if (!waiting)
        return waiting.error();
    if (*waiting)
        warnings.push_back(of(ErrorCode::UsageNotSettled, "usage",
                              "accepted usage still waits to be metered and may change the amounts"));
    return {};
}

Result<void> warnOfNumber(Work& work, Warnings& warnings, const Invoicing& invoicing, Instant now)
{
    const Issuer& issuer = invoicing.issuer;
    const auto zone = TimeZone::find(issuer.timeZone);
    if (!zone)
        return zone.error();
    const auto next = storage::nextNumber(work, issuer.code, issuer.series);
    if (!next)
        return next.error();
    const LocalDate today = zone->dateOf(now);
    const LocalDate date = std::max(today, next->lastIssueDate.value_or(today));
    const std::string number = formatNumber(issuer.numberPattern, issuer.series, date, next->number);
    const auto isIssued = storage::isNumberIssued(work, issuer.code, number);
    if (!isIssued)
        return isIssued.error();
    if (*isIssued)
        warnings.push_back(of(ErrorCode::InvoiceNumberTaken, "number",
                              "the next number, " + number + ", was given out before"));
    return {};
}

/// Values that only a fallback prices: meant, or a typing error.
Result<void> warnOfFallback(Warnings& warnings, const Invoicing& invoicing, const WarningSubject& subject)
{
    const Subscription& subscription = subject.subscription;
    const auto plan = planVersion(invoicing.catalog, subscription.plan, subscription.planVersion);
    if (!plan)
        return plan.error();
    std::vector<RatedLine> lines;
    for (const InvoiceLine& line : subject.drawn.invoice.lines)
        lines.push_back(line.rated);
    std::set<std::string> told; // a value has a line for each step and each other dimension
    for (const FallbackPriced& found : pricedByFallback(*plan, lines)) {
        const std::string value = found.dimension + "=" + found.value;
        if (!told.insert(found.meter.text() + " " + value).second)
            continue;
        if (told.size() > mostValuesTold) {
            warnings.push_back({"unlisted_value", {}, "and more: see GET /unlisted-values"});
            break;
        }
        warnings.push_back({"unlisted_value", found.meter.text(),
                            value + " has no price of its own, so the fallback's was taken" +
                                (found.hint.empty() ? "" : "; " + found.hint + " has one")});
    }
    return {};
}

std::string_view nameOf(UnbilledReason reason)
{
    return reason == UnbilledReason::OverLimit ? "over_limit" : "no_price";
}

} // namespace

Warnings warningsOf(const DrawnInvoice& drawn)
{
    Warnings warnings;
    // One for each meter and reason: an invoice lists the keys, of which there may be thousands.
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> keys;
    for (const UnbilledUsage& usage : drawn.invoice.unbilled)
        keys[{usage.meter.text(), std::string(nameOf(usage.reason))}].push_back(usage.dimensionKey);
    for (const auto& [what, which] : keys) {
        const std::string count = std::to_string(which.size());
        warnings.push_back({what.second, what.first,
                            "usage on no line, listed under unbilled: " + count +
                                (which.size() == 1 ? " combination" : " combinations") + " of dimensions"});
    }
    const BankDetails& bank = drawn.invoice.bank;
    if (bank.iban.empty() && bank.otherAccount.empty() && drawn.invoice.total.minorUnits() > 0)
        warnings.push_back({"no_bank_account", "bank", "the invoice does not say where to pay"});
    return warnings;
}

Result<Warnings> finalisingWarnings(Work& work, const Invoicing& invoicing, const WarningSubject& subject)
{
    const Invoice& invoice = subject.drawn.invoice;
    if (const auto posting = postInvoice(invoice); !posting)
        return posting.error();
    Warnings warnings;
    warnOfTime(warnings, invoicing, subject);
    const auto asked = warnOfOtherInvoice(work, warnings, invoice)
                           .and_then([&] { return warnOfWaitingUsage(work, warnings, invoicing, subject); })
                           .and_then([&] { return warnOfNumber(work, warnings, invoicing, subject.now); })
                           .and_then([&] { return warnOfFallback(warnings, invoicing, subject); });
    if (!asked)
        return asked.error();
    for (InvoiceWarning& shown : warningsOf(subject.drawn))
        warnings.push_back(std::move(shown));
    if (invoicing.printCheck)
        for (InvoiceWarning& shown : invoicing.printCheck(invoice))
            warnings.push_back(std::move(shown));
    return warnings;
}

} // namespace billing
