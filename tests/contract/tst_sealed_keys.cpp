// The newest key that something sealed names, on every engine.
// Tests: sealed_keys.cpp
#include "server/storage/sealed_keys.h"
#include "server/storage/tenants.h"
#include "tests/server/storage/storage_fixture.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

class TestSealedKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsSealed();
    void theNewestCounts();

private:
    std::uint32_t newest() const
    {
        return readValue(m_fixture.storage(), Scope::allTenants("test"), storage::newestSealingKey).value();
    }
    void addTenant(const std::string& id, const std::string& version)
    {
        const storage::TenantRow row{
            {TenantId(id), "Nova", "DE", Currency::parse("EUR").value(), "UTC", "en"},
            "\x01" + version + "nonce and the rest, \xff"};
        QVERIFY(m_fixture.storage().write(Scope::allTenants("test"), Priority::Money, anyWork(),
                                          [&](Work& work) { return storage::insertTenant(work, row); }));
    }

    StorageFixture m_fixture{StorageFixture::Writer::Inline};
};

void TestSealedKeys::nothingIsSealed()
{
    QCOMPARE(newest(), 0U);
}

void TestSealedKeys::theNewestCounts()
{
    using namespace std::string_literals;
    addTenant("a", "\0\0\0\x02"s);
    QCOMPARE(newest(), 2U);
    addTenant("b", "\0\0\0\x01"s);
    QCOMPARE(newest(), 2U);
    addTenant("c", "\0\0\x01\0"s); // as numbers, not as texts
    QCOMPARE(newest(), 256U);
    addTenant("d", "\0\0\0\xff"s);
    QCOMPARE(newest(), 256U);
}

QTEST_GUILESS_MAIN(TestSealedKeys)

#include "tst_sealed_keys.moc"
