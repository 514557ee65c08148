// The engine for production: PostgreSQL 15 or later, shared by any number of servers. It speaks libpq itself
// instead of Qt's driver: SQLSTATEs, pipelines, binary values and arrays are what the promises below are made
// of, and Qt SQL hides all four.
//
// open() brings the schema up to date as the role that owns it, then works as the login role, which owns
// nothing: every transaction begins with SET LOCAL ROLE to the one role of its Scope and names the tenant
// whose rows row-level security shows it.
//
// write() runs READ COMMITTED, for whoever waits for a row then reads what it became instead of failing; what
// must be one after another waits for a lock: money of one tenant (in the transaction's first statement), the
// journal's positions, an audit chain, a series' counter, a tenant's head. A deadlock or serialization
// failure runs the body again, five times at most. A lost connection does too, unless it was lost while
// committing: then the WorkId is read back first, waiting until the lost transaction is over, so that nothing
// is guessed. read() sees one REPEATABLE READ snapshot.
//
// A server that is frozen, or a network that swallows what is said, holds nobody: see PostgresPatience and
// connection.h. Silence refuses StorageUnavailable "silence" and is not tried again, unless COMMIT met it.
//
// Both calls block, and may be made from any thread except from inside a body; at most `connections` run at
// once and the others queue, higher lanes first. Once a statement was refused the transaction is lost, so a
// body returns that refusal. While the server is away calls refuse StorageUnavailable; once it is back they
// work again by themselves.
#pragma once

#include "server/storage/storage.h"

#include "shared/kernel/instant.h"
#include "shared/kernel/ports.h"

#include <chrono>
#include <memory>
#include <string>

namespace billing {

/// How long is waited for what; the statements of maintenance, and of reads of all tenants, may take
/// 10 min each.
struct PostgresPatience
{
    std::chrono::milliseconds statement = std::chrono::seconds(20); ///< then StorageBusy
    /// Beyond that, and between two questions whether the server answers anybody; then StorageUnavailable.
    std::chrono::milliseconds silence = std::chrono::seconds(5);
    std::chrono::milliseconds turn = std::chrono::seconds(30); ///< for a connection; then StorageBusy
    /// To learn whether a COMMIT without an answer was done; then StorageUnavailable "commit".
    std::chrono::milliseconds doubt = std::chrono::seconds(30);
};

struct PostgresOptions
{
    /// libpq's connection string or URI of the role the server works as, without its password.
    std::string connection;
    /// Of the role that owns the schema, for migrations; empty: the same.
    std::string ownerConnection;
    std::string password;
    std::string ownerPassword;
    std::size_t connections = 8;
    PostgresPatience patience = {};
};

class PostgresStorage final : public Storage
{
public:
    /// Random spreads repeated attempts; at is noted beside the migrations that run now, and usage of its
    /// month and the next two finds its partition made. Refuses StorageUnavailable, MigrationFailed.
    static Result<std::unique_ptr<PostgresStorage>> open(const PostgresOptions& options, Random& random,
                                                         Instant at);
    /// Nobody is inside read() or write() any more.
    ~PostgresStorage() override;

    Result<void> write(const Scope& scope, Priority priority, const WorkId& workId,
                       const Body& body) override;
    Result<void> read(const Scope& scope, const Body& body) override;

private:
    class State;

    explicit PostgresStorage(std::unique_ptr<State> state);

    std::unique_ptr<State> m_state;
};

} // namespace billing
