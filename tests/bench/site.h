// Where a bench happens: a fresh data directory on either engine with twenty tenants, and the tokens of a
// kernel. PostgreSQL is a cluster of its own beside it, which flushes as in production. What cannot be made
// ends the program with the reason.
#pragma once

#include "server/app/house.h"
#include "server/app/server_process.h"
#include "server/app/system_clock.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temporary_directory.h"

#include <cstdio>
#include <cstdlib>

namespace billing::bench {

constexpr int tenantCount = 20;
std::string tenantName(int index); ///< "bench-07"

/// The value, or the end of the program.
template <class T>
T demanded(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "bench_usage: %s\n", toText(result.error()).c_str());
        std::exit(1);
    }
    return std::move(*result);
}

/// "sqlite" or "postgresql", for the figures.
const char* nameOf(Engine engine);

class Site
{
public:
    explicit Site(Engine engine);

    House& house() const { return *m_house; }
    const DataDirectory& data() const { return m_configuration->directory; }
    const SystemClock& clock() const { return m_clock; }
    std::string token() const; ///< may write and read usage

    /// A running server, and the port it listens on.
    std::unique_ptr<ServerProcess> serve();
    static std::uint16_t portOf(const ServerProcess& server);

private:
    void configure(Engine engine);
    void initialise() const;

    test::TemporaryDirectory m_directory;
    std::unique_ptr<test::PostgresServer> m_postgres;
    SystemClock m_clock;
    SystemRandom m_random;
    Log m_log{m_clock, {.level = LogLevel::Error}};
    std::unique_ptr<Configuration> m_configuration;
    std::unique_ptr<House> m_house;
};

} // namespace billing::bench
