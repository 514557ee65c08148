// SQL behind the storage's back, past everything that protects the rows. Text in SQLite's words is told to
// PostgreSQL in its own. Asserts that the text is understood and that its last statement changed something.
// Any thread.
#pragma once

#include <filesystem>
#include <string>

namespace billing::test {

/// Drops the append-only triggers for good.
void tamperSqlite(const std::filesystem::path& file, const std::string& sql);

/// The connection is the superuser's. Drops the CHECK constraints for good; triggers and foreign keys are
/// only past.
void tamperPostgres(const std::string& connection, const std::string& sql);

} // namespace billing::test
