// The rows of a file to send, one after the other, so that a file of any size takes constant memory, and as
// often as wanted. A row that is bad by itself says so and is passed over. One thread.
#pragma once

#include "shared/model/usage_event.h"

#include <optional>

namespace billing::client {

/// What is wrong with a row.
struct RowProblem
{
    std::string column = {}; ///< its name in the header, or the field's; empty: the row as a whole
    std::string value = {};  ///< what stands there, cut
    Error error;             ///< the subject is file:line:column, or a field
};

struct FileRow
{
    std::int64_t number = 0;             ///< from 1, without the header and blank lines
    std::int64_t line = 1;               ///< of the file, where it starts
    std::vector<UsageEvent> events = {}; ///< all that it gives; without an event id when content is identity
    std::optional<RowProblem> problem = {};
};

class FileRows
{
public:
    virtual ~FileRows() = default;

    /// The next row, or nothing at the end; valid until the next call. Refuses what makes everything behind
    /// it unreadable.
    virtual Result<FileRow*> next() = 0;
    /// Back to the first row. Refuses FileUnreadable.
    virtual Result<void> rewind() = 0;

    /// The last row's bytes as they are in the file (unpacked), with the end of its line.
    virtual std::string bytes() const = 0;
    /// The bytes before the first row.
    virtual const std::string& header() const = 0;
    /// The name, for a person, of the column that gave an event's field ("value", "dimensions.model"); for
    /// the so-manieth event of a row.
    virtual std::string columnOf(std::string_view field, std::size_t event) const = 0;
    virtual std::string_view idPrefix() const { return {}; }

    virtual std::int64_t bytesRead() const = 0; ///< of the file as it lies on disk
    virtual std::int64_t size() const = 0;
    virtual const std::string& name() const = 0; ///< the file's, for messages
};

/// The beginning of a text, fit to be printed on one line of a terminal.
std::string shownText(std::string_view text);

} // namespace billing::client
