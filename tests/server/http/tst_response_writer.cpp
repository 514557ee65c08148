// Goal: the bytes of an answer, exactly. Method: a table of responses; streams are tst_server's.
//
// Tests: date_header.cpp
#include "server/http/date_header.h"
#include "server/http/response_writer.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::http;

class TestResponseWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses();
    void writes();
    void tellsTheDate_data();
    void tellsTheDate();
};

void TestResponseWriter::refuses()
{
    const Response bad[] = {
        {100, {}, {}, {}},
        {600, {}, {}, {}},
        {200, {{"X", "a\nb"}}, {}, {}},
        {200, {{"X\r", "a"}}, {}, {}},
        {200, {{"", "a"}}, {}, {}},
        {200, {}, "text/plain\r\nX: y", {}},
        {200, {}, {}, FileBody{"/nonexistent/file"}},
        {200, {}, {}, FileBody{"/"}},
    };
    for (const Response& response : bad) {
        std::string out = "before";
        QVERIFY(!writeResponse(response, {}, out));
        QCOMPARE(out, std::string("before"));
    }
}

void TestResponseWriter::writes()
{
    const auto written = [](const Response& response, const AnswerFraming& framing) {
        std::string out;
        const auto rest = writeResponse(response, framing, out);
        BILLING_ASSERT(rest.has_value());
        return out + (*rest ? "..." : "");
    };
    QCOMPARE(written({201, {{"Location", "/x"}}, "application/json", "{}"}, {}),
             std::string("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                         "Location: /x\r\n\r\n{}"));
    QCOMPARE(written({204, {}, {}, {}}, {}), std::string("HTTP/1.1 204 No Content\r\n\r\n"));
    QCOMPARE(written({299, {}, {}, "ab"}, {ConnectionAfter::Closed, true, "now"}),
             std::string("HTTP/1.1 299 \r\nDate: now\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"));
    QCOMPARE(written({200, {}, {}, [] { return Result<std::string>(std::string()); }}, {}),
             std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n..."));
}

void TestResponseWriter::tellsTheDate_data()
{
    QTest::addColumn<QByteArray>("instant");
    QTest::addColumn<QByteArray>("date");
    QTest::newRow("example") << QByteArray("1994-11-06T08:49:37.9Z")
                             << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT");
    QTest::newRow("leap day") << QByteArray("2024-02-29T00:00:00Z")
                              << QByteArray("Thu, 29 Feb 2024 00:00:00 GMT");
    QTest::newRow("year's end") << QByteArray("2026-12-31T23:59:59Z")
                                << QByteArray("Thu, 31 Dec 2026 23:59:59 GMT");
}

void TestResponseWriter::tellsTheDate()
{
    QFETCH(QByteArray, instant);
    QFETCH(QByteArray, date);
    DateHeader header;
    QCOMPARE(header.at(*Instant::parse(instant.toStdString())), date.toStdString());
}

QTEST_APPLESS_MAIN(TestResponseWriter)
#include "tst_response_writer.moc"
