// The small documents: what is accepted is written and read back as itself.
#include "tests/fuzz/fuzz_input.h"

#include "shared/wire/invoice_json.h"
#include "shared/wire/invoice_request_json.h"
#include "shared/wire/json_reader.h"
#include "shared/wire/plan_json.h"
#include "shared/wire/subscription_json.h"
#include "shared/wire/tenant_json.h"

using namespace billing;
using namespace billing::wire;

void fuzz(std::string_view text)
{
    const bool isJson = JsonDocument::parse(text).has_value();
    if (const auto invoice = decodeInvoice(text)) {
        BILLING_ASSERT(isJson);
        const std::string written = encodeInvoice(*invoice);
        BILLING_ASSERT(encodeInvoice(decodeInvoice(written).value()) == written);
    }
    if (const auto request = decodeInvoiceRequest(text))
        BILLING_ASSERT(isJson && decodeInvoiceRequest(encodeInvoiceRequest(*request)).value() == *request);
    if (const auto plan = decodePlan(text)) {
        const std::string written = encodePlan(*plan);
        BILLING_ASSERT(isJson && encodePlan(decodePlan(written).value()) == written);
    }
    BILLING_ASSERT(isJson || (!decodeTenantRequest(text) && !decodeSubscriptionRequest(text)));
    static_cast<void>(decodeTenant(text));
    static_cast<void>(decodeShownTenant(text));
    static_cast<void>(decodeSubscription(text));
    static_cast<void>(decodeMeter(text));
}
