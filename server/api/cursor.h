// Where a list goes on: the key of the last row shown, opaque to clients and authenticated, so that nobody
// can page into rows that are not theirs. Bound to the list it came from. Any thread.
#pragma once

#include "shared/kernel/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace billing::api {

class Cursors
{
public:
    explicit Cursors(std::string key);

    std::string write(std::string_view list, const std::vector<std::string>& key) const;
    /// Refuses InvalidCursor: forged, damaged, of another list, or, where the number of parts is said, of a
    /// release whose keys had others.
    Result<std::vector<std::string>> read(std::string_view list, std::string_view cursor,
                                          std::size_t parts = 0) const;

private:
    std::string m_key;
};

} // namespace billing::api
