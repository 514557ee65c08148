// The published names of the model's enumerations: each name is read back as what wrote it, anything
// else is refused.
// Tests: invoice.cpp posting.cpp tenant.cpp tier.cpp
#include "shared/model/invoice.h"
#include "shared/model/posting.h"
#include "shared/model/tenant.h"
#include "shared/model/tier.h"

#include <QTest>

using namespace billing;

namespace {

template <class Value, class Parse>
bool namesAre(std::initializer_list<std::string_view> names, Parse parse)
{
    int number = 0;
    for (const std::string_view name : names) {
        const Result<Value> value = parse(name);
        if (!value || static_cast<int>(*value) != number++ || wireName(*value) != name)
            return false;
    }
    for (const std::string_view name : {"", "x", " ", "Draft", "s"})
        if (Result<Value> value = parse(name); value || value.error().code != ErrorCode::InvalidValue)
            return false;
    return true;
}

} // namespace

class TestWireNames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void invoiceStatus()
    {
        QVERIFY(namesAre<InvoiceStatus>({"draft", "finalised", "void"}, parseInvoiceStatus));
    }
    void accountKind()
    {
        QVERIFY(namesAre<AccountKind>({"receivable", "revenue", "tax_payable"}, parseAccountKind));
    }
    void taxCategory() { QVERIFY(namesAre<TaxCategory>({"S", "Z", "E", "AE", "G", "O"}, parseTaxCategory)); }
    void tier();
};

void TestWireNames::tier()
{
    QVERIFY(namesAre<Tier>({"zero", "shared", "lite", "enterprise", "air_gapped"}, parseTier));
    QCOMPARE(displayName(Tier::Zero), std::string_view("Zero"));
    QCOMPARE(displayName(Tier::AirGapped), std::string_view("Air-gapped"));
}

QTEST_APPLESS_MAIN(TestWireNames)
#include "tst_wire_names.moc"
