// Goal: a token is taken from one place only. Method: a table of requests around one good token.
#include "server/access/authenticator.h"
#include "tests/server/access/signed_token.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::access;
using namespace billing::access::test;

class TestAuthenticator : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void authenticates_data();
    void authenticates();
};

void TestAuthenticator::authenticates_data()
{
    QTest::addColumn<QByteArrayList>("fields"); ///< values of Authorization; T stands for the token
    QTest::addColumn<QByteArray>("parameter");
    QTest::addColumn<QByteArray>("outcome");
    const QByteArrayList good = {"Bearer T"};
    QTest::newRow("in the query") << good << QByteArray("access_token") << QByteArray("invalid_token");
    QTest::newRow("in the query, capitals") << good << QByteArray("Token") << QByteArray("invalid_token");
    QTest::newRow("nothing") << QByteArrayList() << QByteArray() << QByteArray("missing_token");
    QTest::newRow("twice") << QByteArrayList{"Bearer T", "Bearer T"} << QByteArray()
                           << QByteArray("invalid_token");
    QTest::newRow("Basic") << QByteArrayList{"Basic T"} << QByteArray() << QByteArray("invalid_token");
    QTest::newRow("no scheme") << QByteArrayList{"T"} << QByteArray() << QByteArray("invalid_token");
    QTest::newRow("scheme only") << QByteArrayList{"Bearer"} << QByteArray() << QByteArray("invalid_token");
    QTest::newRow("two spaces") << QByteArrayList{"Bearer  T"} << QByteArray() << QByteArray("invalid_token");
    QTest::newRow("two tokens") << QByteArrayList{"Bearer T, T"} << QByteArray()
                                << QByteArray("invalid_token");
    QTest::newRow("garbage") << QByteArrayList{"Bearer abc"} << QByteArray() << QByteArray("invalid_token");
    QTest::newRow("twin") << good << QByteArray() << QByteArray("kernel");
    QTest::newRow("twin, other parameter") << good << QByteArray("tenant_id") << QByteArray("kernel");
    QTest::newRow("twin, scheme in lower case")
        << QByteArrayList{"bearer T"} << QByteArray() << QByteArray("kernel");
}

void TestAuthenticator::authenticates()
{
    QFETCH(QByteArrayList, fields);
    QFETCH(QByteArray, parameter);
    QFETCH(QByteArray, outcome);
    const World world;
    Principal kernel;
    kernel.subject = "kernel";
    kernel.scopes.add(Scope::BillingWrite);
    const auto token =
        issueToken({kernel, world.kernel.sha256}, world.keys->youngest(), world.rules, world.clock);
    QVERIFY(token);
    http::Request request;
    request.peer = world.kernel;
    if (!parameter.isEmpty())
        request.query.emplace_back(parameter.toStdString(), *token);
    for (QByteArray field : fields)
        request.headers.add("authorization",
                            field.replace("T", QByteArray::fromStdString(*token)).toStdString());
    TokenVerifier verifier = world.verifier();
    const auto principal = Authenticator(verifier).authenticate(request);
    QCOMPARE(billing::test::outcome(principal, [](const Principal& who) { return who.subject; }),
             outcome.toStdString());
}

QTEST_APPLESS_MAIN(TestAuthenticator)
#include "tst_authenticator.moc"
