// Goal: nothing that two parsers could read differently gets in, after a refusal the next request on the same
// connection never runs, and what a client says about itself in fields changes nothing. Method: every row of
// the corpus is sent over TLS in one piece, followed by "GET /next"; its twin differs only in what is wrong
// and must be answered 200 on a kept connection, the next one too. Counts are printed at the end.
//
// Tests: request_head_guard.cpp
#include "tests/server/http/door.h"
#include "tests/server/http/framing_corpus.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::http;
using billing::http::test::Client;
using billing::http::test::Door;
using billing::http::test::get;
using billing::http::test::repeated;
using billing::http::test::smuggled;
using billing::http::test::statusOf;

namespace {

void answerFine(Request&&, Responder respond)
{
    respond({200, {}, "text/plain", "fine"});
}

/// All that a handler can see of who asks for what.
void answerFacts(Request&& request, Responder respond)
{
    std::string facts = request.method + " " + request.path + " " + request.body + " ";
    facts += request.peer ? request.peer->subject : "nobody";
    respond({200, {}, "text/plain", facts + " " + request.remoteAddress.substr(0, 10)});
}

std::string factsOf(const std::string& answer)
{
    return answer.substr(answer.find("\r\n\r\n") + 4);
}

} // namespace

class TestServerFraming : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void refusesWhileTheHeadIsIncomplete_data();
    void refusesWhileTheHeadIsIncomplete();
    void ignoresWhatFieldsClaim_data();
    void ignoresWhatFieldsClaim();
    void answersAHundredPipelinedInOrder();
    void answersContinueBeforeTheBody();
    void cleanupTestCase();

private:
    int m_refused = 0;
    int m_passed = 0;
    int m_withoutEffect = 0;
};

void TestServerFraming::refuses_data()
{
    QTest::addColumn<int>("row");
    const auto& rows = http::test::framingCorpus();
    for (std::size_t i = 0; i < rows.size(); ++i)
        QTest::newRow(rows[i].name.c_str()) << static_cast<int>(i);
}

void TestServerFraming::refuses()
{
    QFETCH(int, row);
    const http::test::CorpusRow& message = http::test::framingCorpus()[static_cast<std::size_t>(row)];
    Door door(answerFine);

    Client bad(door.port());
    bad.send(message.refused + smuggled);
    const std::string answer = bad.readToEnd();
    QCOMPARE(statusOf(answer), message.status);
    QVERIFY(answer.find("Connection: close\r\n") != std::string::npos);
    QVERIFY(answer.find("HTTP/1.1 ", 9) == std::string::npos);
    QVERIFY(bad.endedByPeer()); // closed, and by a word of TLS, not by a cut
    QCOMPARE(door.seen().size(), std::size_t{0});
    ++m_refused;

    Client good(door.port());
    good.send(message.twin);
    QCOMPARE(statusOf(good.readFinalAnswer()), 200);
    good.send(smuggled); // the connection was kept
    QCOMPARE(statusOf(good.readToEnd()), 200);
    QCOMPARE(door.seen().size(), std::size_t{2});
    QCOMPARE(door.seen().back(), std::string("GET /next"));
    ++m_passed;
}

void TestServerFraming::refusesWhileTheHeadIsIncomplete_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("HTTP/0.9") << 400 << QByteArray("GET /\r\n");
    QTest::newRow("bare line feed") << 400 << QByteArray("GET / HTTP/1.1\n");
    QTest::newRow("method") << 501 << QByteArray("TRACE / HTTP/1.1\r\n");
    QTest::newRow("HTTP/2 preface") << 505 << QByteArray("PRI * HTTP/2.0\r\n");
    QTest::newRow("16 KiB without an end") << 431 << QByteArray(16 * 1024, 'A');
}

void TestServerFraming::refusesWhileTheHeadIsIncomplete()
{
    QFETCH(int, status);
    QFETCH(QByteArray, bytes);
    Door door(answerFine);
    Client client(door.port());
    client.send(bytes.toStdString());
    QCOMPARE(statusOf(client.readToEnd()), status);
    QCOMPARE(door.seen().size(), std::size_t{0});
}

