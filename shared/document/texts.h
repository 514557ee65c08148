// Every word that an invoice says by itself, in one table per language, so that another language is another
// table. Texts with %1 take arguments. English is the only one so far and stands for every locale. Pure, any
// thread.
#pragma once

#include <QLocale>
#include <QString>

namespace billing::document {

struct Texts
{
    QString invoice, draft, voided;
    QString number, issueDate, dueDate, period, customer, plan, notYet;
    QString from, billTo, taxId;
    QString amountDue, amountDueBy, nothingDue, draftAmount, voidAmount;
    QString description, quantity, unitPrice, amount, noLines;
    QString included, firstIncluded, above, between, perUnits;
    QString carriedForward, broughtForward;
    QString net, tax, total, rate, base;
    QString payment, terms, termsAtOnce, payBy, accountHolder, bank, iban, bic, account, reference;
    QString page, pageOfNumber;
};

const Texts& textsFor(const QLocale& locale);

} // namespace billing::document
