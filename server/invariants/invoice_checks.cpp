#include "server/invariants/invoice_checks.h"

#include "server/invariants/invoice_usage_checks.h"
#include "server/invoicing/invoice_records.h"
#include "server/storage/documents.h"
#include "server/storage/invariant_rows.h"
#include "server/tenants/tenant_records.h"

#include <map>

namespace billing {

namespace {

using storage::InvoiceRow;
using storage::StoredLine;
using storage::StoredTax;

constexpr int pageSize = 50;

std::vector<StoredLine> linesOf(const Invoice& invoice)
{
    std::vector<StoredLine> lines;
    for (const InvoiceLine& line : invoice.lines) {
        const RatedLine& rated = line.rated;
        lines.push_back({line.number, rated.chargeCode, rated.meter ? rated.meter->text() : std::string(),
                         rated.dimensionKey, rated.quantity.toText(), rated.unitPrice.toText(),
                         rated.unitDivisor.toText(), std::string(wireName(line.taxCategory)),
                         std::string(rated.amount.currency().code()), rated.amount.minorUnits()});
    }
    return lines;
}

std::vector<StoredTax> taxesOf(const Invoice& invoice)
{
    std::vector<StoredTax> taxes;
    for (const TaxLine& tax : invoice.taxes)
        taxes.push_back({std::string(wireName(tax.category)), tax.name, tax.rate.toText(),
                         tax.base.minorUnits(), tax.tax.minorUnits()});
    return taxes;
}

/// A void invoice keeps the snapshot it was finalised with.
bool agrees(const InvoiceRow& row, const Invoice& invoice)
{
    const InvoiceStatus status = row.status == InvoiceStatus::Void ? InvoiceStatus::Finalised : row.status;
    return invoice.id == row.id && invoice.tenant == row.tenant && invoice.subscription == row.subscription &&
           invoice.status == status && invoice.number == row.number && invoice.period == row.period &&
           invoice.net == row.net && invoice.tax == row.tax && invoice.total == row.total &&
           invoice.issueDate == row.issueDate && invoice.dueDate == row.dueDate;
}

/// The sums of one invoice, gathered from its stored lines.
class Sums
{
public:
    Sums(const InvoiceRow& row, TaxRounding rounding)
        : m_row(row)
        , m_rounding(rounding)
    {
    }

    /// What is wrong, or nothing. Refuses StorageCorrupt, AmountOverflow.
    Result<std::optional<std::string>> check(std::span<const StoredLine> lines,
                                             std::span<const StoredTax> taxes)
    {
        for (const StoredLine& line : lines) {
            if (line.currency != currency().code())
                return said("line " + std::to_string(line.number) + " is in " + line.currency);
            m_net += line.amount;
            m_categories[line.taxCategory].push_back(line.amount);
        }
        if (m_net != m_row.net.minorUnits())
            return said("the lines add up to " + std::to_string(m_net));
        Int128 tax = 0;
        for (const StoredTax& line : taxes) {
            tax += line.tax;
            auto wrong = checkTax(line);
            if (!wrong || wrong->has_value())
                return wrong;
        }
        if (tax != m_row.tax.minorUnits())
            return said("the taxes do not add up");
        return m_categories.empty() ? std::optional<std::string>()
                                    : said("no tax line for category " + m_categories.begin()->first);
    }

private:
    static std::optional<std::string> said(std::string what) { return what; }
    Currency currency() const { return m_row.total.currency(); }

    Result<std::optional<std::string>> checkTax(const StoredTax& line)
    {
        const auto rate = Decimal::parse(line.rate);
        if (!rate)
            return Error{ErrorCode::StorageCorrupt, "invoice_tax.rate"};
        const auto amounts = m_categories.extract(line.category);
        Int128 base = 0;
        Int128 perLine = 0;
        for (const std::int64_t amount : amounts ? amounts.mapped() : std::vector<std::int64_t>()) {
            const auto tax = Money::fromMinor(amount, currency()).times(*rate);
            if (!tax)
                return tax.error();
            base += amount;
            perLine += tax->minorUnits();
        }
        if (base != line.base)
            return said("the lines of category " + line.category + " do not add up to its tax base");
        const auto whole = Money::fromMinor(line.base, currency()).times(*rate);
        if (!whole)
            return whole.error();
        const Int128 expected = m_rounding == TaxRounding::PerDocument ? whole->minorUnits() : perLine;
        return expected == line.tax
                   ? std::optional<std::string>()
                   : said("the tax of category " + line.category + " is not its rate of its base");
    }

