// Signing in, being refused in words, losing the server and finding it again, and leaving nothing behind. The
// way in runs over real TLS, what comes after on a fake server.
//
// Tests: session.cpp token_claims.cpp
#include "console/models/session.h"
#include "console/models/token_claims.h"
#include "shared/wire/list_json.h"
#include "tests/console/models/fake_api.h"
#include "tests/shared/client/background.h"
#include "tests/shared/client/hostile_server.h"
#include "tests/support/printing.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace billing;
using namespace billing::console;
using namespace billing::test;

namespace {

QByteArray tokenOf(const QByteArray& claims)
{
    return "e30." + claims.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals) + ".sig";
}

/// Certificates in files, and a server that answers all the same.
struct World
{
    Authority authority;
    Identity client = authority.issue();
    QTemporaryDir folder;
    Background background;
    QByteArray answer = httpAnswer(200, "application/json", R"({"tenants":[]})");
    HostileServer server{serverTls(authority.issue(), authority.certificate()),
                         [this](QSslSocket& socket, const SeenRequest&) { socket.write(answer); }};

    World()
    {
        write("ca.crt", authority.certificate());
        write("me.crt", client.certificate);
        write("me.key", client.key);
    }

    void write(const char* name, const QByteArray& bytes) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
    QString path(const char* name) const { return folder.filePath(QLatin1String(name)); }

    SignInForm form() const
    {
        return {server.url(),
                path("me.crt"),
                path("me.key"),
                path("ca.crt"),
                {{}, Secret(tokenOf(R"({"sub":"jo@example","role":"finance"})"))}};
    }
};

/// A session on a fake server that the test holds in its hand.
struct FakeWorld
{
    World files;
    QPointer<FakeApi> api;
    Session session{[this](const client::Connection&) -> Result<std::unique_ptr<client::BillingApi>> {
        auto made = std::make_unique<FakeApi>();
        api = made.get();
        return Result<std::unique_ptr<client::BillingApi>>(std::move(made));
    }};

    bool signIn()
    {
        session.signIn(files.form());
        return QTest::qWaitFor([this] { return session.state() == Session::State::SignedIn; }, 5000);
    }
};

std::string readAll(Session& session, const SignInForm& form)
{
    session.signIn({form.server,
                    form.certificateFile,
                    form.keyFile,
                    form.authorityFile,
                    {form.secrets.passphrase.copy(), form.secrets.token.copy()}});
    if (!QTest::qWaitFor([&] { return session.state() != Session::State::SigningIn; }, 10'000))
        return "still signing in";
    return session.refusal() ? toText(session.refusal()->error) : "signed in";
}

} // namespace

class TestSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void signsIn();
    void refusals_data();
    void refusals();
    void encryptedKeysNeedTheirPassphrase();
    void aSecondSignInReplacesTheFirst();
    void losesAndFindsTheServer();
    void asksAtGrowingIntervals();
    void tokenTakenBackWhileOpen();
    void signingOutLeavesNothing();
    void readsClaims_data();
    void readsClaims();
};

