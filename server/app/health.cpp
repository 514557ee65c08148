#include "server/app/health.h"

#include <unistd.h>

namespace billing {

namespace {

constexpr MonotonicTime unseenTooLong = std::chrono::seconds(30);
constexpr MonotonicTime fullAtLeast = std::chrono::seconds(10);

/// True where nobody can tell.
bool hasRoom(const std::filesystem::path& directory, std::int64_t bytes)
{
    std::error_code unknown;
    const auto space = std::filesystem::space(directory, unknown);
    return unknown || space.available >= static_cast<std::uintmax_t>(bytes);
}

const char* reasonOf(ErrorCode storage)
{
    switch (storage) {
    case ErrorCode::StorageFull:
        return "storage_full";
    case ErrorCode::StorageCorrupt:
        return "storage_corrupt";
    default:
        return "storage_away";
    }
}

} // namespace

Health::Health(const Clock& clock, HealthLimits limits)
    : m_clock(clock)
    , m_limits(std::move(limits))
    , m_sampledAt(clock.monotonic())
    , m_checkpointAt(clock.monotonic())
{
}

void Health::sampled(const StoreSample& sample)
{
    const std::lock_guard lock(m_mutex);
    m_sample = sample;
    m_sampledAt = m_clock.monotonic();
}

void Health::checkpointed(const Result<void>& outcome)
{
    const std::lock_guard lock(m_mutex);
    m_checkpointFails = !outcome;
    if (outcome)
        m_checkpointAt = m_clock.monotonic();
}

void Health::storageRefused(ErrorCode code)
{
    const std::lock_guard lock(m_mutex);
    if (code == ErrorCode::StorageFull)
        m_fullAt = m_clock.monotonic();
}

bool Health::isStillFull(const Result<void>& storage) const
{
    const bool isFull = m_fullAt && (!storage || m_clock.monotonic() - *m_fullAt < fullAtLeast ||
                                     !hasRoom(m_limits.storeDirectory, m_limits.leastFreeBytes));
    if (!isFull)
        m_fullAt.reset();
    return isFull;
}

void Health::keysProbed(const Result<void>& outcome)
{
    const std::lock_guard lock(m_mutex);
    if (outcome || outcome.error().code == ErrorCode::UnknownKeyVersion)
        m_newestKeyIsMissing = !outcome;
}

void Health::fontsSeen(bool areMissing)
{
    const std::lock_guard lock(m_mutex);
    m_fontsAreMissing = areMissing;
}

void Health::rendererSeen(RendererState state)
{
    const std::lock_guard lock(m_mutex);
    m_renderer = state;
}

void Health::jobFailed(ErrorCode code)
{
    const std::lock_guard lock(m_mutex);
    m_keysMissing = m_keysMissing || code == ErrorCode::UnknownKeyVersion;
}

HealthReport Health::report(const Result<void>& storage, std::int64_t waitingEvents) const
{
    const std::lock_guard lock(m_mutex);
    HealthReport report;
    const auto add = [&](bool wrong, const char* reason) {
        if (wrong)
            report.reasons.emplace_back(reason);
    };
    const bool isStillFull = this->isStillFull(storage);
    if (!storage)
        report.reasons.emplace_back(reasonOf(storage.error().code));
    add(storage && isStillFull, "storage_full");
    add(m_clock.monotonic() - m_sampledAt > unseenTooLong, "store_not_watched");
    add(m_keysMissing || m_newestKeyIsMissing, "keys_missing");
    add(waitingEvents >= m_limits.backlogEvents, "backlog_full");
    add(m_sample.oldestWaiting && m_sample.oldestWaiting->plus(m_limits.settleStuck) < m_clock.now(),
        "settling_stuck");
    add(m_checkpointFails, "checkpoint_failing");
    const auto degrade = [&](bool wrong, const char* reason) {
        if (wrong)
            report.degraded.emplace_back(reason);
    };
    degrade(m_renderer == RendererState::Missing || ::access(m_limits.renderProgram.c_str(), X_OK) != 0,
            "renderer_missing");
    degrade(m_renderer == RendererState::Failing, "renderer_failing");
    degrade(m_fontsAreMissing, "fonts_missing");
    degrade(m_sample.documentsAside > 0, "documents_set_aside");
    degrade(m_sample.periodsAside > 0, "periods_set_aside");
    return report;
}

StoreSample Health::lastSample() const
{
    const std::lock_guard lock(m_mutex);
    return m_sample;
}

Duration Health::checkpointAge() const
{
    const std::lock_guard lock(m_mutex);
    return std::chrono::duration_cast<Duration>(m_clock.monotonic() - m_checkpointAt);
}

} // namespace billing
