// Goal: only the right TLS is spoken, and what is none is dropped at its deadline. Method: handshakes of an
// OpenSSL client with each identity against each mode; weak clients lower their own security level first and
// get into a deliberately weak server, so that a refusal is the door's; what OpenSSL cannot say any more is
// written by hand (RC4, 3DES and EXPORT have no control here, since no server on this machine speaks them).
//
// Tests: tls_context.cpp tls_session.cpp
#include "tests/server/http/certificates.h"
#include "tests/server/http/door.h"
#include "tests/support/printing.h"

#include "server/access/development_pki.h"

#include <QTest>

#include <openssl/ssl.h>

using namespace billing;
using namespace billing::http;
using billing::http::test::Client;
using billing::http::test::Door;
using billing::http::test::Identity;

namespace {

void answerSubject(Request&& request, Responder respond)
{
    respond({200, {}, "text/plain", request.peer ? request.peer->subject : std::string("nobody")});
}

std::string bigEndian(int value)
{
    return {static_cast<char>(value / 256), static_cast<char>(value % 256)};
}

std::string prefixed(const std::string& bytes)
{
    return bigEndian(static_cast<int>(bytes.size())) + bytes;
}

/// A ClientHello of one version with one cipher suite, by hand: OpenSSL has forgotten how to say some of
/// them.
std::string hello(int version, int cipher)
{
    const std::string groups = bigEndian(10) + prefixed(prefixed(bigEndian(23))); // P-256
    const std::string signatures =
        bigEndian(13) + prefixed(prefixed(bigEndian(0x0403))); // ECDSA with SHA-256
    std::string body = bigEndian(version) + std::string(32, 'r') + '\0' + prefixed(bigEndian(cipher));
    body += std::string("\1\0", 2) + prefixed(groups + signatures);
    const std::string message = std::string("\1\0", 2) + prefixed(body);
    return '\x16' + bigEndian(version == 0x0300 ? 0x0300 : 0x0301) + prefixed(message);
}

struct Resumption
{
    bool resumed;
    std::shared_ptr<SSL_SESSION> session;
};

/// One connection that offers a session, with early data if it may, asks once and keeps what session it got.
Resumption resume(std::uint16_t port, int version, const std::shared_ptr<SSL_SESSION>& session,
                  const std::string& early)
{
    SSL_CTX* context = http::test::carelessClient(nullptr);
    SSL* ssl = SSL_new(context);
    SSL_CTX_free(context);
    SSL_set_min_proto_version(ssl, version);
    SSL_set_max_proto_version(ssl, version);
    BIO* socket = BIO_new_connect(("127.0.0.1:" + std::to_string(port)).c_str());
    BIO_do_connect(socket);
    SSL_set_bio(ssl, socket, socket);
    std::size_t count = 0;
    if (session) {
        SSL_set_session(ssl, session.get());
        if (SSL_SESSION_get_max_early_data(session.get()) > 0)
            SSL_write_early_data(ssl, early.data(), early.size(), &count);
    }
    SSL_connect(ssl);
    const std::string request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    SSL_write_ex(ssl, request.data(), request.size(), &count);
    char answer[4096];
    SSL_read_ex(ssl, answer, sizeof answer, &count); // brings the tickets too
    const Resumption result{SSL_session_reused(ssl) == 1, {SSL_get1_session(ssl), SSL_SESSION_free}};
    SSL_shutdown(ssl);
    SSL_free(ssl);
    return result;
}

/// The answer's body, empty when the door did not let us in. (With TLS 1.3 a client learns of its refusal
/// only when it reads.)
std::string ask(std::uint16_t port, Identity identity)
{
    Client client(port, identity);
    if (!client.connected())
        return {};
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const std::string answer = client.readToEnd();
    const std::size_t body = answer.find("\r\n\r\n");
    return body == std::string::npos ? std::string() : answer.substr(body + 4);
}

} // namespace

Q_DECLARE_METATYPE(billing::http::ClientCertificate)
Q_DECLARE_METATYPE(billing::http::test::Identity)

class TestServerTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void admits_data();
    void admits();
    void namesThePeerByItsThumbprint();
    void refusesOldVersions_data();
    void refusesOldVersions();
    void refusesHellos_data();
    void refusesHellos();
    void refusesRenegotiation();
    void resumesNothing_data();
    void resumesNothing();
    void issuesNoTickets();
    void refusesForeignProtocols_data();
    void refusesForeignProtocols();
    void dropsWhatIsNoHandshake_data();
    void dropsWhatIsNoHandshake();
    void cleanupTestCase();

private:
    void count(bool refused) { ++(refused ? m_refused : m_passed); }

    int m_refused = 0;
    int m_passed = 0;
};

void TestServerTls::admits_data()
{
    QTest::addColumn<ClientCertificate>("mode");
    QTest::addColumn<Identity>("identity");
    QTest::addColumn<QByteArray>("answer");
    const QByteArray kernel = "urn:enis:service:kernel";
    using enum ClientCertificate;
    QTest::newRow("required, none") << Required << Identity::None << QByteArray();
    QTest::newRow("required, other CA") << Required << Identity::OtherAuthority << QByteArray();
    QTest::newRow("required, for servers") << Required << Identity::Server << QByteArray();
    QTest::newRow("required, kernel") << Required << Identity::Kernel << kernel;
    QTest::newRow("required, console")
        << Required << Identity::Console << QByteArray("urn:enis:service:console");
    QTest::newRow("optional, other CA") << Optional << Identity::OtherAuthority << QByteArray();
    QTest::newRow("optional, none") << Optional << Identity::None << QByteArray("nobody");
    QTest::newRow("optional, kernel") << Optional << Identity::Kernel << kernel;
    QTest::newRow("none, kernel") << None << Identity::Kernel << QByteArray("nobody");
}

void TestServerTls::admits()
{
    QFETCH(ClientCertificate, mode);
    QFETCH(Identity, identity);
    QFETCH(QByteArray, answer);
    Door door(answerSubject, {}, mode);
    QCOMPARE(ask(door.port(), identity), answer.toStdString());
    QCOMPARE(door.seen().size(), answer.isEmpty() ? std::size_t{0} : std::size_t{1});
}

void TestServerTls::namesThePeerByItsThumbprint()
{
    std::optional<PeerCertificate> peer;
    Door door([&](Request&& request, Responder respond) {
        peer = request.peer;
        respond({});
    });
    ask(door.port(), Identity::Kernel);
    const auto thumbprint = access::certificateThumbprint(http::test::pki() / "kernel.crt");
    QVERIFY(thumbprint && peer);
    QVERIFY(peer->sha256 == *thumbprint);
}

void TestServerTls::refusesOldVersions_data()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<QByteArray>("ciphers");
    QTest::addColumn<int>("alert");
    const int protocolVersion = 70;
    const int handshakeFailure = 40;
    QTest::newRow("TLS 1.0") << TLS1_VERSION << QByteArray("ALL:@SECLEVEL=0") << protocolVersion;
    QTest::newRow("TLS 1.1") << TLS1_1_VERSION << QByteArray("ALL:@SECLEVEL=0") << protocolVersion;
    for (const char* cipher : {"ECDHE-ECDSA-NULL-SHA", "ECDHE-ECDSA-AES256-SHA", "ECDHE-ECDSA-AES128-SHA256",
                               "ECDHE-ECDSA-AES128-CCM", "AECDH-AES128-SHA"})
        QTest::newRow(cipher) << TLS1_2_VERSION << QByteArray(cipher).append(":@SECLEVEL=0")
                              << handshakeFailure;
    QTest::newRow("twin, TLS 1.2") << TLS1_2_VERSION << QByteArray("ECDHE-ECDSA-AES128-GCM-SHA256") << 0;
    QTest::newRow("twin, TLS 1.2 ChaCha")
        << TLS1_2_VERSION << QByteArray("ECDHE-ECDSA-CHACHA20-POLY1305") << 0;
    QTest::newRow("twin, TLS 1.3") << TLS1_3_VERSION << QByteArray("ALL") << 0;
}

