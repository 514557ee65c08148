#include "server/storage/invoices.h"

#include "server/storage/sql/stored.h"

namespace billing::storage {

using sql::Blob;
using sql::Row;
using sql::Session;
using sql::Value;

namespace {

std::string_view view(const std::string& text)
{
    return text;
}

std::optional<std::string> dateText(const std::optional<LocalDate>& date)
{
    return date ? std::optional(date->toText()) : std::nullopt;
}

std::optional<std::int64_t> microsOf(const std::optional<Instant>& at)
{
    return at ? std::optional(at->micros()) : std::nullopt;
}

Result<std::optional<LocalDate>> optionalDate(const std::optional<std::string>& text)
{
    if (!text)
        return std::optional<LocalDate>();
    const auto date = LocalDate::parse(*text);
    return date ? Result<std::optional<LocalDate>>(*date) : date.error();
}

#define BILLING_INVOICE_COLUMNS                                                                              \
    "invoice_id, tenant_id, subscription_id, status, issuer, series, series_number, number, first_day, "     \
    "end_day, "                                                                                              \
    "range_start, range_end, currency, net, tax, total, issue_date, due_date, created_at, finalised_at, "    \
    "snapshot_sha256, sealed_snapshot"

struct InvoiceDates
{
    LocalDate firstDay;
    LocalDate endDay;
    std::optional<LocalDate> issued;
    std::optional<LocalDate> due;
};

Result<InvoiceDates> datesOf(const Row& row)
{
    const auto firstDay = sql::stored(LocalDate::parse(row.text(8)), "invoice.first_day");
    if (!firstDay)
        return firstDay.error();
    const auto endDay = sql::stored(LocalDate::parse(row.text(9)), "invoice.end_day");
    if (!endDay)
        return endDay.error();
    const auto issued = sql::stored(optionalDate(row.optionalText(16)), "invoice.issue_date");
    if (!issued)
        return issued.error();
    const auto due = sql::stored(optionalDate(row.optionalText(17)), "invoice.due_date");
    if (!due)
        return due.error();
    return InvoiceDates{*firstDay, *endDay, *issued, *due};
}

Result<InvoiceRow> invoiceOf(const Row& row)
{
    const auto currency = sql::stored(Currency::parse(row.text(12)), "invoice.currency");
    if (!currency)
        return currency.error();
    const auto status = sql::stored(parseInvoiceStatus(row.text(3)), "invoice.status");
    if (!status)
        return status.error();
    const auto dates = datesOf(row);
    if (!dates)
        return dates.error();
    const auto finalisedAt = row.optionalInteger(19);
    return InvoiceRow{InvoiceId(row.text(0)),
                      TenantId(row.text(1)),
                      SubscriptionId(row.text(2)),
                      *status,
                      row.text(4),
                      row.text(5),
                      row.optionalInteger(6),
                      row.optionalText(7),
                      {dates->firstDay,
                       dates->endDay,
                       {Instant::fromMicros(row.integer(10)), Instant::fromMicros(row.integer(11))}},
                      Money::fromMinor(row.integer(13), *currency),
                      Money::fromMinor(row.integer(14), *currency),
                      Money::fromMinor(row.integer(15), *currency),
                      dates->issued,
                      dates->due,
                      Instant::fromMicros(row.integer(18)),
                      finalisedAt ? std::optional(Instant::fromMicros(*finalisedAt)) : std::nullopt,
                      row.text(20),
                      row.text(21)};
}

Disposition dispositionOf(std::string_view name)
{
    return name == "billed"       ? Disposition::Billed
           : name == "over_limit" ? Disposition::OverLimit
                                  : Disposition::NoPrice;
}

Result<InvoiceUsageRow> usageOf(const Row& row)
{
    const auto quantity = sql::stored(Decimal::parseTotal(row.text(7)), "invoice_usage.quantity");
    if (!quantity)
        return quantity.error();
    return InvoiceUsageRow{MeterCode(row.text(0)),
                           static_cast<int>(row.integer(1)),
                           row.text(2),
                           {{Instant::fromMicros(row.integer(3)), Instant::fromMicros(row.integer(4))},
                            SettleNumber(row.integer(5)),
                            SettleNumber(row.integer(6))},
                           *quantity,
                           row.integer(8),
                           dispositionOf(row.text(9))};
}

Result<void> insertLines(Session& session, const Invoice& invoice)
{
    for (const InvoiceLine& line : invoice.lines) {
        const RatedLine& rated = line.rated;
        const std::string quantity = rated.quantity.toText();
        const std::string price = rated.unitPrice.toText();
        const std::string divisor = rated.unitDivisor.toText();
        const auto meter = rated.meter ? std::optional(rated.meter->text()) : std::nullopt;
        const auto done =
            session.execute("INSERT INTO invoice_line (tenant_id, invoice_id, line_no, charge_code, "
                            "meter_code, dimension_key, quantity, "
                            "unit_price, unit_divisor, tax_category, currency, amount) VALUES (?, ?, ?, ?, "
                            "?, ?, ?, ?, ?, ?, ?, ?)",
                            {view(invoice.tenant.text()), view(invoice.id.text()), std::int64_t{line.number},
                             view(rated.chargeCode), sql::nullable(meter), view(rated.dimensionKey),
                             view(quantity), view(price), view(divisor), wireName(line.taxCategory),
                             rated.amount.currency().code(), rated.amount.minorUnits()});
        if (!done)
            return done.error();
    }
    return {};
}

Result<void> insertTaxes(Session& session, const Invoice& invoice)
{
    std::int64_t ordinal = 0;
    for (const TaxLine& tax : invoice.taxes) {
        const std::string rate = tax.rate.toText();
        const auto done = session.execute("INSERT INTO invoice_tax (tenant_id, invoice_id, ordinal, "
                                          "category, name, rate, base, tax) VALUES "
                                          "(?, ?, ?, ?, ?, ?, ?, ?)",
                                          {view(invoice.tenant.text()), view(invoice.id.text()), ++ordinal,
                                           wireName(tax.category), view(tax.name), view(rate),
                                           tax.base.minorUnits(), tax.tax.minorUnits()});
        if (!done)
            return done.error();
    }
    return {};
}

std::string_view wireName(Disposition disposition)
{
    switch (disposition) {
    case Disposition::Billed:
        return "billed";
    case Disposition::OverLimit:
        return "over_limit";
    case Disposition::NoPrice:
        return "no_price";
    }
    assertionFailed("a known Disposition", __FILE__, __LINE__);
}

Result<void> insertUsage(Session& session, const Invoice& invoice, std::span<const InvoiceUsageRow> usage)
{
    for (const InvoiceUsageRow& row : usage) {
        const std::string quantity = row.quantity.toText();
        const auto done = session.execute(
            "INSERT INTO invoice_usage (tenant_id, invoice_id, meter_code, meter_version, dimension_key, "
            "range_start, "
            "range_end, settle_after, settle_upto, quantity, events, disposition) VALUES "
            "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            {view(invoice.tenant.text()), view(invoice.id.text()), view(row.meter.text()),
             std::int64_t{row.meterVersion}, view(row.dimensionKey), row.range.range.start.micros(),
             row.range.range.end.micros(), row.range.after.number(), row.range.upTo.number(), view(quantity),
             row.events, wireName(row.disposition)});
        if (!done)
            return done.error();
    }
    return {};
}

} // namespace

