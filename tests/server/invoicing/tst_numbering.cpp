// Numbers: the pattern's words, without gaps, never dated before the one before, and not used up by what is
// rolled back.
#include "server/invoicing/numbering.h"
#include "server/storage/audit_entries.h"
#include "server/storage/invoices.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

class TestNumbering : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsAndNeverGoesBack();
    void rolledBackNumberIsUsedAgain();
    void noNumberIsGivenOutTwice();
    void anotherIssuerMayHaveTheNumber();
    void aDraftGoesIntoTheSeriesOfItsFinalising();
};

void TestNumbering::countsAndNeverGoesBack()
{
    BillingWorld world;
    std::string issued;
    for (const char* today : {"2023-12-31", "2023-12-30", "2024-01-01"}) {
        const auto number =
            writeValue(world.storage(), Scope::system("test"), Priority::Money, anyWork(), [&](Work& work) {
                return issueNumber(work, world.issuer, LocalDate::parse(today).value());
            });
        issued += number->text + " of " + number->issueDate.toText() + "; ";
    }
    QCOMPARE(issued, std::string("EB-2023-000001 of 2023-12-31; EB-2023-000002 of 2023-12-31; "
                                 "EB-2024-000003 of 2024-01-01; "));
}

void TestNumbering::rolledBackNumberIsUsedAgain()
{
    BillingWorld world;
    const auto issue = [&](Result<void> answer) {
        std::int64_t number = 0;
        static_cast<void>(
            world.storage().write(Scope::system("test"), Priority::Money, anyWork(), [&](Work& work) {
                number =
                    issueNumber(work, world.issuer, LocalDate::parse("2023-12-31").value())->seriesNumber;
                return answer;
            }));
        return number;
    };
    QCOMPARE(issue(Error{ErrorCode::Cancelled}), std::int64_t{1});
    QCOMPARE(issue({}), std::int64_t{1});
    QCOMPARE(issue({}), std::int64_t{2});
}

namespace {

/// What one finalising would get.
Result<IssuedNumber> issue(BillingWorld& world, const std::string& series, const std::string& pattern)
{
    Issuer issuer = world.issuer;
    issuer.series = series;
    issuer.numberPattern = pattern;
    return writeValue(world.storage(), Scope::system("test"), Priority::Money, anyWork(), [&](Work& work) {
        return issueNumber(work, issuer, LocalDate::parse("2023-12-31").value());
    });
}

} // namespace

void TestNumbering::noNumberIsGivenOutTwice()
{
    BillingWorld world;
    QCOMPARE(issue(world, "EB", "{year}-{number}")->text, std::string("2023-1"));
    // Another series counts from 1 again.
    const auto twice = issue(world, "EC", "{year}-{number}");
    QVERIFY(!twice);
    QCOMPARE(twice.error().code, ErrorCode::InvoiceNumberTaken);
    QVERIFY2(twice.error().detail.starts_with("number 2023-1 of series EC"), twice.error().detail.c_str());
    // Nothing was taken: neither the series' number nor its date.
    const auto next = issue(world, "EC", "{series}-{number}");
    QCOMPARE(next->text, std::string("EC-1"));
    QCOMPARE(issue(world, "EB", "{year}-{number}")->text, std::string("2023-2"));
}

void TestNumbering::anotherIssuerMayHaveTheNumber()
{
    BillingWorld world;
    QCOMPARE(issue(world, "EB", "{number}")->text, std::string("1"));
    world.issuer.code = "second";
    QCOMPARE(issue(world, "EB", "{number}")->text, std::string("1"));
}

void TestNumbering::aDraftGoesIntoTheSeriesOfItsFinalising()
{
    BillingWorld world;
    world.addTenant("nova");
    world.subscribe("nova", "lite", "2023-09-01");
    const Invoice draft = world.draft("nova", "2023-09-01", "2023-10-01");
    world.issuer.series = "E\"C";
    world.issuer.numberPattern = "{series}-{number}";
    const Invoice final = world.finalise(draft);
    QCOMPARE(*final.number, std::string("E\"C-1"));
    const auto row = readValue(world.storage(), Scope::tenant(final.tenant), [&](Work& work) {
        return storage::findInvoice(work, final.tenant, final.id);
    });
    QCOMPARE((*row)->series, std::string("E\"C"));
    const auto audited = readValue(world.storage(), Scope::tenant(final.tenant),
                                   [&](Work& work) { return storage::auditEntries(work, "nova", 0, 99); });
    QVERIFY2(audited->back().body.starts_with(R"({"number":"E\"C-1",)"), audited->back().body.c_str());
}

QTEST_GUILESS_MAIN(TestNumbering)
#include "tst_numbering.moc"
