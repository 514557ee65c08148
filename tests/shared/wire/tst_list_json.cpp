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

QTEST_APPLESS_MAIN(TestListJson)
#include "tst_list_json.moc"
