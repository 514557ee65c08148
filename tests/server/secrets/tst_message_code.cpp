// HMAC-SHA-256 against the test cases of RFC 4231, and the comparison.
#include "server/secrets/message_code.h"

#include "tests/support/printing.h"

using namespace billing;

class TestMessageCode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void publishedCases_data();
    void publishedCases();
    void comparesLengthAndEveryByte();
};

void TestMessageCode::publishedCases_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("1") << QByteArray(20, '\x0b') << QByteArray("Hi There")
                       << QByteArray("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    QTest::newRow("2") << QByteArray("Jefe") << QByteArray("what do ya want for nothing?")
                       << QByteArray("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    QTest::newRow("3") << QByteArray(20, '\xaa') << QByteArray(50, '\xdd')
                       << QByteArray("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    QTest::newRow("6, a key longer than a block")
        << QByteArray(131, '\xaa') << QByteArray("Test Using Larger Than Block-Size Key - Hash Key First")
        << QByteArray("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

void TestMessageCode::publishedCases()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, code);
    const std::string made = secrets::messageCode(key.toStdString(), message.toStdString());
    QCOMPARE(QByteArray::fromStdString(made).toHex(), code);
}

void TestMessageCode::comparesLengthAndEveryByte()
{
    const std::string code = secrets::messageCode("key", "message");
    QVERIFY(secrets::equalInConstantTime(code, std::string(code)));
    QVERIFY(secrets::equalInConstantTime("", ""));
    QVERIFY(!secrets::equalInConstantTime(code, code.substr(1)));
    QVERIFY(!secrets::equalInConstantTime(code, code + "x"));
    for (std::size_t at = 0; at < code.size(); ++at) {
        std::string bent = code;
        bent[at] = static_cast<char>(bent[at] ^ 1);
        QVERIFY(!secrets::equalInConstantTime(code, bent));
    }
}

QTEST_APPLESS_MAIN(TestMessageCode)
#include "tst_message_code.moc"
