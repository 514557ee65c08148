// The Session of one SQLite connection: the engine's own statements on the handle that Qt SQL opened, since
// QSqlQuery would turn every text into UTF-16 and back. Prepared once and kept by the address of their
// literal; values are bound where they lie, without copies. Thread: the connection's.
#pragma once

#include "server/storage/sql/session.h"
#include "server/storage/sqlite/connection.h"

#include <memory>
#include <unordered_map>

namespace billing::sqlite {

class SqliteSession final : public sql::Session
{
public:
    SqliteSession(sqlite3* handle, Access access);
    ~SqliteSession() override;

    sql::Dialect dialect() const override { return sql::Dialect::Sqlite; }
    Result<std::int64_t> execute(const char* sql, std::initializer_list<sql::Value> values) override;
    Result<void> query(const char* sql, std::initializer_list<sql::Value> values,
                       const EachRow& each) override;
    Result<void> queryMany(const char* sql, std::size_t columns, std::span<const sql::Value> values,
                           const EachMatch& each) override;
    Result<std::vector<std::uint8_t>> executeMany(const char* sql, std::size_t columns,
                                                  std::span<const sql::Value> values) override;
    Result<std::vector<std::int64_t>> insertMany(const char* sql, std::size_t columns,
                                                 std::span<const sql::Value> values) override;
    Result<void> waitForTurn(std::string_view, std::string_view) override { return {}; }

private:
    struct Statement;
    class Run;

    Result<Statement*> statement(const char* sql);

    sqlite3* m_handle;
    Access m_access;
    std::unordered_map<const char*, std::unique_ptr<Statement>> m_statements;
};

} // namespace billing::sqlite
