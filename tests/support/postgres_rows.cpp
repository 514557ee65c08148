#include "tests/support/postgres_rows.h"

#include "shared/kernel/assert.h"

#include <cstdio>
#include <cstdlib>
#include <libpq-fe.h>
#include <memory>

namespace billing::test {

namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

std::vector<PostgresRow> rowsOf(const PGresult* answer)
{
    std::vector<PostgresRow> rows;
    for (int row = 0; row < PQntuples(answer); ++row) {
        PostgresRow& values = rows.emplace_back();
        for (int column = 0; column < PQnfields(answer); ++column) {
            if (PQgetisnull(answer, row, column) != 0)
                values.emplace_back();
            else
                values.emplace_back(PQgetvalue(answer, row, column));
        }
    }
    return rows;
}

} // namespace

PostgresAnswer askPostgres(const std::string& connection, const std::string& sql)
{
    const Connection link(PQconnectdb(connection.c_str()), &PQfinish);
    if (PQstatus(link.get()) != CONNECTION_OK)
        return {.state = "connection", .message = PQerrorMessage(link.get())};
    PQsetNoticeProcessor(
        link.get(), [](void*, const char*) {}, nullptr);
    const Answer answer(PQexec(link.get(), sql.c_str()), &PQclear);
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return {.rows = rowsOf(answer.get()), .changed = std::atoll(PQcmdTuples(answer.get()))};
    const char* const state = PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE);
    return {.state = state != nullptr ? state : "connection", .message = PQerrorMessage(link.get())};
}

std::vector<PostgresRow> postgresRows(const std::string& connection, const std::string& sql)
{
    PostgresAnswer answer = askPostgres(connection, sql);
    if (!answer.state.empty())
        std::fprintf(stderr, "%s: %s\n", sql.c_str(), answer.message.c_str());
    BILLING_ASSERT(answer.state.empty());
    return std::move(answer.rows);
}

std::string connectionValue(const std::string& value)
{
    std::string quoted = "'";
    for (const char character : value) {
        if (character == '\'' || character == '\\')
            quoted += '\\';
        quoted += character;
    }
    return quoted + "'";
}

bool postgresAnswers(const std::string& connection)
{
    return PQping(connection.c_str()) == PQPING_OK;
}

} // namespace billing::test
