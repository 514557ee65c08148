#include "server/app/house.h"

#include "server/app/issuer_file.h"
#include "server/catalog/catalog_records.h"
#include "server/documents/print_check.h"
#include "server/secrets/message_code.h"

namespace billing {

struct House::Opened
{
    secrets::KeyRing keys;
    secrets::AuditKey auditKey;
    EngineStorage engine;
    Issuer issuer;
    Catalog catalog;
};

namespace {

Result<Catalog> publishedCatalog(Storage& storage, IdFactory& ids)
{
    // Publishing again is how an upgraded program brings its new versions.
    return writeValue(storage, Scope::system("catalog"), Priority::Maintenance, WorkId(ids.next("wrk")),
                      [](Work& work) -> Result<Catalog> {
                          const auto published = publishCatalog(work, shippedCatalog());
                          return published ? loadCatalog(work) : Result<Catalog>(published.error());
                      });
}

} // namespace

bool isInitialised(const Configuration& configuration)
{
    std::error_code none;
    const DataDirectory& directory = configuration.directory;
    // Of a SQLite directory the database is made last, of a PostgreSQL one the keys are the last that is
    // ours.
    return std::filesystem::exists(configuration.storage.engine == Engine::Sqlite ? directory.database()
                                                                                  : directory.sealingKeys(),
                                   none);
}

Result<std::unique_ptr<House>> House::open(const DataDirectory& directory, HousePorts ports)
{
    return open(Configuration(directory), ports);
}

Result<std::unique_ptr<House>> House::open(const Configuration& configuration, HousePorts ports)
{
    const DataDirectory& directory = configuration.directory;
    if (!isInitialised(configuration))
        return Error{ErrorCode::FileUnreadable, directory.root.string(),
                     "not a data directory; make one with: billing-server init"};
    auto issuer = readIssuerFile(directory.issuer());
    if (!issuer)
        return issuer.error();
    auto keys = secrets::KeyRing::load(directory.sealingKeys());
    if (!keys)
        return keys.error();
    auto auditKey = secrets::AuditKey::load(directory.keys() / "audit-ed25519.pem");
    if (!auditKey)
        return auditKey.error();
    auto engine = EngineStorage::open(configuration, ports.clock.now(), ports.random);
    if (!engine)
        return engine.error();
    IdFactory ids(ports.clock, ports.random);
    auto catalog = publishedCatalog(engine->storage(), ids);
    if (!catalog)
        return catalog.error();
    return std::unique_ptr<House>(new House(configuration, ports,
                                            {std::move(*keys), std::move(*auditKey), std::move(*engine),
                                             std::move(*issuer), std::move(*catalog)}));
}

House::House(const Configuration& configuration, HousePorts ports, Opened opened)
    : m_configuration(configuration)
    , m_ports(ports)
    , m_keys(std::move(opened.keys))
    , m_auditKey(std::move(opened.auditKey))
    , m_sealer(m_keys, m_secureRandom)
    , m_engine(std::move(opened.engine))
    , m_ids(ports.clock, ports.random)
    , m_issuer(std::move(opened.issuer))
    , m_catalog(std::move(opened.catalog))
    , m_meters(std::make_shared<const MeterIndex>(m_catalog.meters))
    , m_tenants(m_sealer)
    , m_records(m_sealer)
    , m_invoicing{m_engine.storage(),
                  ports.clock,
                  m_ids,
                  m_issuer,
                  m_catalog,
                  *m_meters,
                  m_tenants,
                  m_records,
                  configuration.grace,
                  documents::printWarnings}
    , m_documents({m_engine.storage(), ports.clock, m_ids, m_sealer}, configuration.directory.documents())
    , m_checkpointer(configuration.directory.checkpointFile(), m_auditKey)
    , m_settler({m_engine.storage(), ports.clock, m_ids}, m_meters,
                std::make_shared<UnlistedWatch>(m_catalog))
{
}

std::string House::cursorKey() const
{
    const auto key = m_keys.key(1);
    BILLING_ASSERT(key.has_value()); // a loaded ring has at least one
    const secrets::KeyBytes& bytes = **key;
    return secrets::messageCode({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                                "enis-billing cursors v1");
}

Result<std::string> House::snapshot(const TenantId& tenant, const InvoiceId& invoice)
{
    const auto row = readValue(m_engine.storage(), Scope::tenant(tenant),
                               [&](Work& work) { return storage::findInvoice(work, tenant, invoice); });
    if (!row)
        return row.error();
    if (!row->has_value())
        return Error{ErrorCode::NotFound, "invoice_id"};
    return m_records.openSnapshot(**row);
}

} // namespace billing
