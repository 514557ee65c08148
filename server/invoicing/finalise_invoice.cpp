#include "server/invoicing/finalise_invoice.h"

#include "server/audit/append_entry.h"
#include "server/invoicing/draw_invoice.h"
#include "server/invoicing/numbering.h"
#include "server/ledger/post_invoice.h"
#include "server/secrets/sha256.h"
#include "server/storage/journal.h"
#include "server/storage/ledger_entries.h"
#include "server/storage/set_aside.h"
#include "server/storage/subscriptions.h"
#include "server/storage/usage.h"
#include "shared/calendar/time_zone.h"
#include "shared/wire/invoice_json.h"
#include "shared/wire/json_text.h"

#include <algorithm>

namespace billing {

namespace {

Result<void> mayBeFinalised(Work& work, const Invoicing& invoicing, const storage::InvoiceRow& row,
                            Finalising moment)
{
    if (row.status != InvoiceStatus::Draft)
        return Error{ErrorCode::InvoiceNotDraft, "invoice_id"};
    if (moment.now < row.period.range.end.plus(invoicing.grace))
        return Error{ErrorCode::GracePeriodRunning, "invoice_id", "late usage may still arrive"};
    const auto waiting = storage::anyWaitingBefore(work, moment.cut.plus(Duration(1)));
    if (!waiting)
        return waiting.error();
    if (*waiting)
        return Error{ErrorCode::UsageNotSettled, "usage", "accepted usage still waits to be metered"};
    return {};
}

Result<DrawnInvoice> drawAnew(Work& work, const Invoicing& invoicing, const storage::InvoiceRow& row)
{
    // Lock order: head, counter, chain (DESIGN decision 16).
    const auto head = storage::lockHead(work, row.tenant);
    if (!head)
        return head.error();
    const auto subscription = storage::findSubscription(work, row.tenant, row.subscription);
    if (!subscription)
        return subscription.error();
    BILLING_ASSERT(subscription->has_value()); // a foreign key holds it
    return drawInvoice(work, invoicing, {row.id, **subscription, row.period, *head});
}

Result<IssuedNumber> giveNumber(Work& work, const Invoicing& invoicing, Invoice& invoice, Instant now)
{
    const auto zone = TimeZone::find(invoicing.issuer.timeZone);
    if (!zone)
        return zone.error();
    auto issued = issueNumber(work, invoicing.issuer, zone->dateOf(now));
    if (!issued)
        return issued;
    invoice.status = InvoiceStatus::Finalised;
    invoice.number = issued->text;
    invoice.issueDate = issued->issueDate;
    invoice.dueDate = issued->issueDate.plusDays(invoice.netDays);
    return issued;
}

Result<void> post(Work& work, const Invoicing& invoicing, const Invoice& invoice, Instant now)
{
    const auto posting = postInvoice(invoice);
    if (!posting)
        return posting.error();
    if (!posting->has_value()) // nothing to pay: nothing to post
        return {};
    return storage::insertPosting(work, LedgerTransactionId(invoicing.ids.next("ltx")), **posting, now);
}

Result<void> noLongerAside(Work& work, const Invoice& invoice)
{
    const auto gone = storage::forgetAside(
        work, storage::periodKey(invoice.tenant, invoice.subscription, invoice.period.firstDay));
    return gone ? Result<void>() : gone.error();
}

std::string auditBody(const Invoice& invoice)
{
    std::string body = R"({"number":)";
    wire::appendJsonString(body, *invoice.number); // a pattern may hold quotes
    return body + R"(,"snapshot_sha256":")" + secrets::toHex(secrets::sha256(wire::encodeInvoice(invoice))) +
           R"(","usage_digest":")" + invoice.usageDigest + R"("})";
}

} // namespace

Instant cutOf(const Invoicing& invoicing, const storage::InvoiceRow& draft)
{
    return std::max(draft.period.range.end.plus(invoicing.grace), draft.createdAt);
}

Result<Invoice> finaliseWithin(Work& work, const Invoicing& invoicing, const storage::InvoiceRow& draft,
                               std::string_view actor, Finalising moment)
{
    const auto allowed = mayBeFinalised(work, invoicing, draft, moment);
    if (!allowed)
        return allowed.error();
    const Instant now = moment.now;
    auto drawn = drawAnew(work, invoicing, draft);
    if (!drawn)
        return drawn.error();
    Invoice& invoice = drawn->invoice;
    const auto issued = giveNumber(work, invoicing, invoice, now);
    if (!issued)
        return issued.error();
    const InvoiceFiling filing{invoicing.issuer.code, invoicing.issuer.series, issued->seriesNumber,
                               draft.createdAt, now};
    const auto kept = invoicing.records.replace(work, invoice, filing, drawn->usage)
                          .and_then([&] { return noLongerAside(work, invoice); })
                          .and_then([&] { return post(work, invoicing, invoice, now); })
                          .and_then([&] {
                              return audit::appendEntry(work,
                                                        {invoice.tenant, std::string(actor), "finalise",
                                                         "invoice:" + invoice.id.text(), auditBody(invoice)},
                                                        now);
                          });
    return kept ? Result<Invoice>(std::move(invoice)) : kept.error();
}

Result<Invoice> finaliseInvoice(const Invoicing& invoicing, const TenantId& tenant, const InvoiceId& id,
                                std::string_view actor)
{
    return finaliseInvoice(invoicing, {tenant, id, std::string(actor)});
}

Result<Invoice> finaliseInvoice(const Invoicing& invoicing, const FinaliseInvoice& command)
{
    const Instant now = invoicing.clock.now();
    return writeValue(invoicing.storage, Scope::tenant(command.tenant), Priority::Money,
                      WorkId(invoicing.ids.next("wrk")), [&](Work& work) -> Result<Invoice> {
                          const auto row = storage::findInvoice(work, command.tenant, command.id);
                          if (!row)
                              return row.error();
                          if (!row->has_value())
                              return Error{ErrorCode::NotFound, "invoice_id"};
                          auto invoice = finaliseWithin(work, invoicing, **row, command.actor,
                                                        {now, cutOf(invoicing, **row)});
                          return alsoWriting(work, std::move(invoice), command.also);
                      });
}

} // namespace billing
