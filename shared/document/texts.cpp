#include "shared/document/texts.h"

namespace billing::document {

namespace {

Texts english()
{
    return {.invoice = QStringLiteral("Invoice"),
            .draft = QStringLiteral("DRAFT"),
            .voided = QStringLiteral("VOID"),
            .number = QStringLiteral("Invoice number"),
            .issueDate = QStringLiteral("Issue date"),
            .dueDate = QStringLiteral("Due date"),
            .period = QStringLiteral("Billing period"),
            .customer = QStringLiteral("Customer ID"),
            .plan = QStringLiteral("Plan"),
            .notYet = QStringLiteral("–"),
            .from = QStringLiteral("From"),
            .billTo = QStringLiteral("Bill to"),
            .taxId = QStringLiteral("Tax ID %1"),
            .amountDue = QStringLiteral("%1 due"),
            .amountDueBy = QStringLiteral("%1 due %2"),
            .nothingDue = QStringLiteral("Nothing due"),
            .draftAmount = QStringLiteral("%1, not yet due"),
            .voidAmount = QStringLiteral("%1, void: nothing due"),
            .description = QStringLiteral("Description"),
            .quantity = QStringLiteral("Quantity"),
            .unitPrice = QStringLiteral("Unit price"),
            .amount = QStringLiteral("Amount"),
            .noLines = QStringLiteral("No charges in this period"),
            .included = QStringLiteral("included"),
            .firstIncluded = QStringLiteral("first %1"),
            .above = QStringLiteral("above %1"),
            .between = QStringLiteral("above %1 up to %2"),
            .perUnits = QStringLiteral("%1 per %2"),
            .carriedForward = QStringLiteral("Carried forward"),
            .broughtForward = QStringLiteral("Brought forward"),
            .net = QStringLiteral("Net total"),
            .tax = QStringLiteral("Tax"),
            .total = QStringLiteral("Total due"),
            .rate = QStringLiteral("Rate"),
            .base = QStringLiteral("Taxable amount"),
            .payment = QStringLiteral("Payment"),
            .terms = QStringLiteral("Terms: net %1 days."),
            .termsAtOnce = QStringLiteral("Terms: due on receipt."),
            .payBy = QStringLiteral("Please transfer %1 by %2 and give the reference."),
            .accountHolder = QStringLiteral("Account holder"),
            .bank = QStringLiteral("Bank"),
            .iban = QStringLiteral("IBAN"),
            .bic = QStringLiteral("BIC"),
            .account = QStringLiteral("Account"),
            .reference = QStringLiteral("Reference"),
            .page = QStringLiteral("page %1 of %2"),
            .pageOfNumber = QStringLiteral("%1 · page %2 of %3")};
}

} // namespace

const Texts& textsFor(const QLocale&)
{
    static const Texts texts = english();
    return texts;
}

} // namespace billing::document
