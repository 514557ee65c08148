// What the tests of the client share: certificates, a thread that decodes, clients of a server on loopback,
// and what came back in words.
#pragma once

#include "shared/client/api_client.h"
#include "shared/wire/list_json.h"
#include "shared/wire/tenant_json.h"
#include "tests/shared/client/background.h"
#include "tests/shared/client/hostile_server.h"
#include "tests/support/printing.h"

namespace billing::test {

using namespace billing::client;

inline const QByteArray jsonType("application/json");

struct Pki
{
    Authority authority;
    Authority other;
    Identity server = authority.issue();
    Identity client = authority.issue();
};

inline const Pki& pki()
{
    static const Pki made;
    return made;
}

inline Background& background()
{
    static Background thread;
    return thread;
}

inline Connection connectionTo(const QUrl& server)
{
    return {server, pki().client.certificate, pki().client.key, {}, pki().authority.certificate(), "a.b.c"};
}

inline std::unique_ptr<ApiClient> clientOf(const QUrl& server, Limits limits = {})
{
    return ApiClient::create(connectionTo(server), background(), limits).value();
}

/// What came back, in words, and how often.
struct Seen
{
    std::string outcome;
    int times = 0;
};

template <class T>
Done<T> into(Seen& seen)
{
    return [&seen](const Result<T>& result) {
        seen.outcome = result ? "ok" : toText(result.error());
        ++seen.times;
    };
}

inline std::string tenantText(const char* id)
{
    return wire::encodeTenant(
        {TenantId(id), "Nova Robotics", "US", Currency::parse("USD").value(), "UTC", "en-US"});
}

inline QByteArray tenantList(int rows)
{
    const std::vector<std::string> items(static_cast<std::size_t>(rows), tenantText("nova"));
    return QByteArray::fromStdString(wire::encodeList("tenants", items, ""));
}

inline QByteArray emptyList()
{
    return httpAnswer(200, jsonType, R"({"tenants":[]})");
}

inline HostileServer::Answer always(const QByteArray& bytes)
{
    return [bytes](QSslSocket& socket, const SeenRequest&) { socket.write(bytes); };
}

inline HostileServer::Answer thenClose(const QByteArray& bytes)
{
    return [bytes](QSslSocket& socket, const SeenRequest&) {
        socket.write(bytes);
        socket.disconnectFromHost();
    };
}

} // namespace billing::test
