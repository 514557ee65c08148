// The session and the lists against the real server: what it says to a good certificate and token, and to
// those of others, is what the console understands.
#include "console/models/invoice_document.h"
#include "console/models/invoice_list_model.h"
#include "console/models/pdf_export.h"
#include "console/models/session.h"
#include "tests/scenarios/requests.h"
#include "tests/scenarios/server_fixture.h"
#include "tests/shared/client/background.h"
#include "tests/shared/client/test_pki.h"
#include "tests/support/printing.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace billing;
using namespace billing::console;
using namespace billing::test;

class TestRealServer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refuses_data();
    void refuses();
    void listsShowsAndExports();
    void losesTheServer();

private:
    SignInForm form() const
    {
        const QDir pki(QString::fromStdString((m_server->dataDirectory() / "pki").string()));
        return {QUrl(QString::fromStdString(m_server->url())),
                pki.filePath(QStringLiteral("console.crt")),
                pki.filePath(QStringLiteral("console.key")),
                pki.filePath(QStringLiteral("ca.crt")),
                {{}, Secret(tokenFor("console"))}};
    }
    QByteArray tokenFor(const char* certificate) const
    {
        return QByteArray::fromStdString(m_server->token({.certificate = certificate})).trimmed();
    }
    std::string outcomeOf(Session& session, SignInForm form) const
    {
        session.signIn(std::move(form));
        if (!QTest::qWaitFor([&] { return session.state() != Session::State::SigningIn; }, 20'000))
            return "still signing in";
        return session.refusal() ? toText(session.refusal()->error) : "signed in";
    }

    std::unique_ptr<ServerFixture> m_server;
    Background m_background;
};

void TestRealServer::initTestCase()
{
    m_server = std::make_unique<ServerFixture>();
    m_server->start();
    const HttpsClient kernel = m_server->client();
    signUp(kernel, {.id = "acme"});
    for (const auto& [from, end] : {std::pair("2023-11-01", "2023-12-01"), {"2023-12-01", "2024-01-01"}})
        QCOMPARE(kernel.post("/api/v1/invoices", invoiceRequest("acme", from, end)).status, 201);
    const HttpReply list = kernel.get("/api/v1/invoices");
    const std::string older = list.at("invoices/1/invoice_id");
    const HttpReply finalised =
        kernel.sendUntilReady({.method = "POST", .target = "/api/v1/invoices/" + older + "/finalise"});
    QVERIFY2(finalised.status == 200, finalised.body.c_str());
    QCOMPARE(kernel.sendUntilReady({.target = "/api/v1/invoices/" + older + "/pdf"}).status, 200);
}

void TestRealServer::refuses_data()
{
    QTest::addColumn<QByteArray>("wrong");
    QTest::addColumn<std::string>("refusal");

    QTest::newRow("nothing") << QByteArray() << std::string("signed in");
    QTest::newRow("certificate of another authority")
        << QByteArray("certificate") << std::string("tls_failed: certificate_refused");
    QTest::newRow("authority of another") << QByteArray("authority") << std::string("tls_failed: untrusted");
    QTest::newRow("token of another certificate")
        << QByteArray("token") << std::string("token_not_bound_to_certificate");
    QTest::newRow("no JWT") << QByteArray("text") << std::string("invalid_token");
}

void TestRealServer::refuses()
{
    QFETCH(const QByteArray, wrong);
    QFETCH(const std::string, refusal);
    const QTemporaryDir folder;
    const Authority other;
    const Identity stranger = other.issue();
    const auto write = [&](const char* name, const QByteArray& bytes) {
        const QString path = folder.filePath(QLatin1String(name));
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? path : QString();
    };
    SignInForm wished = form();
    if (wrong == "certificate") {
        wished.certificateFile = write("me.crt", stranger.certificate);
        wished.keyFile = write("me.key", stranger.key);
    } else if (wrong == "authority") {
        wished.authorityFile = write("ca.crt", other.certificate());
    } else if (wrong == "token") {
        wished.secrets.token = Secret(tokenFor("kernel"));
    } else if (wrong == "text") {
        wished.secrets.token = Secret("a.b.c");
    }
    Session session(m_background);
    const std::string outcome = outcomeOf(session, std::move(wished));
    QVERIFY2(outcome.starts_with(refusal), outcome.c_str());
}

void TestRealServer::listsShowsAndExports()
{
    Session session(m_background);
    QCOMPARE(outcomeOf(session, form()), std::string("signed in"));
    InvoiceListModel model;
    model.setApi(session.api());
    QTRY_COMPARE_WITH_TIMEOUT(model.state(), ListState::Ready, 20'000);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.at(0)->periodStart.toText(), std::string("2023-12-01")); // newest first
    QVERIFY(model.at(1)->number && model.at(1)->tier == Tier::Lite && !model.at(1)->legalName.empty());
    model.setFilter({.text = *model.at(1)->number});
    QTRY_COMPARE_WITH_TIMEOUT(model.state(), ListState::Ready, 20'000);
    QCOMPARE(model.rowCount(), 1);

    const wire::InvoiceSummary row = *model.at(0);
    InvoiceDocument document;
    document.setApi(session.api());
    document.open(row.id);
    QTRY_COMPARE_WITH_TIMEOUT(document.state(), ListState::Ready, 20'000);
    QCOMPARE(document.invoice()->total, row.total);

    const QTemporaryDir folder;
    PdfExport files(m_background);
    files.start(session.api(), folder.path(), {{row.id, QString::fromStdString(*row.number)}});
    QTRY_COMPARE_WITH_TIMEOUT(files.state(), PdfExport::State::Finished, 20'000);
    QCOMPARE(files.progress().written, 1);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files),
             QStringList(QString::fromStdString(*row.number + ".pdf")));
}

void TestRealServer::losesTheServer()
{
    Session session(m_background);
    QCOMPARE(outcomeOf(session, form()), std::string("signed in"));
    InvoiceListModel model;
    model.setApi(session.api());
    QTRY_COMPARE_WITH_TIMEOUT(model.state(), ListState::Ready, 20'000);
    m_server->kill();
    model.refresh();
    QTRY_COMPARE_WITH_TIMEOUT(model.state(), ListState::Offline, 20'000);
    QCOMPARE(session.state(), Session::State::Offline);
    QCOMPARE(model.rowCount(), 2);
    m_server->start();
    session.tryAgain();
    QTRY_COMPARE_WITH_TIMEOUT(session.state(), Session::State::SignedIn, 20'000);
    model.retry();
    QTRY_COMPARE_WITH_TIMEOUT(model.state(), ListState::Ready, 20'000);
}

QTEST_GUILESS_MAIN(TestRealServer)
#include "tst_real_server.moc"
