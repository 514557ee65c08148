#include "server/metering/settle_batch.h"

#include "server/secrets/sha256.h"
#include "server/storage/journal_body.h"
#include "server/storage/usage_block.h"
#include "server/storage/usage_conflicts.h"
#include "server/storage/usage_months.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <set>
#include <unordered_map>

namespace billing {

using storage::Outcome;

namespace {

storage::Identity identityOf(const UsageEvent& event)
{
    storage::Identity identity{event.tenant.text(), {}, {}, storage::monthOf(event.at)};
    const auto hash = secrets::sha256(canonicalIdentity(event));
    std::memcpy(identity.identity.data(), hash.data(), identity.identity.size());
    identity.payload = secrets::sha256(canonicalPayload(event));
    return identity;
}

} // namespace

Result<SettleBatch> SettleBatch::prepare(std::span<const storage::JournalRow> rows,
                                         const Catalogued& catalogued)
{
    SettleBatch batch;
    for (const storage::JournalRow& row : rows) {
        auto events = storage::decodeJournalBody(row.body);
        if (!events)
            return events.error();
        batch.m_rows.emplace_back(row.position, events->size());
        batch.addEvents(batch.m_rows.size() - 1, std::move(*events));
    }
    // Identities point into the events' own tenant ids, so they are made when the events no longer move.
    for (Event& event : batch.m_events)
        event.identity = identityOf(event.event);
    batch.writeTexts();
    batch.nameRollups(catalogued);
    batch.sort();
    return batch;
}

void SettleBatch::addEvents(std::size_t row, std::vector<UsageEvent> events)
{
    std::size_t place = 0;
    for (UsageEvent& event : events)
        m_events.push_back({std::move(event), row, place++, {}, {}, {}});
}

void SettleBatch::writeTexts()
{
    for (Event& event : m_events) {
        event.textBegin = m_texts.size();
        storage::appendBlockEvent(m_texts, event.event, m_rows[event.row].first);
    }
}

std::string_view SettleBatch::textOf(std::size_t event) const
{
    const std::size_t begin = m_events[event].textBegin;
    const std::size_t end = event + 1 < m_events.size() ? m_events[event + 1].textBegin : m_texts.size();
    return std::string_view(m_texts).substr(begin, end - begin);
}

void SettleBatch::nameRollups(const Catalogued& catalogued)
{
    // Thousands of events share a rollup, so a key is built once and found again by a text of its parts.
    std::unordered_map<std::string, std::size_t> slots;
    std::string name;
    for (Event& event : m_events) {
        for (const Meter* meter : catalogued.meters.ofMetric(event.event.metricType)) {
            if (!takes(*meter, event.event))
                continue;
            const std::int64_t hour = event.event.at.hour().micros();
            std::string dimensions = dimensionKey(event.event.dimensions, meter->dimensions);
            name.assign(event.event.tenant.text()).append(1, '\0').append(meter->code.text());
            name.append(1, '\0').append(std::to_string(meter->version)).append(1, '\0');
            name.append(std::to_string(hour)).append(1, '\0').append(dimensions);
            const auto [slot, isNew] = slots.try_emplace(name, m_rollups.size());
            if (isNew) {
                if (catalogued.unlisted)
                    lookForNews(*meter, event.event, *catalogued.unlisted);
                m_rollups.push_back({{event.event.tenant.text(), meter->code.text(), meter->version,
                                      std::move(dimensions), hour},
                                     meter->aggregation});
            }
            event.rollups.push_back(slot->second);
        }
    }
    sortRollups();
}

/// In the rollup that is named next.
void SettleBatch::lookForNews(const Meter& meter, const UsageEvent& event, const UnlistedWatch& unlisted)
{
    for (const std::string& name : meter.dimensions) {
        const std::string* value = findDimension(event.dimensions, name);
        if (!value || !unlisted.listed().isUnlisted(meter.code, name, *value))
            continue;
        storage::UnlistedKey key{event.tenant, meter.code, name, *value};
        if (unlisted.isNews(key))
            m_news.push_back({std::move(key), m_rollups.size()});
    }
}

void SettleBatch::sortRollups()
{
    std::vector<std::size_t> order(m_rollups.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return m_rollups[a].key < m_rollups[b].key; });
    std::vector<std::size_t> placeOf(order.size());
    std::vector<RollupSlot> sorted;
    sorted.reserve(order.size());
    for (const std::size_t slot : order) {
        placeOf[slot] = sorted.size();
        sorted.push_back(std::move(m_rollups[slot]));
    }
    m_rollups = std::move(sorted);
    for (Event& event : m_events)
        for (std::size_t& slot : event.rollups)
            slot = placeOf[slot];
    for (News& news : m_news)
        news.rollup = placeOf[news.rollup];
}

