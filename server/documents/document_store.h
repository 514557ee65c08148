// Where drawn invoices lie: sealed files below D/documents, named by their content, written whole and flushed
// before the row that names them. What is read is checked against the digest in that row. Any thread.
#pragma once

#include "server/secrets/sealing.h"
#include "server/storage/documents.h"
#include "shared/kernel/id_factory.h"

#include <filesystem>
#include <string>

namespace billing {

class DocumentStore
{
public:
    struct Ports
    {
        Storage& storage;
        const Clock& clock;
        IdFactory& ids;
        const secrets::Sealer& sealer;
    };

    DocumentStore(Ports ports, std::filesystem::path directory);

    /// Keeps an invoice's PDF, once, with its audit entry; if it was set aside, it no longer is. Keeping it
    /// again is harmless: the first one stays.
    /// Refuses FileUnwritable and as storage.
    Result<void> keep(const TenantId& tenant, const InvoiceId& invoice, int templateVersion,
                      const std::string& pdf) const;

    /// The PDF as it was drawn. Refuses DocumentSetAside (detail: the code of the reason and the next try),
    /// DocumentNotReady, FileUnreadable, SealBroken, StorageCorrupt.
    Result<std::string> read(const TenantId& tenant, const InvoiceId& invoice) const;

private:
    Ports m_ports;
    std::filesystem::path m_directory;
};

} // namespace billing
