#include "server/storage/sqlite/sqlite_session.h"

#include "server/storage/sqlite/sqlite_error.h"

#include <sqlite3.h>

namespace billing::sqlite {

struct SqliteSession::Statement
{
    ~Statement() { sqlite3_finalize(native); }
    sqlite3_stmt* native = nullptr;
    std::string text;
    bool running = false;
};

namespace {

class StepRow final : public sql::Row
{
public:
    explicit StepRow(sqlite3_stmt* statement)
        : m_statement(statement)
    {
    }

    bool isNull(int column) const override { return type(column) == SQLITE_NULL; }

    std::int64_t integer(int column) const override
    {
        BILLING_ASSERT(type(column) == SQLITE_INTEGER);
        return sqlite3_column_int64(m_statement, column);
    }

    std::string text(int column) const override
    {
        BILLING_ASSERT(type(column) == SQLITE_TEXT || type(column) == SQLITE_BLOB);
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(m_statement, column));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column));
        return bytes == nullptr ? std::string() : std::string(bytes, size);
    }

private:
    int type(int column) const
    {
        BILLING_ASSERT(column >= 0 && column < sqlite3_column_count(m_statement));
        return sqlite3_column_type(m_statement, column);
    }

    sqlite3_stmt* m_statement;
};

/// Binds where the bytes are: they outlive the steps, as every caller promises. A place without data would be
/// NULL to SQLite, so empty ones get one to point at.
struct BindInPlace
{
    sqlite3_stmt* statement;
    int parameter;

    int operator()(sql::Null) const { return sqlite3_bind_null(statement, parameter); }
    int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, parameter, number); }
    int operator()(std::string_view text) const
    {
        return sqlite3_bind_text64(statement, parameter, text.empty() ? "" : text.data(), text.size(),
                                   SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(sql::Blob blob) const
    {
        return sqlite3_bind_blob64(statement, parameter, blob.bytes.empty() ? "" : blob.bytes.data(),
                                   blob.bytes.size(), SQLITE_STATIC);
    }
};

void bindAll(sqlite3_stmt* statement, std::span<const sql::Value> values)
{
    BILLING_ASSERT(static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)) == values.size());
    int parameter = 0;
    for (const sql::Value& value : values) {
        const int bound = std::visit(BindInPlace{statement, ++parameter}, value);
        BILLING_ASSERT(bound == SQLITE_OK);
    }
}

} // namespace