    const InvoiceRow& m_row;
    TaxRounding m_rounding;
    std::int64_t m_net = 0;
    std::map<std::string, std::vector<std::int64_t>>
        m_categories; ///< amounts by tax category, taken as they are taxed
};

/// Opens the snapshot; nothing when it does not open, which is noted.
std::optional<Invoice> openInvoice(const InvoiceRow& row, const InvoiceRecords& records, Violations& found)
{
    auto invoice = records.open(row);
    if (invoice)
        return std::move(*invoice);
    const bool isDigest = invoice.error().code == ErrorCode::StorageCorrupt;
    found.add({isDigest ? "I17" : "I20", "invoice:" + row.id.text(), toText(invoice.error())});
    return std::nullopt;
}

Result<void> checkDocument(Work& work, const InvoiceRow& row, const Invoice& invoice, Violations& found)
{
    const auto document = storage::findDocument(work, row.tenant, row.id);
    if (!document)
        return document.error();
    if (document->has_value() && (*document)->templateVersion != invoice.templateVersion)
        found.add({"I17", "invoice:" + row.id.text(), "its document was drawn with another template"});
    return {};
}

Result<void> checkFigures(Work& work, const InvoiceRow& row, const Invoice& invoice, Violations& found)
{
    const auto lines = storage::storedLines(work, row.tenant, row.id);
    if (!lines)
        return lines.error();
    const auto taxes = storage::storedTaxes(work, row.tenant, row.id);
    if (!taxes)
        return taxes.error();
    const std::string subject = "invoice:" + row.id.text();
    if (!agrees(row, invoice))
        found.add({"I17", subject, "its columns are not the snapshot's"});
    else if (*lines != linesOf(invoice) || *taxes != taxesOf(invoice))
        found.add({"I17", subject, "its lines or taxes are not the snapshot's"});
    const auto wrong = Sums(row, invoice.taxRounding).check(*lines, *taxes);
    if (!wrong)
        return wrong.error();
    if (*wrong)
        found.add({"I9", subject, **wrong});
    return {};
}

Result<void> checkInvoice(Work& work, const InvoiceRow& row, InvoiceCheckPorts ports, Violations& found)
{
    if (row.status != InvoiceStatus::Void)
        if (const auto usage =
                found.settle("I7", checkInvoiceUsage(work, ports.meters, row.tenant, row.id, found));
            !usage)
            return usage;
    const auto invoice = openInvoice(row, InvoiceRecords(ports.sealer), found);
    if (!invoice)
        return {};
    return found.settle("I9", checkFigures(work, row, *invoice, found)).and_then([&] {
        return checkDocument(work, row, *invoice, found);
    });
}

} // namespace

Result<void> checkInvoices(Work& work, InvoiceCheckPorts ports, Violations& found)
{
    storage::InvoiceFilter filter{.limit = pageSize};
    while (true) {
        const auto page = storage::listInvoices(work, filter);
        if (!page)
            return page.error();
        for (const InvoiceRow& row : *page)
            if (const auto done = checkInvoice(work, row, ports, found); !done)
                return done;
        if (page->size() < pageSize)
            return {};
        filter.after = {page->back().tenant.text(), page->back().id.text()};
    }
}

Result<void> checkProfiles(Work& work, const secrets::Sealer& sealer, Violations& found)
{
    const TenantRecords records(sealer);
    std::optional<TenantId> after;
    while (true) {
        const auto page = storage::listTenants(work, after, pageSize);
        if (!page)
            return page.error();
        for (const storage::TenantRow& row : *page) {
            const auto opened = records.find(work, row.tenant.id);
            if (!opened)
                found.add({"I20", "tenant:" + row.tenant.id.text(), toText(opened.error())});
        }
        if (page->size() < pageSize)
            return {};
        after = page->back().tenant.id;
    }
}

} // namespace billing
