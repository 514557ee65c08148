#include "tests/server/http/framing_corpus.h"

#include <utility>

namespace billing::http::test {

namespace {

using Rows = std::vector<CorpusRow>;
using namespace std::string_literals;

constexpr std::size_t bodyBytesMax = 8 * 1024 * 1024;

std::string line(const std::string& requestLine)
{
    return requestLine + "\r\nHost: a\r\n\r\n";
}

std::string target(const std::string& text)
{
    return line("GET " + text + " HTTP/1.1");
}

std::string post(const std::string& fields, const std::string& body)
{
    return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}

std::string chunked(const std::string& body)
{
    return post("Transfer-Encoding: chunked\r\n", body);
}

const std::string chunks = "5\r\nhello\r\n0\r\n\r\n";

void addRequestLines(Rows& rows)
{
    const std::string good = target("/");
    const std::pair<const char*, std::string> malformed[] = {
        {"HTTP/0.9", "GET /\r\n"},
        {"HTTP/0.9 with fields", "GET /\r\nHost: a\r\n\r\n"},
        {"line without a target", line("GET HTTP/1.1")},
        {"two spaces before the target", line("GET  / HTTP/1.1")},
        {"two spaces before the version", line("GET /  HTTP/1.1")},
        {"space at the line's end", line("GET / HTTP/1.1 ")},
        {"space at the line's start", line(" GET / HTTP/1.1")},
        {"tabs for spaces", line("GET\t/\tHTTP/1.1")},
        {"version in lower case", line("GET / http/1.1")},
        {"method with a NUL", line("GE\0T / HTTP/1.1"s)},
        {"method with a colon", line("GE:T / HTTP/1.1")},
        {"empty line first", "\r\n" + good},
        {"TLS inside TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03\r\n\r\n"s},
        {"an SSH banner", "SSH-2.0-OpenSSH_9.2\r\n\r\n"},
        {"nothing but line ends", "\r\n\r\n"},
    };
    for (const auto& [name, bytes] : malformed)
        rows.push_back({name, 400, bytes, good});
    for (const char* version :
         {"HTTP/1.0", "HTTP/2.0", "HTTP/3", "HTTP/1.2", "HTTP/1.10", "HTTP/01.1", "HTTP/"})
        rows.push_back({version, 505, line(std::string("GET / ") + version), good});
    rows.push_back({"HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", good});
    rows.push_back({"TRACE", 501, line("TRACE / HTTP/1.1"), good});
    rows.push_back({"CONNECT", 501, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", good});
    rows.push_back({"unknown method", 501, line("FETCH / HTTP/1.1"), line("DELETE / HTTP/1.1")});
    rows.push_back({"method in lower case", 501, line("get / HTTP/1.1"), good});
    rows.push_back({"method of 4 KiB", 501, line(std::string(4096, 'G') + " / HTTP/1.1"), good});
}

void addTargets(Rows& rows)
{
    const std::string good = target("/a%20b?x=%c3%a4");
    const std::pair<const char*, std::string> malformed[] = {
        {"NUL in the target", "/a\0b"s},
        {"bell in the target", "/a\x07"},
        {"delete in the target", "/a\x7F"},
        {"carriage return in the target", "/a\rb"},
        {"line feed in the target", "/a\nb"},
        {"raw space in the target", "/a b"},
        {"raw UTF-8 in the target", "/\xC3\xA4"},
        {"fragment", "/a#b"},
        {"lone percent", "/a%"},
        {"half an escape", "/a%4"},
        {"escape that is no hex", "/a%4g"},
        {"escape with a sign", "/a%+1"},
        {"escaped NUL", "/a%00"},
        {"escaped NUL in the query", "/a?x=%00"},
        {"escaped line end", "/a?x=%0d%0aSet-Cookie:%20a"},
        {"escaped slash", "/a%2fb"},
        {"escaped backslash", "/a%5Cb"},
        {"overlong slash", "/a%c0%afb"},
        {"escaped surrogate", "/a%ed%a0%80"},
        {"escaped byte F5", "/a%f5%80%80%80"},
        {"dot segments", "/a/../b"},
        {"escaped dot segments", "/a/%2e%2e/b"},
        {"empty segment", "/a//b"},
        {"network path", "//b/"},
        {"asterisk", "*"},
        {"no slash", "a"},
    };
    for (const auto& [name, text] : malformed)
        rows.push_back({name, 400, target(text), good});
    rows.push_back({"target of 16 KiB", 431, target("/" + std::string(16 * 1024, 'a')),
                    target("/" + std::string(15 * 1024, 'a'))});
    rows.push_back({"query of 16 KiB", 431, target("/?" + repeated("x=1&", 4096)),
                    target("/?" + repeated("x=1&", 1024))});
}

void addHosts(Rows& rows)
{
    const std::string good = get("Host: a\r\n");
    const std::pair<const char*, std::string> malformed[] = {
        {"no host", get("")},
        {"no host, many fields", get(repeated("X: 1\r\n", 20))},
        {"empty host", get("Host:\r\n")},
        {"two hosts", get("Host: a\r\nHost: b\r\n")},
        {"the same host twice", get("Host: a\r\nhost: a\r\n")},
        {"host with a path", get("Host: a/b\r\n")},
        {"host with a user", get("Host: u@a\r\n")},
        {"host with a space", get("Host: a b\r\n")},
        {"hosts with a comma", get("Host: a, b\r\n")},
        {"host in UTF-8", get("Host: \xC3\xA4\r\n")},
        {"absolute, other host", "GET https://b/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"absolute, other port", "GET https://a:1/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"absolute, a user before the host", "GET https://b@a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"absolute, plain http", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"absolute, another scheme", "GET file://a/etc HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"absolute, without a host", "GET https:/// HTTP/1.1\r\nHost: a\r\n\r\n"},
    };
    for (const auto& [name, bytes] : malformed) {
        const bool absolute = bytes.find("://") != std::string::npos;
        rows.push_back({name, 400, bytes, absolute ? "GET https://A/ HTTP/1.1\r\nHost: a\r\n\r\n" : good});
    }
}

void addFields(Rows& rows)
{
    const std::string good = get("Host: a\r\nX: 1 \t2\r\n");
    const std::pair<const char*, std::string> malformed[] = {
        {"folded line", get("Host: a\r\nX: 1\r\n 2\r\n")},
        {"line folded by a tab", get("Host: a\r\nX: 1\r\n\t2\r\n")},
        {"first line folded", get(" X: 1\r\nHost: a\r\n")},
        {"space before the colon", get("Host: a\r\nX : 1\r\n")},
        {"tab before the colon", get("Host: a\r\nX\t: 1\r\n")},
        {"no colon", get("Host: a\r\nX\r\n")},
        {"no name", get("Host: a\r\n: 1\r\n")},
        {"space in a name", get("Host: a\r\nX Y: 1\r\n")},
        {"NUL in a name", get("Host: a\r\nX\0Y: 1\r\n"s)},
        {"UTF-8 in a name", get("Host: a\r\nX\xC3\xA4: 1\r\n")},
        {"bracket in a name", get("Host: a\r\nX[]: 1\r\n")},
        {"NUL in a value", get("Host: a\r\nX: 1\0002\r\n"s)},
        {"bell in a value", get("Host: a\r\nX: 1\a\r\n")},
        {"escape in a value", get("Host: a\r\nX: \x1B[2J\r\n")},
        {"delete in a value", get("Host: a\r\nX: 1\x7F\r\n")},
        {"bare line feeds", "GET / HTTP/1.1\nHost: a\n\n"},
        {"bare line feed between fields", get("Host: a\r\nX: 1\nY: 2\r\n")},
        {"bare line feed at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n"},
        {"bare carriage return", get("Host: a\r\nX: 1\rY: 2\r\n")},
        {"bare carriage returns", "GET / HTTP/1.1\rHost: a\r\r"},
        {"two carriage returns", get("Host: a\r\r\n")},
    };
    for (const auto& [name, bytes] : malformed)
        rows.push_back({name, 400, bytes, good});
    rows.push_back({"101 fields", 431, get("Host: a\r\n" + repeated("X: 1\r\n", 100)),
                    get("Host: a\r\n" + repeated("X: 1\r\n", 99))});
    rows.push_back({"header of 16 KiB + 1", 431,
                    get("Host: a\r\nX: " + std::string(16 * 1024 + 1 - 32, 'x') + "\r\n"),
                    get("Host: a\r\nX: " + std::string(16 * 1024 - 32, 'x') + "\r\n")});
    rows.push_back({"header without an end", 431, std::string(16 * 1024, 'A'), good});
    for (const char* coding : {"gzip", "br", "deflate", "gzip, gzip", "identity", ""})
        rows.push_back({std::string("content coding ") + coding, 415,
                        post("Content-Encoding: "s + coding + "\r\nContent-Length: 5\r\n", "hello"),
                        post("Accept-Encoding: gzip\r\nContent-Length: 5\r\n", "hello")});
    const std::string expecting = post("Expect: 100-continue\r\nContent-Length: 5\r\n", "hello");
    rows.push_back(
        {"another expectation", 417, post("Expect: 200-ok\r\nContent-Length: 5\r\n", "hello"), expecting});
    rows.push_back({"two expectations", 417,
                    post("Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 5\r\n", "hello"),
                    expecting});
    rows.push_back(
        {"expectation without a body", 400, get("Host: a\r\nExpect: 100-continue\r\n"), expecting});
    rows.push_back({"expectation of length 0", 400, post("Expect: 100-continue\r\nContent-Length: 0\r\n", ""),
                    expecting});
}

void addLengths(Rows& rows)
{
    const std::string five = post("Content-Length: 5\r\n", "hello");
    const std::pair<const char*, std::string> malformed[] = {
        {"two lengths", "Content-Length: 5\r\nContent-Length: 44\r\n"},
        {"two equal lengths", "Content-Length: 5\r\ncontent-length: 5\r\n"},
        {"length +5", "Content-Length: +5\r\n"},
        {"length -5", "Content-Length: -5\r\n"},
        {"length 5,5", "Content-Length: 5,5\r\n"},
        {"length 5, 5", "Content-Length: 5, 5\r\n"},
        {"length 5 5", "Content-Length: 5 5\r\n"},
        {"length 0x5", "Content-Length: 0x5\r\n"},
        {"length 5.0", "Content-Length: 5.0\r\n"},
        {"length 5e0", "Content-Length: 5e0\r\n"},
        {"length abc", "Content-Length: abc\r\n"},
        {"empty length", "Content-Length:\r\n"},
        {"length 2^64", "Content-Length: 18446744073709551616\r\n"},
        {"length 2^64 + 5", "Content-Length: 18446744073709551621\r\n"},
        {"length in 24 digits", "Content-Length: 000000000000000000000005\r\n"},
        {"length in Arabic digits", "Content-Length: \xD9\xA5\r\n"},
        {"length after a folded line", "Content-Length:\r\n 5\r\n"},
        {"length before a tabbed colon", "Content-Length\t: 5\r\n"},
        {"length and chunked", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"},
        {"chunked and length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"},
        {"chunked and length 0", "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"},
        {"length and xchunked", "Content-Length: 5\r\nTransfer-Encoding: xchunked\r\n"},
    };
    for (const auto& [name, fields] : malformed) {
        const bool sendsChunks = std::string(name).find("chunked") != std::string::npos;
        rows.push_back(
            {name, 400, post(fields, sendsChunks ? chunks : "hello"), sendsChunks ? chunked(chunks) : five});
    }
    const std::string most = std::to_string(bodyBytesMax);
    rows.push_back({"body of 8 MiB + 1 announced", 413,
                    post("Content-Length: " + std::to_string(bodyBytesMax + 1) + "\r\n", "h"),
                    post("Content-Length: " + most + "\r\n", std::string(bodyBytesMax, 'x'))});
    rows.push_back({"chunk of 8 MiB + 1", 413, chunked("800001\r\nh"),
                    chunked("800000\r\n" + std::string(bodyBytesMax, 'x') + "\r\n0\r\n\r\n")});
    const std::string mebibyte = "100000\r\n" + std::string(1024 * 1024, 'x') + "\r\n";
    rows.push_back({"chunks of 8 MiB + 1", 413, chunked(repeated(mebibyte, 8) + "1\r\nx\r\n0\r\n\r\n"),
                    chunked(repeated(mebibyte, 8) + "0\r\n\r\n")});
}

void addTransferEncodings(Rows& rows)
{
    const std::string good = post("Transfer-Encoding:\tchunked \r\n", chunks);
    for (const char* coding : {"xchunked", "chunked, identity", "chunked,\tidentity", "identity, chunked",
                               "gzip, chunked", "chunked, chunked", "chunked,", ",chunked", "chunked;q=1",
                               "\"chunked\"", "Chunked", "CHUNKED", "chunk", "identity", "gzip", ""})
        rows.push_back({std::string("coding ") + coding, 501,
                        post("Transfer-Encoding: "s + coding + "\r\n", chunks), good});
    rows.push_back({"coding twice", 501,
                    post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunks), good});
    rows.push_back({"coding twice, the second one foreign", 501,
                    post("Transfer-Encoding: chunked\r\nTransfer-encoding: cow\r\n", chunks), good});
    for (const std::string& fields :
         {"Transfer-Encoding: \vchunked\r\n"s, "Transfer-Encoding: chunked\0\r\n"s,
          "Transfer-Encoding : chunked\r\n"s, "Transfer-Encoding\t:chunked\r\n"s,
          "Transfer-Encoding:\r\n chunked\r\n"s, " Transfer-Encoding: chunked\r\n"s,
          "X: 1\nTransfer-Encoding: chunked\r\n"s, "X: 1\rTransfer-Encoding: chunked\r\n"s})
        rows.push_back({"disguised coding " + std::to_string(rows.size()), 400, post(fields, chunks), good});
}

void addChunks(Rows& rows)
{
    const std::string good = chunked(chunks);
    const std::pair<const char*, std::string> malformed[] = {
        {"chunk size 2^64", "10000000000000000\r\nx"},
        {"chunk size of 40 digits", std::string(40, 'F') + "\r\nx"},
        {"chunk size -5", "-5\r\nhello\r\n0\r\n\r\n"},
        {"chunk size +5", "+5\r\nhello\r\n0\r\n\r\n"},
        {"chunk size 0x5", "0x5\r\nhello\r\n0\r\n\r\n"},
        {"chunk size g", "g\r\nhello\r\n0\r\n\r\n"},
        {"chunk size missing", "\r\nhello\r\n0\r\n\r\n"},
        {"space before the chunk size", " 5\r\nhello\r\n0\r\n\r\n"},
        {"space after the chunk size", "5 \r\nhello\r\n0\r\n\r\n"},
        {"tab after the chunk size", "5\t\r\nhello\r\n0\r\n\r\n"},
        {"NUL after the chunk size", "5\0\r\nhello\r\n0\r\n\r\n"s},
        {"line feed after the chunk size", "5\nhello\r\n0\r\n\r\n"},
        {"carriage return after the chunk size", "5\rhello\r\n0\r\n\r\n"},
        {"chunk extension", "5;a=b\r\nhello\r\n0\r\n\r\n"},
        {"chunk extension without a name", "5;\r\nhello\r\n0\r\n\r\n"},
        {"chunk extension with a line feed", "5;a\nb\r\nhello\r\n0\r\n\r\n"},
        {"quoted chunk extension", "5;a=\"\r\nhello\r\n0\r\n\r\n"},
        {"chunk extension of 1 MB", "5;" + std::string(1'000'000, 'a')},
        {"chunk extension of 17 KB, half sent", "5\r\nhello\r\n0;" + std::string(17'000, 'a')},
        {"extension of the last chunk", "5\r\nhello\r\n0;a=b\r\n\r\n"},
        {"space after the last size", "5\r\nhello\r\n0 \r\n\r\n"},
        {"chunk longer than its size", "5\r\nhelloX\r\n0\r\n\r\n"},
        {"chunk without its end", "5\r\nhello0\r\n\r\n"},
        {"chunk ended by a line feed", "5\r\nhello\n0\r\n\r\n"},
        {"chunk ended by a carriage return", "5\r\nhello\r0\r\n\r\n"},
        {"last chunk ended by line feeds", "5\r\nhello\r\n0\n\n"},
        {"last chunk half ended by a line feed", "5\r\nhello\r\n0\r\n\n"},
        {"trailer", "5\r\nhello\r\n0\r\nX: 1\r\n\r\n"},
        {"trailer with a length", "5\r\nhello\r\n0\r\nContent-Length: 50\r\n\r\n"},
        {"trailer with a token", "5\r\nhello\r\n0\r\nAuthorization: Bearer a\r\n\r\n"},
        {"trailer that is folded", "5\r\nhello\r\n0\r\nX: 1\r\n 2\r\n\r\n"},
        {"text behind the last chunk", "5\r\nhello\r\n0\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
    };
    for (const auto& [name, body] : malformed)
        rows.push_back({name, 400, chunked(body), good});
}

} // namespace

std::string get(const std::string& fields)
{
    return "GET / HTTP/1.1\r\n" + fields + "\r\n";
}

std::string repeated(const std::string& text, int count)
{
    std::string all;
    for (int i = 0; i < count; ++i)
        all += text;
    return all;
}

const std::vector<CorpusRow>& framingCorpus()
{
    static const Rows rows = [] {
        Rows made;
        addRequestLines(made);
        addTargets(made);
        addHosts(made);
        addFields(made);
        addLengths(made);
        addTransferEncodings(made);
        addChunks(made);
        return made;
    }();
    return rows;
}

} // namespace billing::http::test
