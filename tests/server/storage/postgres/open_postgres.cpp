#include "tests/server/storage/postgres/open_postgres.h"

#include <atomic>
#include <cstdio>

namespace billing::test {

PostgresOptions optionsOf(const PostgresServer::Database& database)
{
    return {.connection = database.connection,
            .ownerConnection = database.ownerConnection,
            .password = database.password,
            .ownerPassword = database.ownerPassword};
}

OpenPostgres::OpenPostgres()
    : OpenPostgres(sharedPostgres())
{
}

OpenPostgres::OpenPostgres(PostgresServer& server)
    : m_database(server.newDatabase())
    , m_storage(another())
{
}

std::unique_ptr<PostgresStorage> OpenPostgres::another(std::size_t connections)
{
    PostgresOptions options = optionsOf(m_database);
    options.connections = connections;
    auto opened = PostgresStorage::open(options, m_random, Instant::parse("2026-03-15T12:00:00Z").value());
    if (!opened)
        std::fprintf(stderr, "%s\n", toText(opened.error()).c_str());
    return std::move(opened.value());
}

Result<void> OpenPostgres::write(const Scope& scope,
                                 const std::function<Result<void>(sql::Session&)>& body) const
{
    return m_storage->write(scope, Priority::Money, anyWorkId(),
                            [&](Work& work) { return body(work.session()); });
}

Result<std::int64_t> OpenPostgres::execute(const Scope& scope, const std::string& sql) const
{
    return writeValue(*m_storage, scope, Priority::Money, anyWorkId(), [&](Work& work) {
        // Every statement is kept by its address, so that one must not be used again.
        static std::vector<std::unique_ptr<std::string>> kept;
        kept.push_back(std::make_unique<std::string>(sql));
        return work.session().execute(kept.back()->c_str(), {});
    });
}

Result<std::int64_t> OpenPostgres::number(const Scope& scope, const std::string& sql) const
{
    return readValue(*m_storage, scope, [&](Work& work) -> Result<std::int64_t> {
        static std::vector<std::unique_ptr<std::string>> kept;
        kept.push_back(std::make_unique<std::string>(sql));
        const auto found = sql::queryOne(work.session(), kept.back()->c_str(), {},
                                         [](const sql::Row& row) { return row.integer(0); });
        return found ? Result<std::int64_t>(found->value()) : found.error();
    });
}

std::string OpenPostgres::truth(const std::string& sql) const
{
    return postgresRows(m_database.superConnection, sql).at(0).at(0).value_or("NULL");
}

void OpenPostgres::makeTable(const std::string& name, const std::string& columns) const
{
    postgresRows(m_database.superConnection, "CREATE TABLE " + name + " (" + columns + "); GRANT ALL ON " +
                                                 name +
                                                 " TO billing_tenant, billing_all_tenants, billing_system");
}

WorkId anyWorkId()
{
    static std::atomic<int> count{0};
    return WorkId("work-" + std::to_string(++count));
}

} // namespace billing::test
