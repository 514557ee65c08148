// How the rows of a table become usage events: which columns hold what, and how they are spelled. Values
// only, any thread.
#pragma once

#include "shared/model/usage_event.h"
#include "shared/usage_client/csv_number.h"
#include "shared/usage_client/csv_time.h"

#include <optional>
#include <string_view>
#include <vector>

namespace billing::client {

/// One event per row: a metric, the column that holds its value, and fixed dimensions. Without a metric, the
/// mapping's metric column says which.
struct CsvEventMapping
{
    std::string metricType;
    std::string column;
    Dimensions dimensions = {};

    friend bool operator==(const CsvEventMapping&, const CsvEventMapping&) = default;
};

/// "llm_tokens=ContextTokens,direction=input,model=gpt4". Refuses InvalidValue (an empty part, a missing
/// "="), DuplicateKey (a dimension twice).
Result<CsvEventMapping> parseCsvEventMapping(std::string_view text);

/// A dimension and the column that holds its value; an empty cell leaves it out.
struct CsvDimension
{
    std::string name;
    std::string column;

    friend bool operator==(const CsvDimension&, const CsvDimension&) = default;
};

/// "region=Cloud region". Refuses InvalidValue.
Result<CsvDimension> parseCsvDimension(std::string_view text);

/// A column's name as a dimension's: "Cloud region (EU)" is "cloud_region_eu". Refuses InvalidValue when
/// nothing is left of it, or letters of other alphabets would be lost.
Result<std::string> dimensionNameOf(std::string_view column);

enum class MissingZone
{
    Refuse,
    AssumeUtc
};

/// Where a row's event id comes from.
enum class CsvIdentity
{
    Content,  ///< what is in it, and its number among equal rows (row_identity.h)
    Column,   ///< CsvMapping::eventIdColumn; with several events per row "-1", "-2", ... behind it
    RowNumber ///< "<prefix>-<row>-<event>", as the releases before 0.3 did; not safe when rows move
};

struct CsvMapping
{
    std::optional<TenantId> tenant; ///< absent: tenantColumn says
    std::string eventIdPrefix;
    std::string timeColumn;
    MissingZone missingZone = MissingZone::Refuse; ///< AssumeUtc: as time.zone UTC
    std::vector<CsvEventMapping> events;           ///< at least one

    std::string tenantColumn = {};
    std::string source = {};
    std::string sourceColumn = {}; ///< empty: source, for all rows
    std::string metricColumn = {};
    std::vector<CsvDimension> dimensions = {};
    bool dimensionsFromRest = false; ///< each column that is named nowhere here is a dimension
    CsvIdentity identity = CsvIdentity::Content;
    std::string eventIdColumn = {};
    TimeReading time = {};
    DecimalMark decimalMark = DecimalMark::Point;
    std::optional<char> delimiter = {}; ///< absent: the one with which the header has the columns
};

} // namespace billing::client
