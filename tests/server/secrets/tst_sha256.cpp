// Digests against the published vectors, from one thread and from several; random bytes are at least not
// alike.
// Tests: sha256.cpp secure_random.cpp
#include "server/secrets/secure_random.h"
#include "server/secrets/sha256.h"
#include "shared/kernel/assert.h"

#include <QTest>

#include <set>
#include <thread>

using namespace billing;
using namespace billing::secrets;

class TestSha256 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vectors_data();
    void vectors();
    void threadsDoNotMix();
    void randomBytesDiffer();
};

void TestSha256::vectors_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("digest");
    // FIPS 180-4's examples
    QTest::newRow("empty") << QByteArray("")
                           << QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    QTest::newRow("abc") << QByteArray("abc")
                         << QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    QTest::newRow("two blocks") << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                                << QByteArray(
                                       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    QTest::newRow("a million a") << QByteArray(1'000'000, 'a')
                                 << QByteArray(
                                        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

void TestSha256::vectors()
{
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, digest);
    const Sha256 answer = sha256({message.constData(), static_cast<std::size_t>(message.size())});
    QCOMPARE(QByteArray::fromStdString(toHex(answer)), digest);
    QCOMPARE(QByteArray::fromStdString(toBytes(answer)).toHex(), digest);
}

void TestSha256::threadsDoNotMix()
{
    const Sha256 expected = sha256("abc");
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&expected] {
            for (int round = 0; round < 200; ++round)
                BILLING_ASSERT(sha256("abc") == expected);
        });
    }
    for (std::thread& thread : threads)
        thread.join();
}

void TestSha256::randomBytesDiffer()
{
    OpenSslRandom random;
    std::set<std::array<std::byte, 12>> seen;
    for (int draw = 0; draw < 10'000; ++draw) {
        std::array<std::byte, 12> nonce{};
        random.fill(nonce);
        QVERIFY(seen.insert(nonce).second);
    }
}

QTEST_APPLESS_MAIN(TestSha256)

#include "tst_sha256.moc"