void TestSession::signsIn()
{
    const World world;
    Background background;
    Session session(background);
    const QSignalSpy states(&session, &Session::stateChanged);
    const QSignalSpy apis(&session, &Session::apiChanged);
    QVERIFY(!session.api());
    session.signIn(world.form());
    QCOMPARE(session.state(), Session::State::SigningIn);
    QVERIFY(!session.api());
    QTRY_COMPARE_WITH_TIMEOUT(session.state(), Session::State::SignedIn, 10'000);
    QVERIFY(session.api());
    QCOMPARE(session.who(), QStringLiteral("jo@example"));
    QCOMPARE(session.role(), QStringLiteral("Finance"));
    QCOMPARE(session.server(), world.server.url());
    QVERIFY(!session.refusal());
    QCOMPARE(states.count(), 2);
    QCOMPARE(apis.count(), 1);
    QVERIFY(world.server.requests().front().head.contains("Authorization: Bearer e30."));
    session.signOut();
    QCOMPARE(session.state(), Session::State::SignedOut);
    QVERIFY(!session.api() && session.who().isEmpty() && session.role().isEmpty());
    QCOMPARE(apis.count(), 2);
}

void TestSession::refusals_data()
{
    QTest::addColumn<QByteArray>("field");  // what is wrong with the form
    QTest::addColumn<QByteArray>("answer"); // what the server says; empty: as always
    QTest::addColumn<std::string>("refusal");

    const auto problem = [](int status, const QByteArray& code) {
        return httpAnswer(status, "application/problem+json",
                          "{\"status\":" + QByteArray::number(status) + ",\"code\":\"" + code + "\"}");
    };
    const auto form = [](const char* field, const char* refusal) {
        QTest::newRow(field) << QByteArray(field) << QByteArray() << std::string(refusal);
    };
    const auto server = [](const char* name, const QByteArray& answer, const char* refusal) {
        QTest::newRow(name) << QByteArray("nothing") << answer << std::string(refusal);
    };
    form("nothing", "signed in");
    form("plain HTTP", "invalid_value: server");
    form("no authority file", "file_unreadable: authorities");
    form("no certificate file", "file_unreadable: certificate");
    form("no key file", "file_unreadable: key");
    form("folder for a file", "file_unreadable: certificate");
    form("huge file", "file_unreadable: certificate");
    form("device for a file", "file_unreadable: key");
    form("certificate is no certificate", "invalid_key: certificate");
    form("key is no key", "invalid_key: key");
    form("key of another", "invalid_key: pair");
    form("token empty", "invalid_token: token");
    form("authority of another", "tls_failed: untrusted");
    form("nobody there", "offline: refused");
    server("expired token", problem(401, "expired_token"), "expired_token");
    server("token of another certificate", problem(401, "token_not_bound_to_certificate"),
           "token_not_bound_to_certificate");
    server("may not read", problem(403, "insufficient_scope"), "insufficient_scope");
    server("another program", httpAnswer(200, "text/html", "<html>"), "unusable_answer");
    server("starting", problem(503, "storage_unavailable"), "storage_unavailable");
}

void TestSession::refusals()
{
    QFETCH(const QByteArray, field);
    QFETCH(const QByteArray, answer);
    QFETCH(const std::string, refusal);
    World world;
    if (!answer.isEmpty())
        world.answer = answer;
    SignInForm form = world.form();
    const Authority other;
    world.write("other.key", other.issue().key);
    world.write("other-ca.crt", other.certificate());
    world.write("huge.crt", QByteArray(1'000'000, 'x'));
    const std::map<QByteArray, std::function<void()>> changes{
        {"nothing", [] {}},
        {"plain HTTP", [&] { form.server.setScheme(QStringLiteral("http")); }},
        {"no authority file", [&] { form.authorityFile.clear(); }},
        {"no certificate file", [&] { form.certificateFile = world.path("absent"); }},
        {"no key file", [&] { form.keyFile = world.path("absent"); }},
        {"folder for a file", [&] { form.certificateFile = world.folder.path(); }},
        {"huge file", [&] { form.certificateFile = world.path("huge.crt"); }},
        {"device for a file", [&] { form.keyFile = QStringLiteral("/dev/zero"); }},
        {"certificate is no certificate", [&] { form.certificateFile = form.keyFile; }},
        {"key is no key", [&] { form.keyFile = form.certificateFile; }},
        {"key of another", [&] { form.keyFile = world.path("other.key"); }},
        {"token empty", [&] { form.secrets.token.wipe(); }},
        {"authority of another", [&] { form.authorityFile = world.path("other-ca.crt"); }},
        {"nobody there", [&] { world.server.goAway(); }},
    };
    changes.at(field)();
    Session session(world.background);
    const std::string outcome = readAll(session, form);
    QVERIFY2(outcome.starts_with(refusal), outcome.c_str());
    QCOMPARE(session.state() == Session::State::SignedIn, refusal == "signed in");
    QCOMPARE(session.api() != nullptr, refusal == "signed in");
    if (session.refusal())
        QVERIFY(!session.refusal()->headline.isEmpty() && !session.refusal()->advice.isEmpty());
}

void TestSession::encryptedKeysNeedTheirPassphrase()
{
    World world;
    world.write("me.key", encryptedKey(world.client.key, "open sesame"));
    Session session(world.background);
    SignInForm form = world.form();
    QCOMPARE(readAll(session, form), std::string("invalid_key: key (encrypted)"));
    QVERIFY(session.refusal()->headline.contains(QStringLiteral("passphrase")));
    form.secrets.passphrase = Secret("open sesame");
    QCOMPARE(readAll(session, form), std::string("signed in"));
}

void TestSession::aSecondSignInReplacesTheFirst()
{
    FakeWorld world;
    world.session.signIn(world.files.form());
    const QPointer<FakeApi> first = world.api;
    world.session.signIn(world.files.form());
    QVERIFY(world.api != first);
    QTRY_COMPARE(world.session.state(), Session::State::SignedIn);
    QTRY_VERIFY(first.isNull());
    QCOMPARE(world.session.api(), world.api.get());
}

void TestSession::losesAndFindsTheServer()
{
    FakeWorld world;
    QVERIFY(world.signIn());
    const QSignalSpy apis(&world.session, &Session::apiChanged);
    world.api->refusal = Error{ErrorCode::Offline};
    world.api->invoices({}, this, [](const Result<client::InvoicePage>&) {});
    QTRY_COMPARE(world.session.state(), Session::State::Offline);
    QVERIFY(world.session.api()); // lists stay as they are
    world.session.tryAgain();
    world.session.tryAgain();
    QTest::qWait(0);
    QCOMPARE(world.session.state(), Session::State::Offline);
    world.api->refusal.reset();
    world.session.tryAgain();
    QTRY_COMPARE(world.session.state(), Session::State::SignedIn);
    QCOMPARE(apis.count(), 0);
}

void TestSession::asksAtGrowingIntervals()
{
    FakeWorld world;
    QVERIFY(world.signIn());
    world.api->refusal = Error{ErrorCode::Offline};
    world.api->invoices({}, this, [](const Result<client::InvoicePage>&) {});
    QTRY_COMPARE(world.session.state(), Session::State::Offline);
    auto* const timer = world.session.findChild<QTimer*>();
    std::vector<int> intervals;
    for (int again = 0; again < 7; ++again) {
        QTRY_VERIFY(timer->isActive());
        intervals.push_back(timer->interval());
        world.session.tryAgain();
    }
    QCOMPARE(intervals, (std::vector{2000, 4000, 8000, 16000, 32000, 60000, 60000}));
}

void TestSession::tokenTakenBackWhileOpen()
{
    FakeWorld world;
    QVERIFY(world.signIn());
    const QPointer<FakeApi> former = world.api;
    int answers = 0;
    world.api->refusal = Error{ErrorCode::ExpiredToken};
    world.api->invoices({}, this, [&](const Result<client::InvoicePage>&) { ++answers; });
    QTRY_COMPARE(world.session.state(), Session::State::SignedOut);
    QCOMPARE(world.session.refusal()->error.code, ErrorCode::ExpiredToken);
    QVERIFY(!world.session.api());
    QTRY_VERIFY(former.isNull());
    QVERIFY(answers <= 1);
}

void TestSession::signingOutLeavesNothing()
{
    World world;
    SignInForm form = world.form();
    const QByteArray shared = form.secrets.token.bytes(); // sees what becomes of the memory
    QVERIFY(shared.startsWith("e30."));
    Session session(world.background);
    session.signIn(std::move(form));
    QTRY_COMPARE_WITH_TIMEOUT(session.state(), Session::State::SignedIn, 10'000);
    session.signOut();
    QCOMPARE(shared, QByteArray(shared.size(), '\0'));
}

void TestSession::readsClaims_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QString>("claims");

    QTest::newRow("role") << tokenOf(R"({"sub":"jo","role":"auditor","exp":1})")
                          << QStringLiteral("jo/auditor/0/");
    QTest::newRow("scope") << tokenOf(R"({"sub":"k","scope":"billing:read billing:write","tenant":"nova"})")
                           << QStringLiteral("k//1/nova");
    QTest::newRow("read") << tokenOf(R"({"sub":"k","scope":"billing:read"})") << QStringLiteral("k//0/");
    QTest::newRow("empty") << QByteArray() << QStringLiteral("//0/");
    QTest::newRow("no JWT") << QByteArray("abc") << QStringLiteral("//0/");
    QTest::newRow("no JSON") << QByteArray("a.!!.c") << QStringLiteral("//0/");
    QTest::newRow("array") << tokenOf("[1]") << QStringLiteral("//0/");
    QTest::newRow("wrong type") << tokenOf(R"({"sub":7})") << QStringLiteral("//0/");
}

void TestSession::readsClaims()
{
    QFETCH(const QByteArray, token);
    const TokenClaims claims = claimsOf(token);
    QTEST(QStringLiteral("%1/%2/%3/%4")
              .arg(claims.subject, claims.role)
              .arg(claims.mayWrite)
              .arg(claims.tenant),
          "claims");
}

QTEST_GUILESS_MAIN(TestSession)
#include "tst_console_session.moc"
