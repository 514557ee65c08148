// Numbers: the pattern's words, without gaps, never dated before the one before, and not used up by what is
// rolled back.
#include "server/invoicing/numbering.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

class TestNumbering : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void formats_data();
    void formats();
    void countsAndNeverGoesBack();
    void rolledBackNumberIsUsedAgain();
};

void TestNumbering::formats_data()
{
    QTest::addColumn<std::string>("pattern");
    QTest::addColumn<std::string>("number");
    const auto row = [](const char* pattern, const char* number) {
        QTest::newRow(pattern) << std::string(pattern) << std::string(number);
    };
    row("", "");
    row("{unknown}-{number:}", "{unknown}-17");
    row("{number", "{number");
    row("}{", "}{");
    row("{number:99}", "000000000000000017");
    row("{number:1}", "17");
    row("{series}-{year}-{number:6}", "EB-2023-000017");
    row("{year}{month}/{number}", "202309/17");
}

void TestNumbering::formats()
{
    QFETCH(const std::string, pattern);
    QFETCH(const std::string, number);
    QCOMPARE(formatNumber(pattern, "EB", LocalDate::parse("2023-09-30").value(), 17), number);
}

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

QTEST_GUILESS_MAIN(TestNumbering)
#include "tst_numbering.moc"
