// Goal: only a token that is exactly ours passes, and only over its own certificate. Method: every row
// changes one thing of a token that passes (the twin, checked in every row) and names the refusal; signatures
// are made by OpenSSL.
//
// Tests: base64url.cpp token_text.cpp
#include "tests/server/access/signed_token.h"
#include "tests/support/printing.h"

#include <QTest>

#include <openssl/evp.h>
#include <openssl/hmac.h>

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

/// The text with other characters between two positions.
std::string spliced(std::string_view text, std::size_t from, std::size_t to, std::string_view with)
{
    std::string made(text.substr(0, from));
    return made.append(with).append(text.substr(to));
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
    void refusesHeaders_data();
    void refusesHeaders();
    void refusesClaims_data();
    void refusesClaims();
    void refusesForms_data();
    void refusesForms();
    void refusesSignatures();
    void bindsToTheCertificate();
    void keepsToTheTimes_data();
    void keepsToTheTimes();
    void forgetsAfterAMinuteAndWithTheKeys();
    void staysBounded();
    void isFastTheSecondTime();
};

void TestTokenVerifier::refusesHeaders_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char* name, std::string_view what, std::string_view with,
                        const char* code = "invalid_token") {
        QTest::newRow(name) << QByteArray::fromStdString(replaced(goodHeader, what, with))
                            << QByteArray(code);
    };
    row("alg none", "ES256", "none");
    row("alg None", "ES256", "None");
    row("alg absent", R"("alg":"ES256",)", "");
    row("alg HS256", "ES256", "HS256");
    row("alg RS256", "ES256", "RS256");
    row("alg ES384", "ES256", "ES384");
    row("alg es256", "ES256", "es256");
    row("alg is a list", R"("ES256")", R"(["ES256"])");
    row("alg twice", R"("alg":"ES256")", R"("alg":"ES256","alg":"none")");
    row("alg twice, no kid", R"("kid":"1767225600-test")", R"("alg":"ES256")");
    row("alg twice, escaped", R"("alg":"ES256")", R"("alg":"ES256","\u0061lg":"none")");
    row("typ absent", R"("typ":"at+jwt",)", "");
    row("typ of an ID token", "at+jwt", "JWT");
    row("typ in capitals", "at+jwt", "AT+JWT");
    row("kid absent", R"(,"kid":"1767225600-test")", "");
    row("kid empty", "1767225600-test", "");
    row("kid unknown", "1767225600-test", "other", "unknown_signing_key");
    row("kid is a path", "1767225600-test", "../../dev/null", "unknown_signing_key");
    row("kid is SQL", "1767225600-test", "' OR 1=1 --", "unknown_signing_key");
    row("kid with a NUL", "1767225600-test", "1767225600-test\\u0000", "unknown_signing_key");
    row("kid is a number", R"("1767225600-test")", "1767225600");
    for (const char* extra :
         {R"("jku":"https://evil.example/")", R"("x5u":"https://evil.example/")", R"("jwk":{})",
          R"("x5c":[])", R"("crit":["exp"])", R"("b64":false)", R"("zip":"DEF")"})
        row(extra, "{", std::string("{").append(extra).append(",").c_str());
    QTest::newRow("not an object") << QByteArray("[]") << QByteArray("invalid_token");
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF").append(goodHeader)
                                     << QByteArray("invalid_token");
    QTest::newRow("trailing text") << QByteArray(goodHeader).append("x") << QByteArray("invalid_token");
    QTest::newRow("twin") << QByteArray(goodHeader) << QByteArray("kernel");
}

void TestTokenVerifier::refusesHeaders()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, code);
    const World world;
    TokenVerifier verifier = world.verifier();
    QCOMPARE(outcomeOf(verifier, signedToken(header.toStdString(), goodClaims, world.pair), world.kernel),
             code.toStdString());
}

