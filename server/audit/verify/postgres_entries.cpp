#include "server/audit/verify/entries.h"

#include <array>
#include <memory>

#include <libpq-fe.h>

namespace verify {

namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

constexpr int binary = 1;
constexpr int columns = 9;
/// The catalog's numbers of TEXT, BIGINT and BYTEA, as the columns of the statement below are.
constexpr std::array<Oid, columns> types{25, 20, 20, 25, 25, 25, 25, 17, 17};

/// No name is looked up but where it belongs, and row policies hide nothing: who may, takes the role that
/// sees every tenant; from anybody else a row that a policy would hide is an error.
constexpr const char* begin =
    "SET search_path = pg_catalog;"
    "SET row_security = off;"
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
    "SELECT set_config('row_security', 'on', true), set_config('role', 'billing_all_tenants', true)"
    " FROM pg_roles WHERE rolname = 'billing_all_tenants' AND pg_has_role(oid, 'MEMBER')";
constexpr const char* everyEntry =
    "SELECT tenant_id, seq, at, actor, action, object, body, previous_hash, hash"
    " FROM public.audit_entry ORDER BY tenant_id COLLATE \"C\", seq";

Connection connect(const std::string& connection)
{
    const std::array<const char*, 5> names{"connect_timeout", "fallback_application_name", "dbname",
                                           "client_encoding", nullptr};
    const std::array<const char*, 5> values{"10", "billing-audit-verify", connection.c_str(), "UTF8",
                                            nullptr};
    return {PQconnectdbParams(names.data(), values.data(), 1), &PQfinish};
}

std::string field(const PGresult* row, int column)
{
    return {PQgetvalue(row, 0, column), static_cast<std::size_t>(PQgetlength(row, 0, column))};
}

/// Eight octets, most significant first.
std::int64_t number(const PGresult* row, int column)
{
    std::uint64_t value = 0;
    for (const char octet : field(row, column))
        value = value << 8 | static_cast<unsigned char>(octet);
    return static_cast<std::int64_t>(value);
}

bool hasTheTypes(const PGresult* row)
{
    for (int column = 0; column < columns; ++column)
        if (PQftype(row, column) != types.at(static_cast<std::size_t>(column)))
            return false;
    return true;
}

std::string readAll(const std::string& connection, const TakeEntry& take)
{
    const Connection handle = connect(connection);
    if (PQstatus(handle.get()) != CONNECTION_OK)
        return PQerrorMessage(handle.get());
    const Answer begun(PQexec(handle.get(), begin), &PQclear);
    if (PQresultStatus(begun.get()) != PGRES_TUPLES_OK ||
        PQsendQueryParams(handle.get(), everyEntry, 0, nullptr, nullptr, nullptr, nullptr, binary) != 1)
        return PQerrorMessage(handle.get());
    PQsetSingleRowMode(handle.get());
    std::string problem;
    while (const Answer row{PQgetResult(handle.get()), &PQclear}) {
        const ExecStatusType status = PQresultStatus(row.get());
        if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK)
            problem = PQresultErrorMessage(row.get());
        else if (!hasTheTypes(row.get()))
            problem = "the columns of audit_entry have other types";
        else if (problem.empty() && status == PGRES_SINGLE_TUPLE)
            take({field(row.get(), 0), number(row.get(), 1), number(row.get(), 2), field(row.get(), 3),
                  field(row.get(), 4), field(row.get(), 5), field(row.get(), 6), field(row.get(), 7),
                  field(row.get(), 8)});
    }
    return problem;
}

} // namespace

EntrySource postgresEntries(const std::string& connection)
{
    return [connection](const TakeEntry& take) { return readAll(connection, take); };
}

bool holdsPassword(const std::string& connection)
{
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(connection.c_str(), nullptr), &PQconninfoFree);
    if (!options)
        return true;
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        const std::string_view name = option->keyword;
        if (option->val != nullptr && (name == "password" || name == "sslpassword"))
            return true;
    }
    return false;
}

} // namespace verify
