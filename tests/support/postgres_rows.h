// What a test asks PostgreSQL behind the program's back: one statement on a connection of its own. Any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace billing::test {

using PostgresRow = std::vector<std::optional<std::string>>; ///< nothing for NULL

struct PostgresAnswer
{
    std::vector<PostgresRow> rows = {};
    std::int64_t changed = 0; ///< rows the last statement changed or told
    std::string state =
        {}; ///< SQLSTATE of the refusal, "connection" when there was none; empty when it went well
    std::string message = {};
};

/// The connection is a libpq keyword string; SQL may be several statements, the last one's rows are told.
PostgresAnswer askPostgres(const std::string& connection, const std::string& sql);

/// As above, and asserts that it went well.
std::vector<PostgresRow> postgresRows(const std::string& connection, const std::string& sql);

/// A value for a libpq keyword string, quoted.
std::string connectionValue(const std::string& value);

/// True when connections are answered there.
bool postgresAnswers(const std::string& connection);

} // namespace billing::test
