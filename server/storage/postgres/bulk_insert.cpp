#include "server/storage/postgres/bulk_insert.h"

#include "server/storage/postgres/given_rows.h"

#include "shared/kernel/assert.h"

#include <algorithm>
#include <numeric>

namespace billing::postgres {

namespace {

struct Parts
{
    std::string_view table;
    std::vector<std::string_view> columns;
    std::string_view tail;
};

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<std::string_view> listOf(std::string_view text)
{
    std::vector<std::string_view> words;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        words.push_back(trimmed(text.substr(start, end - start)));
        start = end + 1;
    }
    return words;
}

/// Takes the parenthesis that text begins with and answers what is inside.
std::optional<std::string_view> takeList(std::string_view& text)
{
    text = trimmed(text);
    const auto end = text.find(')');
    if (!text.starts_with('(') || end == std::string_view::npos)
        return std::nullopt;
    const std::string_view inside = text.substr(1, end - 1);
    text = trimmed(text.substr(end + 1));
    return inside;
}

bool takeWord(std::string_view& text, std::string_view word)
{
    if (!text.starts_with(word))
        return false;
    text = trimmed(text.substr(word.size()));
    return true;
}

std::optional<Parts> partsOf(std::string_view sql)
{
    std::string_view rest = trimmed(sql);
    if (!takeWord(rest, "INSERT INTO "))
        return std::nullopt;
    const auto name = rest.find(' ');
    if (name == std::string_view::npos)
        return std::nullopt;
    Parts parts{rest.substr(0, name), {}, {}};
    rest = rest.substr(name);
    const auto columns = takeList(rest);
    if (!columns || !takeWord(rest, "VALUES"))
        return std::nullopt;
    const auto values = takeList(rest);
    if (!values)
        return std::nullopt;
    parts.columns = listOf(*columns);
    const auto marks = listOf(*values);
    const bool onlyMarks = std::all_of(marks.begin(), marks.end(), [](auto mark) { return mark == "?"; });
    if (!onlyMarks || marks.size() != parts.columns.size())
        return std::nullopt;
    parts.tail = rest;
    return parts;
}

BulkInsert::OnConflict onConflictOf(std::string_view tail)
{
    if (tail.find("DO UPDATE") != std::string_view::npos)
        return BulkInsert::OnConflict::DoUpdate;
    return tail.find("DO NOTHING") != std::string_view::npos ? BulkInsert::OnConflict::DoNothing
                                                             : BulkInsert::OnConflict::Refuse;
}

std::vector<std::size_t> keysOf(const Parts& parts)
{
    std::string_view rest = parts.tail;
    if (!takeWord(rest, "ON CONFLICT"))
        return {};
    const auto names = takeList(rest);
    if (!names)
        return {};
    std::vector<std::size_t> keys;
    for (const std::string_view name : listOf(*names)) {
        const auto place = std::find(parts.columns.begin(), parts.columns.end(), name);
        BILLING_ASSERT(place != parts.columns.end());
        keys.push_back(static_cast<std::size_t>(place - parts.columns.begin()));
    }
    return keys;
}

} // namespace

std::optional<BulkInsert> bulkInsert(std::string_view sql, std::span<const Oid> types)
{
    const auto parts = partsOf(sql);
    if (!parts || parts->columns.size() != types.size())
        return std::nullopt;
    std::string names;
    std::string values;
    std::vector<GivenColumn> columns;
    for (std::size_t i = 0; i < types.size(); ++i) {
        const std::string comma = i == 0 ? "" : ", ";
        columns.push_back({parts->columns[i], types[i]});
        names += comma + std::string(parts->columns[i]);
        values += comma + givenValue(columns.back());
    }
    const std::string plain = "INSERT INTO " + std::string(parts->table) + " (" + names + ") SELECT " +
                              values + " FROM " + givenRows(columns) + " ORDER BY given.given_row";
    BulkInsert bulk{plain + " " + std::string(parts->tail),
                    {},
                    onConflictOf(parts->tail),
                    parts->tail.find("RETURNING") != std::string_view::npos,
                    keysOf(*parts)};
    if (bulk.onConflict == BulkInsert::OnConflict::DoNothing && !bulk.answersKeys) {
        bulk.hopeful = plain;
        if (bulk.keys.empty()) {
            bulk.keys.resize(columns.size());
            std::iota(bulk.keys.begin(), bulk.keys.end(), std::size_t{0});
        }
        for (const std::size_t key : bulk.keys)
            bulk.text.append(key == bulk.keys.front() ? " RETURNING " : ", ").append(columns[key].name);
    }
    return bulk;
}

} // namespace billing::postgres
