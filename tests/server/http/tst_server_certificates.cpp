// Goal: only a certificate that is right in every respect gets in, and only while it is. Method: each row
// changes one thing of a client that passes, and has a twin that changes it harmlessly; the same client gets
// into a deliberately weak server, so that the refusal is the door's. The door's clock is the test's. Counts
// are printed at the end.
//
// Tests: client_certificate.cpp
#include "tests/server/http/certificates.h"
#include "tests/server/http/door.h"
#include "tests/support/printing.h"

#include <QTest>

#include <functional>
#include <map>

using namespace billing;
using namespace billing::http;
using namespace billing::http::test;

namespace {

constexpr const char* request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

void answerSubject(Request&& received, Responder respond)
{
    respond({200, {}, "text/plain", received.peer ? received.peer->subject : std::string("nobody")});
}

/// The authority the door trusts, and what others made of its name.
struct Authorities
{
    Issued root = selfSigned(authorityWish());
    Issued other = selfSigned(authorityWish("another CA"));
    Issued namesake = selfSigned(authorityWish());
    Issued server = issue(serverWish(), root);

    static CertificateWish serverWish()
    {
        CertificateWish wish;
        wish.commonName = "localhost";
        wish.extendedKeyUsage = "serverAuth";
        wish.alternativeNames = "DNS:localhost,IP:127.0.0.1";
        return wish;
    }
    /// A leaf under `count` intermediates, which come with it.
    Issued underIntermediates(int count, const CertificateWish& intermediate = authorityWish("intermediate"),
                              const CertificateWish& leaf = {}) const
    {
        std::vector<Issued> chain;
        CertificateWish wish = intermediate;
        for (int i = 0; i < count; ++i) {
            wish.commonName = intermediate.commonName + " " + std::to_string(i);
            chain.insert(chain.begin(), issue(wish, chain.empty() ? root : chain.front()));
        }
        Issued client = issue(leaf, chain.front());
        client.chain = std::move(chain);
        return client;
    }
};

const Authorities& authorities()
{
    static const Authorities made;
    return made;
}

Issued client(const std::function<void(CertificateWish&)>& change)
{
    CertificateWish wish;
    change(wish);
    return issue(wish, authorities().root);
}

Issued without(Issued identity, std::size_t links)
{
    identity.chain.erase(identity.chain.begin(), identity.chain.begin() + static_cast<std::ptrdiff_t>(links));
    return identity;
}

struct CertificateRow
{
    std::optional<Issued> refused; ///< none: the client shows no certificate
    Issued twin;
    int alert;
    int onlyVersion = 0; ///< when the other one has no words for this key
};

using Rows = std::map<std::string, CertificateRow>;

void addIssuers(Rows& rows)
{
    const Authorities& all = authorities();
    const Issued good = issue({}, all.root);
    rows["no certificate"] = {std::nullopt, good, 116};
    rows["of another CA"] = {issue({}, all.other), good, 48};
    rows["of another CA of the same name"] = {issue({}, all.namesake), good, 48};
    rows["self-signed"] = {selfSigned({}), good, 48};
    rows["self-signed under the CA's name"] = {selfSigned(authorityWish()), good, 48};
    const Issued chained = all.underIntermediates(2);
    rows["intermediates missing"] = {without(chained, 2), chained, 48};
    rows["one intermediate missing"] = {without(chained, 1), chained, 48};
    rows["chain of 20"] = {all.underIntermediates(20), all.underIntermediates(3), 48};
    CertificateWish leafAsIssuer;
    leafAsIssuer.commonName = "a client that issues";
    rows["issued by a client"] = {all.underIntermediates(1, leafAsIssuer), chained, 48};
    CertificateWish shortPath = authorityWish("intermediate without heirs");
    shortPath.constraints = "critical,CA:TRUE,pathlen:0";
    rows["longer than its path allows"] = {all.underIntermediates(2, shortPath),
                                           all.underIntermediates(1, shortPath), 48};
    CertificateWish constrained = authorityWish("constrained");
    constrained.nameConstraints = "critical,permitted;URI:.allowed.example";
    CertificateWish outside;
    outside.alternativeNames = "URI:https://a.other.example/kernel";
    CertificateWish inside;
    inside.alternativeNames = "URI:https://a.allowed.example/kernel";
    rows["name outside the constraint"] = {all.underIntermediates(1, constrained, outside),
                                           all.underIntermediates(1, constrained, inside), 46};
}

void addTimesAndPurposes(Rows& rows)
{
    const Issued good = issue({}, authorities().root);
    const auto second = std::chrono::seconds(1);
    rows["expired"] = {client([&](CertificateWish& wish) { wish.ends = -second; }),
                       client([&](CertificateWish& wish) { wish.ends = 60 * second; }), 45};
    rows["expires this second"] = {client([&](CertificateWish& wish) { wish.ends = Duration::zero(); }),
                                   client([&](CertificateWish& wish) { wish.ends = second; }), 45};
    rows["not yet valid"] = {client([&](CertificateWish& wish) { wish.begins = 60 * second; }),
                             client([&](CertificateWish& wish) { wish.begins = Duration::zero(); }), 42};
    CertificateWish shortLived = authorityWish("expired intermediate");
    shortLived.ends = -second;
    rows["intermediate expired"] = {authorities().underIntermediates(1, shortLived),
                                    authorities().underIntermediates(1), 45};
    rows["for servers"] = {
        client([](CertificateWish& wish) { wish.extendedKeyUsage = "serverAuth"; }),
        client([](CertificateWish& wish) { wish.extendedKeyUsage = "serverAuth,clientAuth"; }), 43};
    rows["for code"] = {client([](CertificateWish& wish) { wish.extendedKeyUsage = "codeSigning"; }), good,
                        43};
    rows["a CA's"] = {client([](CertificateWish& wish) { wish.constraints = "critical,CA:TRUE"; }), good, 46};
    rows["a CA's with a client's usages"] = {client([](CertificateWish& wish) {
                                                 wish.constraints = "critical,CA:TRUE";
                                                 wish.keyUsage = "critical,digitalSignature,keyCertSign";
                                             }),
                                             good, 46};
    rows["for key agreement alone"] = {
        client([](CertificateWish& wish) { wish.keyUsage = "critical,cRLSign"; }), good, 43};
}

void addIdentities(Rows& rows)
{
    using namespace std::string_literals;
    const Issued good = issue({}, authorities().root);
    const auto named = [](const std::string& names) {
        return client([&](CertificateWish& wish) { wish.alternativeNames = names; });
    };
    const auto raw = [](const std::string& uri) {
        return client([&](CertificateWish& wish) { wish.rawUri = uri; });
    };
    const Issued both = named("DNS:kernel.example,URI:urn:enis:service:kernel,email:ops@example.com");
    rows["no subjectAltName"] = {named(""), good, 40};
    rows["a DNS name only"] = {named("DNS:kernel.example"), both, 40};
    rows["a DNS wildcard only"] = {named("DNS:*.example"), both, 40};
    rows["an e-mail address only"] = {named("email:kernel@example.com"), both, 40};
    rows["two URIs"] = {named("URI:urn:enis:service:kernel,URI:urn:enis:service:console"), both, 40};
    rows["the same URI twice"] = {named("URI:urn:enis:service:kernel,URI:urn:enis:service:kernel"), both, 40};
    rows["wildcard URI"] = {raw("urn:enis:service:*"), raw("urn:enis:service:kernel"), 40};
    rows["URI with a NUL"] = {raw("urn:enis:service:kernel\0.evil.example"s), good, 40};
    rows["URI that is a NUL"] = {raw("\0"s), good, 40};
    rows["URI with a line end"] = {raw("urn:enis\r\nservice"), good, 40};
    rows["URI with a space"] = {raw("urn:enis service"), good, 40};
    rows["URI in UTF-8"] = {raw("urn:enis:\xC3\xA4"), good, 40};
    rows["URI of 257 bytes"] = {raw("urn:" + std::string(253, 'a')), raw("urn:" + std::string(252, 'a')), 40};
}

void addStrengths(Rows& rows)
{
    const auto keyed = [](const char* kind) {
        return client([&](CertificateWish& wish) { wish.key = kind; });
    };
    const auto signedBy = [](const char* name) {
        return client([&](CertificateWish& wish) { wish.digest = name; });
    };
    rows["RSA-1024"] = {keyed("RSA-1024"), keyed("RSA-2048"), 42};
    rows["P-192"] = {keyed("P-192"), keyed("P-384"), 42, 0x0303}; // TLS 1.3 cannot even say it
    rows["signed with SHA-1"] = {signedBy("SHA1"), signedBy("SHA384"), 42};
    CertificateWish weakIssuer = authorityWish("weak intermediate");
    weakIssuer.key = "RSA-1024";
    CertificateWish strongIssuer = authorityWish("strong intermediate");
    strongIssuer.key = "RSA-2048";
    rows["intermediate of RSA-1024"] = {authorities().underIntermediates(1, weakIssuer),
                                        authorities().underIntermediates(1, strongIssuer), 42};
    CertificateWish sha1Issuer = authorityWish("old intermediate");
    sha1Issuer.digest = "SHA1";
    rows["intermediate signed with SHA-1"] = {authorities().underIntermediates(1, sha1Issuer),
                                              authorities().underIntermediates(1), 42};
}

const Rows& certificateRows()
{
    static const Rows rows = [] {
        Rows made;
        addIssuers(made);
        addTimesAndPurposes(made);
        addIdentities(made);
        addStrengths(made);
        return made;
    }();
    return rows;
}

/// A door that trusts our authority.
class GuardedDoor
{
public:
    GuardedDoor()
        : m_door(answerSubject, {},
                 {"service", "127.0.0.1:0",
                  writeFiles(m_directory.path(), authorities().server, authorities().root),
                  ClientCertificate::Required})
    {
    }
    Door& operator*() { return m_door; }
    Door* operator->() { return &m_door; }

private:
    billing::test::TemporaryDirectory m_directory;
    Door m_door;
};

} // namespace

