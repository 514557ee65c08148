// Reading rows back into the model. What the house stored and cannot read any more is StorageCorrupt, naming
// the column, whatever the model's own parser would have called it.
#pragma once

#include "server/storage/sql/session.h"

namespace billing::sql {

template <class T>
Result<T> stored(Result<T> parsed, std::string_view column)
{
    if (parsed)
        return parsed;
    return Error{ErrorCode::StorageCorrupt, std::string(column), toText(parsed.error())};
}

/// Every row through make, which answers a Result.
template <class Make>
auto queryAll(Session& session, const char* sql, std::initializer_list<Value> values, Make&& make)
    -> Result<std::vector<typename std::invoke_result_t<Make, const Row&>::value_type>>
{
    std::vector<typename std::invoke_result_t<Make, const Row&>::value_type> found;
    const auto done = session.query(sql, values, [&](const Row& row) -> Result<void> {
        auto made = make(row);
        if (!made)
            return made.error();
        found.push_back(std::move(*made));
        return {};
    });
    if (!done)
        return done.error();
    return found;
}

/// The only row through make, which answers a Result; nothing when there is none. More than one row asserts.
template <class Make>
auto queryFirst(Session& session, const char* sql, std::initializer_list<Value> values, Make&& make)
    -> Result<std::optional<typename std::invoke_result_t<Make, const Row&>::value_type>>
{
    auto found = queryAll(session, sql, values, std::forward<Make>(make));
    if (!found)
        return found.error();
    BILLING_ASSERT(found->size() <= 1);
    std::optional<typename std::invoke_result_t<Make, const Row&>::value_type> first;
    if (!found->empty())
        first.emplace(std::move(found->front()));
    return first;
}

} // namespace billing::sql