Result<void> insertInvoice(Work& work, const InvoiceRow& row)
{
    const std::string firstDay = row.period.firstDay.toText();
    const std::string endDay = row.period.endDay.toText();
    const auto issueDate = dateText(row.issueDate);
    const auto dueDate = dateText(row.dueDate);
    const auto done = work.session().execute(
        "INSERT INTO invoice (" BILLING_INVOICE_COLUMNS
        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (tenant_id, subscription_id, range_start) WHERE status <> 'void' DO NOTHING",
        {view(row.id.text()),
         view(row.tenant.text()),
         view(row.subscription.text()),
         billing::wireName(row.status),
         view(row.issuer),
         view(row.series),
         sql::nullable(row.seriesNumber),
         sql::nullable(row.number),
         view(firstDay),
         view(endDay),
         row.period.range.start.micros(),
         row.period.range.end.micros(),
         row.total.currency().code(),
         row.net.minorUnits(),
         row.tax.minorUnits(),
         row.total.minorUnits(),
         sql::nullable(issueDate),
         sql::nullable(dueDate),
         row.createdAt.micros(),
         sql::nullable(microsOf(row.finalisedAt)),
         Blob{row.snapshotSha256},
         Blob{row.sealedSnapshot}});
    if (!done)
        return done.error();
    return *done == 1 ? Result<void>() : Error{ErrorCode::PeriodAlreadyInvoiced, "period_start"};
}

