#include "server/audit/verify/entries.h"

#include <memory>

#include <sqlite3.h>

namespace verify {

namespace {

using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;
using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

std::string column(sqlite3_stmt* statement, int index)
{
    const void* data = sqlite3_column_blob(statement, index);
    const int size = sqlite3_column_bytes(statement, index);
    return data == nullptr ? std::string()
                           : std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

Database open(const std::string& file)
{
    sqlite3* handle = nullptr;
    sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr);
    return {handle, &sqlite3_close};
}

std::string readAll(const std::string& file, const TakeEntry& take)
{
    const Database handle = open(file);
    sqlite3_stmt* prepared = nullptr;
    // The order is the primary key, so that nothing is sorted.
    sqlite3_prepare_v2(handle.get(),
                       "SELECT tenant_id, seq, at, actor, action, object, body, previous_hash, hash"
                       " FROM audit_entry ORDER BY tenant_id, seq",
                       -1, &prepared, nullptr);
    const Statement statement(prepared, &sqlite3_finalize);
    int code = prepared == nullptr ? sqlite3_errcode(handle.get()) : sqlite3_step(prepared);
    for (; code == SQLITE_ROW; code = sqlite3_step(prepared))
        take({column(prepared, 0), sqlite3_column_int64(prepared, 1), sqlite3_column_int64(prepared, 2),
              column(prepared, 3), column(prepared, 4), column(prepared, 5), column(prepared, 6),
              column(prepared, 7), column(prepared, 8)});
    return code == SQLITE_DONE ? std::string() : sqlite3_errmsg(handle.get());
}

} // namespace

EntrySource sqliteEntries(const std::string& file)
{
    return [file](const TakeEntry& take) { return readAll(file, take); };
}

} // namespace verify