void TestServerTls::refusesOldVersions()
{
    QFETCH(int, version);
    QFETCH(QByteArray, ciphers);
    QFETCH(int, alert);
    const auto client = [&ciphers] {
        SSL_CTX* context = http::test::carelessClient(nullptr);
        SSL_CTX_set_cipher_list(context, ciphers.constData());
        return context;
    };
    // The control: this client gets in where nobody cares.
    const http::test::WeakServer weak(http::test::selfSigned({}));
    QVERIFY(Client(weak.port(), client(), version).connected());

    Door door(answerSubject, {}, ClientCertificate::None);
    const Client refused(door.port(), client(), version);
    QCOMPARE(refused.connected(), alert == 0);
    QCOMPARE(refused.alert(), alert);
    count(alert != 0);
}

void TestServerTls::refusesHellos_data()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<int>("cipher");
    QTest::addColumn<int>("alert");
    QTest::newRow("SSL 3.0") << 0x0300 << 0xC02B << 40; // which has no other word for it
    QTest::newRow("TLS 1.0") << 0x0301 << 0xC02B << 70;
    QTest::newRow("TLS 1.1") << 0x0302 << 0xC02B << 70;
    QTest::newRow("NULL") << 0x0303 << 0x0002 << 40;
    QTest::newRow("EXPORT RC4") << 0x0303 << 0x0003 << 40;
    QTest::newRow("EXPORT DES") << 0x0303 << 0x0008 << 40;
    QTest::newRow("RC4") << 0x0303 << 0xC007 << 40;
    QTest::newRow("3DES") << 0x0303 << 0xC008 << 40;
    QTest::newRow("CBC with SHA-1") << 0x0303 << 0xC009 << 40;
    QTest::newRow("CBC with SHA-256") << 0x0303 << 0xC023 << 40;
    QTest::newRow("without forward secrecy") << 0x0303 << 0x009C << 40;
    QTest::newRow("anonymous") << 0x0303 << 0x00A6 << 40;
    QTest::newRow("twin") << 0x0303 << 0xC02B << 0;
}

void TestServerTls::refusesHellos()
{
    QFETCH(int, version);
    QFETCH(int, cipher);
    QFETCH(int, alert);
    Limits limits;
    limits.handshakeAndHeader = std::chrono::milliseconds(400); // the twin's handshake is never finished
    Door door(answerSubject, limits, ClientCertificate::None);
    const std::string answer = Client::sendPlain(door.port(), hello(version, cipher));
    QVERIFY(answer.size() >= 7);
    QCOMPARE(int{answer[0]}, alert == 0 ? 22 : 21);
    if (alert != 0) {
        QCOMPARE(int{answer[5]}, 2); // fatal
        QCOMPARE(int{answer[6]}, alert);
    }
    count(alert != 0);
}

void TestServerTls::refusesRenegotiation()
{
    const auto renegotiates = [](std::uint16_t port) {
        Client client(port, http::test::carelessClient(nullptr), TLS1_2_VERSION);
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        client.readBytes(4); // nothing of the old handshake's data may come in between
        SSL_renegotiate(client.native());
        return SSL_do_handshake(client.native()) == 1 && SSL_renegotiate_pending(client.native()) == 0;
    };
    const http::test::WeakServer weak(http::test::selfSigned({}));
    QVERIFY(renegotiates(weak.port()));
    Door door(answerSubject, {}, ClientCertificate::None);
    for (int i = 0; i < 100; ++i)
        QVERIFY(!renegotiates(door.port()));
    QCOMPARE(ask(door.port(), Identity::None), std::string("nobody"));
    count(true);
    count(false);
}

void TestServerTls::resumesNothing_data()
{
    QTest::addColumn<int>("version");
    QTest::newRow("TLS 1.2") << TLS1_2_VERSION;
    QTest::newRow("TLS 1.3") << TLS1_3_VERSION;
}

