// The sealing keys' file: every way it can be wrong refuses the start and names the file or the line; what
// was created or rotated loads again, also after a rotation that was killed half-way.
// Tests: key_ring.cpp private_file.cpp
#include "server/secrets/key_ring.h"
#include "server/secrets/private_file.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_directory.h"

#include <QTest>

#include <fstream>

#include <sys/stat.h>

using namespace billing;
using namespace billing::secrets;
using namespace billing::test;

namespace {

const std::string good(64, 'a');

std::filesystem::path keyFile(const TemporaryDirectory& directory, const std::string& content,
                              mode_t mode = 0600)
{
    const auto file = directory.file("sealing.keys");
    std::ofstream(file, std::ios::binary) << content;
    ::chmod(file.c_str(), mode);
    return file;
}

mode_t modeOf(const std::filesystem::path& file)
{
    struct stat status = {};
    ::stat(file.c_str(), &status);
    return status.st_mode & 0777;
}

} // namespace

class TestKeyRing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void missingFileIsRefused();
    void openFilesAreRefused_data();
    void openFilesAreRefused();
    void badContentIsRefused_data();
    void badContentIsRefused();
    void hugeFileIsRefused();
    void createNeverOverwrites();
    void createdRingLoadsAgain();
    void rotationAddsAKey();
    void rotationThatCannotWriteChangesNothing();
    void killedRotationDoesNotMatter();
    void unknownVersionIsRefused();
};

void TestKeyRing::missingFileIsRefused()
{
    const TemporaryDirectory directory;
    const auto refused = KeyRing::load(directory.file("sealing.keys"));
    QCOMPARE(refused.error().code, ErrorCode::FileUnreadable);
    QCOMPARE(refused.error().subject, directory.file("sealing.keys").string());
    QCOMPARE(KeyRing::load(directory.path()).error().code, ErrorCode::FileUnreadable);
}

void TestKeyRing::openFilesAreRefused_data()
{
    QTest::addColumn<uint>("mode");
    QTest::newRow("world reads") << 0604u;
    QTest::newRow("world writes") << 0602u;
    QTest::newRow("group reads") << 0640u;
    QTest::newRow("everybody") << 0666u;
}

void TestKeyRing::openFilesAreRefused()
{
    QFETCH(uint, mode);
    const TemporaryDirectory directory;
    QVERIFY(KeyRing::load(keyFile(directory, "1 " + good + "\n")));
    const auto refused = KeyRing::load(keyFile(directory, "1 " + good + "\n", mode));
    QCOMPARE(refused.error().code, ErrorCode::FileUnreadable);
    QVERIFY(refused.error().detail.find("0600") != std::string::npos);
}

void TestKeyRing::badContentIsRefused_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("place");
    const QByteArray key(64, 'a');
    QTest::newRow("empty") << QByteArray("") << QByteArray("");
    QTest::newRow("31 bytes") << "1 " + key.left(62) + "\n" << QByteArray(":1");
    QTest::newRow("33 bytes") << "1 " + key + "aa\n" << QByteArray(":1");
    QTest::newRow("all zero") << "1 " + QByteArray(64, '0') + "\n" << QByteArray(":1");
    QTest::newRow("capitals") << "1 " + QByteArray(64, 'A') + "\n" << QByteArray(":1");
    QTest::newRow("no hex") << "1 " + key.left(63) + "g\n" << QByteArray(":1");
    QTest::newRow("carriage return") << "1 " + key + "\r\n" << QByteArray(":1");
    QTest::newRow("no line end") << "1 " + key << QByteArray("");
    QTest::newRow("starts at 2") << "2 " + key + "\n" << QByteArray(":1");
    QTest::newRow("version twice") << "1 " + key + "\n1 " + key + "\n" << QByteArray(":2");
    QTest::newRow("gap") << "1 " + key + "\n3 " + key + "\n" << QByteArray(":2");
    QTest::newRow("bad second key") << "1 " + key + "\n2 " + QByteArray(64, '0') + "\n" << QByteArray(":2");
    QTest::newRow("unfinished second line") << "1 " + key + "\n2 " + key.left(10) << QByteArray("");
}

