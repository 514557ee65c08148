#include "server/storage/postgres/postgres_session.h"

#include "server/storage/postgres/bulk_insert.h"
#include "server/storage/postgres/bulk_select.h"
#include "server/storage/postgres/parameters.h"
#include "server/storage/postgres/placeholders.h"
#include "server/storage/postgres/result_row.h"
#include "server/storage/postgres/wire_types.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace billing::postgres {

namespace {

constexpr int binary = 1;
/// What a pipeline sends before it reads: few enough that neither side's buffers fill while the other writes.
constexpr std::size_t pipelined = 64;
/// From how many rows on it pays to go without ON CONFLICT: a savepoint is two more answers to wait for.
constexpr std::size_t manyRows = 500;
constexpr std::string_view uniqueViolation = "23505";

/// "?" becomes $1, $2, ...
std::string numbered(std::string_view sql)
{
    return replacePlaceholders(sql, [](std::size_t number) { return "$" + std::to_string(number + 1); });
}

bool isDone(const PGresult* result)
{
    const ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE;
}

std::int64_t changedRows(PGresult* result)
{
    const std::string_view digits = PQcmdTuples(result);
    std::int64_t count = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), count);
    return count;
}

/// Which of the given rows the answer names by their keys. The engine inserts, and answers, in the order
/// given: what has a key first is therefore what was inserted.
std::vector<std::uint8_t> changedOf(const PGresult* result, std::span<const std::size_t> keys,
                                    std::size_t columns, std::span<const sql::Value> values)
{
    std::vector<std::uint8_t> changed(values.size() / columns, 0);
    std::size_t given = 0;
    for (int row = 0; row < PQntuples(result); ++row, ++given) {
        const ResultRow answered(result, row);
        const auto equals = [&] {
            for (std::size_t i = 0; i < keys.size(); ++i)
                if (!answered.equals(static_cast<int>(i), values[given * columns + keys[i]]))
                    return false;
            return true;
        };
        while (!equals()) {
            ++given;
            BILLING_ASSERT(given < changed.size());
        }
        changed[given] = 1;
    }
    return changed;
}

std::string keyOf(std::span<const sql::Value> row, std::span<const std::size_t> columns)
{
    std::string key;
    for (const std::size_t column : columns) {
        const sql::Value& value = row[column];
        const auto* number = std::get_if<std::int64_t>(&value);
        const auto* text = std::get_if<std::string_view>(&value);
        const auto* blob = std::get_if<sql::Blob>(&value);
        const std::string part = number != nullptr ? std::to_string(*number)
                                 : text != nullptr ? std::string(*text)
                                 : blob != nullptr ? std::string(blob->bytes)
                                                   : std::string();
        appendInt64(key, static_cast<std::int64_t>(part.size()));
        key += part;
    }
    return key;
}

bool haveDifferentKeys(std::span<const sql::Value> values, std::size_t columns,
                       std::span<const std::size_t> keys)
{
    std::set<std::string> seen;
    for (std::size_t row = 0; row < values.size(); row += columns)
        if (!seen.insert(keyOf(values.subspan(row, columns), keys)).second)
            return false;
    return true;
}

} // namespace

struct PostgresSession::Statement
{
    std::string source;
    std::string name;
    std::vector<Oid> types;
    std::optional<BulkInsert> bulk;
    bool isBulkPrepared = false;    ///< the text over arrays, under the name with a "b"
    bool isHopefulPrepared = false; ///< the text without ON CONFLICT, under the name with an "h"
    bool metConflict = false;       ///< when many rows went last

    /// Whether many rows may go as one statement.
    bool takesMany(std::span<const sql::Value> values) const
    {
        const auto isNumeric = [](Oid type) { return type == static_cast<Oid>(Type::Numeric); };
        if (!bulk)
            return false;
        switch (bulk->onConflict) {
        case BulkInsert::OnConflict::Refuse:
            return true;
        case BulkInsert::OnConflict::DoNothing: // its answer is compared byte by byte
            return std::none_of(types.begin(), types.end(), isNumeric);
        case BulkInsert::OnConflict::DoUpdate:
            return !bulk->keys.empty() && haveDifferentKeys(values, types.size(), bulk->keys);
        }
        return false;
    }
};

