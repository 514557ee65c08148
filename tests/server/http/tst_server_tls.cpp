// Goal: only the right certificate gets in, over the right TLS. Method: handshakes of an OpenSSL client with
// each identity against each mode; weak clients lower their own security level first, so that a refusal is
// the door's.
//
// Tests: tls_context.cpp tls_session.cpp
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
    void issuesNoTickets();
    void refusesForeignProtocols_data();
    void refusesForeignProtocols();
    void dropsPlainText();
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
    QTest::addColumn<bool>("admitted");
    QTest::newRow("TLS 1.0") << TLS1_VERSION << QByteArray("ALL:@SECLEVEL=0") << false;
    QTest::newRow("TLS 1.1") << TLS1_1_VERSION << QByteArray("ALL:@SECLEVEL=0") << false;
    QTest::newRow("TLS 1.2, CBC") << TLS1_2_VERSION << QByteArray("ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0")
                                  << false;
    QTest::newRow("TLS 1.2, CBC and SHA-1")
        << TLS1_2_VERSION << QByteArray("ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0") << false;
    QTest::newRow("TLS 1.2, GCM") << TLS1_2_VERSION << QByteArray("ECDHE-ECDSA-AES128-GCM-SHA256") << true;
    QTest::newRow("TLS 1.3") << TLS1_3_VERSION << QByteArray("ECDHE") << true;
}

void TestServerTls::refusesOldVersions()
{
    QFETCH(int, version);
    QFETCH(QByteArray, ciphers);
    QFETCH(bool, admitted);
    Door door(answerSubject, {}, ClientCertificate::None);
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    QCOMPARE(SSL_CTX_set_cipher_list(context, ciphers.constData()), 1);
    BIO* connection = BIO_new_ssl_connect(context);
    BIO_set_conn_hostname(connection, ("127.0.0.1:" + std::to_string(door.port())).c_str());
    QCOMPARE(BIO_do_connect(connection) == 1, admitted);
    BIO_free_all(connection);
    SSL_CTX_free(context);
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

void TestServerTls::dropsPlainText()
{
    Door door(answerSubject);
    const std::string answer = Client::sendPlain(door.port(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    QVERIFY(answer.find("HTTP/") == std::string::npos);
    QCOMPARE(door.seen().size(), std::size_t{0});
    QCOMPARE(ask(door.port(), Identity::Kernel), std::string("urn:enis:service:kernel"));
}

QTEST_GUILESS_MAIN(TestServerTls)
#include "tst_server_tls.moc"
