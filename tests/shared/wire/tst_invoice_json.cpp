// The frozen form of an invoice: what is encoded comes back equal, equal invoices give equal bytes, and a
// text that is not exactly a snapshot is refused with the place named.

// Tests: invoice_json.cpp
#include "shared/wire/invoice_json.h"

#include "tests/shared/document/sample_invoices.h"

#include <QtTest>

using namespace billing;

namespace {

struct Refusal
{
    const char* name;
    const char* find;
    const char* replace;
    ErrorCode code;
    const char* subject;
};

const Refusal refusals[] = {
    {"not json", "{\"schema\"", "\"schema\"", ErrorCode::MalformedJson, "body"},
    {"no schema", "\"schema\":1,", "", ErrorCode::MissingField, "schema"},
    {"later schema", "\"schema\":1", "\"schema\":2", ErrorCode::InvalidValue, "schema"},
    {"unknown currency", "\"currency\":\"USD\"", "\"currency\":\"XXX\"", ErrorCode::UnknownCurrency,
     "currency"},
    {"no net", "\"net\":\"1", "\"nett\":\"1", ErrorCode::MissingField, "net"},
    {"amount as number", "\"amount\":\"199.00\"", "\"amount\":199.00", ErrorCode::WrongType,
     "lines[0].amount"},
    {"amount off the grid", "\"amount\":\"199.00\"", "\"amount\":\"199.001\"", ErrorCode::InvalidValue,
     "lines[0].amount"},
    {"amount with a sign", "\"amount\":\"199.00\"", "\"amount\":\"+199.00\"", ErrorCode::InvalidDecimal,
     "lines[0].amount"},
    {"unknown field on top", "\"schema\":1", "\"schema\":1,\"colour\":1", ErrorCode::UnknownField, "colour"},
    {"unknown field in a line", "\"kind\":\"fee\"", "\"kind\":\"fee\",\"colour\":1", ErrorCode::UnknownField,
     "lines[0].colour"},
    {"unknown field in an address", "\"line1\":\"Tor", "\"line0\":\"\",\"line1\":\"Tor",
     ErrorCode::UnknownField, "seller.address.line0"},
    {"no such kind", "\"kind\":\"fee\"", "\"kind\":\"gift\"", ErrorCode::InvalidValue, "lines[0].kind"},
    {"no such tier", "\"tier\":\"lite\"", "\"tier\":\"gold\"", ErrorCode::InvalidValue, "tier"},
    {"no such status", "\"status\":\"finalised\"", "\"status\":\"paid\"", ErrorCode::InvalidValue, "status"},
    {"no such day", "\"issue_date\":\"2023-12-01\"", "\"issue_date\":\"2023-12-32\"", ErrorCode::InvalidDate,
     "issue_date"},
    {"no such instant", "\"start\":\"2023-11-01T", "\"start\":\"2023-11-31T", ErrorCode::InvalidTimestamp,
     "period.start"},
    {"lines not a list", "\"lines\":[", "\"lines\":\"\",\"more\":[", ErrorCode::WrongType, "lines"},
    {"duplicate", "\"schema\":1", "\"schema\":1,\"schema\":1", ErrorCode::DuplicateKey, "schema"},
};

} // namespace

class TestInvoiceJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void comesBackEqual_data();
    void comesBackEqual();
    void generatedOnesComeBackEqual();
    void amountsAreTextsInMajorUnits();
    void absentIsNotEmpty();
};

void TestInvoiceJson::refuses_data()
{
    QTest::addColumn<int>("index");
    for (int index = 0; index < static_cast<int>(std::size(refusals)); ++index)
        QTest::newRow(refusals[index].name) << index;
}

void TestInvoiceJson::refuses()
{
    QFETCH(int, index);
    const Refusal& refusal = refusals[index];
    std::string json = wire::encodeInvoice(test::liteInvoice());
    const std::size_t at = json.find(refusal.find);
    QVERIFY(at != std::string::npos);
    json.replace(at, std::string_view(refusal.find).size(), refusal.replace);

    const Result<Invoice> decoded = wire::decodeInvoice(json);
    QVERIFY(!decoded);
    QCOMPARE(toText(Error{decoded.error().code, decoded.error().subject}),
             toText(Error{refusal.code, refusal.subject}));
}

void TestInvoiceJson::comesBackEqual_data()
{
    QTest::addColumn<int>("index");
    const auto named = test::namedInvoices();
    for (std::size_t index = 0; index < named.size(); ++index)
        QTest::newRow(named[index].name.c_str()) << static_cast<int>(index);
}

void TestInvoiceJson::comesBackEqual()
{
    QFETCH(int, index);
    Invoice invoice = test::namedInvoices()[static_cast<std::size_t>(index)].invoice;
    invoice.taxRounding = TaxRounding::PerLine;
    invoice.unbilled = {
        {MeterCode("api_request"), "model=gpt4", test::decimal("17.5"), UnbilledReason::OverLimit}};
    const std::string json = wire::encodeInvoice(invoice);
    const Result<Invoice> decoded = wire::decodeInvoice(json);
    QVERIFY2(decoded, decoded ? "" : toText(decoded.error()).c_str());
    QVERIFY(*decoded == invoice);
    QCOMPARE(wire::encodeInvoice(*decoded), json);
}

void TestInvoiceJson::generatedOnesComeBackEqual()
{
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const Invoice invoice = test::generatedInvoice(seed);
        const Result<Invoice> decoded = wire::decodeInvoice(wire::encodeInvoice(invoice));
        QVERIFY2(decoded && *decoded == invoice, std::to_string(seed).c_str());
    }
}

void TestInvoiceJson::amountsAreTextsInMajorUnits()
{
    const std::string json = wire::encodeInvoice(test::liteInvoice());
    QVERIFY(json.starts_with("{\"schema\":1,\"invoice_id\":\"inv_"));
    QVERIFY(json.find("\"amount\":\"670.86\"") != std::string::npos);
    QVERIFY(json.find("\"quantity\":\"22361870\"") != std::string::npos);
    QVERIFY(json.find("\"unit_price\":\"0.03\",\"unit_divisor\":\"1000\"") != std::string::npos);
    const std::string dinar = wire::encodeInvoice(test::invoiceIn("BHD", "en-US"));
    QVERIFY(dinar.find("\"amount\":\"29000.000\"") != std::string::npos);
}

void TestInvoiceJson::absentIsNotEmpty()
{
    Invoice invoice = test::draftInvoice();
    QVERIFY(wire::encodeInvoice(invoice).find("\"number\":null") != std::string::npos);
    QVERIFY(!wire::decodeInvoice(wire::encodeInvoice(invoice))->number);
    invoice.number = "";
    QCOMPARE(wire::decodeInvoice(wire::encodeInvoice(invoice))->number, std::optional<std::string>(""));
}

QTEST_APPLESS_MAIN(TestInvoiceJson)
#include "tst_invoice_json.moc"
