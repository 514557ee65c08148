#include "server/ledger/post_invoice.h"

#include "server/ledger/check_balanced.h"

#include <algorithm>

namespace billing {

namespace {

/// Credits one account by detail: amounts of the same detail become one entry.
Result<void> credit(std::vector<LedgerEntry>& entries, AccountKind account, const std::string& detail,
                    const Money& amount)
{
    const auto place = std::find_if(entries.begin(), entries.end(), [&](const LedgerEntry& entry) {
        return entry.account == account && entry.detail == detail;
    });
    if (place == entries.end()) {
        const auto opposite = amount.negated();
        if (!opposite)
            return opposite.error();
        entries.push_back({account, detail, *opposite});
        return {};
    }
    const auto sum = place->amount.minus(amount);
    if (!sum)
        return sum.error();
    place->amount = *sum;
    return {};
}

} // namespace

Result<std::optional<Posting>> postInvoice(const Invoice& invoice)
{
    Posting posting{invoice.tenant, "invoice", invoice.id.text(), {}};
    const auto foreign = [&](const Money& amount) { return amount.currency() != invoice.currency; };
    if (foreign(invoice.total) ||
        std::any_of(invoice.lines.begin(), invoice.lines.end(),
                    [&](const InvoiceLine& line) { return foreign(line.rated.amount); }) ||
        std::any_of(invoice.taxes.begin(), invoice.taxes.end(),
                    [&](const TaxLine& line) { return foreign(line.tax); }))
        return Error{ErrorCode::CurrencyMismatch, invoice.id.text()};

    posting.entries.push_back({AccountKind::Receivable, "", invoice.total});
    for (const InvoiceLine& line : invoice.lines)
        if (const auto done =
                credit(posting.entries, AccountKind::Revenue, line.rated.chargeCode, line.rated.amount);
            !done)
            return done.error();
    for (const TaxLine& line : invoice.taxes)
        if (const auto done = credit(posting.entries, AccountKind::TaxPayable,
                                     line.name + ' ' + line.rate.toText(), line.tax);
            !done)
            return done.error();

    std::erase_if(posting.entries, [](const LedgerEntry& entry) { return entry.amount.isZero(); });
    if (posting.entries.empty())
        return std::optional<Posting>();
    if (const auto balanced = checkBalanced(posting); !balanced)
        return balanced.error();
    return std::optional(std::move(posting));
}

} // namespace billing
