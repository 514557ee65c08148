// A storage in a new database of the test's own PostgreSQL. Asserts that it opens.
#pragma once

#include "server/storage/postgres/postgres_storage.h"
#include "server/storage/sql/session.h"
#include "tests/support/postgres_rows.h"
#include "tests/support/postgres_server.h"
#include "tests/support/seeded_random.h"

namespace billing::test {

PostgresOptions optionsOf(const PostgresServer::Database& database);

class OpenPostgres
{
public:
    /// A new database; in the server of the test process unless another is given.
    OpenPostgres();
    explicit OpenPostgres(PostgresServer& server);

    PostgresStorage& storage() const { return *m_storage; }
    const PostgresServer::Database& database() const noexcept { return m_database; }
    /// A second server on the same database.
    std::unique_ptr<PostgresStorage> another(std::size_t connections = 8);

    /// One body in a write of its own.
    Result<void> write(const Scope& scope, const std::function<Result<void>(sql::Session&)>& body) const;
    /// One statement, as it stands, in a write of its own.
    Result<std::int64_t> execute(const Scope& scope, const std::string& sql) const;
    /// The first value of the first row of a statement, in a read of its own, as a number.
    Result<std::int64_t> number(const Scope& scope, const std::string& sql) const;
    /// The same as the superuser, past every policy.
    std::string truth(const std::string& sql) const;
    /// A table of the superuser's that every scope may use.
    void makeTable(const std::string& name, const std::string& columns) const;

private:
    PostgresServer::Database m_database;
    SeededRandom m_random{1};
    std::unique_ptr<PostgresStorage> m_storage;
};

/// A fresh WorkId for a test's write.
WorkId anyWorkId();

} // namespace billing::test