class TestServerCertificates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void refusesOnceACertificateIsOver_data();
    void refusesOnceACertificateIsOver();
    void cleanupTestCase();

private:
    int m_refused = 0;
    int m_passed = 0;
};

void TestServerCertificates::refuses_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const auto& [name, row] : certificateRows())
        QTest::newRow(name.c_str()) << QByteArray::fromStdString(name);
}

void TestServerCertificates::refuses()
{
    QFETCH(QByteArray, name);
    const CertificateRow& row = certificateRows().at(name.toStdString());
    const Issued* refused = row.refused ? &*row.refused : nullptr;

    // The control: the client's own stack lets this certificate out.
    WeakServer weak(authorities().server);
    {
        Client let(weak.port(), carelessClient(refused), row.onlyVersion);
        QVERIFY(let.connected());
        QCOMPARE(let.readBytes(4), std::string("weak"));
    }
    QCOMPARE(weak.handshakes(), 1);
    QCOMPARE(weak.withCertificate(), refused != nullptr ? 1 : 0);

    GuardedDoor door;
    for (const int version : {0x0303, 0x0304}) { // TLS 1.2 and 1.3
        if (row.onlyVersion != 0 && row.onlyVersion != version)
            continue;
        Client bad(door->port(), carelessClient(refused), version);
        if (bad.connected()) // with TLS 1.3 a client learns it when it reads
            bad.send(request);
        QCOMPARE(bad.readToEnd(), std::string());
        // TLS 1.2 has no word for a missing certificate but "handshake failure".
        QCOMPARE(bad.alert(), row.alert == 116 && version == 0x0303 ? 40 : row.alert);
    }
    QCOMPARE(door->seen().size(), std::size_t{0});
    ++m_refused;

    for (const int version : {0x0303, 0x0304}) {
        Client good(door->port(), carelessClient(&row.twin), version);
        QVERIFY(good.connected());
        good.send(request);
        QCOMPARE(statusOf(good.readAnswers(1)), 200);
    }
    ++m_passed;
}

