// Draws what was finalised and has no PDF yet: hands each frozen snapshot to billing-render and keeps the
// bytes. Safe to run at any time and again: a document is kept once. Belongs to one thread, which it blocks
// while drawing.
#pragma once

#include "server/documents/document_store.h"
#include "server/documents/render_process.h"

#include <functional>

namespace billing {

class DocumentDrawer
{
public:
    /// The snapshot JSON of an invoice; the invoicing room opens it.
    using Snapshot = std::function<Result<std::string>(const TenantId&, const InvoiceId&)>;

    DocumentDrawer(Storage& storage, const DocumentStore& store, documents::RenderProcess& renderer,
                   Snapshot snapshot);

    /// Draws up to `limit` documents, oldest invoice first; answers how many. An invoice that cannot be drawn
    /// is passed over and reported to `failed`, so that it does not hold up the others. Refuses as storage.
    Result<std::int64_t> drawSome(std::int64_t limit,
                                  const std::function<void(const InvoiceId&, const Error&)>& failed);

private:
    Result<void> drawOne(const storage::InvoiceKey& key);

    Storage& m_storage;
    const DocumentStore& m_store;
    documents::RenderProcess& m_renderer;
    Snapshot m_snapshot;
};

} // namespace billing
