// Goal: nothing unbalanced passes, nothing balanced is refused. Method: tables of entries, "amount currency".
#include "server/ledger/check_balanced.h"

#include "tests/support/printing.h"

#include <QTest>

using namespace billing;

namespace {

Posting posting(const QStringList& entries)
{
    Posting result{TenantId("acme"), "invoice", "inv_1", {}};
    for (const QString& text : entries) {
        const QStringList parts = text.split(QLatin1Char(' '));
        const Currency currency = *Currency::parse(parts.at(1).toStdString());
        result.entries.push_back(
            {AccountKind::Receivable, "", Money::fromMinor(parts.at(0).toLongLong(), currency)});
    }
    return result;
}

QStringList words(const char* text)
{
    return QString::fromLatin1(text).split(QLatin1Char(','), Qt::SkipEmptyParts);
}

} // namespace

class CheckBalancedTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void accepts_data();
    void accepts();
};

void CheckBalancedTest::refuses_data()
{
    QTest::addColumn<QStringList>("entries");
    QTest::addColumn<QByteArray>("detail");
    const auto row = [](const char* name, const char* entries, const char* detail) {
        QTest::newRow(name) << words(entries) << QByteArray(detail);
    };
    row("no entries", "", "fewer than two entries");
    row("one entry", "5 USD", "fewer than two entries");
    row("one zero entry", "0 USD", "fewer than two entries");
    row("a zero among others", "5 USD,0 USD,-5 USD", "an entry of zero");
    row("one cent off", "5 USD,-4 USD", "debits and credits differ in USD");
    row("balanced across currencies only", "5 USD,-5 EUR", "debits and credits differ in EUR");
    row("one currency of two", "5 USD,-5 USD,3 EUR,-2 EUR", "debits and credits differ in EUR");
    row("a sum that wraps in 64 bits", "9223372036854775807 USD,9223372036854775807 USD,2 USD",
        "debits and credits differ in USD");
}

void CheckBalancedTest::refuses()
{
    QFETCH(QStringList, entries);
    QFETCH(QByteArray, detail);
    const auto checked = checkBalanced(posting(entries));
    QVERIFY(!checked);
    QCOMPARE(checked.error().code, ErrorCode::UnbalancedPosting);
    QCOMPARE(checked.error().subject, std::string("invoice inv_1"));
    QCOMPARE(checked.error().detail, detail.toStdString());
}

void CheckBalancedTest::accepts_data()
{
    QTest::addColumn<QStringList>("entries");
    QTest::newRow("two") << words("5 USD,-5 USD");
    QTest::newRow("three") << words("-3 USD,5 USD,-2 USD");
    QTest::newRow("two currencies") << words("5 USD,7 JPY,-5 USD,-7 JPY");
    QTest::newRow("beyond 64 bits on the way")
        << words("9223372036854775807 USD,1 USD,-9223372036854775807 USD,-1 USD");
}

void CheckBalancedTest::accepts()
{
    QFETCH(QStringList, entries);
    QVERIFY(checkBalanced(posting(entries)).has_value());
}

QTEST_APPLESS_MAIN(CheckBalancedTest)
#include "tst_check_balanced.moc"
