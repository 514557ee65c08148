#include "server/metering/unlisted_watch.h"

namespace billing {

UnlistedWatch::UnlistedWatch(const Catalog& catalog)
    : m_listed(catalog)
{
}

bool UnlistedWatch::isNews(const storage::UnlistedKey& key) const
{
    if (!m_listed.isUnlisted(key.meter, key.dimension, key.value))
        return false;
    const std::lock_guard lock(m_mutex);
    return !m_noted.contains(key) && !m_noted.contains({key.tenant, key.meter, {}, {}});
}

void UnlistedWatch::noted(std::span<const storage::UnlistedKey> keys)
{
    const std::lock_guard lock(m_mutex);
    if (m_noted.size() + keys.size() > mostRemembered)
        m_noted.clear();
    m_noted.insert(keys.begin(), keys.end());
}

} // namespace billing
