// Bodies of POST /usage in all their forms; the first byte chooses the form. What the fast reader accepts is
// JSON to the strict one too, and an accepted event written again is the same event.
#include "tests/fuzz/fuzz_input.h"

#include "shared/wire/cloud_event_json.h"
#include "shared/wire/json_reader.h"
#include "shared/wire/media_type.h"
#include "shared/wire/usage_json.h"
#include "shared/wire/usage_lines.h"
#include "shared/wire/usage_media.h"

using namespace billing;
using namespace billing::wire;

namespace {

/// A meter that reads what the corpus' CloudEvents say as extensions.
const MeterIndex& meters()
{
    static const std::vector<Meter> all{
        {.code = MeterCode("llm_tokens"), .metricType = "llm_tokens", .dimensions = {"model", "region"}}};
    static const MeterIndex index(all);
    return index;
}

void checkEvent(const UsageEvent& event)
{
    BILLING_ASSERT(decodeUsageEvent(encodeUsageEvent(event)).value() == event);
}

void checkEvents(const Result<std::vector<DecodedEvent>>& events)
{
    if (!events)
        return;
    for (const DecodedEvent& event : *events) {
        if (event)
            checkEvent(*event);
    }
}

} // namespace

void fuzz(std::string_view text)
{
    if (text.empty())
        return;
    const std::string_view body = text.substr(1);
    switch (text.front() % 6) {
    case 0:
        if (const auto event = decodeUsageEvent(body)) {
            BILLING_ASSERT(JsonDocument::parse(body).has_value());
            checkEvent(*event);
        }
        break;
    case 1:
        if (const auto events = decodeUsageBatch(body)) {
            BILLING_ASSERT(usageFormOf(body) == UsageForm::Batch);
            checkEvents(events);
        }
        break;
    case 2:
        checkEvents(decodeUsageLines(body));
        break;
    case 3:
        if (const auto event = decodeCloudEvent(body, meters(), "key-1"))
            checkEvent(*event);
        break;
    case 4:
        checkEvents(decodeCloudEventBatch(body, meters()));
        break;
    default:
        static_cast<void>(parseMediaType(body));
        static_cast<void>(parseUsageMedia(body));
        static_cast<void>(usageFormOf(body));
    }
}
