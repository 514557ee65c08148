// Everything behind the API, real, on one thread, a clock that the input moves and a SQLite file in memory:
// what the target `api` asks. Each World starts from the same state, a copy of a store that was filled once
// through the same API (tenants in many zones, contracts, usage, invoices), so that an input means the same
// whenever it runs.
#pragma once

#include "server/api/api.h"
#include "server/bus/in_process.h"
#include "server/metering/settler.h"
#include "server/storage/sqlite/sqlite_storage.h"
#include "tests/support/inline_executor.h"
#include "tests/support/seeded_random.h"

#include <set>
#include <string>
#include <vector>

namespace billing::fuzz {

/// What the answers so far have named, for later requests to name again. Never empty.
struct Known
{
    std::vector<std::string> tenants{"t-berlin"};
    std::vector<std::string> invoices{"inv_00000000000000000000000000"};
    std::vector<std::string> cursors{"00"};
    std::vector<std::string> positions{"1"};

    /// Takes what the body of an answer names; of each kind the last hundred.
    void learn(const std::string& body);
};

enum class Caller
{
    All, ///< reads, writes, sends old usage
    Reader,
    Finance,  ///< by role
    OfTenant, ///< bound to t-berlin
    Stranger, ///< bound to a tenant that there is not
    Expired,
    Garbled,
    None
};

/// A request as a client writes it.
struct Asked
{
    std::string method;
    std::string target; ///< percent-encoded, with its query
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    Caller caller = Caller::All;
};

class World
{
public:
    World();
    ~World();

    /// Nothing when the target is refused before there is a request.
    std::optional<http::Response> send(const Asked& asked);
    /// "GET /api/v1/plans"; empty when no route will answer.
    std::string routeOf(const Asked& asked) const;
    std::vector<std::string> routes() const;

    void settle();
    /// What the scheduler does, for a few periods of each contract.
    void closePeriods();
    void advance(Duration step);
    void setClock(Instant now);

    Known known;

private:
    struct Rooms;

    void fill();
    void subscribeWithEnd(const std::string& tenant, const char* startsOn, const char* endsOn);
    std::string token(Caller caller);
    std::optional<http::Request> requestOf(const Asked& asked);

    std::unique_ptr<Rooms> m_rooms;
    std::map<Caller, std::pair<Instant, std::string>> m_tokens;
};

} // namespace billing::fuzz
