// Goal: nothing that two parsers could read differently gets in, and after a refusal the next request on the
// same connection never runs. Method: every row is sent over TLS in one piece, followed by "GET /next"; its
// twin differs only in what is wrong and must be answered 200, the next one too.
//
// Tests: request_head_guard.cpp
#include "tests/server/http/door.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::http;

namespace {

constexpr const char* next = "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

std::string get(const std::string& fields)
{
    return "GET / HTTP/1.1\r\n" + fields + "\r\n";
}

std::string post(const std::string& fields, const std::string& body)
{
    return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}

std::string repeated(const std::string& text, int count)
{
    std::string all;
    for (int i = 0; i < count; ++i)
        all += text;
    return all;
}

void row(const char* name, int status, const std::string& refused, const std::string& twin)
{
    QTest::newRow(name) << status << QByteArray::fromStdString(refused) << QByteArray::fromStdString(twin);
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
    void answersContinueBeforeTheBody();
};

void TestServerFraming::refuses_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("refused");
    QTest::addColumn<QByteArray>("twin");
    using namespace std::string_literals;
    const std::string ok = get("Host: a\r\n");
    row("line without version", 400, "GET /\r\nHost: a\r\n\r\n", ok);
    row("two spaces", 400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", ok);
    row("empty line first", 400, "\r\n" + ok, ok);
    row("HTTP/1.0", 505, "GET / HTTP/1.0\r\nHost: a\r\n\r\n", ok);
    row("HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ok);
    row("TRACE", 501, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", ok);
    row("CONNECT", 501, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", ok);
    row("unknown method", 501, "FETCH / HTTP/1.1\r\nHost: a\r\n\r\n", "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n");
    row("no host", 400, get(""), ok);
    row("empty host", 400, get("Host:\r\n"), ok);
    row("two hosts", 400, get("Host: a\r\nHost: a\r\n"), ok);
    row("host with a path", 400, get("Host: a/b\r\n"), get("Host: a:8443\r\n"));
    row("absolute, other host", 400, "GET https://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n");
    row("absolute, plain http", 400, "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET https://A/ HTTP/1.1\r\nHost: a\r\n\r\n");
    row("asterisk", 400, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n");
    row("escaped slash", 400, "GET /a%2fb HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a%20b HTTP/1.1\r\nHost: a\r\n\r\n");
    row("folded line", 400, get("Host: a\r\nX: 1\r\n 2\r\n"), get("Host: a\r\nX: 1  2\r\n"));
    row("space before colon", 400, get("Host: a\r\nX : 1\r\n"), get("Host: a\r\nX: 1\r\n"));
    row("no colon", 400, get("Host: a\r\nX\r\n"), get("Host: a\r\nX:\r\n"));
    row("NUL in a value", 400, get("Host: a\r\nX: 1\0002\r\n"s), get("Host: a\r\nX: 12\r\n"));
    row("bell in a value", 400, get("Host: a\r\nX: 1\a\r\n"), get("Host: a\r\nX: 1\t2\r\n"));
    row("bare line feed", 400, "GET / HTTP/1.1\nHost: a\n\n", ok);
    row("bare line feed between fields", 400, get("Host: a\r\nX: 1\nY: 2\r\n"),
        get("Host: a\r\nX: 1\r\nY: 2\r\n"));
    row("bare carriage return", 400, get("Host: a\r\nX: 1\rY: 2\r\n"), ok);
    row("101 fields", 431, get("Host: a\r\n" + repeated("X: 1\r\n", 100)),
        get("Host: a\r\n" + repeated("X: 1\r\n", 99)));
    row("16 KiB + 1", 431, get("Host: a\r\nX: " + std::string(16 * 1024 + 1 - 32, 'x') + "\r\n"),
        get("Host: a\r\nX: " + std::string(16 * 1024 - 32, 'x') + "\r\n"));
    row("two lengths", 400, post("Content-Length: 5\r\nContent-Length: 44\r\n", "hello"),
        post("Content-Length: 5\r\n", "hello"));
    row("two equal lengths", 400, post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"),
        post("Content-Length: 5\r\n", "hello"));
    row("length +5", 400, post("Content-Length: +5\r\n", "hello"), post("Content-Length: 05\r\n", "hello"));
    row("length -5", 400, post("Content-Length: -5\r\n", "hello"), post("Content-Length: 0\r\n", ""));
    row("length 5,5", 400, post("Content-Length: 5,5\r\n", "hello"), post("Content-Length: 5\r\n", "hello"));
    row("length abc", 400, post("Content-Length: abc\r\n", ""), post("Content-Length: 0\r\n", ""));
    row("no length digits", 400, post("Content-Length:\r\n", ""), post("Content-Length: 0\r\n", ""));
    const std::string chunks = "5\r\nhello\r\n0\r\n\r\n";
    const std::string chunked = post("Transfer-Encoding: chunked\r\n", chunks);
    row("length and chunked", 400, post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", chunks),
        chunked);
    row("xchunked", 501, post("Transfer-Encoding: xchunked\r\n", chunks), chunked);
    row("chunked, identity", 501, post("Transfer-Encoding: chunked, identity\r\n", chunks), chunked);
    row("gzip, chunked", 501, post("Transfer-Encoding: gzip, chunked\r\n", chunks), chunked);
    row("chunked twice", 501, post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunks),
        chunked);
    row("chunked with a vertical tab", 400, post("Transfer-Encoding: \vchunked\r\n", chunks), chunked);
    row("chunk size 2^64", 400, post("Transfer-Encoding: chunked\r\n", "10000000000000000\r\nx"), chunked);
    row("chunk size -5", 400, post("Transfer-Encoding: chunked\r\n", "-5\r\nhello\r\n0\r\n\r\n"), chunked);
    row("chunk extension", 400, post("Transfer-Encoding: chunked\r\n", "5;a=b\r\nhello\r\n0\r\n\r\n"),
        chunked);
    row("endless chunk extension", 400,
        post("Transfer-Encoding: chunked\r\n", "5;" + std::string(20000, 'a')), chunked);
    row("chunk without its end", 400, post("Transfer-Encoding: chunked\r\n", "5\r\nhelloX0\r\n\r\n"),
        chunked);
    row("trailer", 400, post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\nX: 1\r\n\r\n"), chunked);
    row("gzip body", 415, post("Content-Encoding: gzip\r\nContent-Length: 5\r\n", "hello"),
        post("Accept-Encoding: gzip\r\nContent-Length: 5\r\n", "hello"));
    row("identity body", 415, post("Content-Encoding: identity\r\nContent-Length: 5\r\n", "hello"),
        post("Content-Length: 5\r\n", "hello"));
    row("expectation", 417, post("Expect: 200-ok\r\nContent-Length: 5\r\n", "hello"),
        post("Expect: 100-continue\r\nContent-Length: 5\r\n", "hello"));
    row("announced over the limit", 413, post("Content-Length: 1025\r\n", std::string(1025, 'x')),
        post("Content-Length: 1024\r\n", std::string(1024, 'x')));
    row("chunked over the limit", 413,
        post("Transfer-Encoding: chunked\r\n", "401\r\n" + std::string(1025, 'x') + "\r\n0\r\n\r\n"),
        post("Transfer-Encoding: chunked\r\n", "400\r\n" + std::string(1024, 'x') + "\r\n0\r\n\r\n"));
}

void TestServerFraming::refuses()
{
    QFETCH(int, status);
    QFETCH(QByteArray, refused);
    QFETCH(QByteArray, twin);
    Limits limits;
    limits.bodyBytes = 1024;
    http::test::Door door(
        [](Request&&, Responder respond) {
            respond({200, {}, "text/plain", "fine"});
        },
        limits);

    http::test::Client bad(door.port());
    bad.send(refused.toStdString() + next);
    const std::string answer = bad.readToEnd();
    QCOMPARE(http::test::statusOf(answer), status);
    QVERIFY(answer.find("Connection: close\r\n") != std::string::npos);
    QVERIFY(answer.find("HTTP/1.1 ", 9) == std::string::npos);
    QCOMPARE(door.seen().size(), std::size_t{0});

    http::test::Client good(door.port());
    good.send(twin.toStdString() + next);
    QCOMPARE(http::test::statusOf(good.readAnswers(1)), 200);
    QCOMPARE(http::test::statusOf(good.readToEnd()), 200);
    QCOMPARE(door.seen().size(), std::size_t{2});
    QCOMPARE(door.seen().back(), std::string("GET /next"));
}

void TestServerFraming::refusesWhileTheHeadIsIncomplete_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("HTTP/0.9") << 400 << QByteArray("GET /\r\n");
    QTest::newRow("bare line feed") << 400 << QByteArray("GET / HTTP/1.1\n");
    QTest::newRow("method") << 501 << QByteArray("TRACE / HTTP/1.1\r\n");
    QTest::newRow("16 KiB without an end") << 431 << QByteArray(16 * 1024, 'A');
}

void TestServerFraming::refusesWhileTheHeadIsIncomplete()
{
    QFETCH(int, status);
    QFETCH(QByteArray, bytes);
    http::test::Door door([](Request&&, Responder respond) { respond({}); });
    http::test::Client client(door.port());
    client.send(bytes.toStdString());
    QCOMPARE(http::test::statusOf(client.readToEnd()), status);
    QCOMPARE(door.seen().size(), std::size_t{0});
}

void TestServerFraming::answersContinueBeforeTheBody()
{
    http::test::Door door([](Request&& request, Responder respond) {
        respond({200, {}, "text/plain", std::move(request.body)});
    });
    http::test::Client client(door.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    QCOMPARE(client.readAnswers(1), std::string("HTTP/1.1 100 Continue\r\n\r\n"));
    client.send("hello");
    QVERIFY(client.readAnswers(1).find("\r\n\r\nhello") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestServerFraming)
#include "tst_server_framing.moc"
