// The first reading of a file: every row is looked at as the server would, before any is sent. One thread.
#pragma once

#include "shared/usage_client/billing_usage/bad_rows.h"
#include "shared/usage_client/event_check.h"
#include "shared/usage_client/row_ids.h"

#include <functional>
#include <vector>

namespace billing::client {

/// A row that is not sent, or was not taken.
struct ListedRow
{
    std::int64_t line = 0;
    RowProblem problem;
};

/// So many are listed; the number of all is told.
inline constexpr std::size_t listedRows = 20;

struct CheckedFile
{
    std::int64_t rows = 0;
    std::int64_t badRows = 0;
    std::int64_t events = 0; ///< of good rows
    std::vector<ListedRow> listed = {};
    std::vector<bool> bad = {}; ///< by row, so that the second reading decides nothing anew
};

/// Bytes read and rows so far.
using ReadingProgress = std::function<void(std::int64_t bytesRead, std::int64_t rows)>;

/// What an event holds in a field ("value", "dimensions.model"), fit for a terminal.
std::string fieldText(const UsageEvent& event, std::string_view field);

/// The row's own problem, or the first that the server would have with one of its events.
std::optional<RowProblem> problemOf(const FileRows& rows, const FileRow& row, const EventRules& rules);

/// What both readings of a file share.
struct Reading
{
    FileRows& rows;
    const EventRules& rules;
    RowIds& ids;
    BadRows& badRows;
};

/// Reads to the end, from where rows stands. Good rows are learned, bad ones go to badRows. Refuses what
/// FileRows::next and BadRows refuse.
Result<CheckedFile> checkFile(const Reading& reading, const ReadingProgress& progress = {});

} // namespace billing::client