Result<void> replaceDraft(Work& work, const InvoiceRow& row)
{
    const auto issueDate = dateText(row.issueDate);
    const auto dueDate = dateText(row.dueDate);
    const auto done = work.session().execute(
        "UPDATE invoice SET status = ?, issuer = ?, series = ?, series_number = ?, number = ?, net = ?, tax "
        "= ?, total = ?, "
        "issue_date = ?, "
        "due_date = ?, finalised_at = ?, snapshot_sha256 = ?, sealed_snapshot = ? "
        "WHERE tenant_id = ? AND invoice_id = ? AND status = 'draft'",
        {billing::wireName(row.status), view(row.issuer), view(row.series), sql::nullable(row.seriesNumber),
         sql::nullable(row.number), row.net.minorUnits(), row.tax.minorUnits(), row.total.minorUnits(),
         sql::nullable(issueDate), sql::nullable(dueDate), sql::nullable(microsOf(row.finalisedAt)),
         Blob{row.snapshotSha256}, Blob{row.sealedSnapshot}, view(row.tenant.text()), view(row.id.text())});
    if (!done)
        return done.error();
    return *done == 1 ? Result<void>() : Error{ErrorCode::InvoiceNotDraft, "invoice_id"};
}

Result<void> removeInvoiceParts(Work& work, const TenantId& tenant, const InvoiceId& id)
{
    for (const char* statement : {"DELETE FROM invoice_line WHERE tenant_id = ? AND invoice_id = ?",
                                  "DELETE FROM invoice_tax WHERE tenant_id = ? AND invoice_id = ?",
                                  "DELETE FROM invoice_usage WHERE tenant_id = ? AND invoice_id = ?"}) {
        const auto done = work.session().execute(statement, {view(tenant.text()), view(id.text())});
        if (!done)
            return done.error();
    }
    return {};
}

Result<void> removeDraft(Work& work, const TenantId& tenant, const InvoiceId& id)
{
    const auto removed = removeInvoiceParts(work, tenant, id);
    if (!removed)
        return removed;
    const auto done = work.session().execute(
        "DELETE FROM invoice WHERE tenant_id = ? AND invoice_id = ? AND status = 'draft'",
        {view(tenant.text()), view(id.text())});
    if (!done)
        return done.error();
    return *done == 1 ? Result<void>() : Error{ErrorCode::InvoiceNotDraft, "invoice_id"};
}

Result<void> insertInvoiceParts(Work& work, const Invoice& invoice, std::span<const InvoiceUsageRow> usage)
{
    return insertLines(work.session(), invoice)
        .and_then([&] { return insertTaxes(work.session(), invoice); })
        .and_then([&] { return insertUsage(work.session(), invoice, usage); });
}

Result<std::optional<InvoiceRow>> findInvoice(Work& work, const TenantId& tenant, const InvoiceId& id)
{
    return sql::queryFirst(work.session(),
                           "SELECT " BILLING_INVOICE_COLUMNS
                           " FROM invoice WHERE tenant_id = ? AND invoice_id = ?",
                           {view(tenant.text()), view(id.text())}, invoiceOf);
}

Result<std::optional<InvoiceRow>> findInvoiceOfPeriod(Work& work, const TenantId& tenant,
                                                      const SubscriptionId& subscription, Instant rangeStart)
{
    return sql::queryFirst(work.session(),
                           "SELECT " BILLING_INVOICE_COLUMNS
                           " FROM invoice WHERE tenant_id = ? AND subscription_id = ? AND "
                           "range_start = ? AND status <> 'void'",
                           {view(tenant.text()), view(subscription.text()), rangeStart.micros()}, invoiceOf);
}

