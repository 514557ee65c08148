// The Session of one SQLite connection. Ordinary statements go through QSqlQuery; executeMany uses the
// engine's own statements on the same handle, without copies. Both kinds are prepared once and kept by the
// address of their literal. Thread: the connection's.
#pragma once

#include "server/storage/sql/session.h"
#include "server/storage/sqlite/connection.h"

#include <QString>

#include <memory>
#include <unordered_map>

struct sqlite3_stmt;

namespace billing::sqlite {

class SqliteSession final : public sql::Session
{
public:
    SqliteSession(QString connectionName, sqlite3* handle, Access access);
    ~SqliteSession() override;

    Result<std::int64_t> execute(const char* sql, std::initializer_list<sql::Value> values) override;
    Result<void> query(const char* sql, std::initializer_list<sql::Value> values,
                       const EachRow& each) override;
    Result<std::vector<std::uint8_t>> executeMany(const char* sql, std::size_t columns,
                                                  std::span<const sql::Value> values) override;
    std::int64_t lastInsertKey() const override;

private:
    struct Statement;
    struct NativeStatement;

    Result<Statement*> statement(const char* sql);
    Result<sqlite3_stmt*> nativeStatement(const char* sql);
    Result<void> start(Statement& statement, std::initializer_list<sql::Value> values);

    QString m_connectionName;
    sqlite3* m_handle;
    Access m_access;
    std::unordered_map<const char*, std::unique_ptr<Statement>> m_statements;
    std::unordered_map<const char*, std::unique_ptr<NativeStatement>> m_nativeStatements;
};

} // namespace billing::sqlite
