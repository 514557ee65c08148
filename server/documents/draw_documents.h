// Draws what was finalised and has no PDF yet: hands each frozen snapshot to the renderer and keeps the
// bytes. Safe to run at any time, again and on several servers: a document is kept once.
//
// What cannot be drawn is told apart:
//   - the renderer answers that it cannot draw this invoice, or it ends or is silent three times at this one
//     and answers others: the document is set aside with its reason and tried again after 1 min, 5 min,
//     30 min, 2 h, 6 h, then daily;
//   - the renderer cannot be started, or gives no answer to anything: nothing is set aside, nothing is tried
//     for a minute, state() says so;
//   - the store or the disk refuses: drawSome refuses, and nothing is set aside.
// New documents go before those tried again. Belongs to one thread, which it blocks while drawing.
#pragma once

#include "server/documents/document_store.h"
#include "server/documents/renderer.h"
#include "server/documents/undrawn_documents.h"
#include "server/storage/set_aside.h"

#include <atomic>
#include <functional>
#include <map>

namespace billing {

enum class RendererState
{
    Works,
    Missing, ///< it cannot be started
    Failing  ///< it gives no answer, whatever it is asked
};

struct DrawReport
{
    std::int64_t drawn = 0;
    std::int64_t failed = 0; ///< tries that failed, each told
    bool more = false;       ///< to do at once
};

class DocumentDrawer
{
public:
    /// The snapshot JSON of an invoice; the invoicing room opens it.
    using Snapshot = std::function<Result<std::string>(const TenantId&, const InvoiceId&)>;
    /// Told of each try that failed; attempts is 0 as long as it is not set aside.
    using Failed = std::function<void(const InvoiceId&, const Error&, std::int64_t attempts)>;

    struct Ports
    {
        Storage& storage;
        const DocumentStore& store;
        documents::Renderer& renderer;
        const Clock& clock;
        IdFactory& ids;
        UndrawnDocuments& undrawn;
        Snapshot snapshot;
    };

    explicit DocumentDrawer(Ports ports);

    /// Draws up to `limit` documents, passing over those that cannot be drawn, until none is left or some
    /// seconds have gone by. Refuses as storage, FileUnwritable, and what the renderer is missing or failing
    /// with, once each time it was tried.
    Result<DrawReport> drawSome(std::int64_t limit, const Failed& failed);

    /// Any thread.
    RendererState state() const { return m_state; }

private:
    struct Held
    {
        int silences = 0;
        MonotonicTime until = {};
    };
    enum class Done
    {
        Drawn,
        Failed
    };

    Result<void> drawFresh(std::int64_t limit, const Failed& failed, DrawReport& report);
    Result<void> drawAgain(const Failed& failed, DrawReport& report);
    Result<void> drawAll(const std::vector<storage::InvoiceKey>& keys, const Failed& failed,
                         DrawReport& report);
    Result<Done> drawOne(const storage::InvoiceKey& key, const Failed& failed);
    Result<Done> notRendered(const storage::InvoiceKey& key, const Error& reason, const Failed& failed);
    Result<Done> aside(const storage::InvoiceKey& key, const Error& reason, const Failed& failed);
    Error holdOff(RendererState state, const Error& reason);
    bool answersAnything();
    bool isHeld(const InvoiceId& invoice) const;
    bool isLate() const;

    Ports m_ports;
    std::atomic<RendererState> m_state = RendererState::Works;
    MonotonicTime m_roundBegan = {};
    std::optional<MonotonicTime> m_offUntil;
    std::map<InvoiceId, Held> m_held; ///< not set aside, and not tried just now
};

} // namespace billing
