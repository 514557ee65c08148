// The house put together: every room with its ports, opened as a configuration says. Commands that only look
// use it without threads; `run` gives it threads and a door (server_process.h), `demo` moves its clock.
#pragma once

#include "server/api/cursor.h"
#include "server/app/configuration.h"
#include "server/app/engine.h"
#include "server/audit/checkpoints.h"
#include "server/documents/document_store.h"
#include "server/documents/draw_documents.h"
#include "server/invoicing/invoicing.h"
#include "server/jobs/close_due_periods.h"
#include "server/metering/settler.h"
#include "server/secrets/secure_random.h"

#include <memory>

namespace billing {

struct HousePorts
{
    const Clock& clock;
    Random& random;
};

/// Whether init has been here.
bool isInitialised(const Configuration& configuration);

class House
{
public:
    /// Opens an initialised data directory. Refuses FileUnreadable, InvalidConfiguration, InvalidKey,
    /// DataDirectoryInUse, StorageUnavailable, StorageCorrupt, MigrationFailed, InvalidCatalog.
    static Result<std::unique_ptr<House>> open(const Configuration& configuration, HousePorts ports);
    /// With every default: SQLite in the directory.
    static Result<std::unique_ptr<House>> open(const DataDirectory& directory, HousePorts ports);

    const Configuration& configuration() const { return m_configuration; }
    const DataDirectory& directory() const { return m_configuration.directory; }
    ObservedStorage& storage() { return m_engine.storage(); }
    /// The embedded engine, for what only it needs; nothing on PostgreSQL.
    SqliteStorage* sqlite() { return m_engine.sqlite(); }
    const secrets::KeyRing& keys() const { return m_keys; }
    const secrets::AuditKey& auditKey() const { return m_auditKey; }
    IdFactory& ids() { return m_ids; }
    const Clock& clock() const { return m_ports.clock; }
    const Issuer& issuer() const { return m_issuer; }
    const Catalog& catalog() const { return m_catalog; }
    const std::shared_ptr<const MeterIndex>& meters() const { return m_meters; }
    const secrets::Sealer& sealer() const { return m_sealer; }
    const TenantRecords& tenants() const { return m_tenants; }
    const Invoicing& invoicing() const { return m_invoicing; }
    const DocumentStore& documents() const { return m_documents; }
    audit::Checkpointer& checkpointer() { return m_checkpointer; }
    Settler& settler() { return m_settler; }

    /// Cursors are authenticated with a key of their own, made from the first sealing key, so that they
    /// survive a restart.
    std::string cursorKey() const;
    /// The frozen snapshot of an invoice, for drawing.
    Result<std::string> snapshot(const TenantId& tenant, const InvoiceId& invoice);

private:
    struct Opened;
    House(const Configuration& configuration, HousePorts ports, Opened opened);

    Configuration m_configuration;
    HousePorts m_ports;
    secrets::OpenSslRandom m_secureRandom;
    secrets::KeyRing m_keys;
    secrets::AuditKey m_auditKey;
    secrets::Sealer m_sealer;
    EngineStorage m_engine;
    IdFactory m_ids;
    Issuer m_issuer;
    Catalog m_catalog;
    std::shared_ptr<const MeterIndex> m_meters;
    TenantRecords m_tenants;
    InvoiceRecords m_records;
    Invoicing m_invoicing;
    DocumentStore m_documents;
    audit::Checkpointer m_checkpointer;
    Settler m_settler;
};

} // namespace billing