void TestServerFraming::ignoresWhatFieldsClaim_data()
{
    QTest::addColumn<QByteArray>("fields");
    const auto row = [](const char* name, const std::string& fields) {
        QTest::newRow(name) << QByteArray::fromStdString(fields);
    };
    row("X-HTTP-Method-Override", "X-HTTP-Method-Override: DELETE\r\n");
    row("X-Method-Override", "X-HTTP-Method: PUT\r\nX-Method-Override: PUT\r\n");
    row("X-Forwarded-For", "X-Forwarded-For: 10.0.0.1\r\nX-Real-IP: 10.0.0.1\r\nForwarded: for=10.0.0.1\r\n");
    row("X-Forwarded-Host", "X-Forwarded-Host: b\r\nX-Forwarded-Proto: http\r\nX-Host: b\r\n");
    row("X-Client-Cert",
        "X-Client-Cert: MIIB\r\nX-SSL-Client-S-DN: CN=admin\r\nX-SSL-Client-Verify: SUCCESS\r\n");
    row("X-Forwarded-Client-Cert", "X-Forwarded-Client-Cert: URI=urn:enis:service:console\r\n");
    row("X-Original-URL", "X-Original-URL: /admin\r\nX-Rewrite-URL: /admin\r\n");
    row("Upgrade to h2c",
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n");
    row("Upgrade to WebSocket", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
    row("Range flood", "Range: bytes=0-" + repeated(",5-", 1300) + "\r\n");
    row("many Ranges", repeated("Range: bytes=0-1\r\n", 90));
    row("TE", "TE: trailers, gzip\r\nTrailer: X\r\n");
    row("a field named in Connection", "Connection: X-Secret, Content-Length\r\nX-Secret: 1\r\n");
}

void TestServerFraming::ignoresWhatFieldsClaim()
{
    QFETCH(QByteArray, fields);
    Door door(answerFacts);
    Client client(door.port());
    const std::string head = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n";
    client.send(head + "\r\nhello");
    const std::string twin = client.readAnswers(1);
    client.send(head + fields.toStdString() + "\r\nhello");
    const std::string answer = client.readAnswers(1);
    QCOMPARE(statusOf(answer), 200);
    QCOMPARE(answer, twin);
    QCOMPARE(factsOf(answer), std::string("POST /a hello urn:enis:service:kernel 127.0.0.1:"));
    client.send(smuggled);
    QCOMPARE(statusOf(client.readToEnd()), 200);
    ++m_withoutEffect;
}

void TestServerFraming::answersAHundredPipelinedInOrder()
{
    Door door(answerFacts);
    Client client(door.port());
    std::string requests;
    for (int i = 0; i < 100; ++i)
        requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    client.send(requests + smuggled);
    for (int i = 0; i < 100; ++i) {
        const std::string expected = "GET /" + std::to_string(i) + "  urn:enis:service:kernel 127.0.0.1:";
        QCOMPARE(factsOf(client.readAnswers(1)), expected);
    }
    QCOMPARE(statusOf(client.readToEnd()), 200);
    QCOMPARE(door.seen().size(), std::size_t{101});
}

void TestServerFraming::answersContinueBeforeTheBody()
{
    Door door(answerFacts);
    Client client(door.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    QCOMPARE(client.readAnswers(1), std::string("HTTP/1.1 100 Continue\r\n\r\n"));
    client.send("hello");
    QVERIFY(client.readAnswers(1).find("\r\n\r\nPOST / hello") != std::string::npos);
}

void TestServerFraming::cleanupTestCase()
{
    qInfo("corpus: %d rows refused, %d twins passed (and %d claims without effect)", m_refused, m_passed,
          m_withoutEffect);
}

QTEST_GUILESS_MAIN(TestServerFraming)
#include "tst_server_framing.moc"
