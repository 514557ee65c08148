// Gives the events of a file's rows their ids, where content is the identity. A file is read twice for it:
// learn() with each row, then give() with each, in the same order. Events that have an id keep it. One
// thread.
#pragma once

#include "shared/usage_client/file_rows.h"
#include "shared/usage_client/row_identity.h"

#include <string>

namespace billing::client {

class RowIds
{
public:
    explicit RowIds(std::string_view prefix)
        : m_prefix(prefix)
    {
    }

    void learn(const FileRow& row);
    /// Whether the row is like an earlier one: an event of it was there before.
    bool give(FileRow& row);
    /// The same for a row of another file, which is not sent: it only takes its numbers.
    void pass(const FileRow& row);

private:
    std::string m_prefix;
    Occurrences m_occurrences;
};

} // namespace billing::client
