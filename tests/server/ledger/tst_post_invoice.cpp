// Goal: what an invoice says is what the ledger says, and an invoice that contradicts itself is not posted.
// Method: invoices of a few figures; the posting written as text.
#include "server/ledger/check_balanced.h"
#include "server/ledger/post_invoice.h"

#include "tests/support/printing.h"

#include <QTest>

using namespace billing;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

Currency usd()
{
    return *Currency::parse("USD");
}

Money dollars(std::int64_t cents)
{
    return Money::fromMinor(cents, usd());
}

InvoiceLine line(const char* charge, const Money& amount)
{
    const LocalDate day = *LocalDate::create(2023, 11, 1);
    return {.rated = {.chargeCode = charge,
                      .description = charge,
                      .quantity = {},
                      .unitPrice = {},
                      .amount = amount},
            .serviceFrom = day,
            .serviceEnd = day.plusDays(30)};
}

TaxLine tax(const char* name, const char* rate, std::int64_t cents)
{
    return {.name = name, .rate = *Decimal::parse(rate), .base = dollars(0), .tax = dollars(cents)};
}

Invoice invoice(std::vector<InvoiceLine> lines, std::vector<TaxLine> taxes, std::int64_t total)
{
    const LocalDate day = *LocalDate::create(2023, 11, 1);
    const Instant start = Instant::fromMicros(0);
    return {.id = InvoiceId("inv_1"),
            .tenant = TenantId("acme"),
            .subscription = SubscriptionId("sub_1"),
            .period = {day, day.plusDays(30), {start, start}},
            .timeZone = "UTC",
            .currency = usd(),
            .plan = PlanCode("lite"),
            .planName = "Lite",
            .lines = std::move(lines),
            .taxes = std::move(taxes),
            .net = dollars(0),
            .tax = dollars(0),
            .total = dollars(total)};
}

std::string posted(const Invoice& of)
{
    return test::outcome(postInvoice(of), [](const std::optional<Posting>& posting) -> std::string {
        if (!posting)
            return "nothing";
        BILLING_ASSERT(checkBalanced(*posting).has_value());
        std::string text =
            posting->referenceType + ' ' + posting->referenceId + " of " + posting->tenant.text();
        for (const LedgerEntry& entry : posting->entries)
            text += "; " + std::string(wireName(entry.account)) + '[' + entry.detail + "] " +
                    entry.amount.toText();
        return text;
    });
}

} // namespace

class PostInvoiceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses();
    void posts();
    void leavesZerosOut();
    void creditsMoreThanCharges();
};

void PostInvoiceTest::refuses()
{
    const Money yen = Money::fromMinor(1, *Currency::parse("JPY"));
    QCOMPARE(posted(invoice({line("fee", yen)}, {}, 1)), std::string("currency_mismatch"));
    QCOMPARE(posted(invoice({line("a", dollars(most)), line("a", dollars(most))}, {}, 1)),
             std::string("amount_overflow"));
    QCOMPARE(posted(invoice({line("fee", dollars(100))}, {}, 99)), std::string("unbalanced_posting"));
    QCOMPARE(posted(invoice({line("fee", dollars(100))}, {tax("VAT", "0.19", 19)}, 100)),
             std::string("unbalanced_posting"));
    QCOMPARE(posted(invoice({line("fee", dollars(100))}, {}, 0)), std::string("unbalanced_posting"));
    QCOMPARE(posted(invoice({}, {}, 1)), std::string("unbalanced_posting"));
}

void PostInvoiceTest::posts()
{
    QCOMPARE(posted(invoice({line("fee", dollars(19'900)), line("llm_tokens", dollars(67'086)),
                             line("llm_tokens", dollars(24'532))},
                            {tax("Sales tax", "0.08875", 9'897)}, 121'415)),
             std::string("invoice inv_1 of acme; receivable[] 1214.15; revenue[fee] -199.00; "
                         "revenue[llm_tokens] -916.18; tax_payable[Sales tax 0.08875] -98.97"));
    QCOMPARE(posted(invoice({line("fee", dollars(1'000))},
                            {tax("VAT", "0.19", 100), tax("VAT", "0.07", 20), tax("VAT", "0.19", 1)}, 1'121)),
             std::string("invoice inv_1 of acme; receivable[] 11.21; revenue[fee] -10.00; "
                         "tax_payable[VAT 0.19] -1.01; tax_payable[VAT 0.07] -0.20"));
}

void PostInvoiceTest::leavesZerosOut()
{
    QCOMPARE(posted(invoice({}, {}, 0)), std::string("nothing"));
    QCOMPARE(posted(invoice({line("calls", dollars(0))}, {tax("VAT", "0", 0)}, 0)), std::string("nothing"));
    QCOMPARE(
        posted(invoice({line("fee", dollars(100)), line("calls", dollars(0))}, {tax("VAT", "0", 0)}, 100)),
        std::string("invoice inv_1 of acme; receivable[] 1.00; revenue[fee] -1.00"));
}

void PostInvoiceTest::creditsMoreThanCharges()
{
    QCOMPARE(posted(invoice({line("fee", dollars(100)), line("late", dollars(-150))}, {tax("VAT", "0.1", -5)},
                            -55)),
             std::string("invoice inv_1 of acme; receivable[] -0.55; revenue[fee] -1.00; revenue[late] 1.50; "
                         "tax_payable[VAT 0.1] 0.05"));
    QCOMPARE(posted(invoice({line("fee", dollars(100)), line("late", dollars(-100))}, {}, 0)),
             std::string("invoice inv_1 of acme; revenue[fee] -1.00; revenue[late] 1.00"));
}

QTEST_APPLESS_MAIN(PostInvoiceTest)
#include "tst_post_invoice.moc"
