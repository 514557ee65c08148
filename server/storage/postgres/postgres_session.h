// The Session of one PostgreSQL connection. "?" becomes "$n"; statements are prepared once and kept by the
// address of their literal; values and answers travel in binary. NUMERIC is read as its shortest decimal
// text, the text Decimal writes. executeMany sends an INSERT as one statement over arrays (bulk_insert.h),
// anything else as a pipeline; queryMany asks one statement over arrays (bulk_select.h). Rows of a query are
// taken from the wire one by one; a statement asked from inside them makes the rest be read first.
//
// Asking for conflicts row by row is a fifth of the cost of inserting many. So while a statement that ends in
// ON CONFLICT DO NOTHING meets none, its rows go without it, behind a savepoint: should one be there already,
// the savepoint is gone back to and the rows go as the statement says, until a call meets none again.
//
// Thread: the connection's.
#pragma once

#include "server/storage/postgres/connection.h"
#include "server/storage/sql/session.h"

#include <deque>
#include <unordered_map>

namespace billing::postgres {

class PostgresSession final : public sql::Session
{
public:
    explicit PostgresSession(Connection& connection);
    ~PostgresSession() override;
    PostgresSession(const PostgresSession&) = delete;
    PostgresSession& operator=(const PostgresSession&) = delete;

    enum class Access
    {
        Write,
        Read
    };
    /// What the transaction that begins now may do.
    void begin(Access access) { m_access = access; }

    sql::Dialect dialect() const override { return sql::Dialect::Postgres; }
    Result<std::int64_t> execute(const char* sql, std::initializer_list<sql::Value> values) override;
    Result<void> query(const char* sql, std::initializer_list<sql::Value> values,
                       const EachRow& each) override;
    Result<void> queryMany(const char* sql, std::size_t columns, std::span<const sql::Value> values,
                           const EachMatch& each) override;
    Result<std::vector<std::uint8_t>> executeMany(const char* sql, std::size_t columns,
                                                  std::span<const sql::Value> values) override;
    Result<std::vector<std::int64_t>> insertMany(const char* sql, std::size_t columns,
                                                 std::span<const sql::Value> values) override;
    Result<void> waitForTurn(std::string_view what, std::string_view subject) override;

private:
    struct Statement;
    struct Stream;

    Result<Statement*> statement(const char* sql);
    Result<void> prepare(Statement& statement, const std::string& text);
    /// Refuses what an earlier statement of this transaction was refused with; takes the rows that are still
    /// on their way to a query further out.
    Result<void> mayStart();
    /// Whether all rows were inserted as if the statement had no ON CONFLICT; none are when one is there.
    Result<bool> insertHopefully(Statement& statement, std::span<const sql::Value> values);
    /// The statement's text over arrays.
    Result<PgResult> runBulk(Statement& statement, std::span<const sql::Value> values);
    /// What was prepared under that name, over arrays; what the engine refuses is in the result.
    PgResult sendBulk(const Statement& statement, const std::string& name,
                      std::span<const sql::Value> values);
    Result<void> prepareBulk(const std::string& name, const std::string& text);
    Result<std::vector<std::uint8_t>> runPipeline(Statement& statement, std::span<const sql::Value> values);
    Result<void> readPipeline(std::size_t statements, std::vector<std::uint8_t>& changed);

    Connection& m_connection;
    Access m_access = Access::Read;
    std::unordered_map<const char*, std::unique_ptr<Statement>> m_statements;
    std::uint64_t m_names = 0;  ///< given to statements, refused ones too
    Stream* m_stream = nullptr; ///< the query whose rows are being taken from the wire
};

} // namespace billing::postgres
