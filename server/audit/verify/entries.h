// Where audit entries come from: straight from a SQLite file or a PostgreSQL database, in one order, one
// chain after the other, each by its numbers. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace verify {

struct Entry
{
    std::string chain;
    std::int64_t seq;
    std::int64_t at; ///< microseconds
    std::string actor;
    std::string action;
    std::string object;
    std::string body;
    std::string previousHash;
    std::string hash;
};

using TakeEntry = std::function<void(const Entry&)>;
/// Gives every entry there is. Says why they could not be read to their end; nothing when they were.
using EntrySource = std::function<std::string(const TakeEntry&)>;

/// Only of a stopped server.
EntrySource sqliteEntries(const std::string& file);

/// libpq's connection string; what it leaves out comes from the environment (PGHOST, PGPASSFILE, PGSERVICE).
/// One snapshot, so a server may run. The role sees all rows as the server's role over all tenants, or by
/// BYPASSRLS.
EntrySource postgresEntries(const std::string& connection);
/// Whether the string holds a password, which every user of the machine could read, or cannot be understood.
bool holdsPassword(const std::string& connection);

} // namespace verify