void TestServerCertificates::refusesOnceACertificateIsOver_data()
{
    QTest::addColumn<bool>("intermediate");
    QTest::newRow("the client's own") << false;
    QTest::newRow("its intermediate's") << true;
}

void TestServerCertificates::refusesOnceACertificateIsOver()
{
    QFETCH(bool, intermediate);
    const auto minute = std::chrono::minutes(1);
    CertificateWish leaf;
    CertificateWish issuer = authorityWish("intermediate");
    (intermediate ? issuer : leaf).ends = minute;
    const Issued ending = authorities().underIntermediates(1, issuer, leaf);
    const Issued lasting = authorities().underIntermediates(1);
    GuardedDoor door;
    Client first(door->port(), carelessClient(&ending));
    Client second(door->port(), carelessClient(&lasting));
    door->clock().advance(minute - std::chrono::seconds(1));
    for (Client* client : {&first, &second}) {
        client->send(request);
        QCOMPARE(statusOf(client->readAnswers(1)), 200);
    }
    door->clock().advance(std::chrono::seconds(1));
    first.send(std::string(request) + request);
    const std::string answer = first.readToEnd();
    QCOMPARE(statusOf(answer), 401);
    QVERIFY(answer.find("certificate_expired") != std::string::npos);
    QVERIFY(answer.find("HTTP/1.1 ", 9) == std::string::npos);
    QVERIFY(first.endedByPeer());
    second.send(request);
    QCOMPARE(statusOf(second.readAnswers(1)), 200);
    QCOMPARE(door->seen().size(), std::size_t{3});
    ++m_refused;
    ++m_passed;
}

void TestServerCertificates::cleanupTestCase()
{
    qInfo("certificates: %d rows refused, %d twins passed", m_refused, m_passed);
}

QTEST_GUILESS_MAIN(TestServerCertificates)
#include "tst_server_certificates.moc"
