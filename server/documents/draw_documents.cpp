#include "server/documents/draw_documents.h"

#include <algorithm>

namespace billing {

namespace {

using namespace std::chrono_literals;
using documents::cannotRenderAnything;
using documents::cannotStart;
using documents::gaveNoAnswer;

/// A page takes 20 ms and 2,000 lines half a second, but on a starved machine the renderer's start alone
/// takes seconds. Whoever is silent for that long probably hangs, and gets two more chances.
constexpr Duration firstPatience = 20s;
constexpr Duration patience = 30s;
constexpr int silencesOfItsOwn = 3;
constexpr MonotonicTime betweenSilences = 10s;
constexpr MonotonicTime offFor = 1min;
constexpr MonotonicTime unwrittenFor = 1h;
/// Other jobs share the thread.
constexpr MonotonicTime roundAtMost = 5s;
constexpr std::int64_t againARound = 100;
constexpr int templateVersion = 1;

constexpr std::array<Duration, 6> backOff{1min, 5min, 30min, 2h, 6h, 24h};

/// Not about this document, but about where it is to be kept.
bool isOfTheStore(ErrorCode code)
{
    return code == ErrorCode::StorageBusy || code == ErrorCode::StorageUnavailable ||
           code == ErrorCode::StorageFull || code == ErrorCode::FileUnwritable;
}

} // namespace

DocumentDrawer::DocumentDrawer(Ports ports)
    : m_ports(std::move(ports))
{
}

Result<DrawReport> DocumentDrawer::drawSome(std::int64_t limit, const Failed& failed)
{
    DrawReport report;
    m_roundBegan = m_ports.clock.monotonic();
    if (m_offUntil && m_roundBegan < *m_offUntil)
        return report;
    m_offUntil.reset();
    const auto drawn = drawFresh(limit, failed, report).and_then([&] { return drawAgain(failed, report); });
    if (!drawn)
        return drawn.error();
    report.more = report.more || isLate() || report.drawn >= limit;
    return report;
}

Result<void> DocumentDrawer::drawFresh(std::int64_t limit, const Failed& failed, DrawReport& report)
{
    while (report.drawn < limit && !isLate()) {
        // Those held back still wait, and stand in front of the others.
        const auto room = limit - report.drawn + static_cast<std::int64_t>(m_held.size());
        auto waiting = m_ports.undrawn.find(m_ports.storage, room);
        if (!waiting)
            return waiting.error();
        std::erase_if(waiting->invoices, [&](const auto& key) { return isHeld(key.invoice); });
        if (waiting->invoices.empty()) {
            report.more = waiting->more;
            return {};
        }
        // Those that silenced the renderer before come behind those that did not.
        std::stable_partition(waiting->invoices.begin(), waiting->invoices.end(),
                              [&](const auto& key) { return !m_held.contains(key.invoice); });
        if (const auto done = drawAll(waiting->invoices, failed, report); !done)
            return done;
    }
    return {};
}

Result<void> DocumentDrawer::drawAgain(const Failed& failed, DrawReport& report)
{
    if (isLate())
        return {};
    const Instant now = m_ports.clock.now();
    const auto due = readValue(m_ports.storage, Scope::allTenants("draw_again"), [&](Work& work) {
        return storage::dueAside(work, storage::AsideKind::Document, now, againARound);
    });
    if (!due)
        return due.error();
    std::vector<storage::InvoiceKey> keys;
    for (const storage::AsideRow& row : *due)
        keys.push_back({row.key.tenant, InvoiceId(row.key.subject)});
    std::erase_if(keys, [&](const auto& key) { return isHeld(key.invoice); });
    report.more = report.more || keys.size() == static_cast<std::size_t>(againARound);
    return drawAll(keys, failed, report);
}

Result<void> DocumentDrawer::drawAll(const std::vector<storage::InvoiceKey>& keys, const Failed& failed,
                                     DrawReport& report)
{
    for (const storage::InvoiceKey& key : keys) {
        if (isLate())
            return {};
        const auto done = drawOne(key, failed);
        if (!done)
            return done.error();
        ++(*done == Done::Drawn ? report.drawn : report.failed);
    }
    return {};
}

Result<DocumentDrawer::Done> DocumentDrawer::drawOne(const storage::InvoiceKey& key, const Failed& failed)
{
    const auto snapshot = m_ports.snapshot(key.tenant, key.invoice);
    if (!snapshot)
        return isOfTheStore(snapshot.error().code) ? snapshot.error() : aside(key, snapshot.error(), failed);
    const bool isFirst = !m_held.contains(key.invoice);
    const auto pdf = m_ports.renderer.render(*snapshot, isFirst ? firstPatience : patience);
    if (!pdf)
        return notRendered(key, pdf.error(), failed);
    m_state = RendererState::Works;
    const auto kept = m_ports.store.keep(key.tenant, key.invoice, templateVersion, *pdf);
    if (!kept && kept.error().code == ErrorCode::FileUnwritable)
        m_offUntil = m_ports.clock.monotonic() + offFor;
    if (!kept)
        return isOfTheStore(kept.error().code) ? kept.error() : aside(key, kept.error(), failed);
    m_held.erase(key.invoice);
    return Done::Drawn;
}

Result<DocumentDrawer::Done> DocumentDrawer::notRendered(const storage::InvoiceKey& key, const Error& reason,
                                                         const Failed& failed)
{
    if (cannotStart(reason))
        return holdOff(RendererState::Missing, reason);
    if (cannotRenderAnything(reason) || (gaveNoAnswer(reason) && !answersAnything()))
        return holdOff(RendererState::Failing, reason);
    m_state = RendererState::Works;
    if (!gaveNoAnswer(reason))
        return aside(key, reason, failed);
    Held& held = m_held[key.invoice];
    held.until = m_ports.clock.monotonic() + betweenSilences;
    if (++held.silences >= silencesOfItsOwn)
        return aside(key, reason, failed);
    failed(key.invoice, reason, 0);
    return Done::Failed;
}

Result<DocumentDrawer::Done> DocumentDrawer::aside(const storage::InvoiceKey& key, const Error& reason,
                                                   const Failed& failed)
{
    const Instant now = m_ports.clock.now();
    const storage::AsideKey item = storage::documentKey(key.tenant, key.invoice);
    const auto attempts =
        writeValue(m_ports.storage, Scope::tenant(key.tenant), Priority::Maintenance,
                   WorkId(m_ports.ids.next("wrk")), [&](Work& work) -> Result<std::int64_t> {
                       const auto meanwhile = storage::findDocument(work, key.tenant, key.invoice);
                       if (!meanwhile)
                           return meanwhile.error();
                       if (!meanwhile->has_value())
                           return storage::setAside(work, {item, reason, now, backOff});
                       const auto gone = storage::forgetAside(work, item); // another server kept it
                       return gone ? Result<std::int64_t>(0) : gone.error();
                   });
    if (!attempts && isOfTheStore(attempts.error().code))
        return attempts.error();
    if (attempts)
        m_held.erase(key.invoice);
    else // not even that can be written of it: it holds up nobody either
        m_held[key.invoice].until = m_ports.clock.monotonic() + unwrittenFor;
    failed(key.invoice, reason, attempts ? *attempts : 0);
    return Done::Failed;
}

Error DocumentDrawer::holdOff(RendererState state, const Error& reason)
{
    m_state = state;
    m_offUntil = m_ports.clock.monotonic() + offFor;
    return reason;
}

/// A renderer in order refuses an empty snapshot, and says so.
bool DocumentDrawer::answersAnything()
{
    const auto answer = m_ports.renderer.render("{}", patience);
    return answer || !(gaveNoAnswer(answer.error()) || cannotStart(answer.error()));
}

bool DocumentDrawer::isHeld(const InvoiceId& invoice) const
{
    const auto held = m_held.find(invoice);
    return held != m_held.end() && m_ports.clock.monotonic() < held->second.until;
}

bool DocumentDrawer::isLate() const
{
    return m_ports.clock.monotonic() - m_roundBegan >= roundAtMost;
}

} // namespace billing
