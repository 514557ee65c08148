#include "tests/server/storage/store_events.h"

#include "server/storage/usage_block.h"

#include <algorithm>

namespace billing::test {

Result<void> storeEvents(Work& work, std::vector<UsageEvent> events, SettleNumber settledBy)
{
    std::stable_sort(events.begin(), events.end(), [](const UsageEvent& a, const UsageEvent& b) {
        return std::tie(a.tenant, a.at) < std::tie(b.tenant, b.at);
    });
    std::vector<std::string> texts(events.size());
    std::vector<storage::StoredEvent> stored;
    for (std::size_t i = 0; i < events.size(); ++i) {
        storage::appendBlockEvent(texts[i], events[i], JournalPosition(1));
        stored.push_back({&events[i], settledBy, texts[i]});
    }
    return storage::insertEvents(work, stored);
}

} // namespace billing::test