struct PostgresSession::Stream
{
    explicit Stream(Connection& from)
        : connection(from)
    {
    }

    PgResult next()
    {
        if (!kept.empty()) {
            PgResult first = std::move(kept.front());
            kept.pop_front();
            return first;
        }
        return fromWire();
    }
    void keepRest()
    {
        while (PgResult result = fromWire())
            kept.push_back(std::move(result));
    }
    PgResult fromWire()
    {
        PgResult result = isEnded ? nullptr : connection.next();
        isEnded = result == nullptr;
        return result;
    }

    Connection& connection;
    std::deque<PgResult> kept = {};
    bool isEnded = false;
};

PostgresSession::PostgresSession(Connection& connection)
    : m_connection(connection)
{
}

PostgresSession::~PostgresSession() = default;

Result<void> PostgresSession::mayStart()
{
    if (m_stream != nullptr)
        m_stream->keepRest();
    m_stream = nullptr;
    return m_connection.refusal() ? Result<void>(m_connection.refusal()->error) : Result<void>();
}

Result<void> PostgresSession::prepare(Statement& statement, const std::string& text)
{
    PGconn* handle = m_connection.handle();
    const PgResult made =
        m_connection.answer(PQsendPrepare(handle, statement.name.c_str(), text.c_str(), 0, nullptr));
    if (!isDone(made.get()))
        return m_connection.refused(made.get());
    const PgResult described = m_connection.answer(PQsendDescribePrepared(handle, statement.name.c_str()));
    if (!isDone(described.get()))
        return m_connection.refused(described.get());
    for (int i = 0; i < PQnparams(described.get()); ++i)
        statement.types.push_back(PQparamtype(described.get(), i));
    return {};
}

Result<PostgresSession::Statement*> PostgresSession::statement(const char* sql)
{
    if (const auto started = mayStart(); !started)
        return started.error();
    auto& kept = m_statements[sql];
    if (!kept) {
        auto made = std::make_unique<Statement>();
        made->source = sql;
        made->name = "s" + std::to_string(++m_names);
        if (const auto prepared = prepare(*made, numbered(sql)); !prepared)
            return prepared.error();
        made->bulk = bulkInsert(sql, made->types);
        kept = std::move(made);
    }
    BILLING_ASSERT(kept->source == sql); // else the text was no literal and its address was used again
    return kept.get();
}

Result<std::int64_t> PostgresSession::execute(const char* sql, std::initializer_list<sql::Value> values)
{
    BILLING_ASSERT(m_access == Access::Write);
    const auto found = statement(sql);
    if (!found)
        return found.error();
    const Parameters parameters((*found)->types, {values.begin(), values.size()});
    const PgResult done = m_connection.answer(
        PQsendQueryPrepared(m_connection.handle(), (*found)->name.c_str(), parameters.count(),
                            parameters.values(), parameters.lengths(), parameters.formats(), binary));
    if (!isDone(done.get()))
        return m_connection.refused(done.get());
    return changedRows(done.get());
}

Result<void> PostgresSession::query(const char* sql, std::initializer_list<sql::Value> values,
                                    const EachRow& each)
{
    const auto found = statement(sql);
    if (!found)
        return found.error();
    const Parameters parameters((*found)->types, {values.begin(), values.size()});
    if (PQsendQueryPrepared(m_connection.handle(), (*found)->name.c_str(), parameters.count(),
                            parameters.values(), parameters.lengths(), parameters.formats(), binary) != 1)
        return m_connection.refused(nullptr);
    PQsetSingleRowMode(m_connection.handle());

    Stream stream(m_connection);
    m_stream = &stream;
    Result<void> answer;
    while (const PgResult result = stream.next()) {
        if (!isDone(result.get())) {
            const Error error = m_connection.refused(result.get());
            answer = answer ? Result<void>(error) : answer;
        } else if (answer && PQntuples(result.get()) == 1) {
            answer = each(ResultRow(result.get(), 0));
        }
    }
    m_stream = nullptr;
    return answer;
}

