// Goal: the same bytes mean the same requests however they are cut into reads. Method: a stream of three
// requests, fed with every cut position and byte by byte; the refusals themselves are tst_server_framing's.
#include "server/http/request_parser.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::http;

namespace {

const std::string stream =
    "POST /one HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
    "GET /two?x=1 HTTP/1.1\r\nHost: a\r\n\r\n"
    "PUT /three HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";

/// Feeds `pieces` as a connection would and tells what came out.
std::string parsed(const std::vector<std::string>& pieces)
{
    const Limits limits;
    RequestParser parser(limits);
    std::string unread;
    std::string outcome;
    for (const std::string& piece : pieces) {
        unread += piece;
        while (!unread.empty()) {
            const RequestParser::Step step = parser.advance(unread);
            unread.erase(0, step.consumed);
            if (step.progress == RequestParser::Progress::Refused)
                return outcome + std::to_string(parser.refusal().status);
            if (step.progress != RequestParser::Progress::Complete)
                break;
            const Request request = parser.take();
            outcome +=
                request.method + " " + request.path + " " + request.body + (parser.keepAlive() ? ";" : ".");
        }
    }
    return outcome + unread;
}

} // namespace

class TestRequestParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheSameHoweverCut();
    void refusesAfterWhatWasWhole();
};

void TestRequestParser::readsTheSameHoweverCut()
{
    const std::string expected = "POST /one hello;GET /two ;PUT /three abcde.";
    QCOMPARE(parsed({stream}), expected);
    for (std::size_t cut = 1; cut < stream.size(); ++cut)
        QCOMPARE(parsed({stream.substr(0, cut), stream.substr(cut)}), expected);
    std::vector<std::string> bytes;
    for (const char byte : stream)
        bytes.emplace_back(1, byte);
    QCOMPARE(parsed(bytes), expected);
}

void TestRequestParser::refusesAfterWhatWasWhole()
{
    QCOMPARE(parsed({"GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\n\r\n"}),
             std::string("GET /a ;400"));
}

QTEST_APPLESS_MAIN(TestRequestParser)
#include "tst_request_parser.moc"