void SettleBatch::sort()
{
    m_byIdentity.resize(m_events.size());
    std::iota(m_byIdentity.begin(), m_byIdentity.end(), std::size_t{0});
    m_byTime = m_byIdentity;
    std::stable_sort(m_byIdentity.begin(), m_byIdentity.end(), [&](std::size_t a, std::size_t b) {
        const storage::Identity& left = m_events[a].identity;
        const storage::Identity& right = m_events[b].identity;
        return std::tie(left.tenant, left.identity) < std::tie(right.tenant, right.identity);
    });
    std::stable_sort(m_byTime.begin(), m_byTime.end(), [&](std::size_t a, std::size_t b) {
        const UsageEvent& left = m_events[a].event;
        const UsageEvent& right = m_events[b].event;
        return std::tie(left.tenant, left.at) < std::tie(right.tenant, right.at);
    });

    m_tenantOf.resize(m_events.size());
    for (const std::size_t i : m_byIdentity) {
        if (m_tenants.empty() || m_tenants.back() != m_events[i].event.tenant)
            m_tenants.push_back(m_events[i].event.tenant);
        m_tenantOf[i] = m_tenants.size() - 1;
    }
}

Result<Settled> SettleBatch::apply(Work& work, Instant now) const
{
    const auto settleNumbers = storage::nextSettleNumbers(work, m_tenants);
    if (!settleNumbers)
        return settleNumbers.error();
    const auto outcomes = claim(work);
    if (!outcomes)
        return outcomes.error();
    const auto stored = storeAccepted(work, *outcomes, *settleNumbers)
                            .and_then([&] { return storeConflicts(work, *outcomes, now); })
                            .and_then([&] { return fold(work, *outcomes, *settleNumbers); });
    if (!stored)
        return stored.error();
    auto noted = noteUnlisted(work, *outcomes, now);
    if (!noted)
        return noted.error();

    std::vector<storage::SettledRow> rows;
    for (const auto& [position, events] : m_rows)
        rows.push_back({position, std::string(events, static_cast<char>(Outcome::Settled))});
    for (std::size_t i = 0; i < m_events.size(); ++i)
        rows[m_events[i].row].outcomes[m_events[i].place] = static_cast<char>((*outcomes)[i]);
    return Settled{std::move(rows), std::move(*noted)};
}

Result<std::vector<Outcome>> SettleBatch::claim(Work& work) const
{
    std::vector<storage::Identity> identities;
    identities.reserve(m_events.size());
    for (const std::size_t i : m_byIdentity)
        identities.push_back(m_events[i].identity);
    const auto claimed = storage::claimIdentities(work, identities);
    if (!claimed)
        return claimed.error();

    std::vector<storage::Identity> taken;
    std::vector<std::size_t> takenEvents;
    for (std::size_t i = 0; i < identities.size(); ++i) {
        if ((*claimed)[i] != 0)
            continue;
        taken.push_back(identities[i]);
        takenEvents.push_back(m_byIdentity[i]);
    }
    const auto first = storage::payloadsOf(work, taken);
    if (!first)
        return first.error();
    std::vector<Outcome> outcomes(m_events.size(), Outcome::Settled);
    for (std::size_t i = 0; i < taken.size(); ++i)
        outcomes[takenEvents[i]] = (*first)[i] == taken[i].payload ? Outcome::Duplicate : Outcome::Conflict;
    return outcomes;
}

