#include "server/documents/draw_documents.h"

namespace billing {

namespace {

constexpr Duration longestDrawing = std::chrono::seconds(30);
constexpr int templateVersion = 1;
// In one round; with so many that cannot be drawn it is the drawing that is broken.
constexpr std::int64_t mostPassedOver = 500;

} // namespace

DocumentDrawer::DocumentDrawer(Storage& storage, const DocumentStore& store,
                               documents::RenderProcess& renderer, Snapshot snapshot)
    : m_storage(storage)
    , m_store(store)
    , m_renderer(renderer)
    , m_snapshot(std::move(snapshot))
{
}

Result<std::int64_t>
DocumentDrawer::drawSome(std::int64_t limit,
                         const std::function<void(const InvoiceId&, const Error&)>& failed)
{
    std::int64_t drawn = 0;
    std::int64_t passedOver = 0;
    while (drawn < limit && passedOver < mostPassedOver) {
        // What was passed over still waits, oldest first; the next ones lie behind it.
        const auto waiting = readValue(m_storage, Scope::allTenants("draw_documents"), [&](Work& work) {
            return storage::invoicesWithoutDocument(work, {passedOver, limit - drawn});
        });
        if (!waiting)
            return waiting.error();
        if (waiting->empty())
            break;
        for (const storage::InvoiceKey& key : *waiting) {
            const auto done = drawOne(key);
            ++(done ? drawn : passedOver);
            if (!done)
                failed(key.invoice, done.error());
        }
    }
    return drawn;
}

Result<void> DocumentDrawer::drawOne(const storage::InvoiceKey& key)
{
    const auto snapshot = m_snapshot(key.tenant, key.invoice);
    if (!snapshot)
        return snapshot.error();
    const auto pdf = m_renderer.render(*snapshot, longestDrawing);
    if (!pdf)
        return pdf.error();
    return m_store.keep(key.tenant, key.invoice, templateVersion, *pdf);
}

} // namespace billing
