// Goal: the same bytes mean the same requests, or the same refusal, however they are cut into reads. Method:
// a stream of three requests, and every row of the corpus with its twin, fed with every cut position and byte
// by byte; what the refusals look like over TLS is tst_server_framing's.
#include "server/http/request_head_guard.h"
#include "server/http/request_parser.h"
#include "tests/server/http/framing_corpus.h"
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

/// "" when every cut gives what the whole gives, else the first cut that does not.
std::string differenceByCut(const std::string& bytes)
{
    const std::string expected = parsed({bytes});
    std::vector<std::string> single;
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        const std::string outcome = parsed({bytes.substr(0, cut), bytes.substr(cut)});
        if (outcome != expected)
            return "cut at " + std::to_string(cut) + ": " + outcome + " instead of " + expected;
    }
    for (const char byte : bytes)
        single.emplace_back(1, byte);
    const std::string outcome = parsed(single);
    return outcome == expected ? "" : "byte by byte: " + outcome + " instead of " + expected;
}

constexpr std::size_t cutBytesMax = 2048; ///< a longer row would take its square

} // namespace

class TestRequestParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheSameHoweverCut();
    void refusesTheSameHoweverCut_data();
    void refusesTheSameHoweverCut();
    void refusesAfterWhatWasWhole();
    void seesControlCharactersWhereverTheyStand();
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

void TestRequestParser::refusesTheSameHoweverCut_data()
{
    QTest::addColumn<int>("row");
    const auto& rows = http::test::framingCorpus();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].refused.size() <= cutBytesMax)
            QTest::newRow(rows[i].name.c_str()) << static_cast<int>(i);
    }
}

void TestRequestParser::refusesTheSameHoweverCut()
{
    QFETCH(int, row);
    const http::test::CorpusRow& message = http::test::framingCorpus()[static_cast<std::size_t>(row)];
    const std::string refused = message.refused + http::test::smuggled;
    QCOMPARE(parsed({refused}), std::to_string(message.status));
    QCOMPARE(differenceByCut(refused), std::string());
    if (message.twin.size() <= cutBytesMax)
        QCOMPARE(differenceByCut(message.twin + http::test::smuggled), std::string());
}

void TestRequestParser::seesControlCharactersWhereverTheyStand()
{
    // The guard looks at blocks of bytes: one that is wrong, and a line's end, may stand anywhere in one.
    // Asked itself, since behind it Beast refuses some of them too.
    const auto withValue = [](const std::string& value) {
        const auto reading = readRequestHead("GET /a HTTP/1.1\r\nHost: a\r\nX: " + value + "\r\n\r\n", {});
        return reading.refusal ? reading.refusal->status : 200;
    };
    constexpr std::size_t length = 200;
    for (std::size_t place = 1; place < length - 1; ++place) {
        QCOMPARE(withValue(std::string(place, 'v')), 200);
        for (const char bad : std::string("\0\x01\x08\n\x0B\r\x1F\x7F", 8)) {
            std::string value(length, 'v');
            value[place] = bad;
            QCOMPARE(withValue(value), 400);
        }
        for (const char good : std::string("\t \x80\xFF")) {
            std::string value(length, 'v');
            value[place] = good;
            QCOMPARE(withValue(value), 200);
        }
    }
}

void TestRequestParser::refusesAfterWhatWasWhole()
{
    QCOMPARE(parsed({"GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\n\r\n"}),
             std::string("GET /a ;400"));
}

QTEST_APPLESS_MAIN(TestRequestParser)
#include "tst_request_parser.moc"
