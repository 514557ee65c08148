#include "tests/support/free_port.h"

#include "shared/kernel/assert.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace billing::test {

std::uint16_t freePort()
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    BILLING_ASSERT(socket >= 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    BILLING_ASSERT(::bind(socket, generic, length) == 0);
    BILLING_ASSERT(::getsockname(socket, generic, &length) == 0);
    ::close(socket);
    return ntohs(address.sin_port);
}

} // namespace billing::test
