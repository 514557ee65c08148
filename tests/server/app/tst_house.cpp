// The house opens only on a whole data directory, alone, and says what is wrong with any other.

// Tests: engine.cpp
#include "server/app/house.h"

#include "server/app/commands.h"
#include "tests/support/manual_clock.h"
#include "tests/support/printing.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_directory.h"

#include <fstream>

using namespace billing;

class TestHouse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusals_data();
    void refusals();
    void refusesASecondHouse();
    void opensAsItWasLeft();
    void aSnapshotThatIsNotThere();
};

namespace {

namespace fs = std::filesystem;

struct Site
{
    Site() { BILLING_ASSERT(app::initCommand({"--data-dir", data.root.string()}) == 0); }
    Result<std::unique_ptr<House>> open() { return House::open(data, {clock, random}); }

    test::TemporaryDirectory directory;
    DataDirectory data{directory.file("data")};
    test::ManualClock clock{"2026-09-15T12:00:00Z"};
    test::SeededRandom random{1};
};

} // namespace

void TestHouse::refusals_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("no database") << "remove billing.sqlite" << ErrorCode::FileUnreadable;
    QTest::newRow("no issuer") << "remove issuer.toml" << ErrorCode::FileUnreadable;
    QTest::newRow("issuer is no TOML") << "spoil issuer.toml" << ErrorCode::InvalidConfiguration;
    QTest::newRow("no sealing keys") << "remove keys/sealing.keys" << ErrorCode::FileUnreadable;
    QTest::newRow("sealing keys for everybody") << "open keys/sealing.keys" << ErrorCode::FileUnreadable;
    QTest::newRow("sealing keys spoilt") << "spoil keys/sealing.keys" << ErrorCode::InvalidKey;
    QTest::newRow("a sealing key of 31 bytes") << "short keys/sealing.keys" << ErrorCode::InvalidKey;
    QTest::newRow("a sealing key of 33 bytes") << "long keys/sealing.keys" << ErrorCode::InvalidKey;
    QTest::newRow("an all-zero sealing key") << "zero keys/sealing.keys" << ErrorCode::InvalidKey;
    QTest::newRow("no audit key") << "remove keys/audit-ed25519.pem" << ErrorCode::FileUnreadable;
    QTest::newRow("audit key for everybody") << "open keys/audit-ed25519.pem" << ErrorCode::FileUnreadable;
    QTest::newRow("audit key spoilt") << "spoil keys/audit-ed25519.pem" << ErrorCode::InvalidKey;
    QTest::newRow("database spoilt") << "spoil billing.sqlite" << ErrorCode::StorageCorrupt;
}

void TestHouse::refusals()
{
    QFETCH(QString, fault);
    QFETCH(ErrorCode, code);
    Site site;
    const fs::path file = site.data.root / fault.section(QLatin1Char(' '), 1).toStdString();
    QVERIFY(fs::exists(file));
    if (fault.startsWith(QLatin1String("remove")))
        fs::remove(file);
    else if (fault.startsWith(QLatin1String("open")))
        fs::permissions(file, fs::perms::others_read, fs::perm_options::add);
    else if (fault.startsWith(QLatin1String("short")))
        std::ofstream(file) << "1 " << std::string(62, 'a') << "\n";
    else if (fault.startsWith(QLatin1String("long")))
        std::ofstream(file) << "1 " << std::string(66, 'a') << "\n";
    else if (fault.startsWith(QLatin1String("zero")))
        std::ofstream(file) << "1 " << std::string(64, '0') << "\n";
    else
        std::ofstream(file, std::ios::binary) << std::string(4'096, '#') + "[";
    const auto house = site.open();
    QVERIFY(!house);
    QVERIFY2(house.error().code == code, toText(house.error()).c_str());
}

void TestHouse::refusesASecondHouse()
{
    Site site;
    const auto first = site.open();
    QVERIFY(first);
    QCOMPARE(site.open().error().code, ErrorCode::DataDirectoryInUse);
}

void TestHouse::opensAsItWasLeft()
{
    Site site;
    std::string cursorKey;
    Catalog catalog;
    {
        const auto house = site.open();
        cursorKey = (*house)->cursorKey();
        catalog = (*house)->catalog();
        QVERIFY(catalog.plans.size() >= 4);
        QCOMPARE((*house)->issuer().code, std::string("main"));
    }
    const auto again = site.open();
    QVERIFY(again);
    QVERIFY((*again)->cursorKey() == cursorKey); // a list goes on after a restart
    QVERIFY((*again)->catalog() == catalog);

    Site other;
    QVERIFY((*other.open())->cursorKey() != cursorKey);
}

void TestHouse::aSnapshotThatIsNotThere()
{
    Site site;
    const auto house = site.open();
    QCOMPARE((*house)->snapshot(TenantId("acme"), InvoiceId("inv_1")).error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(TestHouse)
#include "tst_house.moc"