void TestKeyRing::badContentIsRefused()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, place);
    const TemporaryDirectory directory;
    const auto file = keyFile(directory, content.toStdString());
    const auto refused = KeyRing::load(file);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::InvalidKey);
    QCOMPARE(refused.error().subject, file.string() + place.toStdString());
}

void TestKeyRing::hugeFileIsRefused()
{
    const TemporaryDirectory directory;
    QCOMPARE(KeyRing::load(keyFile(directory, std::string(70'000, 'a'))).error().code,
             ErrorCode::FileUnreadable);
}

void TestKeyRing::createNeverOverwrites()
{
    const TemporaryDirectory directory;
    SeededSecureRandom random(1);
    const auto file = keyFile(directory, "precious");
    QCOMPARE(KeyRing::create(file, random).error().code, ErrorCode::AlreadyExists);
    QCOMPARE(readPrivateFile(file).value(), "precious");
    QCOMPARE(KeyRing::create(directory.file("none/x"), random).error().code, ErrorCode::FileUnwritable);
}

void TestKeyRing::createdRingLoadsAgain()
{
    const TemporaryDirectory directory;
    SeededSecureRandom random(1);
    const auto file = directory.file("sealing.keys");
    const auto made = KeyRing::create(file, random);
    QVERIFY(made);
    QCOMPARE(modeOf(file), mode_t{0600});
    const auto loaded = KeyRing::load(file);
    QCOMPARE(loaded->newest(), 1u);
    QVERIFY(*loaded->key(1).value() == *made->key(1).value());
}

void TestKeyRing::rotationAddsAKey()
{
    const TemporaryDirectory directory;
    SeededSecureRandom random(1);
    const auto file = directory.file("sealing.keys");
    auto ring = KeyRing::create(file, random);
    const KeyBytes first = *ring->key(1).value();
    QVERIFY(ring->rotate(file, random));
    QCOMPARE(ring->newest(), 2u);
    QCOMPARE(modeOf(file), mode_t{0600});
    const auto loaded = KeyRing::load(file);
    QCOMPARE(loaded->newest(), 2u);
    QVERIFY(*loaded->key(1).value() == first);
    QVERIFY(*loaded->key(2).value() == *ring->key(2).value());
    QVERIFY(*loaded->key(2).value() != first);
}

void TestKeyRing::rotationThatCannotWriteChangesNothing()
{
    const TemporaryDirectory directory;
    SeededSecureRandom random(1);
    auto ring = KeyRing::create(directory.file("sealing.keys"), random);
    QCOMPARE(ring->rotate(directory.file("none/sealing.keys"), random).error().code,
             ErrorCode::FileUnwritable);
    QCOMPARE(ring->newest(), 1u);
}

void TestKeyRing::killedRotationDoesNotMatter()
{
    const TemporaryDirectory directory;
    SeededSecureRandom random(1);
    const auto file = directory.file("sealing.keys");
    auto ring = KeyRing::create(file, random);
    std::ofstream(file.string() + ".new") << "1 half a k"; // as a kill before the rename leaves it
    QCOMPARE(KeyRing::load(file)->newest(), 1u);
    QVERIFY(ring->rotate(file, random));
    QCOMPARE(KeyRing::load(file)->newest(), 2u);
}

void TestKeyRing::unknownVersionIsRefused()
{
    const TemporaryDirectory directory;
    const auto ring = KeyRing::load(keyFile(directory, "1 " + good + "\n"));
    QCOMPARE(ring->key(0).error().code, ErrorCode::UnknownKeyVersion);
    QCOMPARE(ring->key(2).error().code, ErrorCode::UnknownKeyVersion);
}

QTEST_APPLESS_MAIN(TestKeyRing)

#include "tst_key_ring.moc"