Result<void> PostgresSession::queryMany(const char* sql, std::size_t columns,
                                        std::span<const sql::Value> values, const EachMatch& each)
{
    BILLING_ASSERT(columns > 0 && values.size() % columns == 0);
    if (values.empty())
        return {};
    const auto found = statement(sql);
    if (!found)
        return found.error();
    BILLING_ASSERT(!(*found)->bulk && (*found)->types.size() == columns);
    const auto done = runBulk(**found, values);
    if (!done)
        return done.error();
    for (int row = 0; row < PQntuples(done->get()); ++row) {
        const auto given = static_cast<std::size_t>(ResultRow(done->get(), row).integer(0) - 1);
        if (const auto taken = each(given, ResultRow(done->get(), row, 1)); !taken)
            return taken;
    }
    return {};
}

Result<void> PostgresSession::prepareBulk(const std::string& name, const std::string& text)
{
    const PgResult made =
        m_connection.answer(PQsendPrepare(m_connection.handle(), name.c_str(), text.c_str(), 0, nullptr));
    return isDone(made.get()) ? Result<void>() : m_connection.refused(made.get());
}

PgResult PostgresSession::sendBulk(const Statement& statement, const std::string& name,
                                   std::span<const sql::Value> values)
{
    const std::size_t columns = statement.types.size();
    std::vector<std::string> arrays;
    std::vector<const char*> places;
    std::vector<int> lengths;
    arrays.reserve(columns);
    for (std::size_t column = 0; column < columns; ++column) {
        arrays.push_back(arrayOf(statement.types[column], values, columns, column));
        places.push_back(arrays.back().data());
        lengths.push_back(static_cast<int>(arrays.back().size()));
    }
    const std::vector<int> formats(columns, binary);
    return m_connection.answer(PQsendQueryPrepared(m_connection.handle(), name.c_str(),
                                                   static_cast<int>(columns), places.data(), lengths.data(),
                                                   formats.data(), binary));
}

Result<PgResult> PostgresSession::runBulk(Statement& statement, std::span<const sql::Value> values)
{
    const std::string name = statement.name + "b";
    if (!statement.isBulkPrepared) {
        const auto made = prepareBulk(name, statement.bulk ? statement.bulk->text
                                                           : bulkSelect(statement.source, statement.types));
        if (!made)
            return made.error();
        statement.isBulkPrepared = true;
    }
    PgResult done = sendBulk(statement, name, values);
    if (!isDone(done.get()))
        return m_connection.refused(done.get());
    return Result<PgResult>(std::move(done));
}

Result<bool> PostgresSession::insertHopefully(Statement& statement, std::span<const sql::Value> values)
{
    const std::string name = statement.name + "h";
    if (!statement.isHopefulPrepared) {
        const auto made = prepareBulk(name, statement.bulk->hopeful);
        if (!made)
            return made.error();
        statement.isHopefulPrepared = true;
    }
    if (const auto saved = m_connection.run("SAVEPOINT hopeful"); !saved)
        return saved.error();
    const PgResult done = sendBulk(statement, name, values);
    if (isDone(done.get())) {
        const auto kept = m_connection.run("RELEASE SAVEPOINT hopeful");
        return kept ? Result<bool>(true) : kept.error();
    }
    const char* state = done ? PQresultErrorField(done.get(), PG_DIAG_SQLSTATE) : nullptr;
    if (state == nullptr || state != uniqueViolation)
        return m_connection.refused(done.get());
    const auto undone = m_connection.run("ROLLBACK TO SAVEPOINT hopeful; RELEASE SAVEPOINT hopeful");
    return undone ? Result<bool>(false) : undone.error();
}

