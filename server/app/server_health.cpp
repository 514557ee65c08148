// The part of a running server that watches it: what /health/ready, /metrics and `status` tell.
#include "server/app/server_process.h"

#include "server/api/attention.h"
#include "server/documents/print_check.h"
#include "server/storage/journal.h"
#include "server/storage/sealed_keys.h"
#include "server/storage/set_aside.h"

namespace billing {

namespace {

constexpr std::int64_t undrawnCounted = 1'000;
ErrorCode codeOf(std::string_view reason, const Result<void>& storage)
{
    if (!storage)
        return storage.error().code;
    return reason == "keys_missing"         ? ErrorCode::UnknownKeyVersion
           : reason == "storage_full"       ? ErrorCode::StorageFull
           : reason == "backlog_full"       ? ErrorCode::BacklogFull
           : reason == "settling_stuck"     ? ErrorCode::UsageNotSettled
           : reason == "checkpoint_failing" ? ErrorCode::CheckpointBroken
                                            : ErrorCode::StorageUnavailable;
}

std::string joined(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

Result<StoreSample> sampleOf(Work& work)
{
    const auto backlog = storage::backlog(work);
    if (!backlog)
        return backlog.error();
    const auto documents = storage::countAside(work, storage::AsideKind::Document);
    if (!documents)
        return documents.error();
    const auto periods = storage::countAside(work, storage::AsideKind::Period);
    if (!periods)
        return periods.error();
    const auto dead = storage::deadLetters(work);
    if (!dead)
        return dead.error();
    return StoreSample{.waitingRows = backlog->rows,
                       .waitingEvents = backlog->events,
                       .oldestWaiting = backlog->oldest,
                       .documentsAside = *documents,
                       .periodsAside = *periods,
                       .deadLetters = *dead};
}

} // namespace

Result<void> ServerProcess::storageState() const
{
    if (const SqliteStorage* file = m_house.sqlite()) {
        if (!file->hasWriter())
            return Error{ErrorCode::StorageUnavailable, "storage"};
        if (const auto healthy = file->health(); !healthy)
            return healthy;
    }
    return m_house.storage().state();
}

HealthReport ServerProcess::health() const
{
    return m_health.report(storageState(), m_intake.waitingEvents());
}

api::Shortcomings ServerProcess::shortcomings() const
{
    const HealthReport report = health();
    return {report.reasons, report.degraded};
}

Result<void> ServerProcess::ready() const
{
    const Result<void> storage = storageState();
    const HealthReport report = m_health.report(storage, m_intake.waitingEvents());
    if (report.reasons.empty())
        return {};
    return Error{codeOf(report.reasons.front(), storage), joined(report.reasons)};
}

Result<void> ServerProcess::probeKeys()
{
    const auto newest =
        readValue(m_house.storage(), Scope::allTenants("probe_keys"), storage::newestSealingKey);
    const auto known =
        newest && *newest > 0 ? m_house.keys().key(*newest) : Result<const secrets::KeyBytes*>(nullptr);
    const Result<void> outcome = !newest ? newest.error() : !known ? known.error() : Result<void>();
    m_health.keysProbed(outcome);
    return outcome;
}

Result<StoreSample> ServerProcess::sample()
{
    auto seen = readValue(m_house.storage(), Scope::allTenants("watch"), sampleOf);
    if (!seen)
        return seen;
    const auto undrawn = m_undrawn.find(m_house.storage(), undrawnCounted);
    if (!undrawn)
        return undrawn.error();
    seen->undrawnDocuments = static_cast<std::int64_t>(undrawn->invoices.size()) + seen->documentsAside;
    return seen;
}

Job ServerProcess::watch()
{
    const auto step = [this]() -> Result<bool> {
        const auto seen = sample();
        if (seen)
            m_health.sampled(*seen);
        m_health.fontsSeen(!documents::missingFontFiles().empty());
        noteHealth();
        return seen ? Result<bool>(false) : seen.error();
    };
    return {"watch", std::chrono::seconds(2), step};
}

void ServerProcess::noteHealth()
{
    const auto state = ready();
    if (state.has_value() == std::exchange(m_saidReady, state.has_value()))
        return;
    if (state)
        m_options.log.write(LogEvent::Ready);
    else
        m_options.log.write(LogEvent::NotReady, {.error = state.error().code});
}

http::Response ServerProcess::metrics()
{
    const StoreSample sample = m_health.lastSample();
    const Duration none{0};
    const Instant now = m_house.clock().now();
    const Duration lag =
        sample.oldestWaiting ? Duration(now.micros() - sample.oldestWaiting->micros()) : none;
    const std::string text =
        m_metrics.text({sample, std::max(lag, none), m_health.checkpointAge(), m_settleLoop.deadLetters(),
                        health(), m_server->connectionCounts()});
    return {200, {}, "text/plain; version=0.0.4; charset=utf-8", text};
}

/// One of each kind that waits longest, with its reason.
void ServerProcess::sayOldestAside(app::CommandOutput& output) const
{
    for (const storage::AsideKind kind : storage::asideKinds) {
        const auto oldest = readValue(m_house.storage(), Scope::allTenants("status"), [&](Work& work) {
            return storage::listAside(work, {.kind = kind, .limit = 1});
        });
        if (!oldest || oldest->empty())
            continue;
        const storage::AsideRow& row = oldest->front();
        output.line("  " + std::string(wireName(kind)) + " " + row.key.subject + " of " +
                    row.key.tenant.text() + " since " + row.firstAt.toText() + ": " +
                    std::string(wireName(row.reason.code)) + ", " + api::plainReason(row.reason) +
                    " Next try " + row.nextTryAt.toText());
    }
}

int ServerProcess::status(app::CommandOutput& output) const
{
    const HealthReport report = health();
    output.line(report.reasons.empty() ? "ready" : "not ready: " + joined(report.reasons));
    if (!report.degraded.empty())
        output.line("degraded: " + joined(report.degraded));
    for (const std::string& address : addresses())
        output.line("listening on https://" + address);
    const StoreSample sample = m_health.lastSample();
    output.line("waiting usage events: " + std::to_string(m_intake.waitingEvents()));
    output.line("invoices without a document: " + std::to_string(sample.undrawnDocuments));
    output.line("dead letters: " + std::to_string(sample.deadLetters) +
                ", since the start: " + std::to_string(m_settleLoop.deadLetters()));
    output.line("set aside: documents " + std::to_string(sample.documentsAside) + ", periods " +
                std::to_string(sample.periodsAside));
    sayOldestAside(output);
    return report.reasons.empty() ? 0 : 1;
}

} // namespace billing
