#include "server/storage/usage_months.h"

#include "server/storage/sql/session.h"

#include <set>

namespace billing::storage {

std::int64_t monthOf(Instant at)
{
    using namespace std::chrono;
    const sys_days day = floor<days>(sys_time<microseconds>(microseconds(at.micros())));
    const year_month_day civil(day);
    return (static_cast<int>(civil.year()) - 1970) * 12 +
           static_cast<int>(static_cast<unsigned>(civil.month())) - 1;
}

Result<void> makeMonthsOf(Work& work, std::span<const StoredEvent> events)
{
    if (work.session().dialect() == sql::Dialect::Sqlite)
        return {};
    std::set<std::int64_t> months;
    for (const StoredEvent& stored : events)
        months.insert(monthOf(stored.event->at));
    for (const std::int64_t month : months) {
        const auto made = work.session().execute("SELECT make_usage_month(?)", {month});
        if (!made)
            return made.error();
    }
    return {};
}

} // namespace billing::storage