/// A ticket from another server under the door's own session name, and the door's own session: neither saves
/// a full handshake, and what was sent early with it is not read.
void TestServerTls::resumesNothing()
{
    QFETCH(int, version);
    const http::test::WeakServer weak(http::test::selfSigned({}));
    Door door(answerSubject, {}, ClientCertificate::None);
    const std::string early = "GET /early HTTP/1.1\r\nHost: a\r\n\r\n";
    const Resumption first = resume(weak.port(), version, nullptr, {});
    QVERIFY(!first.resumed);
    const Resumption control = resume(weak.port(), version, first.session, early);
    QVERIFY(control.resumed);
    QCOMPARE(weak.earlyBytes(), version == TLS1_3_VERSION ? static_cast<int>(early.size()) : 0);
    const Resumption fromWeak = resume(door.port(), version, control.session, early);
    QVERIFY(!fromWeak.resumed);
    const Resumption own = resume(door.port(), version, fromWeak.session, {});
    QVERIFY(!own.resumed);
    QCOMPARE(door.seen(), std::vector<std::string>({"GET /", "GET /"}));
    count(true);
    count(false);
}

void TestServerTls::issuesNoTickets()
{
    Door door(answerSubject);
    Client client(door.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    client.readAnswers(1);
    QVERIFY(SSL_SESSION_is_resumable(SSL_get_session(client.native())) == 0);
}

void TestServerTls::refusesForeignProtocols_data()
{
    QTest::addColumn<QByteArray>("offered");
    QTest::addColumn<bool>("admitted");
    QTest::newRow("h2 only") << QByteArray("\x02h2") << false;
    QTest::newRow("h2 and http/1.1") << QByteArray("\x02h2\x08http/1.1") << true;
}

void TestServerTls::refusesForeignProtocols()
{
    QFETCH(QByteArray, offered);
    QFETCH(bool, admitted);
    Door door(answerSubject, {}, ClientCertificate::None);
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(offered.constData()),
                            static_cast<unsigned>(offered.size()));
    BIO* connection = BIO_new_ssl_connect(context);
    BIO_set_conn_hostname(connection, ("127.0.0.1:" + std::to_string(door.port())).c_str());
    QCOMPARE(BIO_do_connect(connection) == 1, admitted);
    BIO_free_all(connection);
    SSL_CTX_free(context);
}

void TestServerTls::dropsWhatIsNoHandshake_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char* name, const std::string& bytes) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes);
    };
    const std::string whole = hello(0x0303, 0xC02B);
    row("nothing", {});
    row("plain HTTP", "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    row("plain HTTP with a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    row("one byte", whole.substr(0, 1));
    row("half a hello", whole.substr(0, whole.size() / 2));
    row("a hello but its last byte", whole.substr(0, whole.size() - 1));
    row("garbage", std::string(4096, '\xA5'));
    row("zeros", std::string(4096, '\0'));
    row("a record longer than any", std::string("\x16\x03\x01\xFF\xFF", 5) + std::string(70'000, 'x'));
    row("application data first", std::string("\x17\x03\x03\x00\x05hello", 10));
    row("alerts only", std::string("\x15\x03\x03\x00\x02\x01\x5A", 7));
    row("SSL 2.0", std::string("\x80\x2E\x01\x00\x02\x00\x15\x00\x00\x00\x10", 11) + std::string(37, 'x'));
}

void TestServerTls::dropsWhatIsNoHandshake()
{
    QFETCH(QByteArray, bytes);
    Limits limits;
    limits.handshakeAndHeader = std::chrono::milliseconds(400);
    Door door(answerSubject, limits);
    // Returns when the door has ended it, at its deadline at the latest.
    const std::string answer = Client::sendPlain(door.port(), bytes.toStdString());
    QVERIFY(answer.find("HTTP/") == std::string::npos);
    QCOMPARE(door.seen().size(), std::size_t{0});
    count(true);
    QCOMPARE(ask(door.port(), Identity::Kernel), std::string("urn:enis:service:kernel"));
    count(false);
}

void TestServerTls::cleanupTestCase()
{
    qInfo("handshakes: %d rows refused, %d twins passed", m_refused, m_passed);
}

QTEST_GUILESS_MAIN(TestServerTls)
#include "tst_server_tls.moc"