Result<std::vector<std::uint8_t>> PostgresSession::executeMany(const char* sql, std::size_t columns,
                                                               std::span<const sql::Value> values)
{
    BILLING_ASSERT(m_access == Access::Write);
    BILLING_ASSERT(columns > 0 && values.size() % columns == 0);
    const auto found = statement(sql);
    if (!found)
        return found.error();
    Statement& statement = **found;
    BILLING_ASSERT(statement.types.size() == columns);
    const std::size_t rows = values.size() / columns;
    if (rows == 0)
        return std::vector<std::uint8_t>();
    if (rows == 1 || !statement.takesMany(values))
        return runPipeline(statement, values);
    if (rows >= manyRows && !statement.metConflict && !statement.bulk->hopeful.empty()) {
        const auto all = insertHopefully(statement, values);
        if (!all)
            return all.error();
        if (*all)
            return std::vector<std::uint8_t>(rows, 1);
    }
    const auto done = runBulk(statement, values);
    if (!done)
        return done.error();
    if (rows >= manyRows)
        statement.metConflict = changedRows(done->get()) != static_cast<std::int64_t>(rows);
    if (statement.bulk->onConflict == BulkInsert::OnConflict::DoNothing &&
        changedRows(done->get()) != static_cast<std::int64_t>(rows))
        return changedOf(done->get(), statement.bulk->keys, columns, values);
    BILLING_ASSERT(changedRows(done->get()) == static_cast<std::int64_t>(rows));
    return std::vector<std::uint8_t>(rows, 1);
}

Result<std::vector<std::int64_t>> PostgresSession::insertMany(const char* sql, std::size_t columns,
                                                              std::span<const sql::Value> values)
{
    BILLING_ASSERT(m_access == Access::Write);
    const auto found = statement(sql);
    if (!found)
        return found.error();
    BILLING_ASSERT((*found)->bulk && (*found)->bulk->answersKeys && (*found)->types.size() == columns);
    const auto done = runBulk(**found, values);
    if (!done)
        return done.error();
    std::vector<std::int64_t> keys;
    for (int row = 0; row < PQntuples(done->get()); ++row)
        keys.push_back(ResultRow(done->get(), row).integer(0));
    BILLING_ASSERT(keys.size() * columns == values.size());
    return keys;
}

Result<std::vector<std::uint8_t>> PostgresSession::runPipeline(Statement& statement,
                                                               std::span<const sql::Value> values)
{
    PGconn* connection = m_connection.handle();
    const std::size_t columns = statement.types.size();
    std::vector<std::uint8_t> changed;
    changed.reserve(values.size() / columns);
    if (PQenterPipelineMode(connection) != 1)
        return m_connection.refused(nullptr);
    Result<void> answer;
    for (std::size_t first = 0; answer && first < values.size(); first += pipelined * columns) {
        const auto part = values.subspan(first, std::min(pipelined * columns, values.size() - first));
        bool isSent = true;
        for (std::size_t row = 0; isSent && row < part.size(); row += columns) {
            const Parameters parameters(statement.types, part.subspan(row, columns));
            isSent = PQsendQueryPrepared(connection, statement.name.c_str(), parameters.count(),
                                         parameters.values(), parameters.lengths(), parameters.formats(),
                                         binary) == 1;
        }
        answer = isSent && PQpipelineSync(connection) == 1 ? readPipeline(part.size() / columns, changed)
                                                           : Result<void>(m_connection.refused(nullptr));
    }
    if (answer && PQexitPipelineMode(connection) != 1)
        answer = m_connection.refused(nullptr);
    if (!answer) {
        PQexitPipelineMode(
            connection); // after a refused row it can be left, of a lost connection nobody cares
        return answer.error();
    }
    return changed;
}

Result<void> PostgresSession::readPipeline(std::size_t statements, std::vector<std::uint8_t>& changed)
{
    // Each statement's answer is followed by a null; behind them all stands the answer to the sync.
    Result<void> answer;
    for (std::size_t i = 0; i < statements; ++i) {
        const PgResult done = m_connection.next();
        if (done && isDone(done.get()))
            changed.push_back(changedRows(done.get()) > 0 ? 1 : 0);
        else if (answer)
            answer = m_connection.refused(done.get());
        if (done)
            m_connection.next(); // the null between two
    }
    const PgResult sync = m_connection.next();
    if (answer && PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC)
        answer = m_connection.refused(sync.get());
    return answer;
}

Result<void> PostgresSession::waitForTurn(std::string_view what, std::string_view subject)
{
    if (m_access == Access::Read)
        return {};
    const auto done = execute("SELECT pg_advisory_xact_lock(hashtextextended(?::text || ' ' || ?::text, 0))",
                              {what, subject});
    return done ? Result<void>() : done.error();
}

} // namespace billing::postgres
