// Goal: key files are private, named after their key, and nothing else is taken for one. Method: one spoilt
// file a row, beside a good key.
#include "server/access/signing_keys.h"
#include "server/secrets/private_file.h"
#include "tests/server/access/signed_token.h"
#include "tests/support/printing.h"

#include <QTest>

#include <fstream>

using namespace billing;
using namespace billing::access;
using namespace billing::access::test;
namespace fs = std::filesystem;

class TestSigningKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void refusesADirectoryWithoutKeys();
    void refusesKeysOthersMayRead();
    void createsKeysThatLoad();
};

void TestSigningKeys::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("outcome");
    const QByteArray good = QByteArray::fromStdString(jwk(newKeyPair(), "spoilt"));
    const auto without = [&](const char* member) {
        QByteArray text = good;
        const auto at = text.indexOf(member);
        return text.replace(at, 1 + static_cast<int>(std::string_view(member).size()), "x");
    };
    QTest::newRow("empty") << QByteArray() << QByteArray("invalid_key");
    QTest::newRow("not JSON") << QByteArray("-----BEGIN") << QByteArray("invalid_key");
    QTest::newRow("another kid") << QByteArray(good).replace("spoilt", "other") << QByteArray("invalid_key");
    QTest::newRow("symmetric") << QByteArray(R"({"kty":"oct","kid":"spoilt","k":"AAAA"})")
                               << QByteArray("invalid_key");
    QTest::newRow("another curve") << QByteArray(good).replace("P-256", "P-384") << QByteArray("invalid_key");
    QTest::newRow("no private part") << without("\"d\"") << QByteArray("invalid_key");
    QTest::newRow("twin") << good << QByteArray("spoilt");
}

void TestSigningKeys::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, outcome);
    const World world;
    QVERIFY(secrets::createFile(world.directory.file("jwt-spoilt.jwk"), text.toStdString(),
                                secrets::Audience::OwnerOnly));
    const auto keys = SigningKeys::load(world.directory.path());
    QCOMPARE(
        billing::test::outcome(keys, [](const SigningKeys& loaded) { return loaded.youngest().keyId(); }),
        outcome.toStdString());
}

void TestSigningKeys::refusesADirectoryWithoutKeys()
{
    const billing::test::TemporaryDirectory directory;
    QCOMPARE(SigningKeys::load(directory.path()).error().code, ErrorCode::InvalidConfiguration);
    QCOMPARE(SigningKeys::load(directory.file("absent")).error().code, ErrorCode::FileUnreadable);
}

void TestSigningKeys::refusesKeysOthersMayRead()
{
    const World world;
    const fs::path file = world.directory.file("jwt-1767225600-test.jwk");
    for (const fs::perms more : {fs::perms::group_read, fs::perms::others_read}) {
        fs::permissions(file, fs::perms::owner_read | more);
        const auto keys = SigningKeys::load(world.directory.path());
        QVERIFY(!keys);
        QCOMPARE(keys.error().code, ErrorCode::FileUnreadable);
        QCOMPARE(keys.error().subject, file.string());
    }
    fs::permissions(file, fs::perms::owner_read);
    QVERIFY(SigningKeys::load(world.directory.path()));
}

void TestSigningKeys::createsKeysThatLoad()
{
    World world;
    const fs::path directory = world.directory.file("keys");
    const auto first = createSigningKey(directory, world.clock);
    world.clock.advance(std::chrono::seconds(1));
    const auto second = createSigningKey(directory, world.clock);
    QVERIFY(first && second);
    QVERIFY(*first < *second);
    QCOMPARE(first->substr(0, 11), std::string("1767225600-"));
    QCOMPARE(first->size(), std::size_t{27});
    QVERIFY(fs::status(directory).permissions() == fs::perms::owner_all);
    const auto keys = SigningKeys::load(directory);
    QVERIFY(keys);
    QCOMPARE(keys->youngest().keyId(), *second);
    QVERIFY(keys->find(*first) != nullptr && keys->find("absent") == nullptr);
}

QTEST_APPLESS_MAIN(TestSigningKeys)
#include "tst_signing_keys.moc"
