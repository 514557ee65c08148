#include "server/app/toml_table.h"

namespace billing::app {

Result<toml::table> readToml(const std::filesystem::path& file)
{
    try {
        return toml::parse_file(file.string());
    } catch (const toml::parse_error& problem) { // the library's way; it goes no further
        const auto line = static_cast<long long>(problem.source().begin.line);
        if (line == 0)
            return Error{ErrorCode::FileUnreadable, file.string()};
        return Error{ErrorCode::InvalidConfiguration, file.string(),
                     "line " + std::to_string(line) + ": " + std::string(problem.description())};
    }
}

std::string TableReader::text(std::string_view key)
{
    const toml::node* node = take(key);
    if (!node)
        refuse(key, "missing");
    return node ? textOf(*node, key) : std::string();
}

std::string TableReader::optionalText(std::string_view key)
{
    const toml::node* node = take(key);
    return node ? textOf(*node, key) : std::string();
}

std::vector<std::string> TableReader::texts(std::string_view key)
{
    std::vector<std::string> all;
    const toml::node* node = take(key);
    if (!node)
        return all;
    if (!node->is_array())
        refuse(key, "expected a list of strings");
    else
        for (const toml::node& item : *node->as_array())
            all.push_back(textOf(item, key));
    return all;
}

std::int64_t TableReader::integer(std::string_view key, std::int64_t otherwise, Bounds bounds)
{
    const toml::node* node = take(key);
    if (!node)
        return otherwise;
    const auto value = node->value_exact<std::int64_t>();
    if (!value)
        refuse(key, "expected an integer");
    else if (*value < bounds.least || *value > bounds.most)
        refuse(key, "expected " + std::to_string(bounds.least) + " to " + std::to_string(bounds.most));
    return value.value_or(otherwise);
}

const toml::table* TableReader::table(std::string_view key)
{
    const toml::node* node = take(key);
    if (node && !node->is_table())
        refuse(key, "expected a table");
    return node ? node->as_table() : nullptr;
}

const toml::array* TableReader::tables(std::string_view key)
{
    const toml::node* node = take(key);
    if (node && !node->is_array_of_tables())
        refuse(key, "expected [[" + std::string(key) + "]] tables");
    return node && node->is_array_of_tables() ? node->as_array() : nullptr;
}

void TableReader::refuse(std::string_view key, std::string why)
{
    if (!m_error)
        m_error =
            Error{ErrorCode::InvalidConfiguration, m_path + std::string(key), atLine(key, std::move(why))};
}

Result<void> TableReader::finish() const
{
    if (m_error)
        return *m_error;
    for (const auto& [key, node] : m_table)
        if (!m_read.contains(key.str()))
            return Error{ErrorCode::InvalidConfiguration, m_path + std::string(key.str()),
                         atLine(key.str(), "unknown key")};
    return {};
}

const toml::node* TableReader::take(std::string_view key)
{
    m_read.emplace(key);
    return m_table.get(key);
}

std::string TableReader::textOf(const toml::node& node, std::string_view key)
{
    const auto value = node.value_exact<std::string>();
    if (!value)
        refuse(key, "expected a string");
    return value.value_or(std::string());
}

/// The line of the key's value, or of the table that lacks it.
std::string TableReader::atLine(std::string_view key, std::string why) const
{
    const toml::node* node = m_table.get(key);
    const auto line = (node ? node->source() : m_table.source()).begin.line;
    return line == 0 ? why : "line " + std::to_string(line) + ": " + why;
}

} // namespace billing::app
