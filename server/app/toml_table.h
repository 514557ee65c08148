// Reads one TOML table strictly, keeping the first refusal: a missing or mistyped key, and at the end every
// key nobody asked for. Refusals are InvalidConfiguration with the dotted path as their subject, such as
// "tax_rate[2].rate", and the line in their detail. toml++ stays in this file and its source's callers.
#pragma once

#include "shared/kernel/result.h"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <toml++/toml.h>
#include <vector>

namespace billing::app {

/// Refuses FileUnreadable, and InvalidConfiguration for what is no TOML, with the line.
Result<toml::table> readToml(const std::filesystem::path& file);

class TableReader
{
public:
    TableReader(const toml::table& table, std::string path)
        : m_table(table)
        , m_path(std::move(path))
    {
    }

    bool has(std::string_view key) const { return m_table.contains(key); }
    std::string text(std::string_view key);
    std::string optionalText(std::string_view key);
    std::vector<std::string> texts(std::string_view key);
    /// An integer within the bounds, or what holds when the key is missing.
    struct Bounds
    {
        std::int64_t least;
        std::int64_t most;
    };
    std::int64_t integer(std::string_view key, std::int64_t otherwise, Bounds bounds);
    const toml::table* table(std::string_view key);
    const toml::array* tables(std::string_view key);

    /// The value of a Result, or a refusal under this key.
    template <class T>
    T checked(std::string_view key, const Result<T>& value, T otherwise)
    {
        if (value)
            return *value;
        refuse(key, std::string(wireName(value.error().code)));
        return otherwise;
    }
    void refuse(std::string_view key, std::string why);
    Result<void> finish() const;

private:
    const toml::node* take(std::string_view key);
    std::string textOf(const toml::node& node, std::string_view key);
    std::string atLine(std::string_view key, std::string why) const;

    const toml::table& m_table;
    std::string m_path;
    std::set<std::string, std::less<>> m_read;
    std::optional<Error> m_error;
};

} // namespace billing::app
