// One open transaction on one connection, spoken to in SQL with positional "?" placeholders, in the words
// that SQLite and PostgreSQL share. Only the rooms below server/storage include this. Statements are prepared
// once per connection and kept. Wrong numbers of values, misspelt SQL and wrong column types are our own
// mistakes and assert; what the engine refuses comes back as an Error. After that PostgreSQL takes nothing
// more in this transaction, so whoever wants to go on writes statements that are not refused (ON CONFLICT).
#pragma once

#include "shared/kernel/result.h"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace billing::sql {

struct Null
{
};

/// Bytes, to be told from text.
struct Blob
{
    std::string_view bytes;
};

/// A value to bind; texts and blobs must live until the call returns.
using Value = std::variant<Null, std::int64_t, std::string_view, Blob>;

/// optional text or number as a value
inline Value nullable(const std::optional<std::string>& text)
{
    return text ? Value(std::string_view(*text)) : Value(Null{});
}
inline Value nullable(const std::optional<std::int64_t>& number)
{
    return number ? Value(*number) : Value(Null{});
}

/// One row of an answer, valid during the callback. Columns count from 0.
class Row
{
public:
    virtual ~Row() = default;
    virtual bool isNull(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    virtual std::string text(int column) const = 0; ///< also for bytes
    std::optional<std::int64_t> optionalInteger(int column) const;
    std::optional<std::string> optionalText(int column) const;
};

enum class Dialect
{
    Sqlite,
    Postgres
};

class Session
{
public:
    using EachRow = std::function<Result<void>(const Row&)>;
    using EachMatch = std::function<Result<void>(std::size_t index, const Row&)>;

    virtual ~Session() = default;

    /// For the few statements that have no text both engines read.
    virtual Dialect dialect() const = 0;
    /// Runs a statement without rows; answers how many rows it changed. The text must be a literal (kept by
    /// address).
    virtual Result<std::int64_t> execute(const char* sql, std::initializer_list<Value> values) = 0;
    /// Calls each for every row, in order; a refusal of each ends the query and is the answer.
    virtual Result<void> query(const char* sql, std::initializer_list<Value> values, const EachRow& each) = 0;
    /// queryOne for many rows of values, which stand one after another, `columns` each: calls each with the
    /// first row found for them and their index, in the order given; not for those that find none. A refusal
    /// of each ends it and is the answer.
    virtual Result<void> queryMany(const char* sql, std::size_t columns, std::span<const Value> values,
                                   const EachMatch& each) = 0;
    /// The same statement for many rows: values holds them one after another, `columns` each. This is the
    /// road of bulk usage, so it goes as near to the engine as it can. Answers for each row how many rows it
    /// changed (0 or 1 for INSERT ... ON CONFLICT DO NOTHING).
    virtual Result<std::vector<std::uint8_t>> executeMany(const char* sql, std::size_t columns,
                                                          std::span<const Value> values) = 0;
    /// executeMany for "INSERT INTO table (columns) VALUES (?, ...) RETURNING key", whose integer keys the
    /// engine gives: answers them in order.
    virtual Result<std::vector<std::int64_t>> insertMany(const char* sql, std::size_t columns,
                                                         std::span<const Value> values) = 0;
    /// Waits until no other write has its turn at this, and keeps it until the transaction ends. Nothing to
    /// wait for in a read, or where there is one writer.
    virtual Result<void> waitForTurn(std::string_view what, std::string_view subject) = 0;
};

/// The first row through `make`, or nothing.
template <class Make>
auto queryOne(Session& session, const char* sql, std::initializer_list<Value> values, Make&& make)
    -> Result<std::optional<std::invoke_result_t<Make, const Row&>>>
{
    std::optional<std::invoke_result_t<Make, const Row&>> found;
    const auto done = session.query(sql, values, [&](const Row& row) -> Result<void> {
        if (!found)
            found.emplace(make(row));
        return {};
    });
    if (!done)
        return done.error();
    return found;
}

} // namespace billing::sql