Result<void> SettleBatch::storeAccepted(Work& work, std::span<const Outcome> outcomes,
                                        std::span<const SettleNumber> settleNumbers) const
{
    std::vector<storage::StoredEvent> accepted;
    accepted.reserve(m_events.size());
    for (const std::size_t i : m_byTime)
        if (outcomes[i] == Outcome::Settled)
            accepted.push_back({&m_events[i].event, settleNumbers[m_tenantOf[i]], textOf(i)});
    return storage::insertEvents(work, accepted);
}

Result<void> SettleBatch::storeConflicts(Work& work, std::span<const Outcome> outcomes, Instant now) const
{
    std::vector<storage::Conflict> conflicts;
    for (std::size_t i = 0; i < m_events.size(); ++i)
        if (outcomes[i] == Outcome::Conflict)
            conflicts.push_back({m_rows[m_events[i].row].first, static_cast<std::int64_t>(m_events[i].place),
                                 &m_events[i].event, &m_events[i].identity});
    return conflicts.empty() ? Result<void>() : storage::insertConflicts(work, conflicts, now);
}

Result<std::vector<storage::UnlistedKey>>
SettleBatch::noteUnlisted(Work& work, std::span<const Outcome> outcomes, Instant now) const
{
    if (m_news.empty())
        return std::vector<storage::UnlistedKey>();
    std::vector<bool> isMetered(m_rollups.size());
    for (std::size_t i = 0; i < m_events.size(); ++i)
        if (outcomes[i] == Outcome::Settled)
            for (const std::size_t slot : m_events[i].rollups)
                isMetered[slot] = true;
    std::set<storage::UnlistedKey> keys;
    for (const News& news : m_news)
        if (isMetered[news.rollup])
            keys.insert(news.key);
    const std::vector<storage::UnlistedKey> sorted(keys.begin(), keys.end());
    return storage::noteUnlistedValues(work, sorted, now);
}

Result<void> SettleBatch::fold(Work& work, std::span<const Outcome> outcomes,
                               std::span<const SettleNumber> settleNumbers) const
{
    struct Sum
    {
        std::optional<MeterState> state;
        std::size_t tenant = 0;
    };
    std::vector<Sum> sums(m_rollups.size());
    for (std::size_t i = 0; i < m_events.size(); ++i) {
        if (outcomes[i] != Outcome::Settled)
            continue;
        for (const std::size_t slot : m_events[i].rollups) {
            Sum& sum = sums[slot];
            if (!sum.state) {
                const auto empty = MeterState::empty(m_rollups[slot].aggregation);
                if (!empty)
                    return empty.error();
                sum = {*empty, m_tenantOf[i]};
            }
            const auto added = sum.state->add(m_events[i].event);
            if (!added)
                return added;
        }
    }

    std::vector<storage::RollupKey> keys;
    std::vector<storage::Rollup> rollups;
    for (std::size_t slot = 0; slot < sums.size(); ++slot) {
        if (!sums[slot].state)
            continue;
        keys.push_back(m_rollups[slot].key);
        rollups.push_back({keys.back(), *sums[slot].state, settleNumbers[sums[slot].tenant]});
    }
    const auto before = storage::findRollups(work, keys);
    if (!before)
        return before.error();
    for (std::size_t i = 0; i < rollups.size(); ++i) {
        if (!(*before)[i])
            continue;
        if (const auto merged = rollups[i].state.merge(*(*before)[i]); !merged)
            return merged;
    }
    return storage::storeRollups(work, rollups);
}

} // namespace billing
