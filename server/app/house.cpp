#include "server/app/house.h"

#include "server/app/issuer_file.h"
#include "server/catalog/catalog_records.h"
#include "server/secrets/message_code.h"

namespace billing {

struct House::Opened
{
    secrets::KeyRing keys;
    secrets::AuditKey auditKey;
    std::unique_ptr<SqliteStorage> storage;
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

Result<std::unique_ptr<House>> House::open(const DataDirectory& directory, HousePorts ports)
{
    if (!std::filesystem::exists(directory.database()))
        return Error{ErrorCode::FileUnreadable, directory.database().string(),
                     "not a data directory; make one with: billing-server init --data-dir " +
                         directory.root.string()};
    auto issuer = readIssuerFile(directory.issuer());
    if (!issuer)
        return issuer.error();
    auto keys = secrets::KeyRing::load(directory.keys() / "sealing.keys");
    if (!keys)
        return keys.error();
    auto auditKey = secrets::AuditKey::load(directory.keys() / "audit-ed25519.pem");
    if (!auditKey)
        return auditKey.error();
    auto storage = SqliteStorage::open(directory.database(), {ports.clock.now()});
    if (!storage)
        return storage.error();
    IdFactory ids(ports.clock, ports.random);
    auto catalog = publishedCatalog(**storage, ids);
    if (!catalog)
        return catalog.error();
    return std::unique_ptr<House>(new House(directory, ports,
                                            {std::move(*keys), std::move(*auditKey), std::move(*storage),
                                             std::move(*issuer), std::move(*catalog)}));
}

House::House(DataDirectory directory, HousePorts ports, Opened opened)
    : m_directory(std::move(directory))
    , m_ports(ports)
    , m_keys(std::move(opened.keys))
    , m_sealer(m_keys, m_secureRandom)
    , m_storage(std::move(opened.storage))
    , m_ids(ports.clock, ports.random)
    , m_issuer(std::move(opened.issuer))
    , m_catalog(std::move(opened.catalog))
    , m_meters(std::make_shared<const MeterIndex>(m_catalog.meters))
    , m_tenants(m_sealer)
    , m_records(m_sealer)
    , m_invoicing{*m_storage, ports.clock, m_ids, m_issuer, m_catalog, *m_meters, m_tenants, m_records}
    , m_documents({*m_storage, ports.clock, m_ids, m_sealer}, m_directory.documents())
    , m_checkpointer(m_directory.checkpoints() / "checkpoints.jsonl", std::move(opened.auditKey))
    , m_settler({*m_storage, ports.clock, m_ids}, m_meters)
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
    const auto row = readValue(*m_storage, Scope::tenant(tenant),
                               [&](Work& work) { return storage::findInvoice(work, tenant, invoice); });
    if (!row)
        return row.error();
    if (!row->has_value())
        return Error{ErrorCode::NotFound, "invoice_id"};
    return m_records.openSnapshot(**row);
}

} // namespace billing
