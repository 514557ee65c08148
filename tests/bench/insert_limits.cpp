#include "tests/bench/insert_limits.h"

#include "shared/model/dimensions.h"
#include "tests/support/postgres_server.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <libpq-fe.h>
#include <sqlite3.h>

namespace billing::bench {

namespace {

[[noreturn]] void fail(const char* why)
{
    std::fprintf(stderr, "bench_usage: %s\n", why);
    std::exit(1);
}

void demand(sqlite3* database, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE)
        fail(sqlite3_errmsg(database));
}

void run(sqlite3* database, const char* statement)
{
    demand(database, sqlite3_exec(database, statement, nullptr, nullptr, nullptr));
}

void run(PGconn* connection, const char* statement)
{
    PGresult* result = PQexec(connection, statement);
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_COPY_IN)
        fail(PQerrorMessage(connection));
    PQclear(result);
}

std::string dimensionsOf(const UsageEvent& event)
{
    static const std::vector<std::string> names{"direction", "model"};
    return dimensionKey(event.dimensions, names);
}

void endCopy(PGconn* connection)
{
    if (PQputCopyEnd(connection, nullptr) != 1)
        fail(PQerrorMessage(connection));
    while (PGresult* result = PQgetResult(connection)) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            fail(PQerrorMessage(connection));
        PQclear(result);
    }
}

} // namespace

void insertIntoSqlite(const std::filesystem::path& file, std::span<const UsageEvent> events,
                      std::size_t rowsPerTransaction)
{
    sqlite3* database = nullptr;
    demand(database, sqlite3_open(file.c_str(), &database));
    run(database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
    run(database,
        "CREATE TABLE event (tenant_id TEXT, source TEXT, event_id TEXT, metric_type TEXT, value TEXT, "
        "at INTEGER, dimensions TEXT, PRIMARY KEY (tenant_id, source, event_id))");
    sqlite3_stmt* insert = nullptr;
    demand(database, sqlite3_prepare_v2(database, "INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?, ?)",
                                        -1, &insert, nullptr));
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (i % rowsPerTransaction == 0)
            run(database, i == 0 ? "BEGIN" : "COMMIT; BEGIN");
        const UsageEvent& event = events[i];
        const std::array<std::string, 6> texts{event.tenant.text(),  event.source,
                                               event.eventId,        event.metricType,
                                               event.value.toText(), dimensionsOf(event)};
        const std::array<int, 6> columns{1, 2, 3, 4, 5, 7};
        for (std::size_t column = 0; column < texts.size(); ++column)
            sqlite3_bind_text(insert, columns[column], texts[column].data(),
                              static_cast<int>(texts[column].size()), SQLITE_STATIC);
        sqlite3_bind_int64(insert, 6, event.at.micros());
        demand(database, sqlite3_step(insert));
        sqlite3_reset(insert);
    }
    run(database, "COMMIT");
    sqlite3_finalize(insert);
    sqlite3_close(database);
}

std::optional<double> copyIntoPostgres(std::span<const UsageEvent> events, std::size_t rowsPerTransaction)
{
    if (test::PostgresServer::absence())
        return {};
    test::PostgresServer server({.settings = {{"shared_buffers", "1GB"}, {"max_wal_size", "8GB"}}});
    PGconn* connection = PQconnectdb(server.newDatabase().superConnection.c_str());
    if (PQstatus(connection) != CONNECTION_OK)
        fail(PQerrorMessage(connection));
    run(connection,
        "CREATE TABLE event (tenant_id TEXT COLLATE \"C\", source TEXT COLLATE \"C\", event_id TEXT COLLATE "
        "\"C\", metric_type TEXT, value NUMERIC, at BIGINT, dimensions TEXT, PRIMARY KEY (tenant_id, source, "
        "event_id))");
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t first = 0; first < events.size(); first += rowsPerTransaction) {
        run(connection, "COPY event FROM STDIN");
        for (const UsageEvent& event :
             events.subspan(first, std::min(rowsPerTransaction, events.size() - first))) {
            std::string row = event.tenant.text();
            row.append(1, '\t').append(event.source).append(1, '\t').append(event.eventId);
            row.append(1, '\t').append(event.metricType).append(1, '\t').append(event.value.toText());
            row.append(1, '\t').append(std::to_string(event.at.micros())).append(1, '\t');
            row.append(dimensionsOf(event)).append(1, '\n');
            if (PQputCopyData(connection, row.data(), static_cast<int>(row.size())) != 1)
                fail(PQerrorMessage(connection));
        }
        endCopy(connection);
    }
    const auto took = std::chrono::steady_clock::now() - start;
    PQfinish(connection);
    return std::chrono::duration<double>(took).count();
}

} // namespace billing::bench
