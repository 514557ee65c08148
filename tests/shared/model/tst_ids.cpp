// Tenant ids: what is none, what is reserved, what is one.
#include "shared/model/ids.h"

#include <QTest>

using namespace billing;

class TestIds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesTenantId_data();
    void refusesTenantId();
    void acceptsTenantId_data();
    void acceptsTenantId();
};

void TestIds::refusesTenantId_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    for (const char* text : {"", "ab", "ABC", "Acme", "a b", "a_b", "a.b", "../../etc", "..%2f", "%00", "*",
                             "a/b", "acm\xD0\xB5", "\xEF\xBD\x81\x63me", "acme ", " acme", "acme\n"})
        QTest::newRow(text) << QByteArray(text) << int(ErrorCode::InvalidTenantId);
    QTest::newRow("NUL") << QByteArray("ac\0me", 5) << int(ErrorCode::InvalidTenantId);
    QTest::newRow("41") << QByteArray(41, 'a') << int(ErrorCode::InvalidTenantId);
    QTest::newRow("300") << QByteArray(300, 'a') << int(ErrorCode::InvalidTenantId);
    for (const char* text : {"current", "batch", "corrections", "bundles"})
        QTest::newRow(text) << QByteArray(text) << int(ErrorCode::ReservedTenantId);
}

void TestIds::refusesTenantId()
{
    QFETCH(QByteArray, text);
    const auto id = parseTenantId({text.constData(), static_cast<std::size_t>(text.size())});
    QVERIFY(!id);
    QTEST(int(id.error().code), "code");
}

void TestIds::acceptsTenantId_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"abc", "---", "007", "acme-corp", "currents", "batch-1"})
        QTest::newRow(text) << QByteArray(text);
    QTest::newRow("40") << QByteArray(40, 'a');
}

void TestIds::acceptsTenantId()
{
    QFETCH(QByteArray, text);
    QCOMPARE(parseTenantId(text.toStdString())->text(), text.toStdString());
}

QTEST_APPLESS_MAIN(TestIds)
#include "tst_ids.moc"
