#include "server/storage/sql/session.h"

namespace billing::sql {

std::optional<std::int64_t> Row::optionalInteger(int column) const
{
    if (isNull(column))
        return std::nullopt;
    return integer(column);
}

std::optional<std::string> Row::optionalText(int column) const
{
    if (isNull(column))
        return std::nullopt;
    return text(column);
}

} // namespace billing::sql
