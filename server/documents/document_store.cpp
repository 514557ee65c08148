#include "server/documents/document_store.h"

#include "server/audit/append_entry.h"
#include "server/secrets/private_file.h"
#include "server/secrets/sha256.h"
#include "server/storage/set_aside.h"

#include <fstream>

namespace billing {

namespace {

secrets::SealContext placeOf(const TenantId& tenant, const InvoiceId& invoice)
{
    return {tenant.text(), "invoice_document", "pdf", invoice.text()};
}

/// "ab/ab12....pdf.sealed": named by the digest of invoice and content, spread over 256 folders.
std::string pathFor(const InvoiceId& invoice, const std::string& pdf)
{
    const std::string hex = secrets::toHex(secrets::sha256(invoice.text() + pdf));
    return hex.substr(0, 2) + "/" + hex + ".pdf.sealed";
}

} // namespace

DocumentStore::DocumentStore(Ports ports, std::filesystem::path directory)
    : m_ports(ports)
    , m_directory(std::move(directory))
{
}

Result<void> DocumentStore::keep(const TenantId& tenant, const InvoiceId& invoice, int templateVersion,
                                 const std::string& pdf) const
{
    const secrets::Sha256 digest = secrets::sha256(pdf);
    const storage::DocumentRow row{tenant,
                                   invoice,
                                   secrets::toBytes(digest),
                                   static_cast<std::int64_t>(pdf.size()),
                                   pathFor(invoice, pdf),
                                   templateVersion,
                                   m_ports.clock.now()};
    std::error_code failed;
    const std::filesystem::path file = m_directory / row.path;
    std::filesystem::create_directories(file.parent_path(), failed);
    const auto written = secrets::replaceFile(file, m_ports.sealer.seal(pdf, placeOf(tenant, invoice)),
                                              secrets::Audience::OwnerOnly);
    if (!written)
        return written;
    return m_ports.storage.write(
        Scope::tenant(tenant), Priority::Maintenance, WorkId(m_ports.ids.next("wrk")),
        [&](Work& work) -> Result<void> {
            const auto waited = storage::forgetAside(work, storage::documentKey(tenant, invoice));
            if (!waited)
                return waited.error();
            const auto before = storage::findDocument(work, tenant, invoice);
            if (!before)
                return before.error();
            if (before->has_value())
                return {};
            const auto noted = storage::insertDocument(work, row).and_then([&]() -> Result<std::int64_t> {
                return audit::appendEntry(work,
                                          {tenant, "clockwork", "render", "invoice:" + invoice.text(),
                                           R"({"pdf_sha256":")" + secrets::toHex(digest) + R"("})"},
                                          row.renderedAt);
            });
            return noted ? Result<void>() : noted.error();
        });
}

Result<std::string> DocumentStore::read(const TenantId& tenant, const InvoiceId& invoice) const
{
    std::optional<storage::AsideRow> aside;
    const auto row = readValue(m_ports.storage, Scope::tenant(tenant),
                               [&](Work& work) -> Result<std::optional<storage::DocumentRow>> {
                                   auto found = storage::findDocument(work, tenant, invoice);
                                   if (!found || found->has_value())
                                       return found;
                                   auto why = storage::findAside(work, storage::documentKey(tenant, invoice));
                                   if (!why)
                                       return why.error();
                                   aside = std::move(*why);
                                   return found;
                               });
    if (!row)
        return row.error();
    if (!row->has_value() && aside)
        return Error{ErrorCode::DocumentSetAside, "invoice_id",
                     std::string(wireName(aside->reason.code)) + ", next try " + aside->nextTryAt.toText()};
    if (!row->has_value())
        return Error{ErrorCode::DocumentNotReady, "invoice_id", "the document is being drawn"};
    std::ifstream file(m_directory / (*row)->path, std::ios::binary);
    const std::string sealed((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (sealed.empty())
        return Error{ErrorCode::FileUnreadable, "document:" + invoice.text()};
    auto pdf = m_ports.sealer.open(sealed, placeOf(tenant, invoice));
    if (pdf && secrets::toBytes(secrets::sha256(*pdf)) != (*row)->sha256)
        return Error{ErrorCode::StorageCorrupt, "document:" + invoice.text()};
    return pdf;
}

} // namespace billing
