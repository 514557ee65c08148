#include "shared/wire/invoice_summary_json.h"

#include "shared/wire/json_write.h"

namespace billing::wire {

std::string encodeInvoiceSummary(const InvoiceSummary& summary)
{
    OrderedJson json;
    json["invoice_id"] = summary.id.text();
    json["tenant_id"] = summary.tenant.text();
    json["subscription_id"] = summary.subscription.text();
    json["status"] = wireName(summary.status);
    if (summary.number)
        json["number"] = *summary.number;
    json["period_start"] = summary.periodStart.toText();
    json["period_end"] = summary.periodEnd.toText();
    json["currency"] = summary.total.currency().code();
    json["net"] = summary.net.toText();
    json["tax"] = summary.tax.toText();
    json["total"] = summary.total.toText();
    if (summary.issueDate)
        json["issue_date"] = summary.issueDate->toText();
    if (summary.dueDate)
        json["due_date"] = summary.dueDate->toText();
    return dump(json);
}

} // namespace billing::wire
