// Goal: certificates that do their job and no other's, in files nobody else can read. Method: OpenSSL's own
// verifier judges each certificate for each purpose.
#include "server/access/development_pki.h"
#include "tests/support/manual_clock.h"
#include "tests/support/printing.h"
#include "tests/support/temporary_directory.h"

#include <QTest>

#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

using namespace billing;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t start = 1'767'225'600; // 2026-01-01

X509* load(const fs::path& path)
{
    BIO* file = BIO_new_file(path.c_str(), "r");
    X509* certificate = PEM_read_bio_X509(file, nullptr, nullptr, nullptr);
    BIO_free(file);
    return certificate;
}

bool verifies(const fs::path& directory, const char* name, int purpose, std::int64_t at)
{
    X509_STORE* store = X509_STORE_new();
    X509* ca = load(directory / "ca.crt");
    X509* leaf = load((directory / name).concat(".crt"));
    X509_STORE_add_cert(store, ca);
    X509_STORE_CTX* context = X509_STORE_CTX_new();
    X509_STORE_CTX_init(context, store, leaf, nullptr);
    X509_STORE_CTX_set_purpose(context, purpose);
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context), at);
    X509_STORE_CTX_set_flags(context, X509_V_FLAG_X509_STRICT);
    const bool verified = X509_verify_cert(context) == 1;
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    X509_free(leaf);
    X509_free(ca);
    return verified;
}

} // namespace

class TestDevelopmentPki : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesToOverwrite();
    void makesPrivateKeysPrivate();
    void issuesForOnePurpose_data();
    void issuesForOnePurpose();
    void lastsThirteenMonths();
    void namesTheServer();
    void tellsThumbprints();

private:
    billing::test::ManualClock m_clock{"2026-01-01T00:00:00Z"};
    billing::test::TemporaryDirectory m_directory;
    fs::path m_pki;

private Q_SLOTS:
    void initTestCase()
    {
        m_pki = m_directory.file("pki");
        QVERIFY(access::createDevelopmentPki(m_pki, m_clock));
    }
};

void TestDevelopmentPki::refusesToOverwrite()
{
    const auto again = access::createDevelopmentPki(m_pki, m_clock);
    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::AlreadyExists);
    const auto nowhere = access::createDevelopmentPki("/proc/nowhere", m_clock);
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().code, ErrorCode::FileUnwritable);
}

void TestDevelopmentPki::makesPrivateKeysPrivate()
{
    for (const char* name : {"ca", "server", "kernel", "console"}) {
        const fs::perms key = fs::status((m_pki / name).concat(".key")).permissions();
        QVERIFY(key == (fs::perms::owner_read | fs::perms::owner_write));
        QVERIFY(fs::exists((m_pki / name).concat(".crt")));
    }
}

void TestDevelopmentPki::issuesForOnePurpose_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("server");
    QTest::addColumn<bool>("client");
    QTest::newRow("server") << QByteArray("server") << true << false;
    QTest::newRow("kernel") << QByteArray("kernel") << false << true;
    QTest::newRow("console") << QByteArray("console") << false << true;
}

void TestDevelopmentPki::issuesForOnePurpose()
{
    QFETCH(QByteArray, name);
    QFETCH(bool, server);
    QFETCH(bool, client);
    QCOMPARE(verifies(m_pki, name.constData(), X509_PURPOSE_SSL_SERVER, start), server);
    QCOMPARE(verifies(m_pki, name.constData(), X509_PURPOSE_SSL_CLIENT, start), client);
}

void TestDevelopmentPki::lastsThirteenMonths()
{
    constexpr std::int64_t day = 24 * 3600;
    QVERIFY(!verifies(m_pki, "kernel", X509_PURPOSE_SSL_CLIENT, start - 301));
    QVERIFY(verifies(m_pki, "kernel", X509_PURPOSE_SSL_CLIENT, start + 397 * day - 1));
    QVERIFY(!verifies(m_pki, "kernel", X509_PURPOSE_SSL_CLIENT, start + 397 * day + 1));
}

void TestDevelopmentPki::namesTheServer()
{
    X509* server = load(m_pki / "server.crt");
    QCOMPARE(X509_check_host(server, "localhost", 0, 0, nullptr), 1);
    QCOMPARE(X509_check_host(server, "example.com", 0, 0, nullptr), 0);
    QCOMPARE(X509_check_ip_asc(server, "127.0.0.1", 0), 1);
    QCOMPARE(X509_check_ip_asc(server, "::1", 0), 1);
    X509_free(server);
}

void TestDevelopmentPki::tellsThumbprints()
{
    QVERIFY(!access::certificateThumbprint(m_pki / "absent.crt"));
    QVERIFY(!access::certificateThumbprint(m_pki / "kernel.key"));
    const auto kernel = access::certificateThumbprint(m_pki / "kernel.crt");
    const auto console = access::certificateThumbprint(m_pki / "console.crt");
    QVERIFY(kernel && console);
    QVERIFY(*kernel != *console);
}

QTEST_APPLESS_MAIN(TestDevelopmentPki)
#include "tst_development_pki.moc"
