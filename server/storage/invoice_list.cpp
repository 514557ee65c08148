#include "server/storage/invoice_list.h"

#include "server/storage/sql/stored.h"

namespace billing::storage {

namespace {

using sql::Row;

// The page's keys are found in the index invoice_newest alone; only its rows are then read whole.
#define BILLING_INVOICE_PAGE(condition)                                                                      \
    "SELECT invoice.invoice_id, invoice.tenant_id, invoice.subscription_id, invoice.status, "                \
    "invoice.number, "                                                                                       \
    "invoice.first_day, invoice.end_day, invoice.currency, invoice.net, invoice.tax, invoice.total, "        \
    "invoice.issue_date, invoice.due_date, tenant.legal_name, subscription.plan_code, "                      \
    "subscription.plan_version "                                                                             \
    "FROM (SELECT tenant_id AS page_tenant, invoice_id AS page_invoice FROM invoice WHERE " condition        \
    "status = coalesce(?, status) AND coalesce(issue_date, '') >= ? AND coalesce(issue_date, '') <= ? AND "  \
    "(invoice_id, tenant_id) < (?, ?) ORDER BY invoice_id DESC, tenant_id DESC LIMIT ?) AS page "            \
    "JOIN invoice ON invoice.tenant_id = page_tenant AND invoice.invoice_id = page_invoice "                 \
    "JOIN tenant ON tenant.tenant_id = page_tenant "                                                         \
    "JOIN subscription ON subscription.tenant_id = page_tenant "                                             \
    "AND subscription.subscription_id = invoice.subscription_id "                                            \
    "ORDER BY invoice.invoice_id DESC, invoice.tenant_id DESC"

#define BILLING_HAS_TEXT                                                                                     \
    "(lower(number) LIKE ? ESCAPE '\\' OR tenant_id IN "                                                     \
    "(SELECT tenant_id FROM tenant WHERE lower(legal_name) LIKE ? ESCAPE '\\')) AND "

/// Behind every identifier that is made here: they are ASCII letters, digits, "-" and "_".
constexpr std::string_view last = "~";

Result<std::optional<LocalDate>> optionalDate(const Row& row, int column, std::string_view name)
{
    const auto text = row.optionalText(column);
    if (!text)
        return std::optional<LocalDate>();
    const auto date = sql::stored(LocalDate::parse(*text), name);
    return date ? Result<std::optional<LocalDate>>(*date) : date.error();
}

Result<ListedInvoice> listedOf(const Row& row)
{
    const auto status = sql::stored(parseInvoiceStatus(row.text(3)), "invoice.status");
    if (!status)
        return status.error();
    const auto firstDay = sql::stored(LocalDate::parse(row.text(5)), "invoice.first_day");
    if (!firstDay)
        return firstDay.error();
    const auto endDay = sql::stored(LocalDate::parse(row.text(6)), "invoice.end_day");
    if (!endDay)
        return endDay.error();
    const auto currency = sql::stored(Currency::parse(row.text(7)), "invoice.currency");
    if (!currency)
        return currency.error();
    const auto issued = optionalDate(row, 11, "invoice.issue_date");
    if (!issued)
        return issued.error();
    const auto due = optionalDate(row, 12, "invoice.due_date");
    if (!due)
        return due.error();
    return ListedInvoice{InvoiceId(row.text(0)),
                         TenantId(row.text(1)),
                         SubscriptionId(row.text(2)),
                         *status,
                         row.optionalText(4),
                         *firstDay,
                         *endDay,
                         Money::fromMinor(row.integer(8), *currency),
                         Money::fromMinor(row.integer(9), *currency),
                         Money::fromMinor(row.integer(10), *currency),
                         *issued,
                         *due,
                         row.text(13),
                         PlanCode(row.text(14)),
                         static_cast<int>(row.integer(15))};
}

} // namespace

std::string likePart(std::string_view text)
{
    std::string part;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\')
            part += '\\';
        part += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    return part;
}

Result<std::vector<ListedInvoice>> newestInvoices(Work& work, const ListedInvoiceFilter& filter)
{
    const auto status =
        filter.status ? std::optional(std::string(billing::wireName(*filter.status))) : std::nullopt;
    // "" stands for no date: it is before every date, and within no span that has a side.
    const std::string from = filter.issuedFrom ? filter.issuedFrom->toText() : filter.issuedTo ? "0" : "";
    const std::string to = filter.issuedTo ? filter.issuedTo->toText() : "9999-12-31";
    const std::string_view behindId = filter.behind ? std::string_view(filter.behind->first.text()) : last;
    const std::string_view behindTenant =
        filter.behind ? std::string_view(filter.behind->second.text()) : last;
    const std::string part = likePart(filter.text);
    const std::string number = part + '%';
    const std::string name = '%' + part + '%';
    sql::Session& session = work.session();
    if (filter.tenant)
        return sql::queryAll(session, BILLING_INVOICE_PAGE("tenant_id = ? AND " BILLING_HAS_TEXT),
                             {std::string_view(filter.tenant->text()), number, name, sql::nullable(status),
                              from, to, behindId, behindTenant, filter.limit},
                             listedOf);
    if (part.empty())
        return sql::queryAll(session, BILLING_INVOICE_PAGE(""),
                             {sql::nullable(status), from, to, behindId, behindTenant, filter.limit},
                             listedOf);
    return sql::queryAll(
        session, BILLING_INVOICE_PAGE(BILLING_HAS_TEXT),
        {number, name, sql::nullable(status), from, to, behindId, behindTenant, filter.limit}, listedOf);
}

} // namespace billing::storage
