// The rows of the bad-input catalogue that are about the body of POST /usage. %ID% in a body becomes an id
// that was never used. Source: the catalogue, and DESIGN section 4 where they differ.
#pragma once

#include <string>
#include <vector>

namespace billing::test {

/// A good event with one member replaced by this JSON, or left out when it is empty, and more behind it.
std::string oneEvent(const std::string& name = {}, const std::string& value = {},
                     const std::string& more = {});
std::string quoted(const std::string& text);

/// A whole body. Its media type; "-" for none, "twice TYPE" for a header given twice.
struct BodyRow
{
    std::string name;
    std::string type;
    std::string body;
    std::string answer; ///< "400 malformed_json body", or "taken"
};

/// What is wrong with one event, wherever it stands.
struct EventRow
{
    std::string name;
    std::string wrong;
    std::string answer; ///< "missing_field value"
    std::string twin;   ///< the nearest good one
};

std::vector<BodyRow> bodyRows();
std::vector<EventRow> eventRows();

} // namespace billing::test
