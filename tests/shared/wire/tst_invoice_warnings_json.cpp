// The answer of POST /invoices: the frozen form with its warnings beside it, and back.
#include "shared/wire/invoice_warnings_json.h"

#include "shared/wire/invoice_json.h"
#include "tests/shared/document/sample_invoices.h"

#include <QTest>

using namespace billing;
using namespace billing::wire;

class TestInvoiceWarningsJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBack();
    void theFrozenFormIsUntouched();
    void refuses_data();
    void refuses();
};

void TestInvoiceWarningsJson::comesBack()
{
    for (const test::NamedInvoice& named : test::namedInvoices()) {
        for (const std::vector<InvoiceWarning>& warnings :
             {std::vector<InvoiceWarning>{},
              {{"no_price", "tokens", "a \"quoted\" key"}, {"period_not_over"}}}) {
            const PreparedInvoice prepared{named.invoice, warnings};
            const auto decoded = decodePreparedInvoice(encodePreparedInvoice(prepared));
            QVERIFY2(decoded && *decoded == prepared, named.name.c_str());
        }
    }
}

void TestInvoiceWarningsJson::theFrozenFormIsUntouched()
{
    const Invoice invoice = test::liteInvoice();
    const std::string frozen = encodeInvoice(invoice);
    const std::string text = encodePreparedInvoice({invoice, {{"no_price", "tokens", "d"}}});
    QCOMPARE(text, frozen.substr(0, frozen.size() - 1) +
                       R"(,"warnings":[{"code":"no_price","subject":"tokens","detail":"d"}]})");
}

void TestInvoiceWarningsJson::refuses_data()
{
    QTest::addColumn<QByteArray>("warnings");
    QTest::addColumn<QByteArray>("refusal");
    const auto row = [](const char* warnings, const char* refusal) {
        QTest::newRow(warnings) << QByteArray(warnings) << QByteArray(refusal);
    };
    row("", "missing_field: warnings");
    row(R"(,"warnings":{})", "wrong_type: warnings");
    row(R"(,"warnings":[{}])", "missing_field: warnings[0].code");
    row(R"(,"warnings":[{"code":"a"},{"code":"a","colour":"red"}])", "unknown_field: warnings[1].colour");
    row(R"(,"warnings":[],"colour":"red")", "unknown_field: colour");
    row(R"(,"warnings":)", "malformed_json");
}

void TestInvoiceWarningsJson::refuses()
{
    QFETCH(QByteArray, warnings);
    QFETCH(QByteArray, refusal);
    std::string text = encodeInvoice(test::liteInvoice());
    text.pop_back();
    const auto decoded = decodePreparedInvoice(text + warnings.toStdString() + "}");
    QVERIFY(!decoded);
    QVERIFY2(toText(decoded.error()).starts_with(refusal.toStdString()), toText(decoded.error()).c_str());
}

QTEST_APPLESS_MAIN(TestInvoiceWarningsJson)
#include "tst_invoice_warnings_json.moc"
