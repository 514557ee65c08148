#include "shared/usage_client/transport.h"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <curl/curl.h>
#include <fstream>

namespace billing::client {

namespace {

struct EasyCleanup
{
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListFree
{
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyCleanup>;
using HeaderList = std::unique_ptr<curl_slist, ListFree>;

/// OpenSSL writes without MSG_NOSIGNAL, so a server that hangs up would end the program this library is part
/// of. SIGPIPE is held back on this thread, and one of our making is taken off before it is let through
/// again.
class PipeSignalHeld
{
public:
    PipeSignalHeld()
    {
        sigemptyset(&m_pipe);
        sigaddset(&m_pipe, SIGPIPE);
        sigset_t pending;
        sigpending(&pending);
        m_wasPending = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before);
    }
    ~PipeSignalHeld()
    {
        const timespec now{};
        if (!m_wasPending)
            while (sigtimedwait(&m_pipe, nullptr, &now) == -1 && errno == EINTR) {
            }
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    PipeSignalHeld(const PipeSignalHeld&) = delete;
    PipeSignalHeld& operator=(const PipeSignalHeld&) = delete;

private:
    sigset_t m_pipe;
    sigset_t m_before;
    bool m_wasPending;
};

/// What the callbacks of one transfer fill.
struct Transfer
{
    HttpAnswer answer;
    std::size_t limit;
    bool tooLarge = false;
};

std::size_t takeBody(char* data, std::size_t size, std::size_t count, void* user)
{
    auto& transfer = *static_cast<Transfer*>(user);
    if (transfer.answer.body.size() + size * count > transfer.limit) {
        transfer.tooLarge = true;
        return 0; // aborts the transfer
    }
    transfer.answer.body.append(data, size * count);
    return size * count;
}

std::size_t takeHeader(char* data, std::size_t size, std::size_t count, void* user)
{
    static constexpr std::string_view name = "retry-after:";
    std::string_view line(data, size * count);
    const bool named = line.size() > name.size() &&
                       std::equal(name.begin(), name.end(), line.begin(), [](char wanted, char c) {
                           return wanted == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
                       });
    if (named) {
        line.remove_prefix(std::min(line.find_first_not_of(" \t", name.size()), line.size()));
        std::int32_t seconds = 0;
        const auto [end, problem] = std::from_chars(line.data(), line.data() + line.size(), seconds);
        const std::string_view rest(end, static_cast<std::size_t>(line.data() + line.size() - end));
        if (problem == std::errc() && seconds >= 0 &&
            rest.find_first_not_of(" \t\r\n") == std::string_view::npos)
            static_cast<Transfer*>(user)->answer.retryAfter = std::chrono::seconds(seconds);
    }
    return size * count;
}

/// What no repetition mends.
bool isFinal(CURLcode code)
{
    switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
        return true;
    default:
        return false;
    }
}

class CurlTransport final : public Transport
{
public:
    CurlTransport(Easy handle, TransportOptions options)
        : m_handle(std::move(handle))
        , m_options(std::move(options))
    {
        configure();
    }

    ~CurlTransport() override
    {
        const PipeSignalHeld held; // saying good-bye on an idle connection writes too
        m_handle.reset();
    }

    Result<HttpAnswer> post(std::string_view target, std::string_view body, const std::string& token) override
    {
        curl_easy_setopt(m_handle.get(), CURLOPT_POST, 1L);
        curl_easy_setopt(m_handle.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        curl_easy_setopt(m_handle.get(), CURLOPT_POSTFIELDS, body.data());
        return perform(target, token);
    }

    Result<HttpAnswer> get(std::string_view target, const std::string& token) override
    {
        curl_easy_setopt(m_handle.get(), CURLOPT_HTTPGET, 1L);
        return perform(target, token);
    }

private:
    Result<HttpAnswer> perform(std::string_view target, const std::string& token)
    {
        const std::string url = m_options.serverUrl + std::string(target);
        HeaderList headers;
        // An empty Expect keeps curl from waiting a second for permission to send a large body.
        for (const std::string& line : {std::string("Content-Type: application/json"), std::string("Expect:"),
                                        "Authorization: Bearer " + token}) {
            curl_slist* const longer = curl_slist_append(headers.get(), line.c_str());
            BILLING_ASSERT(longer);
            static_cast<void>(headers.release());
            headers.reset(longer);
        }
        Transfer transfer{{}, m_options.answerLimit};
        CURL* const handle = m_handle.get();
        curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
        curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
        curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);

        const CURLcode code = [&] {
            const PipeSignalHeld held;
            return curl_easy_perform(handle);
        }();
        curl_easy_setopt(handle, CURLOPT_HTTPHEADER, nullptr);
        if (transfer.tooLarge)
            return Error{ErrorCode::InvalidConfiguration, m_options.serverUrl,
                         "the answer is larger than any of ours"};
        if (code != CURLE_OK)
            return Error{isFinal(code) ? ErrorCode::InvalidConfiguration : ErrorCode::NetworkFailed,
                         m_options.serverUrl, curl_easy_strerror(code)};
        long status = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
        transfer.answer.status = static_cast<int>(status);
        return std::move(transfer.answer);
    }

    void configure()
    {
        CURL* const handle = m_handle.get();
        curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
        curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
        curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
        curl_easy_setopt(handle, CURLOPT_CAINFO, m_options.authorityFile.c_str());
        curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
        curl_easy_setopt(handle, CURLOPT_SSLCERT, m_options.certificateFile.c_str());
        curl_easy_setopt(handle, CURLOPT_SSLKEY, m_options.keyFile.c_str());
        curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
        curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                         static_cast<long>(m_options.connectTimeout.count()));
        curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(m_options.requestTimeout.count()));
        curl_easy_setopt(handle, CURLOPT_USERAGENT, "enis-billing-client");
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, takeBody);
        curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, takeHeader);
    }

    Easy m_handle;
    TransportOptions m_options;
};

bool isServerUrl(std::string_view url)
{
    static constexpr std::string_view scheme = "https://";
    return url.starts_with(scheme) && url.size() > scheme.size() &&
           url.find_first_of("/?#@\\ \t\r\n", scheme.size()) == std::string_view::npos;
}

} // namespace

Result<HttpAnswer> Transport::get(std::string_view target, const std::string&)
{
    return Error{ErrorCode::InvalidConfiguration, std::string(target), "this transport only posts"};
}

Result<std::unique_ptr<Transport>> openTransport(const TransportOptions& options)
{
    TransportOptions checked = options;
    if (checked.serverUrl.ends_with('/'))
        checked.serverUrl.pop_back();
    if (!isServerUrl(checked.serverUrl))
        return Error{ErrorCode::InvalidConfiguration, options.serverUrl, "expected https://host:port"};
    for (const std::string& file : {checked.certificateFile, checked.keyFile, checked.authorityFile})
        if (!std::ifstream(file))
            return Error{ErrorCode::FileUnreadable, file};
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    Easy handle(ready == CURLE_OK ? curl_easy_init() : nullptr);
    BILLING_ASSERT(handle);
    return std::unique_ptr<Transport>(std::make_unique<CurlTransport>(std::move(handle), std::move(checked)));
}

} // namespace billing::client
