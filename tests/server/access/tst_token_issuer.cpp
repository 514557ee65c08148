// Goal: what the issuer signs, the verifier understands, and nothing improper is signed. Method: round trips
// and a table of refusals.
#include "tests/server/access/signed_token.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::access;
using namespace billing::access::test;

namespace {

TokenRequest goodRequest(const World& world)
{
    TokenRequest request{{}, world.kernel.sha256};
    request.principal.subject = "kernel@edge.example";
    request.principal.scopes.add(Scope::BillingRead);
    request.principal.scopes.add(Scope::BillingBackfill);
    request.principal.role = Role::Finance;
    request.principal.tenant = TenantId("acme-corp");
    return request;
}

} // namespace

class TestTokenIssuer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses();
    void roundTrips();
    void livesAsLongAsAsked();
};

void TestTokenIssuer::refuses()
{
    const World world;
    const auto subjectOfRefusal = [&](const TokenRequest& request) {
        const auto token = issueToken(request, world.keys->youngest(), world.rules, world.clock);
        return token ? std::string("fine") : token.error().subject;
    };
    TokenRequest request = goodRequest(world);
    for (const std::string& subject :
         {std::string(), std::string("a b"), std::string("a\n"), std::string(257, 'a')}) {
        request.principal.subject = subject;
        QCOMPARE(subjectOfRefusal(request), std::string("subject"));
    }
    request = goodRequest(world);
    request.principal.scopes = {};
    request.principal.role.reset();
    QCOMPARE(subjectOfRefusal(request), std::string("scope"));
    request = goodRequest(world);
    for (const int seconds : {0, -1, 3601}) {
        request.lifetime = std::chrono::seconds(seconds);
        QCOMPARE(subjectOfRefusal(request), std::string("lifetime"));
    }
    QCOMPARE(subjectOfRefusal(goodRequest(world)), std::string("fine"));
}

void TestTokenIssuer::roundTrips()
{
    const World world;
    const TokenRequest request = goodRequest(world);
    const auto token = issueToken(request, world.keys->youngest(), world.rules, world.clock);
    QVERIFY(token);
    TokenVerifier verifier = world.verifier();
    const auto principal = verifier.verify(*token, world.kernel);
    QVERIFY(principal);
    QVERIFY(*principal == request.principal);
}

void TestTokenIssuer::livesAsLongAsAsked()
{
    World world;
    TokenRequest request = goodRequest(world);
    request.lifetime = std::chrono::seconds(10);
    const auto token = issueToken(request, world.keys->youngest(), world.rules, world.clock);
    QVERIFY(token);
    TokenVerifier verifier = world.verifier();
    world.clock.advance(std::chrono::seconds(10 + tokenLeewaySeconds));
    const auto principal = verifier.verify(*token, world.kernel);
    QVERIFY(!principal);
    QCOMPARE(principal.error().code, ErrorCode::ExpiredToken);
}

QTEST_APPLESS_MAIN(TestTokenIssuer)
#include "tst_token_issuer.moc"
