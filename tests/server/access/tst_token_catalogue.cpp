// Goal: only a token that is exactly ours passes. Method: every row changes one thing of a token that passes
// and names the refusal; its twin is the nearest token that must pass, with the same clock and connection.
// Signatures are made by OpenSSL, not by the library under test. Counts are printed at the end; what a client
// is answered is tst_token_over_http's. What a stolen or repeated token is worth is bound by its certificate
// and its hour; jti is not looked at.
//
// Tests: base64url.cpp token_text.cpp
#include "tests/server/access/token_catalogue.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::access;
using namespace billing::access::test;

namespace {

std::string outcomeOf(const TokenAttempt& attempt)
{
    World& all = catalogueWorld();
    all.clock.setNow(Instant::fromMicros((all.now + attempt.seconds) * 1'000'000));
    TokenVerifier verifier = all.verifier();
    std::optional<http::PeerCertificate> peer = http::PeerCertificate{};
    peer->sha256.fill(attempt.certificate);
    if (attempt.certificate == 0)
        peer.reset();
    const auto once = [&] {
        return billing::test::outcome(verifier.verify(attempt.token, peer),
                                      [](const Principal& who) { return who.subject; });
    };
    const std::string first = once();
    return first == once() ? first : "remembered differently"; // a refusal is not remembered as a pass
}

} // namespace

class TestTokenCatalogue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void cleanupTestCase();

private:
    int m_refused = 0;
    int m_passed = 0;
};

void TestTokenCatalogue::refuses_data()
{
    QTest::addColumn<int>("row");
    for (std::size_t i = 0; i < tokenCatalogue().size(); ++i)
        QTest::newRow(tokenCatalogue()[i].name.c_str()) << static_cast<int>(i);
}

void TestTokenCatalogue::refuses()
{
    QFETCH(int, row);
    const TokenRow& tried = tokenCatalogue()[static_cast<std::size_t>(row)];
    QCOMPARE(outcomeOf(tried.refused), tried.code);
    ++m_refused;
    QCOMPARE(outcomeOf(tried.twin), std::string("kernel"));
    ++m_passed;
}

void TestTokenCatalogue::cleanupTestCase()
{
    qInfo("tokens: %d rows refused, %d twins passed", m_refused, m_passed);
}

QTEST_APPLESS_MAIN(TestTokenCatalogue)
#include "tst_token_catalogue.moc"