/// A statement in use. It is reset in the end, so that no read stays open and holds the snapshot, and keeps
/// no pointer into the caller's memory.
class SqliteSession::Run
{
public:
    explicit Run(Statement& statement)
        : m_statement(statement)
    {
        BILLING_ASSERT(!m_statement.running); // a query cannot be asked again from inside its own rows
        m_statement.running = true;
    }
    ~Run()
    {
        sqlite3_reset(m_statement.native);
        sqlite3_clear_bindings(m_statement.native);
        m_statement.running = false;
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

private:
    Statement& m_statement;
};

SqliteSession::SqliteSession(sqlite3* handle, Access access)
    : m_handle(handle)
    , m_access(access)
{
}

SqliteSession::~SqliteSession() = default;

Result<SqliteSession::Statement*> SqliteSession::statement(const char* sql)
{
    auto& kept = m_statements[sql];
    if (!kept) {
        auto made = std::make_unique<Statement>();
        made->text = sql;
        const int code =
            sqlite3_prepare_v3(m_handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &made->native, nullptr);
        if (code != SQLITE_OK)
            return toError(m_handle, code);
        kept = std::move(made);
    }
    BILLING_ASSERT(kept->text == sql); // else the text was no literal and its address was used again
    return kept.get();
}

Result<std::int64_t> SqliteSession::execute(const char* sql, std::initializer_list<sql::Value> values)
{
    BILLING_ASSERT(m_access == Access::Write);
    const auto found = statement(sql);
    if (!found)
        return found.error();
    const Run run(**found);
    bindAll((*found)->native, values);
    const int code = sqlite3_step((*found)->native);
    BILLING_ASSERT(code != SQLITE_ROW); // a statement with rows belongs to query
    if (code != SQLITE_DONE)
        return toError(m_handle, code);
    return std::int64_t{sqlite3_changes64(m_handle)};
}

Result<void> SqliteSession::query(const char* sql, std::initializer_list<sql::Value> values,
                                  const EachRow& each)
{
    const auto found = statement(sql);
    if (!found)
        return found.error();
    const Run run(**found);
    sqlite3_stmt* native = (*found)->native;
    bindAll(native, values);
    const StepRow row(native);
    for (;;) {
        const int code = sqlite3_step(native);
        if (code == SQLITE_DONE)
            return {};
        if (code != SQLITE_ROW)
            return toError(m_handle, code);
        if (const auto taken = each(row); !taken)
            return taken;
    }
}

Result<void> SqliteSession::queryMany(const char* sql, std::size_t columns,
                                      std::span<const sql::Value> values, const EachMatch& each)
{
    BILLING_ASSERT(columns > 0 && values.size() % columns == 0);
    const auto found = statement(sql);
    if (!found)
        return found.error();
    const Run run(**found);
    sqlite3_stmt* native = (*found)->native;
    const StepRow row(native);
    for (std::size_t first = 0; first < values.size(); first += columns) {
        bindAll(native, values.subspan(first, columns));
        const int code = sqlite3_step(native);
        if (code != SQLITE_ROW && code != SQLITE_DONE)
            return toError(m_handle, code);
        if (code == SQLITE_ROW)
            if (const auto taken = each(first / columns, row); !taken)
                return taken;
        sqlite3_reset(native);
    }
    return {};
}

Result<std::vector<std::uint8_t>> SqliteSession::executeMany(const char* sql, std::size_t columns,
                                                             std::span<const sql::Value> values)
{
    BILLING_ASSERT(m_access == Access::Write);
    BILLING_ASSERT(columns > 0 && values.size() % columns == 0);
    const auto found = statement(sql);
    if (!found)
        return found.error();
    const Run run(**found);
    sqlite3_stmt* native = (*found)->native;

    std::vector<std::uint8_t> changed;
    changed.reserve(values.size() / columns);
    for (std::size_t row = 0; row < values.size(); row += columns) {
        bindAll(native, values.subspan(row, columns));
        const int code = sqlite3_step(native);
        BILLING_ASSERT(code != SQLITE_ROW); // a statement with rows belongs to query
        if (code != SQLITE_DONE)
            return toError(m_handle, code);
        changed.push_back(sqlite3_changes(m_handle) > 0 ? 1 : 0);
        sqlite3_reset(native);
    }
    return changed;
}

Result<std::vector<std::int64_t>> SqliteSession::insertMany(const char* sql, std::size_t columns,
                                                            std::span<const sql::Value> values)
{
    BILLING_ASSERT(m_access == Access::Write);
    BILLING_ASSERT(columns > 0 && values.size() % columns == 0);
    const auto found = statement(sql);
    if (!found)
        return found.error();
    const Run run(**found);
    sqlite3_stmt* native = (*found)->native;

    std::vector<std::int64_t> keys;
    keys.reserve(values.size() / columns);
    for (std::size_t row = 0; row < values.size(); row += columns) {
        bindAll(native, values.subspan(row, columns));
        int code = sqlite3_step(native);
        if (code == SQLITE_ROW) {
            keys.push_back(sqlite3_column_int64(native, 0));
            code = sqlite3_step(native);
        }
        if (code != SQLITE_DONE)
            return toError(m_handle, code);
        sqlite3_reset(native);
    }
    BILLING_ASSERT(keys.size() * columns == values.size());
    return keys;
}

} // namespace billing::sqlite
