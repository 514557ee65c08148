// Lists and the rows of the invoice list, byte for byte.
//
// Tests: list_json.cpp invoice_summary_json.cpp
#include "shared/wire/invoice_summary_json.h"
#include "shared/wire/json_reader.h"
#include "shared/wire/list_json.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;

class TestListJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesLists();
    void writesSummaries();
    void readsWhatWasWritten();
    void refusesLists_data();
    void refusesLists();
};

void TestListJson::writesLists()
{
    const std::vector<std::string> none;
    const std::vector<std::string> two{R"({"a":1})", R"({"a":2})"};
    QCOMPARE(wire::encodeList("tenants", none, ""), std::string(R"({"tenants":[]})"));
    QCOMPARE(wire::encodeList("tenants", two, ""), std::string(R"({"tenants":[{"a":1},{"a":2}]})"));
    QCOMPARE(wire::encodeList("tenants", two, "a\"b"),
             std::string(R"({"tenants":[{"a":1},{"a":2}],"next_cursor":"a\"b"})"));
    QVERIFY(wire::JsonDocument::parse(wire::encodeList("tenants", two, "a\"b")));
}

void TestListJson::writesSummaries()
{
    const Currency yen = Currency::parse("JPY").value();
    wire::InvoiceSummary summary{InvoiceId("inv_1"),
                                 TenantId("nova"),
                                 SubscriptionId("sub_1"),
                                 InvoiceStatus::Draft,
                                 {},
                                 LocalDate::parse("2026-01-01").value(),
                                 LocalDate::parse("2026-02-01").value(),
                                 Money::fromMinor(1000, yen),
                                 Money::fromMinor(100, yen),
                                 Money::fromMinor(1100, yen),
                                 {},
                                 {}};
    const std::string common =
        R"("period_start":"2026-01-01","period_end":"2026-02-01","currency":"JPY","net":"1000",)"
        R"("tax":"100","total":"1100")";
    QCOMPARE(wire::encodeInvoiceSummary(summary),
             R"({"invoice_id":"inv_1","tenant_id":"nova","subscription_id":"sub_1","status":"draft",)" +
                 common + "}");
    summary.status = InvoiceStatus::Finalised;
    summary.number = "EB-1";
    summary.issueDate = LocalDate::parse("2026-02-02").value();
    summary.dueDate = LocalDate::parse("2026-02-16").value();
    QCOMPARE(
        wire::encodeInvoiceSummary(summary),
        R"({"invoice_id":"inv_1","tenant_id":"nova","subscription_id":"sub_1","status":"finalised","number":"EB-1",)" +
            common + R"(,"issue_date":"2026-02-02","due_date":"2026-02-16"})");
}

void TestListJson::readsWhatWasWritten()
{
    const Currency euro = Currency::parse("EUR").value();
    wire::InvoiceSummary draft{InvoiceId("inv_1"),
                               TenantId("nova"),
                               SubscriptionId("sub_1"),
                               InvoiceStatus::Draft,
                               {},
                               LocalDate::parse("2026-01-01").value(),
                               LocalDate::parse("2026-02-01").value(),
                               Money::fromMinor(123'456'789'012, euro),
                               Money::fromMinor(-1, euro),
                               Money::fromMinor(123'456'789'011, euro),
                               {},
                               {}};
    wire::InvoiceSummary full = draft;
    full.status = InvoiceStatus::Finalised;
    full.number = "EB-1";
    full.issueDate = LocalDate::parse("2026-02-02").value();
    full.dueDate = LocalDate::parse("2026-02-16").value();
    full.legalName = "M\u00fcller & S\u00f6hne";
    full.tier = Tier::AirGapped;
    const std::vector<std::string> rows{wire::encodeInvoiceSummary(draft), wire::encodeInvoiceSummary(full)};
    const auto page = wire::decodeInvoiceList(wire::encodeList("invoices", rows, "more"));
    QVERIFY2(page, page ? "" : toText(page.error()).c_str());
    QCOMPARE(page->items, (std::vector{draft, full}));
    QCOMPARE(page->nextCursor, std::string("more"));
    QVERIFY(wire::decodeInvoiceList(R"({"invoices":[],"total_count":7})")->items.empty());
    QVERIFY(wire::decodeTenantList(R"({"tenants":[]})")->items.empty());
    const wire::ShownTenant shown{{TenantId("nova"), "Nova", "DE", euro, "UTC", "en"}, Tier::Lite};
    const std::vector<std::string> tenants{wire::encodeShownTenant(shown)};
    QCOMPARE(wire::decodeTenantList(wire::encodeList("tenants", tenants, ""))->items, std::vector{shown});
}

void TestListJson::refusesLists_data()
{
    QTest::addColumn<QByteArray>("replaced");
    QTest::addColumn<QByteArray>("by");
    QTest::addColumn<QByteArray>("refusal"); // empty: read

    QTest::newRow("control") << QByteArray("x") << QByteArray("x") << QByteArray();
    QTest::newRow("newer member") << QByteArray(R"("net")") << QByteArray(R"("colour":"red","net")")
                                  << QByteArray();
    QTest::newRow("no list") << QByteArray("invoices") << QByteArray("rows")
                             << QByteArray("missing_field: invoices");
    QTest::newRow("cut") << QByteArray("]}") << QByteArray("]") << QByteArray("malformed_json");
    QTest::newRow("status") << QByteArray("draft") << QByteArray("sketch")
                            << QByteArray("invalid_value: invoices[0].status");
    QTest::newRow("tier") << QByteArray("lite") << QByteArray("gold")
                          << QByteArray("invalid_value: invoices[0].tier");
    QTest::newRow("grid") << QByteArray(R"("1.00")") << QByteArray(R"("1.001")")
                          << QByteArray("invalid_value: invoices[0].net");
    QTest::newRow("currency") << QByteArray("EUR") << QByteArray("EURO")
                              << QByteArray("unknown_currency: invoices[0].currency");
    QTest::newRow("date") << QByteArray("2026-02-01") << QByteArray("2026-02-30")
                          << QByteArray("invalid_date: invoices[0].period_end");
    QTest::newRow("no day") << QByteArray("2026-02-01") << QByteArray("2026-01-01")
                            << QByteArray("invalid_value: invoices[0].period_end");
}

void TestListJson::refusesLists()
{
    QFETCH(const QByteArray, replaced);
    QFETCH(const QByteArray, by);
    QFETCH(const QByteArray, refusal);
    QByteArray text =
        R"({"invoices":[{"invoice_id":"x","tenant_id":"nova","subscription_id":"s","status":"draft",)"
        R"("period_start":"2026-01-01","period_end":"2026-02-01","currency":"EUR","net":"1.00","tax":"0.00",)"
        R"("total":"1.00","tier":"lite"}]})";
    text.replace(replaced, by);
    const auto page = wire::decodeInvoiceList(text.toStdString());
    const QByteArray seen = page ? QByteArray() : QByteArray::fromStdString(toText(page.error()));
    QVERIFY2(seen.startsWith(refusal) && seen.isEmpty() == refusal.isEmpty(), seen.constData());
}

QTEST_APPLESS_MAIN(TestListJson)
#include "tst_list_json.moc"
