// Values on their way to a prepared statement, in the form its parameters take. What libpq is handed points
// into the caller's texts and into this object. A value that does not suit its parameter's type is our own
// mistake and asserts.
#pragma once

#include "server/storage/sql/session.h"

#include <span>
#include <string>
#include <vector>

#include <libpq-fe.h>

namespace billing::postgres {

class Parameters
{
public:
    Parameters(std::span<const Oid> types, std::span<const sql::Value> values);
    Parameters(const Parameters&) = delete;
    Parameters& operator=(const Parameters&) = delete;

    int count() const noexcept { return static_cast<int>(m_values.size()); }
    const char* const* values() const noexcept { return m_values.data(); }
    const int* lengths() const noexcept { return m_lengths.data(); }
    const int* formats() const noexcept { return m_formats.data(); }

private:
    void add(Oid type, const sql::Value& value);
    void addBytes(std::string_view bytes);
    void addNumber(Oid type, std::int64_t number);
    void addText(Oid type, std::string_view text);

    std::vector<const char*> m_values;
    std::vector<int> m_lengths;
    std::vector<int> m_formats;
    std::vector<std::string> m_own; ///< never grows beyond its reserve, so that its texts stay where they are
};

/// Every `columns`th value from `first` as one array in binary form: of BIGINT, BYTEA or, for every other
/// type of column, TEXT.
std::string arrayOf(Oid type, std::span<const sql::Value> values, std::size_t columns, std::size_t first);

} // namespace billing::postgres
