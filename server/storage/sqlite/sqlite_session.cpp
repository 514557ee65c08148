#include "server/storage/sqlite/sqlite_session.h"

#include "server/storage/sqlite/sqlite_error.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <sqlite3.h>

namespace billing::sqlite {

namespace {

class QueryRow final : public sql::Row
{
public:
    explicit QueryRow(const QSqlQuery& query)
        : m_query(query)
    {
    }

    bool isNull(int column) const override { return m_query.isNull(column); }

    std::int64_t integer(int column) const override
    {
        const QVariant value = m_query.value(column);
        BILLING_ASSERT(value.typeId() == QMetaType::LongLong);
        return value.toLongLong();
    }

    std::string text(int column) const override
    {
        const QVariant value = m_query.value(column);
        BILLING_ASSERT(!m_query.isNull(column));
        if (value.typeId() == QMetaType::QByteArray)
            return value.toByteArray().toStdString();
        BILLING_ASSERT(value.typeId() == QMetaType::QString);
        return value.toString().toStdString();
    }

private:
    const QSqlQuery& m_query;
};

/// Qt takes a string or array without data for NULL, so empty ones get a place to point at.
struct ToVariant
{
    QVariant operator()(sql::Null) const { return {}; }
    QVariant operator()(std::int64_t number) const { return QVariant::fromValue<qlonglong>(number); }
    QVariant operator()(std::string_view text) const
    {
        return QString::fromUtf8(text.empty() ? "" : text.data(), static_cast<qsizetype>(text.size()));
    }
    QVariant operator()(sql::Blob blob) const
    {
        return QByteArray::fromRawData(blob.bytes.empty() ? "" : blob.bytes.data(),
                                       static_cast<qsizetype>(blob.bytes.size()));
    }
};

/// Binds where the bytes are: they outlive the step, as executeMany's caller promises.
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

Error lastError(sqlite3* handle, const QSqlQuery& query)
{
    bool isNumber = false;
    const int code = query.lastError().nativeErrorCode().toInt(&isNumber);
    return toError(handle, isNumber ? code : SQLITE_MISUSE);
}

} // namespace

struct SqliteSession::Statement
{
    explicit Statement(const QSqlDatabase& database)
        : query(database)
    {
    }
    QSqlQuery query;
    QByteArray text;
    std::size_t parameters = 0;
    bool running = false;
};

struct SqliteSession::NativeStatement
{
    ~NativeStatement() { sqlite3_finalize(statement); }
    sqlite3_stmt* statement = nullptr;
    QByteArray text;
};

SqliteSession::SqliteSession(QString connectionName, sqlite3* handle, Access access)
    : m_connectionName(std::move(connectionName))
    , m_handle(handle)
    , m_access(access)
{
}

SqliteSession::~SqliteSession() = default;

Result<SqliteSession::Statement*> SqliteSession::statement(const char* sql)
{
    auto& kept = m_statements[sql];
    if (!kept) {
        auto made = std::make_unique<Statement>(QSqlDatabase::database(m_connectionName, false));
        made->query.setForwardOnly(true);
        made->text = sql;
        if (!made->query.prepare(QString::fromUtf8(sql)))
            return lastError(m_handle, made->query);
        made->parameters = static_cast<std::size_t>(made->text.count('?'));
        kept = std::move(made);
    }
    BILLING_ASSERT(kept->text == sql); // else the text was no literal and its address was used again
    BILLING_ASSERT(!kept->running);    // a query cannot be asked again from inside its own rows
    return kept.get();
}

Result<void> SqliteSession::start(Statement& statement, std::initializer_list<sql::Value> values)
{
    BILLING_ASSERT(values.size() == statement.parameters);
    int place = 0;
    for (const sql::Value& value : values)
        statement.query.bindValue(place++, std::visit(ToVariant{}, value));
    if (!statement.query.exec()) {
        const Error error = lastError(m_handle, statement.query);
        statement.query.finish();
        return error;
    }
    return {};
}

Result<std::int64_t> SqliteSession::execute(const char* sql, std::initializer_list<sql::Value> values)
{
    BILLING_ASSERT(m_access == Access::Write);
    const auto found = statement(sql);
    if (!found)
        return found.error();
    if (const auto started = start(**found, values); !started)
        return started.error();
    (*found)->query.finish();
    return std::int64_t{sqlite3_changes64(m_handle)};
}

Result<void> SqliteSession::query(const char* sql, std::initializer_list<sql::Value> values,
                                  const EachRow& each)
{
    const auto found = statement(sql);
    if (!found)
        return found.error();
    Statement& statement = **found;
    if (const auto started = start(statement, values); !started)
        return started.error();
    statement.running = true;
    Result<void> answer;
    const QueryRow row(statement.query);
    while (answer && statement.query.next())
        answer = each(row);
    if (answer && statement.query.lastError().isValid())
        answer = lastError(m_handle, statement.query);
    statement.query.finish(); // else the read would stay open and hold the snapshot
    statement.running = false;
    return answer;
}

Result<sqlite3_stmt*> SqliteSession::nativeStatement(const char* sql)
{
    auto& kept = m_nativeStatements[sql];
    if (!kept) {
        auto made = std::make_unique<NativeStatement>();
        made->text = sql;
        const int code =
            sqlite3_prepare_v3(m_handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &made->statement, nullptr);
        if (code != SQLITE_OK)
            return toError(m_handle, code);
        kept = std::move(made);
    }
    BILLING_ASSERT(kept->text == sql);
    return kept->statement;
}

Result<std::vector<std::uint8_t>> SqliteSession::executeMany(const char* sql, std::size_t columns,
                                                             std::span<const sql::Value> values)
{
    BILLING_ASSERT(m_access == Access::Write);
    BILLING_ASSERT(columns > 0 && values.size() % columns == 0);
    const auto found = nativeStatement(sql);
    if (!found)
        return found.error();
    sqlite3_stmt* statement = *found;
    BILLING_ASSERT(static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)) == columns);

    std::vector<std::uint8_t> changed;
    changed.reserve(values.size() / columns);
    Result<std::vector<std::uint8_t>> answer = std::vector<std::uint8_t>();
    for (std::size_t row = 0; row < values.size() && answer; row += columns) {
        for (std::size_t column = 0; column < columns; ++column) {
            const int bound =
                std::visit(BindInPlace{statement, static_cast<int>(column) + 1}, values[row + column]);
            BILLING_ASSERT(bound == SQLITE_OK);
        }
        const int code = sqlite3_step(statement);
        BILLING_ASSERT(code != SQLITE_ROW); // a statement with rows belongs to query
        if (code == SQLITE_DONE)
            changed.push_back(sqlite3_changes(m_handle) > 0 ? 1 : 0);
        else
            answer = toError(m_handle, code);
        sqlite3_reset(statement);
    }
    sqlite3_clear_bindings(statement); // they point into the caller's memory
    if (answer)
        answer = std::move(changed);
    return answer;
}

std::int64_t SqliteSession::lastInsertKey() const
{
    return sqlite3_last_insert_rowid(m_handle);
}

} // namespace billing::sqlite