Result<std::vector<Instant>> finalisedPeriods(Work& work, const TenantId& tenant,
                                              const SubscriptionId& subscription, const InstantRange& range)
{
    // The first condition on the status names the index, the second is meant.
    return sql::queryAll(
        work.session(),
        "SELECT range_start FROM invoice WHERE tenant_id = ? AND subscription_id = ? AND "
        "range_start >= ? AND range_start < ? AND status <> 'void' AND status = 'finalised' "
        "ORDER BY range_start",
        {view(tenant.text()), view(subscription.text()), range.start.micros(), range.end.micros()},
        [](const Row& row) -> Result<Instant> { return Instant::fromMicros(row.integer(0)); });
}

Result<std::optional<std::string>> numberOfInvoice(Work& work, const TenantId& tenant, const InvoiceId& id)
{
    return queryOne(
        work.session(),
        "SELECT number FROM invoice WHERE tenant_id = ? AND invoice_id = ? AND number IS NOT NULL",
        {view(tenant.text()), view(id.text())}, [](const Row& row) { return row.text(0); });
}

Result<std::optional<TenantId>> tenantOfInvoice(Work& work, const InvoiceId& id)
{
    return queryOne(work.session(), "SELECT tenant_id FROM invoice WHERE invoice_id = ?", {view(id.text())},
                    [](const Row& row) { return TenantId(row.text(0)); });
}

Result<std::vector<InvoiceRow>> listInvoices(Work& work, const InvoiceFilter& filter)
{
    // Each filter is either NULL or the value wanted, so that one text serves every combination.
    const auto tenant = filter.tenant ? std::optional(filter.tenant->text()) : std::nullopt;
    const auto status =
        filter.status ? std::optional(std::string(billing::wireName(*filter.status))) : std::nullopt;
    const std::string afterTenant = filter.after ? filter.after->first : std::string();
    const std::string afterId = filter.after ? filter.after->second : std::string();
    return sql::queryAll(
        work.session(),
        "SELECT " BILLING_INVOICE_COLUMNS " FROM invoice WHERE tenant_id = coalesce(?, tenant_id) AND "
        "status = coalesce(?, status) AND (tenant_id, invoice_id) > (?, ?) ORDER BY tenant_id, invoice_id "
        "LIMIT ?",
        {sql::nullable(tenant), sql::nullable(status), view(afterTenant), view(afterId), filter.limit},
        invoiceOf);
}

Result<std::vector<InvoiceUsageRow>> invoiceUsage(Work& work, const TenantId& tenant, const InvoiceId& id)
{
    return sql::queryAll(
        work.session(),
        "SELECT meter_code, meter_version, dimension_key, range_start, range_end, settle_after, settle_upto, "
        "quantity, "
        "events, disposition FROM invoice_usage WHERE tenant_id = ? AND invoice_id = ? "
        "ORDER BY meter_code, meter_version, dimension_key",
        {view(tenant.text()), view(id.text())}, usageOf);
}

Result<SeriesPosition> takeNumber(Work& work, std::string_view issuer, std::string_view series)
{
    const auto found = sql::queryFirst(
        work.session(),
        "INSERT INTO invoice_series (issuer, series, last_number, last_issue_date) VALUES (?, ?, 1, '') "
        "ON CONFLICT (issuer, series) DO UPDATE SET last_number = invoice_series.last_number + 1 RETURNING "
        "last_number, "
        "last_issue_date",
        {issuer, series}, [](const Row& row) -> Result<SeriesPosition> {
            const std::string text = row.text(1);
            const auto date = sql::stored(optionalDate(text.empty() ? std::nullopt : std::optional(text)),
                                          "invoice_series.last_issue_date");
            return date ? Result<SeriesPosition>(SeriesPosition{row.integer(0), *date}) : date.error();
        });
    return found ? Result<SeriesPosition>(**found) : found.error();
}

Result<bool> claimNumber(Work& work, const NumberClaim& claim)
{
    const auto done = work.session().execute("INSERT INTO issued_number (issuer, number, series, "
                                             "series_number) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                                             {claim.issuer, claim.number, claim.series, claim.seriesNumber});
    return done ? Result<bool>(*done == 1) : done.error();
}

Result<void> recordIssueDate(Work& work, std::string_view issuer, std::string_view series, LocalDate date)
{
    const std::string text = date.toText();
    const auto done = work.session().execute(
        "UPDATE invoice_series SET last_issue_date = ? WHERE issuer = ? AND series = ?",
        {view(text), issuer, series});
    return done ? Result<void>() : done.error();
}

} // namespace billing::storage
