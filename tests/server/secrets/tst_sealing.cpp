// A sealed value opens in its own place, unchanged, with its own key, and nowhere else; every single bit
// counts. That AES-256-GCM itself is right is for OpenSSL to test.
// Tests: sealing.cpp
#include "server/secrets/sealing.h"
#include "server/secrets/secure_random.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_directory.h"

#include <QTest>

#include <set>

using namespace billing;
using namespace billing::secrets;
using namespace billing::test;

namespace {

constexpr SealContext place{"nova", "tenant", "sealed_profile", "nova"};

struct Seals
{
    explicit Seals(std::uint64_t seed = 1)
        : random(seed)
        , keys(KeyRing::create(directory.file("sealing.keys"), random).value())
    {
    }
    void rotate() { BILLING_ASSERT(keys.rotate(directory.file("sealing.keys"), random)); }

    TemporaryDirectory directory;
    SeededSecureRandom random;
    KeyRing keys;
    Sealer sealer{keys, random};
};

} // namespace

class TestSealing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void otherPlacesAreRefused_data();
    void otherPlacesAreRefused();
    void everyFlippedBitIsRefused();
    void everyTruncationIsRefused();
    void appendedByteIsRefused();
    void otherKeysAreRefused();
    void unknownKeyVersionIsRefused();
    void opensWhatItSealed_data();
    void opensWhatItSealed();
    void hidesWhatItSealed();
    void oldVersionsOpenAfterRotation();
    void noncesDiffer();
};

void TestSealing::otherPlacesAreRefused_data()
{
    QTest::addColumn<QByteArrayList>("other");
    QTest::newRow("tenant") << QByteArrayList{"nova2", "tenant", "sealed_profile", "nova"};
    QTest::newRow("table") << QByteArrayList{"nova", "invoice", "sealed_profile", "nova"};
    QTest::newRow("column") << QByteArrayList{"nova", "tenant", "sealed_snapshot", "nova"};
    QTest::newRow("row") << QByteArrayList{"nova", "tenant", "sealed_profile", "nova2"};
    QTest::newRow("a letter moved between parts")
        << QByteArrayList{"nov", "atenant", "sealed_profile", "nova"};
    QTest::newRow("parts swapped") << QByteArrayList{"tenant", "nova", "sealed_profile", "nova"};
    QTest::newRow("row empty") << QByteArrayList{"nova", "tenant", "sealed_profilenova", ""};
}

void TestSealing::otherPlacesAreRefused()
{
    QFETCH(QByteArrayList, other);
    const Seals seals;
    const std::string sealed = seals.sealer.seal("secret", place);
    const auto part = [&](qsizetype index) {
        return std::string_view(other[index].constData(), static_cast<std::size_t>(other[index].size()));
    };
    const auto refused = seals.sealer.open(sealed, {part(0), part(1), part(2), part(3)});
    QCOMPARE(refused.error().code, ErrorCode::SealBroken);
    QVERIFY(seals.sealer.open(sealed, place));
}

void TestSealing::everyFlippedBitIsRefused()
{
    const Seals seals;
    const std::string sealed = seals.sealer.seal("a secret of some length", place);
    for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
        std::string changed = sealed;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        const auto refused = seals.sealer.open(changed, place);
        QVERIFY(!refused);
        // the key version's bytes name a key that is not there
        const bool isVersion = bit / 8 >= 1 && bit / 8 <= 4;
        QCOMPARE(refused.error().code, isVersion ? ErrorCode::UnknownKeyVersion : ErrorCode::SealBroken);
    }
}

void TestSealing::everyTruncationIsRefused()
{
    const Seals seals;
    const std::string sealed = seals.sealer.seal("secret", place);
    for (std::size_t size = 0; size < sealed.size(); ++size)
        QCOMPARE(seals.sealer.open(sealed.substr(0, size), place).error().code, ErrorCode::SealBroken);
}

void TestSealing::appendedByteIsRefused()
{
    const Seals seals;
    QCOMPARE(seals.sealer.open(seals.sealer.seal("secret", place) + '\0', place).error().code,
             ErrorCode::SealBroken);
}

void TestSealing::otherKeysAreRefused()
{
    const Seals seals(1);
    const Seals others(2);
    QCOMPARE(others.sealer.open(seals.sealer.seal("secret", place), place).error().code,
             ErrorCode::SealBroken);
    // nor does another version of the same ring do
    Seals rotated(1);
    rotated.rotate();
    std::string sealed = seals.sealer.seal("secret", place);
    QVERIFY(rotated.sealer.open(sealed, place));
    sealed[4] = 2;
    QCOMPARE(rotated.sealer.open(sealed, place).error().code, ErrorCode::SealBroken);
}

void TestSealing::unknownKeyVersionIsRefused()
{
    const Seals seals(1);
    Seals rotated(1);
    rotated.rotate();
    const auto refused = seals.sealer.open(rotated.sealer.seal("secret", place), place);
    QCOMPARE(refused.error().code, ErrorCode::UnknownKeyVersion);
    QCOMPARE(refused.error().subject, "2");
}

void TestSealing::opensWhatItSealed_data()
{
    QTest::addColumn<QByteArray>("plain");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("text") << QByteArray("billing@nova.example");
    QTest::newRow("zeros") << QByteArray(40, '\0');
    QTest::newRow("a megabyte") << QByteArray(1 << 20, 'x');
}

void TestSealing::opensWhatItSealed()
{
    QFETCH(QByteArray, plain);
    const Seals seals;
    const std::string text = plain.toStdString();
    const std::string sealed = seals.sealer.seal(text, place);
    QCOMPARE(sealed.size(), text.size() + 1 + 4 + 12 + 16);
    QCOMPARE(seals.sealer.open(sealed, place).value(), text);
}

void TestSealing::hidesWhatItSealed()
{
    const Seals seals;
    const std::string sealed = seals.sealer.seal("billing@nova.example", place);
    QVERIFY(sealed.find("billing") == std::string::npos);
    QVERIFY(sealed.find("nova") == std::string::npos);
    QVERIFY(seals.sealer.seal("billing@nova.example", place) != sealed);
}

void TestSealing::oldVersionsOpenAfterRotation()
{
    Seals seals;
    const std::string before = seals.sealer.seal("old", place);
    seals.rotate();
    const std::string after = seals.sealer.seal("new", place);
    QCOMPARE(before[4], '\1');
    QCOMPARE(after[4], '\2');
    QCOMPARE(seals.sealer.open(before, place).value(), "old");
    QCOMPARE(seals.sealer.open(after, place).value(), "new");
}

void TestSealing::noncesDiffer()
{
    const Seals seals;
    OpenSslRandom random;
    const Sealer sealer(seals.keys, random);
    std::set<std::string> nonces;
    for (int round = 0; round < 20'000; ++round)
        QVERIFY(nonces.insert(sealer.seal("", place).substr(5, 12)).second);
}

QTEST_APPLESS_MAIN(TestSealing)

#include "tst_sealing.moc"
