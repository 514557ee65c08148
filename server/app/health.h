// Whether the server can do its work now, and what is wrong when it cannot: gathered from those who notice,
// told to /health/ready, `status` and the log. Reasons in order of weight:
//
//     storage_away, storage_full, storage_corrupt   the store refuses
//     store_not_watched                             nobody could look at the store for 30 s
//     keys_missing                                  something sealed names a key the ring does not hold:
//     asked
//                                                   at the start and every minute, and noticed by jobs
//     backlog_full                                  waiting usage has reached [usage] backlog_events
//     settling_stuck                                usage waits longer than [health] settle_stuck_seconds
//     checkpoint_failing                            the last audit checkpoint could not be written
//
// storage_full ends when the store has written again, refused nothing as full for 10 s and has room, where
// that is known: small writes go on for long where a large one finds none, and nobody is helped by a server
// that comes and goes.
//
// These only degrade it, nothing is lost:
//
//     renderer_missing                              billing-render is not there or cannot be started
//     renderer_failing                              it gives no answer, whatever it is asked
//     fonts_missing                                 font files that some scripts need are not installed:
//     their
//                                                   characters are printed as codes
//     documents_set_aside, periods_set_aside        a document cannot be drawn, a period not be closed: see
//                                                   GET /needs-attention
//
// Any thread.
#pragma once

#include "server/documents/draw_documents.h"
#include "shared/kernel/ports.h"
#include "shared/kernel/result.h"

#include <filesystem>
#include <mutex>
#include <optional>
#include <vector>

namespace billing {

struct HealthLimits
{
    std::int64_t backlogEvents;
    Duration settleStuck;
    std::filesystem::path renderProgram;
    /// Where the store's files lie; empty when it is not on this machine.
    std::filesystem::path storeDirectory = {};
    std::int64_t leastFreeBytes = 8 << 20; ///< there, for storage_full to end
};

/// What the watch saw in the store.
struct StoreSample
{
    std::int64_t waitingRows = 0;
    std::int64_t waitingEvents = 0;
    std::optional<Instant> oldestWaiting = {};
    std::int64_t undrawnDocuments = 0; ///< waiting (counted to 1,000) or set aside
    std::int64_t documentsAside = 0;
    std::int64_t periodsAside = 0;
    std::int64_t deadLetters = 0; ///< in the store
};

struct HealthReport
{
    std::vector<std::string> reasons = {};  ///< empty: ready
    std::vector<std::string> degraded = {}; ///< not fatal

    friend bool operator==(const HealthReport&, const HealthReport&) = default;
};

class Health
{
public:
    Health(const Clock& clock, HealthLimits limits);

    void sampled(const StoreSample& sample);
    void checkpointed(const Result<void>& outcome);
    /// The store refused something itself.
    void storageRefused(ErrorCode code);
    /// Whether the ring holds the newest key that something sealed names; another refusal tells nothing.
    void keysProbed(const Result<void>& outcome);
    /// What the drawer of documents knows of the renderer.
    void rendererSeen(RendererState state);
    /// Whether font files that documents may need are not installed.
    void fontsSeen(bool areMissing);
    /// A job's refusal: one that names a missing key stays known.
    void jobFailed(ErrorCode code);

    /// With what the store says of itself and how many accepted events wait, both asked now.
    HealthReport report(const Result<void>& storage, std::int64_t waitingEvents) const;
    StoreSample lastSample() const;
    /// Since the last successful checkpoint, or since the start.
    Duration checkpointAge() const;

private:
    /// Whether the store is full still, although it may have written since. Forgets it when not.
    bool isStillFull(const Result<void>& storage) const;

    const Clock& m_clock;
    const HealthLimits m_limits;
    mutable std::mutex m_mutex; ///< guards all below
    StoreSample m_sample;
    MonotonicTime m_sampledAt;
    MonotonicTime m_checkpointAt;
    bool m_fontsAreMissing = false;
    mutable std::optional<MonotonicTime> m_fullAt; ///< last refused as full
    bool m_checkpointFails = false;
    RendererState m_renderer = RendererState::Works;
    bool m_newestKeyIsMissing = false; ///< as of the last probe
    bool m_keysMissing = false;        ///< noticed by a job, for good
};

} // namespace billing
