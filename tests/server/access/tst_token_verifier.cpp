// Goal: a token passes only over its own certificate and in its own time, remembered or not. Method: one
// token that passes, other certificates and other clocks; what a token may look like is
// tst_token_catalogue's.
#include "tests/server/access/signed_token.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::access;
using namespace billing::access::test;

namespace {

constexpr const char* goodHeader = R"({"alg":"ES256","typ":"at+jwt","kid":"1767225600-test"})";
constexpr const char* goodClaims =
    R"({"iss":"enis-billing","aud":"enis-billing","sub":"kernel","iat":1767225600,"exp":1767229200,)"
    R"("scope":"billing:read billing:write","tenant":"acme-corp",)"
    R"("cnf":{"x5t#S256":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"}})";

std::string replaced(std::string_view text, std::string_view what, std::string_view with)
{
    const std::size_t at = text.find(what);
    BILLING_ASSERT(at != std::string_view::npos);
    std::string made(text.substr(0, at));
    return made.append(with).append(text.substr(at + what.size()));
}

std::string outcomeOf(TokenVerifier& verifier, const std::string& token,
                      const std::optional<http::PeerCertificate>& peer)
{
    return billing::test::outcome(verifier.verify(token, peer),
                                  [](const Principal& who) { return who.subject; });
}

} // namespace

class TestTokenVerifier : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bindsToTheCertificate();
    void keepsToTheTimes_data();
    void keepsToTheTimes();
    void forgetsAfterAMinuteAndWithTheKeys();
    void staysBounded();
    void isFastTheSecondTime();
};

void TestTokenVerifier::bindsToTheCertificate()
{
    const World world;
    TokenVerifier verifier = world.verifier();
    const std::string token = signedToken(goodHeader, goodClaims, world.pair);
    http::PeerCertificate other;
    const std::string refused = "token_not_bound_to_certificate";
    QCOMPARE(outcomeOf(verifier, token, std::nullopt), refused);
    QCOMPARE(outcomeOf(verifier, token, other), refused);
    const auto principal = verifier.verify(token, world.kernel);
    QVERIFY(principal);
    QVERIFY(principal->tenant == TenantId("acme-corp"));
    QVERIFY(principal->allows(Scope::BillingWrite) && !principal->allows(Scope::BillingBackfill));
    // Remembered by now, and still only with its certificate.
    QCOMPARE(outcomeOf(verifier, token, other), refused);
    QCOMPARE(outcomeOf(verifier, token, std::nullopt), refused);
    QCOMPARE(outcomeOf(verifier, token, world.kernel), std::string("kernel"));
}

void TestTokenVerifier::keepsToTheTimes_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QByteArray>("outcome");
    QTest::newRow("before iat by more than the leeway") << qint64{-31} << QByteArray("invalid_token");
    QTest::newRow("before iat by the leeway") << qint64{-30} << QByteArray("kernel");
    QTest::newRow("last second") << qint64{3599} << QByteArray("kernel");
    QTest::newRow("within the leeway") << qint64{3629} << QByteArray("kernel");
    QTest::newRow("over") << qint64{3630} << QByteArray("expired_token");
    QTest::newRow("ten years") << qint64{315'360'000} << QByteArray("expired_token");
}

void TestTokenVerifier::keepsToTheTimes()
{
    QFETCH(qint64, seconds);
    QFETCH(QByteArray, outcome);
    World world;
    TokenVerifier verifier = world.verifier();
    const std::string token = signedToken(goodHeader, goodClaims, world.pair);
    QCOMPARE(outcomeOf(verifier, token, world.kernel), std::string("kernel"));
    // The wall clock alone jumps: what was remembered must not outlive its own times either.
    world.clock.setNow(Instant::fromMicros((world.now + seconds) * 1'000'000));
    QCOMPARE(outcomeOf(verifier, token, world.kernel), outcome.toStdString());
}

void TestTokenVerifier::forgetsAfterAMinuteAndWithTheKeys()
{
    World world;
    TokenVerifier verifier = world.verifier();
    const std::string token = signedToken(goodHeader, goodClaims, world.pair);
    QCOMPARE(outcomeOf(verifier, token, world.kernel), std::string("kernel"));
    world.clock.advance(std::chrono::seconds(61));
    QCOMPARE(outcomeOf(verifier, token, world.kernel), std::string("kernel"));
    const World other;
    verifier.replaceKeys(other.keys); // the same kid, another key
    QCOMPARE(outcomeOf(verifier, token, world.kernel), std::string("invalid_token"));
}

void TestTokenVerifier::staysBounded()
{
    const World world;
    TokenVerifier verifier = world.verifier();
    for (int i = 0; i < 4100; ++i) {
        const std::string claims =
            replaced(goodClaims, "{", std::string(R"({"jti":")").append(std::to_string(i)).append("\","));
        QCOMPARE(outcomeOf(verifier, signedToken(goodHeader, claims, world.pair), world.kernel),
                 std::string("kernel"));
    }
    QVERIFY(verifier.rememberedCount() > 0 && verifier.rememberedCount() <= 4096);
}

void TestTokenVerifier::isFastTheSecondTime()
{
    const World world;
    TokenVerifier verifier = world.verifier();
    const std::string token = signedToken(goodHeader, goodClaims, world.pair);
    const std::optional<http::PeerCertificate> peer = world.kernel;
    QBENCHMARK
    {
        QVERIFY(verifier.verify(token, peer).has_value());
    }
}

QTEST_APPLESS_MAIN(TestTokenVerifier)
#include "tst_token_verifier.moc"