void TestTokenVerifier::refusesClaims_data()
{
    QTest::addColumn<QByteArray>("claims");
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char* name, std::string_view what, std::string_view with,
                        const char* code = "invalid_token") {
        QTest::newRow(name) << QByteArray::fromStdString(replaced(goodClaims, what, with))
                            << QByteArray(code);
    };
    row("iss missing", R"("iss":"enis-billing",)", "");
    row("iss by prefix", R"("iss":"enis-billing")", R"("iss":"enis-billing.evil.example")");
    row("aud missing", R"("aud":"enis-billing",)", "");
    row("aud substring", R"("aud":"enis-billing")", R"("aud":"enis-billing-2")");
    row("aud list without us", R"("aud":"enis-billing")", R"("aud":["a","b"])");
    row("aud list with a number", R"("aud":"enis-billing")", R"("aud":["enis-billing",1])");
    row("aud list with us", R"("aud":"enis-billing")", R"("aud":["a","enis-billing"])", "kernel");
    row("sub missing", R"("sub":"kernel",)", "");
    row("sub empty", R"("sub":"kernel")", R"("sub":"")");
    row("sub with a line break", R"("sub":"kernel")", R"("sub":"a\nb")");
    row("exp missing", R"("exp":1767229200,)", "");
    row("exp is a text", "1767229200", R"("1767229200")");
    row("exp 1e309", "1767229200", "1e309");
    row("exp 1.7e9", "1767229200", "1.767229200e9");
    row("exp negative", "1767229200", "-1");
    row("exp in ten years", "1767229200", "2082758400");
    row("exp before iat", "1767229200", "1767225599");
    row("lifetime of an hour and a second", "1767229200", "1767229201");
    row("iat missing", R"("iat":1767225600,)", "");
    row("iat in the future", R"("iat":1767225600)", R"("iat":1767225631)");
    row("nbf in the future", R"("iat")", R"("nbf":1767225631,"iat")");
    row("nbf within the leeway", R"("iat")", R"("nbf":1767225630,"iat")", "kernel");
    row("nbf is a text", R"("iat")", R"("nbf":"now","iat")");
    row("scope missing", R"("scope":"billing:read billing:write",)", "");
    row("scope unknown", "billing:write", "billing:all");
    row("scope wildcard", "billing:read billing:write", "*");
    row("scope twice", "billing:write", "billing:read");
    row("scope empty", "billing:read billing:write", "");
    row("scope is a list", R"("billing:read billing:write")", R"(["billing:read"])");
    row("role unknown", R"("scope":"billing:read billing:write")", R"("role":"root")");
    row("role instead of scope", R"("scope":"billing:read billing:write")", R"("role":"auditor")", "kernel");
    row("tenant malformed", "acme-corp", "../acme");
    row("tenant reserved", "acme-corp", "current");
    row("tenant is null", R"("acme-corp")", "null");
    row("no tenant", R"("tenant":"acme-corp",)", "", "kernel");
    row("claim twice", R"("sub":"kernel")", R"("sub":"kernel","sub":"admin")", "duplicate_key");
    row("claim twice, escaped", R"("sub":"kernel")", R"("sub":"kernel","\u0073ub":"admin")", "duplicate_key");
    row("cnf member twice", R"("cnf":{)", R"("cnf":{"x5t#S256":"a",)", "duplicate_key");
    row("unknown claim", R"("iss")", R"("jti":"1","iss")", "kernel");
    row("cnf missing", R"(,"cnf":{"x5t#S256":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"})", "",
        "token_not_bound_to_certificate");
    row("cnf of another certificate", "BwcHBwc", "CAcHBwc", "token_not_bound_to_certificate");
    row("cnf in hex", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
        "0707070707070707070707070707070707070707070707070707070707070707", "token_not_bound_to_certificate");
    row("cnf padded", "HBwcHBwc\"", "HBwcHBwc=\"", "token_not_bound_to_certificate");
    row("too deep", R"("iss")", R"("x":[[[[[[[[[1]]]]]]]]],"iss")");
    row("twin", "{", "{", "kernel");
}

