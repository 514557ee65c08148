// What a connection is made of is judged before anything is sent: each refusal with its control; and secrets
// are overwritten where they are.
//
// Tests: connection.cpp wipe.cpp
#include "shared/client/connection.h"
#include "shared/client/wipe.h"
#include "tests/shared/client/test_pki.h"
#include "tests/support/printing.h"

#include <QSslCertificate>
#include <QSslKey>

using namespace billing;
using namespace billing::client;
using namespace billing::test;

namespace {

struct Pki
{
    Authority authority;
    Identity client = authority.issue();
    Identity other = authority.issue();
};

const Pki& pki()
{
    static const Pki made;
    return made;
}

Connection good()
{
    return {QUrl(QStringLiteral("https://billing.example:8443")),
            pki().client.certificate,
            pki().client.key,
            {},
            pki().authority.certificate(),
            "a.b.c"};
}

} // namespace

class TestConnection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void trustsOurAuthoritiesAlone();
    void opensEncryptedKeys();
    void wipesInPlace();
};

void TestConnection::refuses_data()
{
    QTest::addColumn<Connection>("connection");
    QTest::addColumn<std::string>("refusal");

    const auto add = [](const char* name, const char* refusal, auto change) {
        Connection connection = good();
        change(connection);
        QTest::newRow(name) << connection << std::string(refusal);
    };
    const auto server = [&](const char* name, const char* url, const char* refusal) {
        add(name, refusal, [&](Connection& c) { c.server = QUrl(QString::fromLatin1(url)); });
    };
    const char* const noServer = "invalid_value: server (expected https://host:port)";
    server("control", "https://billing.example:8443", "");
    server("control: slash", "https://billing.example/", "");
    server("no server", "", noServer);
    server("plain HTTP", "http://billing.example", noServer);
    server("file", "file:///etc/passwd", noServer);
    server("path", "https://billing.example/other", noServer);
    server("query", "https://billing.example/?x=1", noServer);
    server("fragment", "https://billing.example/#x", noServer);
    server("user", "https://me:secret@billing.example/", noServer);
    add("no authorities", "invalid_key: authorities (not PEM)", [](Connection& c) { c.authorities = ""; });
    add("authorities not PEM", "invalid_key: authorities (not PEM)",
        [](Connection& c) { c.authorities = QByteArray(65536, 'x'); });
    add("no certificate", "invalid_key: certificate (not PEM)", [](Connection& c) { c.certificate = ""; });
    add("key as certificate", "invalid_key: certificate (not PEM)",
        [](Connection& c) { c.certificate = pki().client.key; });
    add("no key", "invalid_key: key (not PEM)", [](Connection& c) { c.key = ""; });
    add("key cut", "invalid_key: key (not PEM)", [](Connection& c) { c.key.chop(40); });
    add("another's key", "invalid_key: pair", [](Connection& c) { c.key = pki().other.key; });
    add("passphrase missing", "invalid_key: key (encrypted)",
        [](Connection& c) { c.key = encryptedKey(c.key, "open sesame"); });
    add("passphrase wrong", "invalid_key: key (encrypted)", [](Connection& c) {
        c.key = encryptedKey(c.key, "open sesame");
        c.passphrase = "open barley";
    });
    add("passphrase of 64 KiB", "invalid_key: key (encrypted)", [](Connection& c) {
        c.key = encryptedKey(c.key, "open sesame");
        c.passphrase = QByteArray(65536, 'x');
    });
    add("no token", "invalid_token: token", [](Connection& c) { c.token = ""; });
    add("token with a line", "invalid_token: token", [](Connection& c) { c.token = "a.b.c\r\nX: y"; });
    add("token of 64 KiB", "invalid_token: token", [](Connection& c) { c.token = QByteArray(65536, 'x'); });
}

void TestConnection::refuses()
{
    QFETCH(const Connection, connection);
    QFETCH(const std::string, refusal);
    const auto tls = tlsOf(connection);
    QCOMPARE(tls ? std::string() : toText(tls.error()), refusal);
}

void TestConnection::trustsOurAuthoritiesAlone()
{
    const auto tls = tlsOf(good());
    QVERIFY(tls);
    QCOMPARE(tls->caCertificates().size(), 1);
    QCOMPARE(tls->peerVerifyMode(), QSslSocket::VerifyPeer);
    QCOMPARE(tls->protocol(), QSsl::TlsV1_2OrLater);
}

void TestConnection::opensEncryptedKeys()
{
    Connection connection = good();
    for (const QByteArray& passphrase : {QByteArray("open sesame"), QByteArray("\xc3\xbc \xe2\x82\xac")}) {
        connection.key = encryptedKey(pki().client.key, passphrase);
        connection.passphrase = passphrase;
        const auto tls = tlsOf(connection);
        QVERIFY2(tls, tls ? "" : toText(tls.error()).c_str());
        QVERIFY(!tls->privateKey().isNull());
    }
}

void TestConnection::wipesInPlace()
{
    QByteArray secret(5, 'x');
    const QByteArray shared = secret;
    const QByteArray copied(secret.constData(), secret.size());
    wipe(secret);
    QVERIFY(secret.isEmpty());
    QCOMPARE(shared, QByteArray(5, '\0'));
    QCOMPARE(copied, QByteArray("xxxxx"));
    wipe(secret);
}

QTEST_GUILESS_MAIN(TestConnection)
#include "tst_connection.moc"
