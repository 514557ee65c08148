#include "server/app/socket_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace billing::app {

namespace {

constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool isLoopback(const std::array<std::uint8_t, 16>& host)
{
    if (std::equal(mapped.begin(), mapped.end(), host.begin()))
        return host[12] == 127;
    return host == std::array<std::uint8_t, 16>{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
}

} // namespace

Result<SocketAddress> parseSocketAddress(const std::string& text)
{
    const Error refused{ErrorCode::InvalidValue, text, "expected a literal address and port"};
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon + 1 == text.size())
        return refused;
    SocketAddress address{};
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, address.port);
    if (read.ec != std::errc() || read.ptr != end)
        return refused;
    std::string host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
        if (::inet_pton(AF_INET6, host.c_str(), address.host.data()) != 1)
            return refused;
    } else {
        std::copy(mapped.begin(), mapped.end(), address.host.begin());
        if (::inet_pton(AF_INET, host.c_str(), address.host.data() + mapped.size()) != 1)
            return refused;
    }
    address.loopback = isLoopback(address.host);
    return address;
}

} // namespace billing::app
