// Messages that two readers could take differently, or that nobody honest sends: each with the status it must
// get, and a twin that differs only in what is wrong and must pass. Raw bytes; the door's default limits.
#pragma once

#include <string>
#include <vector>

namespace billing::http::test {

struct CorpusRow
{
    std::string name;
    int status;
    std::string refused;
    std::string twin;
};

/// Every one of them ends its connection.
const std::vector<CorpusRow>& framingCorpus();

/// A request that would pass if the message before it had been taken for shorter than it is.
inline const std::string smuggled = "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

/// "GET / HTTP/1.1" with exactly these field lines.
std::string get(const std::string& fields);
std::string repeated(const std::string& text, int count);

} // namespace billing::http::test
