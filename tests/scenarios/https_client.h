// HTTPS as a test speaks it: one request, its answer, whatever the status. The client's certificate is shown
// if there is one; the server's is checked. The connection is kept for the next request. One thread. Source:
// libcurl's easy interface; it shares no code with the product's own client.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace billing::test {

struct HttpRequest
{
    std::string method = "GET";
    std::string target = {}; ///< path and query
    std::string body = {};
    std::map<std::string, std::string> headers = {{"Content-Type", "application/json"}};
};

struct HttpReply
{
    int status = 0;                                  ///< 0: there was no answer
    std::string failure = {};                        ///< why there was none
    std::map<std::string, std::string> headers = {}; ///< names in lower case
    std::string body = {};

    /// The text of what the JSON body holds at that place, e.g. "results/1/code": a string as it is, anything
    /// else as JSON; "(absent)" when it is not there.
    std::string at(std::string_view place) const;
    /// How many items the array at that place has; 0 when it is not there.
    std::size_t count(std::string_view place) const;
    /// "409 payload_conflict", or "201" alone: what a table of refusals compares.
    std::string outcome() const;
};

struct ClientIdentity
{
    std::string server; ///< "https://127.0.0.1:port"
    std::filesystem::path authority;
    std::filesystem::path certificate = {}; ///< empty: shows none
    std::filesystem::path key = {};
    std::string token = {}; ///< empty: sends none
};

class HttpsClient
{
public:
    explicit HttpsClient(ClientIdentity identity);
    ~HttpsClient();
    HttpsClient(HttpsClient&&) noexcept;

    HttpReply send(const HttpRequest& request) const;
    HttpReply get(std::string_view target) const;
    HttpReply post(std::string_view target, std::string_view body) const;
    /// Asks again for as long as the answer is 503, which promises to be over soon, at most 60 s.
    HttpReply sendUntilReady(const HttpRequest& request) const;

private:
    struct Handle;

    ClientIdentity m_identity;
    std::unique_ptr<Handle> m_handle;
};

} // namespace billing::test
