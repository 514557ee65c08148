#include "shared/wire/invoice_request_json.h"

#include "shared/wire/form.h"
#include "shared/wire/json_write.h"

namespace billing::wire {

Result<InvoiceRequest> decodeInvoiceRequest(std::string_view body)
{
    const auto document = JsonDocument::parse(body);
    if (!document)
        return document.error();
    ObjectReader reader(document->root());
    InvoiceRequest request{readTenantId(reader), reader.requiredDate("period_start"),
                           reader.requiredDate("period_end"), reader.optionalBool("dry_run", false)};
    if (request.periodEnd <= request.periodStart)
        reader.refuse(ErrorCode::InvalidValue, "period_end", "must be after period_start");
    if (auto finished = reader.finish(); !finished)
        return finished.error();
    return request;
}

std::string encodeInvoiceRequest(const InvoiceRequest& request)
{
    return dump(OrderedJson{{"tenant_id", request.tenant.text()},
                            {"period_start", request.periodStart.toText()},
                            {"period_end", request.periodEnd.toText()},
                            {"dry_run", request.dryRun}});
}

} // namespace billing::wire
