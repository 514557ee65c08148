// Invoices as stored: clear columns for lists, sums and invariants, and the sealed snapshot that is the
// invoice. Lines, taxes and billed usage ranges stand beside it. Numbers come from a counter row locked in
// the finalising transaction.
#pragma once

#include "server/storage/storage.h"
#include "shared/model/invoice.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace billing::storage {

struct InvoiceRow
{
    InvoiceId id;
    TenantId tenant;
    SubscriptionId subscription;
    InvoiceStatus status;
    std::string issuer;
    std::string series;
    std::optional<std::int64_t> seriesNumber;
    std::optional<std::string> number;
    BillingPeriod period;
    Money net;
    Money tax;
    Money total;
    std::optional<LocalDate> issueDate;
    std::optional<LocalDate> dueDate;
    Instant createdAt;
    std::optional<Instant> finalisedAt;
    std::string snapshotSha256; ///< 32 bytes
    std::string sealedSnapshot;
};

enum class Disposition
{
    Billed,
    OverLimit,
    NoPrice
};

/// A stretch of usage an invoice accounts for: settle numbers in (after, upTo] of one meter and key.
struct InvoiceUsageRow
{
    MeterCode meter;
    int meterVersion;
    std::string dimensionKey;
    UsageRange range;
    Decimal quantity;
    std::int64_t events;
    Disposition disposition;
};

struct InvoiceFilter
{
    std::optional<TenantId> tenant = {};
    std::optional<InvoiceStatus> status = {};
    /// Keyset: invoices after this (tenant, invoice) in ascending order.
    std::optional<std::pair<std::string, std::string>> after = {};
    std::int64_t limit = 50;
};

/// Refuses PeriodAlreadyInvoiced when the subscription has a non-void invoice for the period.
Result<void> insertInvoice(Work& work, const InvoiceRow& row);
/// Replaces a draft by a row with the same id. Refuses InvoiceNotDraft when no draft has it.
Result<void> replaceDraft(Work& work, const InvoiceRow& row);
/// Removes a draft with its lines, taxes and usage. Refuses InvoiceNotDraft.
Result<void> removeDraft(Work& work, const TenantId& tenant, const InvoiceId& id);

/// Lines, taxes and usage ranges of an invoice that has none yet.
Result<void> insertInvoiceParts(Work& work, const Invoice& invoice, std::span<const InvoiceUsageRow> usage);
/// Forgets the parts of a draft, before they are written anew.
Result<void> removeInvoiceParts(Work& work, const TenantId& tenant, const InvoiceId& id);

Result<std::optional<InvoiceRow>> findInvoice(Work& work, const TenantId& tenant, const InvoiceId& id);
Result<std::optional<InvoiceRow>> findInvoiceOfPeriod(Work& work, const TenantId& tenant,
                                                      const SubscriptionId& subscription, Instant rangeStart);
/// Where the finalised periods of a subscription begin that begin in the range, in one question.
Result<std::vector<Instant>> finalisedPeriods(Work& work, const TenantId& tenant,
                                              const SubscriptionId& subscription, const InstantRange& range);
/// As printed; nothing for drafts and unknown ids.
Result<std::optional<std::string>> numberOfInvoice(Work& work, const TenantId& tenant, const InvoiceId& id);
/// In any tenant; for callers whose scope is all tenants.
Result<std::optional<TenantId>> tenantOfInvoice(Work& work, const InvoiceId& id);
Result<std::vector<InvoiceRow>> listInvoices(Work& work, const InvoiceFilter& filter);
Result<std::vector<InvoiceUsageRow>> invoiceUsage(Work& work, const TenantId& tenant, const InvoiceId& id);

struct SeriesPosition
{
    std::int64_t number;
    std::optional<LocalDate> lastIssueDate; ///< of the number before
};

/// Locks the series and takes its next number; the first is 1.
Result<SeriesPosition> takeNumber(Work& work, std::string_view issuer, std::string_view series);
struct NumberClaim
{
    std::string_view issuer;
    std::string_view series;
    std::int64_t seriesNumber;
    std::string_view number; ///< as printed
};

/// Notes a number as given out. False when its issuer has given it out before; then nothing is noted.
Result<bool> claimNumber(Work& work, const NumberClaim& claim);
/// Records the issue date that went with the number taken last.
Result<void> recordIssueDate(Work& work, std::string_view issuer, std::string_view series, LocalDate date);

} // namespace billing::storage