void TestTokenVerifier::refusesClaims()
{
    QFETCH(QByteArray, claims);
    QFETCH(QByteArray, code);
    const World world;
    TokenVerifier verifier = world.verifier();
    const std::string token = signedToken(goodHeader, claims.toStdString(), world.pair);
    QCOMPARE(outcomeOf(verifier, token, world.kernel), code.toStdString());
    QCOMPARE(outcomeOf(verifier, token, world.kernel),
             code.toStdString()); // a refusal is not remembered as a pass
}

void TestTokenVerifier::refusesForms_data()
{
    QTest::addColumn<int>("form");
    const char* names[] = {"empty",          "two parts",       "four parts",      "trailing dot",
                           "empty payload",  "empty signature", "padded header",   "white space",
                           "other alphabet", "last bits set",   "JSON serialised", "more than 8 KiB"};
    for (int form = 0; form < 12; ++form)
        QTest::newRow(names[form]) << form;
}

void TestTokenVerifier::refusesForms()
{
    QFETCH(int, form);
    const World world;
    TokenVerifier verifier = world.verifier();
    const std::string good = signedToken(goodHeader, goodClaims, world.pair);
    const std::size_t first = good.find('.');
    const std::size_t second = good.find('.', first + 1);
    // The last character of 64 bytes carries four bits that must be zero: the next one decodes to the same
    // bytes.
    std::string lastBits = good;
    lastBits.back() = static_cast<char>(lastBits.back() + 1);
    const std::string forms[] = {
        "",
        good.substr(0, second),
        std::string(good).append(".").append(good.substr(second + 1)),
        std::string(good).append("."),
        spliced(good, first + 1, second, ""),
        good.substr(0, second + 1),
        spliced(good, first, first, "="),
        spliced(good, first, first, " "),
        spliced(good, second + 1, second + 2, "+"),
        lastBits,
        std::string(R"({"payload":")").append(good).append("\"}"),
        signedToken(goodHeader,
                    replaced(goodClaims, "{", std::string(R"({"x":")").append(9000, 'x').append("\",")),
                    world.pair)};
    QCOMPARE(outcomeOf(verifier, forms[form], world.kernel), std::string("invalid_token"));
    QCOMPARE(outcomeOf(verifier, good, world.kernel), std::string("kernel"));
}

void TestTokenVerifier::refusesSignatures()
{
    const World world;
    TokenVerifier verifier = world.verifier();
    const std::string good = signedToken(goodHeader, goodClaims, world.pair);
    const std::string message = good.substr(0, good.rfind('.'));
    const auto with = [&](const std::string& signature) {
        return std::string(message).append(".").append(base64Url(signature));
    };
    const std::string zero(32, '\0');
    const std::string order = "\xFF\xFF\xFF\xFF" + std::string(4, '\0') + std::string(8, '\xFF') +
                              "\xBC\xE6\xFA\xAD\xA7\x17\x9E\x84\xF3\xB9\xCA\xC2\xFC\x63\x25\x51";
    QCOMPARE(order.size(), std::size_t{32});
    const std::string genuine = es256(message, world.pair);
    std::string flipped = genuine;
    flipped[10] = static_cast<char>(flipped[10] ^ 1);
    unsigned char hmac[32];
    const std::string publicText = jwk(world.pair, world.keyId);
    HMAC(EVP_sha256(), publicText.data(), static_cast<int>(publicText.size()),
         reinterpret_cast<const unsigned char*>(message.data()), message.size(), hmac, nullptr);
    const std::string bad[] = {zero + zero,
                               genuine.substr(0, 32) + zero,
                               zero + genuine.substr(32),
                               order + order,
                               genuine.substr(0, 63),
                               genuine + std::string(1, '\0'),
                               flipped,
                               std::string(reinterpret_cast<const char*>(hmac), 32),
                               es256(message, newKeyPair()),
                               es256("another message", world.pair)};
    for (const std::string& signature : bad)
        QCOMPARE(outcomeOf(verifier, with(signature), world.kernel), std::string("invalid_token"));
    QCOMPARE(outcomeOf(verifier, with(genuine), world.kernel), std::string("kernel"));
}

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
