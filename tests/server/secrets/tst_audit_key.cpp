// The key of the audit checkpoints: made once, never overwritten, private to its owner; signatures hold for
// their message and key only.
// Tests: audit_key.cpp
#include "server/secrets/audit_key.h"
#include "tests/support/temporary_directory.h"

#include <QTest>

#include <fstream>

#include <sys/stat.h>

using namespace billing;
using namespace billing::secrets;
using namespace billing::test;

namespace {

AuditKey makeKey(const TemporaryDirectory& directory, const std::string& name)
{
    return AuditKey::create(directory.file(name + ".pem"), directory.file(name + ".pub.pem")).value();
}

} // namespace

class TestAuditKey : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void missingFilesAreRefused();
    void openPrivateFileIsRefused();
    void otherContentIsRefused_data();
    void otherContentIsRefused();
    void createNeverOverwrites();
    void signaturesHoldForTheirMessageOnly();
    void loadedKeysAreTheSame();
};

void TestAuditKey::missingFilesAreRefused()
{
    const TemporaryDirectory directory;
    QCOMPARE(AuditKey::load(directory.file("a.pem")).error().code, ErrorCode::FileUnreadable);
    QCOMPARE(AuditPublicKey::load(directory.file("a.pub.pem")).error().code, ErrorCode::FileUnreadable);
}

void TestAuditKey::openPrivateFileIsRefused()
{
    const TemporaryDirectory directory;
    static_cast<void>(makeKey(directory, "a"));
    ::chmod(directory.file("a.pem").c_str(), 0644);
    QCOMPARE(AuditKey::load(directory.file("a.pem")).error().code, ErrorCode::FileUnreadable);
}

void TestAuditKey::otherContentIsRefused_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("no PEM") << QByteArray("hello\n");
    QTest::newRow("broken PEM") << QByteArray(
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    // openssl genpkey -algorithm X25519
    QTest::newRow("another kind of key") << QByteArray(
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIHBH1LhY8ZzwJ0Zl0jPfvQ0m2ue0mBHqgLrYkYpEmGp3\n"
        "-----END PRIVATE KEY-----\n");
}

void TestAuditKey::otherContentIsRefused()
{
    QFETCH(QByteArray, content);
    const TemporaryDirectory directory;
    std::ofstream(directory.file("a.pem")) << content.toStdString();
    ::chmod(directory.file("a.pem").c_str(), 0600);
    QCOMPARE(AuditKey::load(directory.file("a.pem")).error().code, ErrorCode::InvalidKey);
    QCOMPARE(AuditPublicKey::load(directory.file("a.pem")).error().code, ErrorCode::InvalidKey);
}

void TestAuditKey::createNeverOverwrites()
{
    const TemporaryDirectory directory;
    const AuditKey key = makeKey(directory, "a");
    const auto refused = AuditKey::create(directory.file("a.pem"), directory.file("a.pub.pem"));
    QCOMPARE(refused.error().code, ErrorCode::AlreadyExists);
    QVERIFY(AuditPublicKey::load(directory.file("a.pub.pem"))->verifies("m", key.sign("m")));
}

void TestAuditKey::signaturesHoldForTheirMessageOnly()
{
    const TemporaryDirectory directory;
    const AuditKey key = makeKey(directory, "a");
    const std::string signature = key.sign("message");
    QCOMPARE(signature.size(), std::size_t{64});
    QVERIFY(key.publicKey().verifies("message", signature));
    QVERIFY(!key.publicKey().verifies("Message", signature));
    QVERIFY(!key.publicKey().verifies("", signature));
    QVERIFY(!key.publicKey().verifies("message", signature.substr(1)));
    QVERIFY(!key.publicKey().verifies("message", ""));
    QVERIFY(!makeKey(directory, "b").publicKey().verifies("message", signature));
    for (std::size_t bit = 0; bit < 8 * signature.size(); ++bit) {
        std::string changed = signature;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        QVERIFY(!key.publicKey().verifies("message", changed));
    }
}

void TestAuditKey::loadedKeysAreTheSame()
{
    const TemporaryDirectory directory;
    const AuditKey key = makeKey(directory, "a");
    struct stat status = {};
    ::stat(directory.file("a.pem").c_str(), &status);
    QCOMPARE(status.st_mode & 0777, mode_t{0600});
    const auto loaded = AuditKey::load(directory.file("a.pem"));
    QCOMPARE(loaded->sign("message"), key.sign("message")); // Ed25519 has no chance in it
    QVERIFY(AuditPublicKey::load(directory.file("a.pub.pem"))->verifies("message", loaded->sign("message")));
}

QTEST_APPLESS_MAIN(TestAuditKey)

#include "tst_audit_key.moc"
